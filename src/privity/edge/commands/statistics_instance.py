"""`privity statistics show | publish | include`: the acts that need an instance."""

import argparse
import csv
import importlib
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from privity.definitions.party import GATEWAY
from privity.edge.commands.files import content_of
from privity.edge.settings.calendars import read_calendar
from privity.edge.settings.shelf import default_shelf
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken, Unavailable
from privity.statistics.publication import Publication, told_apart
from privity.statistics.quarter import Quarter, read_quarter
from privity.statistics.suppression import Suppression

CALENDAR = "england-and-wales"
LARGEST_PUBLICATION = 4_000_000


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked of an instance and return the exit code.

    Raises: PrivityError: no instance there, nothing received then, the quarter is not over or is out already.
    """
    instance = open_instance(arguments.data)
    acts = {"show": _show, "publish": _publish, "include": _include}
    return acts[arguments.act](instance, arguments)


def _show(instance: Instance, arguments: argparse.Namespace) -> int:
    live = importlib.import_module("privity.edge.wiring.live_figures")
    view = live.LiveFigures(log=instance.log, agreements=instance.agreements).own(arguments.year, datetime.now(UTC))
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


def _publish(instance: Instance, arguments: argparse.Namespace) -> int:
    at = datetime.now(UTC)
    publishing = importlib.import_module("privity.edge.wiring.public_statistics")
    due: tuple[Quarter, ...] = publishing.unpublished_quarters(instance.log, at)
    quarters = (read_quarter(arguments.period),) if arguments.period else due
    if not quarters:
        raise Mistaken(
            "nothing was published",
            why="every quarter that is over and in which anything was received is out",
            next_step="come back when the next quarter is over",
        )
    calendar = read_calendar(default_shelf() / "calendars", CALENDAR)
    setting = Suppression(arguments.setting)
    # The figures name the size of the ledger they were counted from, and an uneven one would tell of every act.
    instance.publisher.even_out(at)
    made: tuple[Publication, ...] = publishing.publish_quarters(
        instance.store, instance.log, quarters, calendar=calendar, setting=setting, by=GATEWAY, at=at
    )
    for each in made:
        _write(arguments.out, each)
    if arguments.json:
        print(
            json.dumps(
                [
                    {"period": each.quarter.name, "sha256": each.sha256, "refusals_apart": told_apart(each)}
                    for each in made
                ]
            )
        )
    else:
        for each in made:
            print(f"{each.quarter.name}  {arguments.out / each.file_name}")
            for words in told_apart(each):
                print(f"  disparity: {words}")
    return 0


def _include(instance: Instance, arguments: argparse.Namespace) -> int:
    texts = [content_of(path, most=LARGEST_PUBLICATION) for path in arguments.publications]
    combining = importlib.import_module("privity.edge.wiring.combining")
    made: tuple[Publication, ...] = combining.include(
        instance.data.other_custodians,
        texts,
        own=instance.note_signer.name,
        made_up=instance.is_demonstration,
    )
    if arguments.json:
        print(json.dumps([{"period": each.quarter.name, "origin": each.contents["origin"]} for each in made]))
    else:
        for each in made:
            print(f"{each.quarter.name}  {each.contents['origin']}  /statistics/{each.quarter.name}/together/")
        print("Theirs, and not counted by us: `privity statistics verify` with an export of their ledger does that.")
    return 0


def _write(folder: Path, made: Publication) -> None:
    """Write a publication under its own digest; what is there already under that name is the same.

    Raises: Unavailable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / made.file_name).write_bytes(made.text)
    except OSError as refusal:
        raise Unavailable(
            f"`{folder}` was not written",
            why=(refusal.strerror or "the operating system refused").lower(),
            next_step="the figures are published; write the file again from their page",
        ) from refusal
