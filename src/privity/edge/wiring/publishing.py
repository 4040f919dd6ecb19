"""Publishing the ledger to everybody: hashes only, at a fixed cadence, vouched for by witnesses.

Steps of a publication:
    1 what waits for its index is taken up; the public size is read off the clock (ledger.cadence)
    2 where the ledger is shorter, padding fills it; where it is longer, the rest waits for later periods
    3 the checkpoint of exactly that size is signed and, where there is a second key, cosigned with the moment
    4 the witnesses of the policy are asked; one that does not answer stops nothing
    5 hash tiles and checkpoint replace the folder whole

Rules of the module:
- Files beside the data: `ledger-cadence.json` (fixed the first time), `ledger-vouched` (the newest checkpoint for which
  enough witnesses vouched), `ledger-key-ml-dsa` (the optional second key).
- Too few witnesses never stop a release; after a day without enough of them there is an alarm.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from privity.edge.seals.cosigning import read_cosigning_key
from privity.edge.seals.note_keys import NoteSigningKey, read_verifier_key
from privity.edge.settings.places import DataDirectory
from privity.edge.store.log import Log
from privity.edge.store.sequencer import settle
from privity.edge.tiles.export import export_log
from privity.edge.tiles.witness import Asked, Witness, ask_witnesses
from privity.errors import Mistaken, Unavailable
from privity.ledger.cadence import Cadence, backlog
from privity.ledger.checkpoint import Note, NoteRefused, read_body, read_note
from privity.ledger.cosignature import cosign, vouched_at
from privity.ledger.entry import Entry, EntryKind
from privity.ledger.policy import Policy, read_policy
from privity.ledger.tiles import CHECKPOINT

CADENCE, VOUCHED, SECOND_KEY = "ledger-cadence.json", "ledger-vouched", "ledger-key-ml-dsa"
PATIENCE_WITHOUT_QUORUM = timedelta(hours=24)
PADDED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlace:
    """Where an instance lies, where it publishes to, and the cadence asked for the first time."""

    data: DataDirectory
    out: Path
    hours: int = 24
    entries: int = 1024


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
    settle(log, signer, now)
    cadence = _cadence(place, now)
    size = cadence.public_size(now)
    padding = _pad(log, signer, size, now)
    note = _with_second_key(log.checkpoint_at(signer, size), place.data, now)
    asked = _ask(log, note, place, policy) if policy and size else Asked(note=note)
    quorum = policy is None or policy.is_met(asked.vouched)
    export_log(log, place.out, note=asked.note, with_entries=False)
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


def padding_entry(at: datetime) -> Entry:
    """Return an entry that says that nothing happened, with an identifier nobody can guess."""
    return Entry(kind=EntryKind.LEDGER_PADDING, at=at, eid=os.urandom(16))


def _cadence(place: PublicPlace, now: datetime) -> Cadence:
    """Return the cadence in use; the first time, the one asked for, counted from now."""
    file = place.data.root / CADENCE
    if not file.exists():
        begins = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        cadence = Cadence(begins=begins, hours=place.hours, entries=place.entries)
        stated = {"begins": begins.isoformat(), "hours": cadence.hours, "entries": cadence.entries}
        file.write_text(json.dumps(stated, sort_keys=True) + "\n", encoding="ascii")
        return cadence
    stated = json.loads(file.read_text(encoding="ascii"))
    cadence = Cadence(begins=datetime.fromisoformat(stated["begins"]), hours=stated["hours"], entries=stated["entries"])
    if (place.hours, place.entries) != (cadence.hours, cadence.entries):
        raise Mistaken(
            "nothing was published",
            why=f"this ledger is published with {cadence.entries} entries every {cadence.hours} hours",
            next_step="keep to that: a change of cadence would show in public",
        )
    return cadence


def _pad(log: Log, signer: NoteSigningKey, size: int, now: datetime) -> int:
    """Fill the ledger up to a size and return with how many entries."""
    padded = 0
    while (missing := size - log.size()) > 0:
        with transaction.atomic(using=log.alias):
            log.lock()
            last = log.last_moment()
            at = max(now, last) if last else now
            entries = [padding_entry(at) for _ in range(min(missing, PADDED_AT_ONCE))]
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
        seen = read_body(read_note((place.out / CHECKPOINT).read_bytes()).text).size
    except (OSError, NoteRefused):
        seen = 0
    return ask_witnesses(note, _witnesses(policy), log.prove_continuation, seen=seen)


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
