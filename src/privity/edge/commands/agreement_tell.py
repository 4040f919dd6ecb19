"""`privity agreement words`, `export`, `year` and `review`: agreements told to the public, and to a reviewer."""

import argparse
import csv
import importlib
import importlib.util
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.chart import Bar, chart
from privity.agreement.late import Disclosed
from privity.agreement.late import review as review_late
from privity.agreement.page import NOT_WORKED_OUT, page
from privity.agreement.register_entry import FIELDS, register_entry
from privity.agreement.version import Version
from privity.agreement.year import COLUMNS, under_every_version
from privity.edge.commands.agreement_shelf import families_meant, family_called, print_json, version_called
from privity.edge.commands.files import write_text
from privity.edge.commands.replay_file import read_disclosures, read_requests

DONE, NOT_SO = 0, 1


def words(arguments: argparse.Namespace) -> int:
    """Print the page of a version, with what changed from the one it amends, or from the one before it."""
    family, version = version_called(arguments, arguments.version)
    place = family.versions.index(version)
    before = family.version(version.amends) if version.amends else family.versions[place - 1] if place else None
    text = page(version, before, NOT_WORKED_OUT if before is None else _meaning(before, version))
    if arguments.json:
        print_json({"version": version.reference, "page": text})
    else:
        print(text, end="")
    return DONE


def _meaning(before: Version, after: Version) -> Sequence[str]:
    """Return what a change means for requests, where the solver is installed."""
    if importlib.util.find_spec("z3") is None:
        return NOT_WORKED_OUT
    found = importlib.import_module("privity.agreement.meaning")
    return tuple(found.told(found.meaning(before, after)))


def export(arguments: argparse.Namespace) -> int:
    """Print every version in the 18 fields of the public register, as CSV or JSON lines."""
    rows = [register_entry(family, version) for family in families_meant(arguments) for version in family.versions]
    if arguments.json:
        for row in rows:
            print_json(row)
        return DONE
    writer = csv.DictWriter(sys.stdout, fieldnames=FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return DONE


def year(arguments: argparse.Namespace) -> int:
    """Print what every version would have made of some requests, and draw it where asked."""
    family = family_called(arguments, arguments.family)
    requests = read_requests(Path(arguments.file), family)
    rows = under_every_version(family, requests)
    if arguments.chart is not None:
        bars = [Bar(name=row.label, counts=row.counts) for row in rows]
        title = f"{len(requests):,} requests under every version of {family.name}"
        drawn = chart(
            title, bars, COLUMNS, "Replayed, not decided again. Made-up requests unless the file says otherwise."
        )
        write_text(arguments.chart, drawn)
    if arguments.json:
        counted = {row.version.reference: {column: row.counts[column] for column in COLUMNS} for row in rows}
        print_json({"requests": len(requests), "versions": counted})
        return DONE
    width = max(len(row.label) for row in rows)
    print(f"{len(requests)} requests")
    print(f"{'':<{width}}  {'  '.join(f'{column:>{len(column)}}' for column in COLUMNS)}")
    for row in rows:
        print(f"{row.label:<{width}}  {'  '.join(f'{row.counts[column]:>{len(column)}}' for column in COLUMNS)}")
    return DONE


def review(arguments: argparse.Namespace) -> int:
    """Print the disclosures that what is known now would not have allowed; 1 where there are any."""
    family = family_called(arguments, arguments.family)
    rows = read_disclosures(Path(arguments.file), family)
    disclosures = [Disclosed(reference=reference, at=at, asked=asked) for reference, at, asked in rows]
    found = list(review_late(family, disclosures, known_at=datetime.now(UTC)))
    for row in found:
        if arguments.json:
            by = [clause.ref.clause for clause in row.by]
            items = [item.value for item in row.items]
            print_json(
                {"reference": row.reference, "at": row.at.isoformat(), "items": items, "by": by, "says": row.says}
            )
        else:
            listed = ", ".join(item.words for item in row.items)
            print(f"{row.reference} at {row.at.isoformat()}: {listed}. {row.says}")
    if not arguments.json:
        print(f"{len(found)} of {len(disclosures)} disclosures to review")
    return NOT_SO if found else DONE
