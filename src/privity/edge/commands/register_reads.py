"""`privity register reads`: how often the register was read, and for which case; being shown it is on record."""

import argparse
import json
from datetime import UTC, datetime

from privity.casework.readings import CaseReadings, Readings
from privity.definitions.party import Role
from privity.edge.commands.signing import signed_by
from privity.edge.wiring.instance import open_instance

MAY = (Role.GUARDIAN, Role.AUDITOR)
MOST_SHOWN = 50
"""Cases listed for people, those read last; `--json` lists all."""


def run(arguments: argparse.Namespace) -> int:
    """Count the readings and show them.

    Raises: Mistaken: not for this person, or there is no such case.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, MAY)
    found = instance.readings.readings(arguments.case, by=by, at=datetime.now(UTC))
    print(json.dumps(_as_json(found)) if arguments.json else in_words(found))
    return 0


def in_words(found: Readings) -> str:
    """Return the readings for a person."""
    lines = [f"{found.readings:,} readings, {found.records:,} records compared or shown, in {found.size:,} entries"]
    for line in found.lines[:MOST_SHOWN]:
        counted = f"{line.readings:>4} readings {line.records:>7,} records"
        lines.append(f"  {_called(line):64}  {counted}  last {line.last:%Y-%m-%d %H:%M}")
    if len(found.lines) > MOST_SHOWN:
        lines.append(f"  and {len(found.lines) - MOST_SHOWN:,} more (--json lists all, --case shows one)")
    return "\n".join(lines)


def _called(line: CaseReadings) -> str:
    return "a person's own question" if line.is_own_question else line.reference or line.kid


def _as_json(found: Readings) -> dict[str, object]:
    return {
        "readings": found.readings,
        "records": found.records,
        "ledger_size": found.size,
        "cases": [
            {
                "case": line.reference or None,
                "key": line.kid,
                "own_question": line.is_own_question,
                "readings": line.readings,
                "records": line.records,
                "first": f"{line.first:%Y-%m-%dT%H:%M:%SZ}",
                "last": f"{line.last:%Y-%m-%dT%H:%M:%SZ}",
            }
            for line in found.lines
        ],
    }
