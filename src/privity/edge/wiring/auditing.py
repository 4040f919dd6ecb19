"""The auditor's desk, joined to the log and to nothing else: no case, no key of a case, no row is within reach.

Rules of the module:
- Entries are shown as they are decoded from their leaves, never from the columns the database keeps beside them.
- A page looks at a bounded number of entries and says where the next one begins.
- An export is one archive of the files that `privity ledger verify` reads.
"""

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, assert_never

from django.db import connections

from privity.casework.auditor import IS_ANOTHER, IS_INTACT, Entries, EntryFilter, EntryLine, EntryView, Verified
from privity.casework.authorisation import Operation, must_be_allowed
from privity.definitions.party import Officer
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.store.log import Log, NoSuchEntry
from privity.edge.store.sequencer import settle
from privity.edge.tiles.export import files_of
from privity.ledger.audit import Altered, Forked, Intact, RolledBack, audit
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import leaf_hash
from privity.ledger.proof import write_proof

PAGE = 50
MOST_LOOKED_AT = 5_000
"""Entries read for one page where a filter lets few through."""
TOGETHER = 500
CHUNK = 1 << 16
IN_MEMORY = 8 << 20
"""Bytes of an export kept in memory before it goes to a file without a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceAuditor:
    """What an auditor sees of one instance."""

    log: Log
    key: NoteSigningKey

    def entries(self, asked: EntryFilter, *, by: Officer) -> Entries:
        """Return a page of entries, newest first."""
        must_be_allowed(Operation.READ_ENTRIES, by)
        size = self.log.size()
        below = size if asked.before is None else max(0, min(asked.before, size))
        lines: list[EntryLine] = []
        looked_at = 0
        for index, entry in self._downwards(asked, below):
            if len(lines) == PAGE or looked_at >= MOST_LOOKED_AT:
                return Entries(lines=lines, size=size, older=index + 1, looked_at=looked_at)
            looked_at += 1
            if _fits(entry, asked):
                lines.append(_line(index, entry))
        return Entries(lines=lines, size=size, older=None, looked_at=looked_at)

    def entry(self, index: int, *, by: Officer) -> EntryView:
        """Return one entry with its leaf and proof."""
        must_be_allowed(Operation.READ_ENTRIES, by)
        size = self.log.size()
        if not 0 <= index < size:
            raise NoSuchEntry(index, size)
        (leaf,) = self.log.leaves(index, index + 1)
        return EntryView(
            line=_line(index, decode(leaf)),
            leaf=leaf.decode("utf-8", "replace"),
            leaf_hash=leaf_hash(leaf).hex(),
            proof=write_proof(self.log.prove(index)).decode(),
        )

    def export(self, *, by: Officer, at: datetime) -> tuple[str, Iterator[bytes]]:
        """Return the whole ledger as one archive, signed as it stands now."""
        must_be_allowed(Operation.EXPORT_LEDGER, by)
        settle(self.log, self.key, at)
        note = self.log.checkpoint(self.key, at)
        size = self.log.size()
        # Closed by the generator that hands it out, once the last byte has gone or the reader has.
        archive: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  see above
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, content in files_of(self.log, size, note, with_entries=True):
                packed.writestr(name, content)
        archive.seek(0)
        return f"ledger-{size}.zip", _handed_out(archive)

    def verify(self, *, by: Officer, at: datetime) -> Verified:
        """Check every entry, tile and checkpoint, as an outsider would."""
        must_be_allowed(Operation.VERIFY_LEDGER, by)
        settle(self.log, self.key, at)
        self.log.checkpoint(self.key, at)
        started = time.monotonic()
        found = audit(self.log, self.key.verifier)
        intact, said, first_bad = isinstance(found, Intact), "", None
        match found:
            case Intact():
                said = IS_INTACT
            case Altered():
                said, first_bad = found.what, found.first_bad_index
            case RolledBack() | Forked():
                said = IS_ANOTHER
            case other:
                assert_never(other)
        return Verified(
            intact=intact,
            said=said,
            size=found.size if isinstance(found, Intact) else self.log.size(),
            root=found.root.hex() if isinstance(found, Intact) else "",
            first_bad=first_bad,
            seconds=time.monotonic() - started,
            at=at,
        )

    def _downwards(self, asked: EntryFilter, below: int) -> Iterator[tuple[int, Entry]]:
        """Yield entries from an index down. The columns beside the leaf only narrow where to look."""
        where = "idx < %s"
        narrowed: list[str | int] = [below]
        if asked.kind:
            where, narrowed = f"{where} AND kind = %s", [*narrowed, asked.kind]
        elif not asked.padding:
            where, narrowed = f"{where} AND kind <> %s", [*narrowed, EntryKind.LEDGER_PADDING.value]
        if asked.case:
            where, narrowed = f"{where} AND case_kid = %s", [*narrowed, asked.case]
        statement = f"SELECT idx, leaf FROM log_entry WHERE {where} ORDER BY idx DESC LIMIT {MOST_LOOKED_AT + 1}"  # noqa: S608  ours
        with connections[self.log.alias].cursor() as cursor:
            cursor.execute(statement, narrowed)
            while rows := cursor.fetchmany(TOGETHER):
                for index, leaf in rows:
                    yield index, decode(bytes(leaf))


def _fits(entry: Entry, asked: EntryFilter) -> bool:
    return (
        (entry.kind.value == asked.kind if asked.kind else asked.padding or entry.kind is not EntryKind.LEDGER_PADDING)
        and (not asked.organisation or entry.organisation == asked.organisation)
        and (not asked.case or entry.case == asked.case)
    )


def _line(index: int, entry: Entry) -> EntryLine:
    return EntryLine(
        index=index,
        at=entry.at,
        kind=entry.kind,
        case=entry.case,
        organisation=entry.organisation,
        role=entry.role.value if entry.role else "",
        agreement=entry.agreement,
        clauses=entry.clauses,
        outcome=entry.outcome,
        facts=entry.facts,
        commitments=entry.commitments,
    )


def _handed_out(archive: IO[bytes]) -> Iterator[bytes]:
    with archive:
        while chunk := archive.read(CHUNK):
            yield chunk
