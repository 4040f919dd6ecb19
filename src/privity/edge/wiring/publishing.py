"""Publishing the ledger to everybody: hashes only, at a fixed cadence, vouched for by witnesses.

Steps of a publication:
    1 what waits for its index is taken up; the public size is read off the clock (ledger.cadence)
    2 where the ledger is shorter, padding fills it; where it is longer, the rest waits for later periods
    3 the checkpoint of exactly that size is signed and, where there is a second key, cosigned with the moment
    4 the witnesses of the policy are asked; one that does not answer stops nothing
    5 hash tiles and then the checkpoint are put into the folder

Rules of the module:
- The files beside the data are listed in `edge.settings.places`; the cadence is fixed the first time.
- Too few witnesses never stop a release; after a day without enough of them there is an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from privity.edge.seals.cosigning import read_cosigning_key
from privity.edge.seals.note_keys import NoteSigningKey, read_verifier_key
from privity.edge.settings.places import DataDirectory
from privity.edge.store.log import Log
from privity.edge.store.sequencer import settle
from privity.edge.store.standstill import keep_in_sight, must_go_on
from privity.edge.store.told import padding_entry
from privity.edge.tiles.public import update_public
from privity.edge.tiles.witness import Asked, Witness, ask_witnesses
from privity.edge.wiring.public_ledger import PublicLedger
from privity.errors import Unavailable
from privity.ledger.cadence import backlog
from privity.ledger.checkpoint import Note, NoteRefused, read_body, read_note
from privity.ledger.cosignature import cosign, vouched_at
from privity.ledger.policy import Policy, read_policy
from privity.ledger.tiles import CHECKPOINT

VOUCHED, SECOND_KEY = "ledger-vouched", "ledger-key-ml-dsa"
PATIENCE_WITHOUT_QUORUM = timedelta(hours=24)
PADDED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlace:
    """Where an instance lies, where it publishes to, and the cadence asked for the first time, if any."""

    data: DataDirectory
    out: Path
    hours: int | None = None
    entries: int | None = None
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication came to. `alarm` is empty unless somebody must act."""

    size: int
    padding: int
    waiting: int
    waiting_periods: int
    vouched: Mapping[str, int]
    missing: Mapping[str, str]
    quorum: bool
    alarm: str

    def stated(self) -> dict[str, object]:
        """Return it for a machine."""
        return {
            "size": self.size,
            "padding": self.padding,
            "waiting": self.waiting,
            "waiting_periods": self.waiting_periods,
            "vouched": dict(self.vouched),
            "missing": dict(self.missing),
            "quorum": self.quorum,
            "alarm": self.alarm,
        }


def read_policy_file(file: Path) -> Policy:
    """Return the policy in a file.

    Raises: PolicyRefused: it would leave open whom to trust. Unavailable: the file does not open.
    """
    try:
        return read_policy(file.read_bytes())
    except OSError as refusal:
        raise Unavailable(
            "nothing was published",
            why=f"the policy `{file}` does not open ({(refusal.strerror or '').lower()})",
            next_step="name the policy file, or leave it out",
        ) from refusal


def publish(log: Log, signer: NoteSigningKey, place: PublicPlace, *, policy: Policy | None, now: datetime) -> Published:
    """Publish what everybody may see now, and return what came of it.

    Raises: Mistaken: another cadence than the one in use. ExportRefused, Unavailable: nothing was published.
    """
    must_go_on("nothing was published")
    settle(log, signer, now)
    cadence = PublicLedger(place.data).settled_cadence(
        hours=place.hours, entries=place.entries, first=place.first, now=now
    )
    size = cadence.public_size(now)
    _must_not_shrink(place.out, signer.name, size, held=log.size())
    padding = pad(log, signer, size, now)
    note = _with_second_key(log.checkpoint_at(signer, size), place.data, now)
    asked = _ask(log, note, place, policy) if policy and size else Asked(note=note)
    quorum = policy is None or policy.is_met(asked.vouched)
    update_public(log, place.out, asked.note)
    keep_in_sight(log.latest_checkpoint() or asked.note, place.data.root)
    waits = backlog(cadence, size=log.size(), public_size=size)
    return Published(
        size=size,
        padding=padding,
        waiting=waits.entries,
        waiting_periods=waits.periods,
        vouched=asked.vouched,
        missing=asked.missing,
        quorum=quorum,
        alarm=_alarm(place.data, asked.note, policy, quorum=quorum, now=now) if policy and size else "",
    )


def _must_not_shrink(out: Path, origin: str, size: int, *, held: int) -> None:
    """Raise where the clock asks for less than was published before of this very log, which holds it all still.

    Raises: Unavailable: it does. Nothing is wrong with the folder, and nothing of it is evidence.
    """
    try:
        shown = read_body(read_note((out / CHECKPOINT).read_bytes()).text)
    except (OSError, NoteRefused):
        return
    if shown.origin == origin and size < shown.size <= held:
        raise Unavailable(
            "nothing was published",
            why=f"by the clock of this machine {size:,} entries are public, and {shown.size:,} were published before",
            next_step="set the clock right (`privity doctor` shows it); what is public stays as it is",
        )


def pad(log: Log, signer: NoteSigningKey, size: int, now: datetime) -> int:
    """Fill the ledger up to a size, where it is shorter, and return with how many entries."""
    padded = 0
    while size > log.size():
        with transaction.atomic(using=log.alias):
            log.lock()
            missing = max(size - log.size(), 0)
            last = log.last_moment()
            at = max(now, last) if last else now
            if entries := [padding_entry(at) for _ in range(min(missing, PADDED_AT_ONCE))]:
                log.append(entries)
                log.checkpoint(signer, at)
        padded += len(entries)
    return padded


def _with_second_key(note: bytes, data: DataDirectory, now: datetime) -> bytes:
    """Return the note with the second key's cosignature, where there is a second key."""
    file = data.root / SECOND_KEY
    if not file.exists():
        return note
    opened = read_note(note)
    line = cosign(opened.text, read_cosigning_key(file.read_text(encoding="ascii")), moment=int(now.timestamp()))
    return bytes(Note(text=opened.text, signatures=(*opened.signatures, line)))


def _witnesses(policy: Policy) -> list[Witness]:
    return [
        Witness(name=name, key=read_verifier_key(known.key), url=known.url)
        for name, known in policy.witnesses.items()
        if known.url
    ]


def _ask(log: Log, note: bytes, place: PublicPlace, policy: Policy) -> Asked:
    """Ask the witnesses, from the size that was published last."""
    try:
        standing = read_note((place.out / CHECKPOINT).read_bytes())
        seen = read_body(standing.text).size
    except (OSError, NoteRefused):
        return ask_witnesses(note, _witnesses(policy), log.prove_continuation, seen=0)
    asked = ask_witnesses(note, _witnesses(policy), log.prove_continuation, seen=seen)
    return replace(asked, note=_with_lines_kept(asked, standing, policy))


def _with_lines_kept(asked: Asked, standing: Note, policy: Policy) -> bytes:
    """Return the note with the lines of witnesses that are away now and have vouched for the same checkpoint before.

    The same checkpoint is published again each hour of a period: an hour without a witness takes nothing from it.
    """
    note = read_note(asked.note)
    for witness in _witnesses(policy):
        lines = [line for line in standing.signatures if line.is_by(witness.key)]
        if standing.text != note.text or witness.name not in asked.missing or not lines:
            continue
        grown = Note(text=note.text, signatures=(*note.signatures, *lines))
        try:
            vouched_at(grown, witness.key)
        except NoteRefused:
            continue
        note = grown
    return bytes(note)


def _alarm(data: DataDirectory, note: bytes, policy: Policy, *, quorum: bool, now: datetime) -> str:
    """Keep a checkpoint that enough witnesses vouch for; without one for a day, return what to say."""
    file = data.root / VOUCHED
    if quorum:
        file.write_bytes(note)
        return ""
    since = _last_vouched(file, policy)
    if since is None:
        return "no checkpoint was ever vouched for by enough witnesses; look at the addresses in the policy"
    if now - since <= PATIENCE_WITHOUT_QUORUM:
        return ""
    return f"since {since:%Y-%m-%d %H:%M} UTC too few witnesses vouch for this ledger; ask their operators, now"


def _last_vouched(file: Path, policy: Policy) -> datetime | None:
    """Return the moment of the oldest cosignature on the newest checkpoint that enough witnesses vouched for."""
    if not file.exists():
        return None
    note = read_note(file.read_bytes())
    moments = [vouched_at(note, read_verifier_key(known.key)) for known in policy.witnesses.values()]
    known_moments = [moment for moment in moments if moment is not None]
    return datetime.fromtimestamp(min(known_moments), tz=UTC) if known_moments else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Publishes one instance's ledger into the folder that its pages serve."""

    log: Log
    signer: NoteSigningKey
    data: DataDirectory

    def publish(self, now: datetime, *, first: int = 0) -> Published:
        """Publish, asking the witnesses of the policy beside the data, if there is one.

        Args:   first: what is public from the beginning, heeded the first time only; for the made up alone.
        Raises: PolicyRefused, ExportRefused, Unavailable: nothing was published.
        """
        policy = read_policy_file(self.data.witnesses) if self.data.witnesses.exists() else None
        place = PublicPlace(data=self.data, out=self.data.public_ledger, first=first)
        return publish(self.log, self.signer, place, policy=policy, now=now)

    def even_out(self, now: datetime) -> int:
        """Fill the ledger up to a size that may stand beside published figures, and return that size.

        It is what the public sees by the clock. Where the work has run ahead of that, it is the next whole period's
        entries, which tells how many periods the ledger is behind and nothing finer.
        Raises: Unavailable: the cadence cannot be read.
        """
        settle(self.log, self.signer, now)
        cadence = PublicLedger(self.data).settled_cadence(hours=None, entries=None, first=0, now=now)
        size = max(cadence.public_size(now), cadence.in_whole_periods(self.log.size()))
        pad(self.log, self.signer, size, now)
        return size
