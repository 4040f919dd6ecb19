"""One transaction of acts: their rows, their ledger entries, their sealed bytes, and a signed checkpoint.

Steps of ending one, all inside one IMMEDIATE transaction that is durable when it returns:
    1 a key for every case that has none; 2 a commitment for every column of every record;
    3 the entries into the log, and a checkpoint over them; 4 the rows, each with the index of the entry that commits
    to it; 5 the sealed bytes.
Anything that fails on the way undoes all of it: nothing happened, and nothing says it did.
"""

import hmac
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from django.db import connections, transaction

from privity.casework.authorisation import NoSuchCase
from privity.casework.case_file import CaseFile
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.lifecycle import Status
from privity.casework.ports import Act
from privity.casework.record import NumberedRecord, Record, committed_in, moment
from privity.casework.records import CASE_RECORDS, OpeningRecord, StateRecord
from privity.casework.restored import LOSSES, Loss
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference, case_reference
from privity.edge.store.case_keys import ready_keys
from privity.edge.store.case_rows import Destruction, Determination, Opening, Outbox, State
from privity.edge.store.log import Log
from privity.edge.store.sequencer import enter, settle
from privity.edge.store.standstill import keep_in_sight, must_go_on, passes
from privity.edge.store.statements import send_many
from privity.edge.store.tables import MODEL_OF, read_rows, write_rows
from privity.edge.store.watch_rows import Memory
from privity.errors import Impossible, Mistaken, RefusedOnRecord, Unavailable
from privity.judgement.determination import Stage
from privity.ledger.checkpoint import NoteSigner
from privity.ledger.commitment import commit_all, key_identifier
from privity.ledger.entry import Entry
from privity.ledger.told import PlaceNumbers

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock may step back (a correction by the time service) before acts are refused."""

KEEP_SEALED = (
    "INSERT INTO sealed_bytes (reference, sha256, sealed) VALUES (%s, %s, %s)"
    " ON CONFLICT (reference) DO UPDATE SET sha256 = EXCLUDED.sha256, sealed = EXCLUDED.sealed"
)
KEEP_IN_MIND = (
    "INSERT INTO watch_memory (name, text, until) VALUES (%s, %s, %s)"
    " ON CONFLICT (name) DO UPDATE SET text = EXCLUDED.text, until = EXCLUDED.until"
)
HELD_BY_REQUESTER = (Status.SENT.value, Status.COLLECTED.value)
Found = TypeVar("Found", bound=Record)


@dataclass(slots=True)
class Unit:
    """The acts of one transaction, and the cases as they stand inside it."""

    alias: str = "default"
    _acts: list[Act] = field(default_factory=list)
    _cases: dict[str, CaseFile] = field(default_factory=dict)
    _keys: dict[str, bytes] = field(default_factory=dict)
    tickets: list[int] = field(default_factory=list)
    ended_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    _deeds: list[Callable[[], object]] = field(default_factory=list)
    blind_key: bytes = b""
    _written: dict[type[Record], dict[tuple[str, int], Record]] = field(default_factory=lambda: defaultdict(dict))
    _memory: dict[str, tuple[str, str]] = field(default_factory=dict)

    def new_reference(self) -> CaseReference:
        """Return a fresh case reference from the operating system's random source."""
        return case_reference(os.urandom(16))

    def load(self, references: Iterable[CaseReference]) -> None:
        """Read many cases at once; `case` then finds them here."""
        wanted = [reference for reference in references if reference not in self._cases]
        if wanted and connections[self.alias].features.has_select_for_update:
            # Where transactions run side by side, whoever means to act on a case waits for whoever does already.
            list(State.objects.using(self.alias).select_for_update().filter(reference__in=wanted).order_by("reference"))
        self._cases |= read_cases(wanted, self.alias)

    def case(self, reference: CaseReference) -> CaseFile:
        """Return a case as this transaction sees it.

        Raises: Mistaken: there is no such case.
        """
        if reference not in self._cases:
            self.load([reference])
        if reference not in self._cases:
            raise no_such_case()
        return self._cases[reference]

    def open_case(self, file: CaseFile) -> None:
        """Make a new case known."""
        self._cases[file.reference] = file

    def batch_rows(self, batch: str) -> frozenset[int]:
        """Return the rows of a batch file that have been taken already."""
        rows = Opening.objects.using(self.alias).filter(batch=batch).values_list("row_number", flat=True)
        return frozenset(rows)

    def opened_since(self, name: OrganisationId, day: date) -> Sequence[CaseReference]:
        """Return the cases of an organisation received on a day or later, this transaction's left out."""
        own = Opening.objects.using(self.alias).filter(organisation=name, received_on__gte=day.isoformat())
        return [CaseReference(one) for one in own.values_list("reference", flat=True)]

    def organisation(self, name: OrganisationId) -> OrganisationRecord:
        """Return an organisation.

        Raises: Mistaken: it is not known here.
        """
        found = self._read(OrganisationRecord, name)
        if not found:
            raise Mistaken(
                "the request was not taken",
                why=f"the organisation `{name}` is not enrolled here",
                next_step="enrol the organisation and its certificate first",
            )
        return found[0]

    def certificates(self, name: OrganisationId) -> Sequence[CertificateRecord]:
        """Return an organisation's certificates, oldest first."""
        return self._read(CertificateRecord, name)

    def overdue_destructions(self, name: OrganisationId, today: date) -> int:
        """Return how many packs an organisation should have destroyed by now and has not confirmed."""
        held = State.objects.using(self.alias).filter(status__in=HELD_BY_REQUESTER).values("reference")
        theirs = Outbox.objects.using(self.alias).filter(organisation=name, reference__in=held).values("reference")
        due = Destruction.objects.using(self.alias).filter(confirmed_on="", due__lt=today.isoformat())
        return due.filter(reference__in=theirs).count()

    def kept(self, kind: type[Found], reference: str) -> Sequence[Found]:
        """Return the records of one kind with one reference, oldest first, those of this transaction included."""
        return self._read(kind, reference)

    def held(self, kind: type[Found], reference: str) -> Sequence[Found]:
        """Return what `kept` returns, and let no other transaction change it before this one ends."""
        if connections[self.alias].features.has_select_for_update:
            rows = MODEL_OF[kind]._default_manager.using(self.alias).filter(reference=reference)
            list(rows.select_for_update().values_list("entry"))
        return self._read(kind, reference)

    def blinded(self, text: str) -> str:
        """Return a digest that only this instance can make, for what must be remembered and not be known.

        Raises: Impossible: the store was opened without its secret.
        """
        return blinded(self.blind_key, text)

    def recall(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return what is remembered under these names; what is not, or no more, is left out."""
        asked = [name for name in names if name not in self._memory]
        rows = Memory.objects.using(self.alias).filter(name__in=asked)
        if connections[self.alias].features.has_select_for_update:
            rows = rows.select_for_update().order_by("name")
        found = dict(rows.values_list("name", "text"))
        return found | {name: self._memory[name][0] for name in names if name in self._memory}

    def remember(self, name: str, text: str, *, until: datetime) -> None:
        """Remember a text under a name until a moment."""
        self._memory[name] = (text, moment(until))

    def write(self, act: Act) -> None:
        """Add an act; nothing is durable until the transaction ends.

        Raises: StandsStill: a restore is not acknowledged yet, or the tables are an older copy.
        """
        if not self._acts and not passes([act.kind]):
            must_go_on("nothing was recorded")
        self._acts.append(act)
        for record in act.records:
            number = record.number if isinstance(record, NumberedRecord) else 0
            self._written[type(record)][record.reference, number] = record
        if act.key in self._cases:
            following = [record for record in act.records if not isinstance(record, OpeningRecord)]
            self._cases[act.key] = self._cases[act.key].following(following)

    def afterwards(self, deed: Callable[[], object]) -> None:
        """Do something to the database once everything else is written, in the same transaction."""
        self._deeds.append(deed)

    @property
    def acts(self) -> int:
        """Return how many acts this transaction holds so far."""
        return len(self._acts)

    @property
    def takes_away(self) -> bool:
        """Return whether something here protects somebody or takes something away, which older tables would undo."""
        return any(LOSSES.get(act.kind) in (Loss.BY_HAND, Loss.DONE_AGAIN) for act in self._acts)

    def end(self, log: Log, signer: NoteSigner) -> None:
        """Write everything. Called once, inside the transaction, by `Store.unit`."""
        if not self._acts:
            return
        ending = log.ending()
        last = self._last_moment(ending.signed_at)
        wanted = {act.key for act in self._acts} - self._keys.keys()
        self._keys |= ready_keys(wanted, self._acts[0].at.astimezone(UTC), self.alias)
        entries: list[Entry] = []
        for act in self._acts:
            entries.append(self._entry(act, entries[-1].at if entries else last))
        places = enter(log, signer, entries, lambda: [_rows_of(act) for act in self._acts], onto=ending)
        newest: dict[type[Record], dict[tuple[str, int], tuple[Record, int]]] = defaultdict(dict)
        for index, act in zip(places, self._acts, strict=True):
            for record in act.records:
                number = record.number if isinstance(record, NumberedRecord) else 0
                newest[type(record)][record.reference, number] = (record, index)
        for kind, written in newest.items():
            write_rows(kind, list(written.values()), self.alias)
        sealed = [(act.key, str((act.facts or {})["pack_digest"]), act.sealed) for act in self._acts if act.sealed]
        if sealed:
            send_many(self.alias, KEEP_SEALED, sealed)
        self.tickets = [place for place in places if place < 0]
        self.ended_at = entries[-1].at
        if self._memory:
            send_many(self.alias, KEEP_IN_MIND, [(name, *kept) for name, kept in sorted(self._memory.items())])
        for deed in self._deeds:
            deed()

    def _read(self, kind: type[Found], name: str) -> list[Found]:
        written = self._written[kind].values()
        pending = [record for record in written if isinstance(record, kind) and record.reference == name]
        kept = [record for record in read_rows(kind, [name], self.alias) if isinstance(record, kind)]
        merged = {record.number if isinstance(record, NumberedRecord) else 0: record for record in (*kept, *pending)}
        return [merged[number] for number in sorted(merged)]

    def _last_moment(self, signed_at: datetime | None) -> datetime:
        """Return the moment of the newest checkpoint: no entry may be earlier."""
        last = signed_at or datetime(1970, 1, 1, tzinfo=UTC)
        if any(act.at < last - CLOCK_TOLERANCE for act in self._acts):
            raise Unavailable(
                "nothing was recorded",
                why="the clock of this machine lies behind the ledger's last entry",
                next_step="set the clock right (`privity doctor` shows both) and try again",
            )
        return last

    def _entry(self, act: Act, last: datetime) -> Entry:
        key, eid = self._keys[act.key], os.urandom(16)
        fields, values = committed_in(act.records)
        return Entry(
            kind=act.kind,
            at=max(act.at.astimezone(UTC), last),
            eid=eid,
            case=key_identifier(key),
            organisation=act.organisation or OrganisationId(""),
            role=act.by.role,
            agreement=act.agreement,
            clauses=act.clauses,
            outcome=act.outcome,
            facts=dict(act.facts or {}),
            commitments=commit_all(key, eid, fields, values),
        )


def _rows_of(act: Act) -> dict[str, list[str]]:
    """Return the references of the rows an act writes, by the table they are in."""
    rows: dict[str, list[str]] = {}
    for record in act.records:
        references = rows.setdefault(MODEL_OF[type(record)]._meta.db_table, [])
        if record.reference not in references:
            references.append(record.reference)
    return rows


@dataclass(frozen=True, slots=True)
class Store:
    """The database of one instance: transactions of acts, and reading outside them."""

    log: Log
    signer: NoteSigner
    alias: str = "default"
    blind_key: bytes = b""

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Yield one transaction; it is durable, rows and ledger together, when the block ends.

        Raises: RuntimeError: another transaction is open around it, which could undo what this one acknowledged.
                RefusedOnRecord: the block did; what it wrote before is durable all the same.
        """
        refused: RefusedOnRecord | None = None
        with transaction.atomic(using=self.alias, durable=True):
            unit = Unit(alias=self.alias, blind_key=self.blind_key)
            try:
                yield unit
            except RefusedOnRecord as refusal:
                refused = refusal
            unit.end(self.log, self.signer)
        if unit.tickets:
            settle(self.log, self.signer, unit.ended_at, tickets=unit.tickets)
        if unit.takes_away:
            # It is done and durable whatever the disk says here: only that older tables are noticed hangs on this.
            with suppress(OSError):
                keep_in_sight(self.log.latest_checkpoint() or b"")
        if refused is not None:
            raise refused

    def case(self, reference: CaseReference) -> CaseFile:
        """Return a case as it stands.

        Raises: Mistaken: there is no such case.
        """
        found = read_cases([reference], self.alias)
        if reference not in found:
            raise no_such_case()
        return found[reference]

    def blinded(self, text: str) -> str:
        """Return a digest that only this instance can make.

        Raises: Impossible: the store was opened without its secret.
        """
        return blinded(self.blind_key, text)

    @property
    def numbers(self) -> PlaceNumbers:
        """Return what turns a place in the ledger into the number somebody outside is told, and back."""
        return PlaceNumbers(bytes.fromhex(self.blinded("privity/place-numbers/1")))

    def forget(self, now: datetime) -> int:
        """Forget what was to be remembered until an earlier moment; return how much that was."""
        forgotten, _ = Memory.objects.using(self.alias).filter(until__lt=moment(now)).delete()
        return forgotten

    def statuses(self) -> dict[str, str]:
        """Return where every case stands, by reference."""
        return dict(State.objects.using(self.alias).values_list("reference", "status"))

    def identity_choices(self) -> dict[str, int]:
        """Return the record last named for each case by somebody who judged its identity."""
        named = Determination.objects.using(self.alias).filter(stage=Stage.IDENTITY.value, choice__isnull=False)
        return {row.reference: int(row.choice or 0) for row in named.order_by("id")}

    def packs_with_status(self, status: str) -> list[tuple[str, str]]:
        """Return requester and digest of the packs of cases in a status, oldest first."""
        wanted = State.objects.using(self.alias).filter(status=status).values("reference")
        packs = Outbox.objects.using(self.alias).filter(reference__in=wanted).order_by("entry")
        return list(packs.values_list("organisation", "sha256"))

    def close(self) -> None:
        """Let go of the connection of this thread."""
        connections[self.alias].close()


def blinded(key: bytes, text: str) -> str:
    """Return the keyed digest of a text.

    Raises: Impossible: there is no key.
    """
    if not key:
        raise Impossible("nothing was recorded", why="the store has no secret to blind with", next_step="report this")
    return hmac.new(key, text.encode(), sha256).hexdigest()


def no_such_case() -> Mistaken:
    """Return the one answer to every reference that is not there, or not for the person asking."""
    return NoSuchCase()


def read_cases(references: Sequence[CaseReference], alias: str) -> dict[str, CaseFile]:
    """Return cases by reference, each with all of its records; unknown references are left out."""
    if not references:
        return {}
    found: dict[type[Record], dict[str, list[Record]]] = {}
    for kind in CASE_RECORDS:
        by_case: dict[str, list[Record]] = defaultdict(list)
        for record in read_rows(kind, references, alias):
            by_case[record.reference].append(record)
        found[kind] = by_case
    cases = {}
    first_kinds = (OpeningRecord, StateRecord)
    for reference in found[OpeningRecord]:
        opening, state = (found[kind][reference][0] for kind in first_kinds)
        assert isinstance(opening, OpeningRecord)
        assert isinstance(state, StateRecord)
        rest = [record for kind in CASE_RECORDS if kind not in first_kinds for record in found[kind].get(reference, [])]
        cases[reference] = CaseFile(opening=opening, state=state).following(rest)
    return cases
