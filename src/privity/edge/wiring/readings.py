"""The readings of the register, joined to the ledger and to the references of cases."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connections

from privity.casework.authorisation import NoSuchCase, Operation, must_be_allowed
from privity.casework.instance_records import SubjectQuestionRecord
from privity.casework.readings import (
    READING_KINDS,
    CaseReadings,
    Readings,
    count_readings,
    put_on_record,
    read_key_identifier,
)
from privity.definitions.party import Officer, Role
from privity.definitions.reference import read_case_reference
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.log import Log
from privity.edge.store.sequencer import settle
from privity.edge.store.statements import places
from privity.edge.store.unit_of_work import Store
from privity.ledger.checkpoint import NoteSigner
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry

TOGETHER = 500
_OWN_QUESTION = f"{SubjectQuestionRecord.table}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceReadings:
    """How often the register of one instance was read."""

    store: Store
    log: Log
    signer: NoteSigner

    def readings(self, case: str, *, by: Officer, at: datetime) -> Readings:
        """Return the readings of every case, or of one, and put on record that they were shown."""
        must_be_allowed(Operation.READ_READINGS, by)
        settle(self.log, self.signer, at)
        kid = self._key_of(case.strip(), by) if case.strip() else ""
        with self.store.unit() as unit:
            lines = count_readings(self._entries(kid))
            found = Readings(lines=self._called(lines, by), size=self.log.size())
            put_on_record(unit, found, os.urandom(16).hex(), kid=kid, by=by, at=at)
        return found

    def _key_of(self, case: str, by: Officer) -> str:
        """Return the identifier of the key of a case, which only the guardian may name by its reference."""
        if by.role is not Role.GUARDIAN or not case.upper().startswith("PRV-"):
            return read_key_identifier(case.lower())
        reference = read_case_reference(case)
        kid = CaseKey.objects.using(self.store.alias).filter(reference=reference).values_list("kid", flat=True).first()
        if kid is None:
            raise NoSuchCase
        return kid

    def _entries(self, kid: str) -> Iterator[Entry]:
        """Yield the entries that may tell of a reading. The columns beside the leaf only narrow where to look."""
        where, narrowed = f"kind IN ({places(READING_KINDS)})", [kind.value for kind in READING_KINDS]
        if kid:
            where, narrowed = f"case_kid = %s AND {where}", [kid, *narrowed]
        with connections[self.log.alias].cursor() as cursor:
            cursor.execute(f"SELECT leaf FROM log_entry WHERE {where} ORDER BY idx", narrowed)  # noqa: S608  ours
            while rows := cursor.fetchmany(TOGETHER):
                for (leaf,) in rows:
                    yield decode(bytes(leaf))

    def _called(self, lines: list[CaseReadings], by: Officer) -> list[CaseReadings]:
        """Return the lines with the references the reader may know."""
        called: dict[str, str] = {}
        for start in range(0, len(lines), TOGETHER):
            some = CaseKey.objects.using(self.store.alias).filter(
                kid__in=[line.kid for line in lines[start : start + TOGETHER]]
            )
            called |= dict(some.values_list("kid", "reference"))
        return [
            replace(
                line,
                reference=reference if by.role is Role.GUARDIAN and ":" not in reference else "",
                is_own_question=reference.startswith(_OWN_QUESTION),
            )
            for line in lines
            for reference in (called.get(line.kid, ""),)
        ]
