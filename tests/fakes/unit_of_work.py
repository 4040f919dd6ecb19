"""A unit of work in memory: what it holds at the end of a block is all there or was never there.

Held to the same contract as the one over a database (tests/contract/test_units_of_work.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from privity.casework.account_records import OfficerRecord, ProposalRecord
from privity.casework.case_file import CaseFile
from privity.casework.debt_records import CollationRecord, DebtStateRecord
from privity.casework.instance_records import (
    CertificateRecord,
    ContactRecord,
    HealthWordRecord,
    HolidayRecord,
    OrganisationRecord,
    SubjectQuestionRecord,
)
from privity.casework.ports import Act
from privity.casework.record import NumberedRecord, Record
from privity.casework.records import (
    DestructionRecord,
    LetterRecord,
    OpeningRecord,
    OutboxRecord,
    PackRecord,
    QuestionRecord,
    StateRecord,
    SubmissionRecord,
)
from privity.casework.watch_clock import is_overdue
from privity.casework.watch_records import AlertRecord, TracerStandingRecord
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference, case_reference
from privity.errors import Mistaken, RefusedOnRecord, Unavailable
from privity.ledger.commitment import commit, key_identifier
from privity.ledger.entry import Entry

CHANGING = (
    TracerStandingRecord,
    AlertRecord,
    SubmissionRecord,
    HealthWordRecord,
    StateRecord,
    QuestionRecord,
    OutboxRecord,
    PackRecord,
    DestructionRecord,
    CertificateRecord,
    SubjectQuestionRecord,
    OfficerRecord,
    ProposalRecord,
    HolidayRecord,
    ContactRecord,
    DebtStateRecord,
    CollationRecord,
    LetterRecord,
)
TOLERANCE = timedelta(minutes=5)
Kind = TypeVar("Kind", bound=Record)
Key = tuple[type[Record], str, int]


class AlreadyWritten(Exception):
    """A record that never changes was written a second time."""


def key_of(record: Record) -> Key:
    return type(record), record.reference, record.number if isinstance(record, NumberedRecord) else 0


@dataclass(slots=True)
class MemoryStore:
    """Everything that has been written, and nothing of what failed."""

    rows: dict[Key, Record] = field(default_factory=dict)
    cases: dict[str, CaseFile] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    sealed: dict[str, bytes] = field(default_factory=dict)
    last: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    made: int = 0
    memory: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def unit(self) -> "Iterator[MemoryUnit]":
        """Yield one transaction."""
        unit, refused = MemoryUnit(store=self), None
        try:
            yield unit
        except RefusedOnRecord as refusal:
            refused = refusal
        unit.end()
        if refused is not None:
            raise refused

    def case(self, reference: CaseReference) -> CaseFile:
        """Return a case as it was last written."""
        if reference not in self.cases:
            raise Mistaken("the case was not found", why="no case has that reference", next_step="look again")
        return self.cases[reference]


@dataclass(slots=True)
class MemoryUnit:
    """One transaction over a MemoryStore."""

    store: MemoryStore
    _acts: list[Act] = field(default_factory=list)
    _cases: dict[str, CaseFile] = field(default_factory=dict)
    _memory: dict[str, str] = field(default_factory=dict)

    def new_reference(self) -> CaseReference:
        self.store.made += 1
        return case_reference(sha256(self.store.made.to_bytes(8, "big")).digest()[:16])

    def load(self, references: Iterable[CaseReference]) -> None:
        self._cases |= {one: self.store.cases[one] for one in references if one in self.store.cases}

    def case(self, reference: CaseReference) -> CaseFile:
        return self._cases[reference] if reference in self._cases else self.store.case(reference)

    def open_case(self, file: CaseFile) -> None:
        self._cases[file.reference] = file

    def batch_rows(self, batch: str) -> frozenset[int]:
        openings = [row for row in self.store.rows.values() if isinstance(row, OpeningRecord)]
        return frozenset(opening.row_number for opening in openings if opening.batch == batch)

    def opened_since(self, name: OrganisationId, day: date) -> Sequence[CaseReference]:
        own = (file for file in self.store.cases.values() if file.organisation == name)
        return [file.reference for file in own if file.received_on >= day]

    def organisation(self, name: OrganisationId) -> OrganisationRecord:
        found = self._known(OrganisationRecord, name)
        if not found:
            raise Mistaken("the request was not taken", why=f"`{name}` is not enrolled here", next_step="enrol it")
        return found[0]

    def certificates(self, name: OrganisationId) -> Sequence[CertificateRecord]:
        return self._known(CertificateRecord, name)

    def overdue_destructions(self, name: OrganisationId, today: date) -> int:
        return sum(
            file.organisation == name and is_overdue(file, today) for file in (self.store.cases | self._cases).values()
        )

    def kept(self, kind: type[Kind], reference: str) -> Sequence[Kind]:
        return self._known(kind, reference)

    def held(self, kind: type[Kind], reference: str) -> Sequence[Kind]:
        return self._known(kind, reference)

    def blinded(self, text: str) -> str:
        return sha256(f"blinded {text}".encode()).hexdigest()

    def recall(self, names: Sequence[str]) -> Mapping[str, str]:
        known = self.store.memory | self._memory
        return {name: known[name] for name in names if name in known}

    def remember(self, name: str, text: str, *, until: datetime) -> None:
        self._memory[name] = text

    def write(self, act: Act) -> None:
        self._acts.append(act)
        if act.key in self._cases or act.key in self.store.cases:
            following = [one for one in act.records if not isinstance(one, OpeningRecord)]
            self._cases[act.key] = self.case(CaseReference(act.key)).following(following)

    def end(self) -> None:
        if not self._acts:
            return
        if any(act.at < self.store.last - TOLERANCE for act in self._acts):
            raise Unavailable("nothing was recorded", why="the clock lies behind the ledger", next_step="set it right")
        rows = dict(self.store.rows)
        for act in self._acts:
            for record in act.records:
                if key_of(record) in self.store.rows and not isinstance(record, CHANGING):
                    raise AlreadyWritten(record.table)
                rows[key_of(record)] = record
        entries, last = [], self.store.last
        for act in self._acts:
            entries.append(entry_of(act, last))
            last = entries[-1].at
        self.store.rows, self.store.last = rows, last
        self.store.cases |= self._cases
        self.store.memory |= self._memory
        self.store.entries += entries
        self.store.sealed |= {act.key: act.sealed for act in self._acts if act.sealed}

    def _known(self, kind: type[Kind], name: str) -> list[Kind]:
        written = (record for act in self._acts for record in act.records)
        merged = {key_of(row): row for row in (*self.store.rows.values(), *written)}
        found = [row for row in merged.values() if isinstance(row, kind) and row.reference == name]
        return sorted(found, key=lambda row: key_of(row)[2])


def entry_of(act: Act, last: datetime) -> Entry:
    """Return the entry an act writes, under a key made of its name: nothing here is secret."""
    key = sha256(act.key.encode()).digest()
    eid = sha256(key + repr(act.at).encode() + act.kind.encode()).digest()[:16]
    bare = Entry(
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
    )
    commitments = {
        f"{record.called()}.{column}": commit(key, eid, f"{record.called()}.{column}", value)
        for record in act.records
        for column, value in record.committed().items()
    }
    return replace(bare, commitments=commitments)
