"""`privity statistics show`: the public table, counted from the ledger."""

import argparse
import csv
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import open_instance


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("act", choices=["show"])
    parser.add_argument("--year", type=int, default=None, help="of receipt; the newest where none is given")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the table.

    Raises: Mistaken: nothing was received in that year.
    """
    view = open_instance(arguments.data).desk.statistics(arguments.year, datetime.now(UTC))
    rows = [asdict(line) for line in (*view.lines, view.total)]
    if arguments.json:
        print(json.dumps({"year": view.year, "rows": rows[:-1], "total": rows[-1]}))
    elif arguments.csv:
        writer = csv.DictWriter(sys.stdout, list(rows[-1]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        names = [name for name in rows[-1] if name != "requester"]
        width = max(len(str(row["requester"])) for row in rows)
        print(f"Requests received in {view.year}, by where they stand; each row adds up")
        print("  " + " " * width + "".join(f"{name:>11}" for name in names))
        for row in rows:
            print("  " + str(row["requester"]).ljust(width) + "".join(f"{row[name]:>11,}" for name in names))
    return 0
