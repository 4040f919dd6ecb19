"""`privity audit`, once an instance is open."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.db import DatabaseError

from privity.edge.commands.ledger import DONE, NOT_A_CONTINUATION, NOT_SO, as_json, exit_code, in_words
from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key
from privity.edge.store.audit import Tally, audit_rows, not_under_the_ledger
from privity.edge.store.audit_ledger import LedgerTables, audit_ledger
from privity.edge.tiles.directory import DirectoryLog, FolderUnreadable
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.key_rotation import earlier_keys
from privity.errors import Unavailable
from privity.ledger.audit import Audit, Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import Checkpoint
from privity.ledger.reconciliation import Finding

MOST_SHOWN = 50


class DatabaseUnreadable(Unavailable):
    """The database did not answer as a database of ours does."""

    def __init__(self, refusal: DatabaseError) -> None:
        super().__init__(
            "the database was not audited",
            why=f"it could not be read ({type(refusal).__name__})",
            next_step="keep it as it is, and compare the folder with its backup",
        )


def run(arguments: argparse.Namespace, instance: Instance) -> int:
    """Compare, tell, and return the exit code.

    Raises: PrivityError: an unreadable folder or database, a key that is none.
    """
    earlier = [*earlier_keys(instance.data), *map(read_verifier_key, arguments.earlier_key)]
    keys = [instance.note_signer.verifier, *earlier]
    outside = None if arguments.ledger is None else _outside(arguments.ledger, keys)
    if outside is not None and not isinstance(outside, Intact):
        return _tell_outside(outside, as_json_wanted=arguments.json)
    known = None if outside is None else Checkpoint(origin=outside.origin, size=outside.size, root=outside.root)
    tally = Tally()
    try:
        tables = audit_ledger(instance.log, keys, now=datetime.now(UTC), known=known)
        findings = [*tables.findings, *audit_rows(instance.log, tally)]
    except DatabaseError as refusal:
        raise DatabaseUnreadable(refusal) from refusal
    _tell(instance, tables, findings, tally, as_json_wanted=arguments.json)
    if isinstance(tables.verdict, RolledBack | Forked):
        return NOT_A_CONTINUATION
    return NOT_SO if findings else DONE


def _outside(folder: Path, keys: list[NoteVerifierKey]) -> Audit:
    """Return what an export is, under whichever of the log's keys signed it."""
    if not folder.is_dir():
        raise FolderUnreadable(folder, NotADirectoryError(20, "there is no such folder"))
    log = DirectoryLog(root=folder)
    for key in keys[1:]:
        found = audit(log, key)
        if isinstance(found, Intact):
            return found
    return audit(log, keys[0])


def _tell_outside(found: Audit, *, as_json_wanted: bool) -> int:
    """Tell that the export itself does not hold; nothing can be compared with it."""
    stated = {"outcome": "export-altered", "export": as_json(found)}
    print(json.dumps(stated, sort_keys=True) if as_json_wanted else f"The export itself: {in_words(found)}")
    return exit_code(found)


def _tell(
    instance: Instance, tables: LedgerTables, findings: list[Finding], tally: Tally, *, as_json_wanted: bool
) -> None:
    outcome = "altered" if findings else "intact"
    if isinstance(tables.verdict, RolledBack | Forked):
        outcome = str(as_json(tables.verdict)["outcome"])
    if as_json_wanted:
        stated = {
            "outcome": outcome,
            "origin": instance.origin,
            "entries": tables.size,
            **asdict(tally),
            "findings": [asdict(finding) for finding in findings],
            "not_under_the_ledger": list(not_under_the_ledger(instance.log.alias)),
        }
        print(json.dumps(stated, sort_keys=True))
        return
    if isinstance(tables.verdict, RolledBack | Forked):
        print(in_words(tables.verdict))
    print(
        f"Compared {tally.columns:,} columns of {tally.rows:,} rows in {tally.cases:,} cases and instance records"
        f" with {tables.size:,} entries; {tally.shredded:,} destroyed cases left nothing to compare"
        + (f"; {tally.shut:,} held shut since a restore were compared under their keys" if tally.shut else "")
    )
    for finding in findings[:MOST_SHOWN]:
        print(_in_words(finding))
    if len(findings) > MOST_SHOWN:
        print(f"and {len(findings) - MOST_SHOWN:,} more; `--json` lists all")
    left_out = ", ".join(not_under_the_ledger(instance.log.alias))
    print(f"{outcome.capitalize()}. Not under the ledger, not compared: {left_out}")


def _in_words(finding: Finding) -> str:
    place = f"{finding.table}.{finding.column}" if finding.column else finding.table
    case = f", case {finding.case}" if finding.case else ""
    entry = "" if finding.entry is None else f", entry {finding.entry}"
    return f"{finding.difference.value}: {place}{case}{entry}"
