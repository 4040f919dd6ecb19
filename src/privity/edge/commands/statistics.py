"""`privity statistics`: show, publish, include, verify and combine the public figures.

`verify` and `combine` are an outsider's: they need files and no instance.
"""

import argparse
import importlib
import json
from pathlib import Path

from privity.edge.commands.files import content_of
from privity.edge.commands.ledger import DONE, NOT_SO, exit_code, in_words
from privity.edge.commands.options import add_data, add_json
from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.settings.calendars import read_calendar
from privity.edge.settings.shelf import default_shelf
from privity.edge.tiles.directory import DirectoryLog
from privity.ledger.audit import Intact, audit
from privity.ledger.encoding import decode
from privity.ledger.tiles import bundles, read_bundle
from privity.statistics.combine import combine
from privity.statistics.live import Following, LiveTable, read_live_table
from privity.statistics.publication import Publication, publication, read_publication
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression

OF_AN_INSTANCE = "privity.edge.commands.statistics_instance"
LARGEST_PUBLICATION = 4_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the acts and their options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="show|publish|include|verify|combine")
    show = acts.add_parser("show", help="the table of a year as it stands now")
    show.add_argument("--year", type=int, default=None, help="of receipt; the newest where none is given")
    show.add_argument("--csv", action="store_true", help="print CSV")
    publish = acts.add_parser("publish", help="publish the figures of a quarter, once and for good")
    publish.add_argument("--period", default="", metavar="2017Q1", help="every quarter that is due where none is given")
    publish.add_argument("--setting", choices=[Suppression.EXACT.value, Suppression.BANDED.value], default="exact")
    publish.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go")
    keep = acts.add_parser("include", help="show other custodians' published figures together with one's own")
    keep.add_argument("publications", type=Path, nargs="+", metavar="FILE")
    verify = acts.add_parser("verify", help="count publications and live tables again from an exported ledger")
    verify.add_argument("publications", type=Path, nargs="+", metavar="FILE")
    verify.add_argument("--ledger", type=Path, required=True, metavar="DIR", help="an export with its entries")
    verify.add_argument("--key", required=True, metavar="VKEY", help="the verifier key of the ledger")
    merge = acts.add_parser("combine", help="several custodians' figures of one quarter as one picture")
    merge.add_argument("publications", type=Path, nargs="+", metavar="FILE")
    for act in (show, publish, keep):
        add_data(act)
    for act in (show, publish, keep, verify, merge):
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code.

    Raises: PrivityError: bad input, an unreadable file, no instance.
    """
    match arguments.act:
        case "verify":
            return _verify(arguments)
        case "combine":
            return _combine(arguments)
        case _:
            code: int = importlib.import_module(OF_AN_INSTANCE).run(arguments)
            return code


def _verify(arguments: argparse.Namespace) -> int:
    """Check the ledger first, once; then count every file again from its entries and compare."""
    texts = [content_of(path, most=LARGEST_PUBLICATION) for path in arguments.publications]
    read = [read_live_table(text) or read_publication(text) for text in texts]
    log = DirectoryLog(root=arguments.ledger)
    found = audit(log, read_verifier_key(arguments.key))
    if not isinstance(found, Intact):
        print(json.dumps({"outcome": "ledger-not-intact"}) if arguments.json else in_words(found))
        return exit_code(found)
    codes = [
        _verify_live(one, log, found, as_json=arguments.json)
        if isinstance(one, LiveTable)
        else _verify_publication(one, log, found, as_json=arguments.json)
        for one in read
    ]
    return max(codes)


def _verify_publication(stated: Publication, log: DirectoryLog, found: Intact, *, as_json: bool) -> int:
    """Count a publication again and compare it byte for byte."""
    differing = _differences(stated, log, found)
    if as_json:
        outcome = "recomputed" if not differing else "different"
        print(json.dumps({"outcome": outcome, "sha256": stated.sha256, "different": differing}, sort_keys=True))
    elif differing:
        print(f"Different: {stated.quarter.name} does not follow from this ledger; first at: {', '.join(differing)}")
    else:
        print(
            f"Recomputed: every figure of {stated.quarter.name} follows from the first {stated.ledger_size:,} entries\n"
            f"of {found.origin}, byte for byte ({stated.sha256})"
        )
    return DONE if not differing else NOT_SO


def _verify_live(live: LiveTable, log: DirectoryLog, found: Intact, *, as_json: bool) -> int:
    """Find the moments at which a live table was what the ledger counts; it does not say its own."""
    following = Following(table=live)
    for bundle in bundles(found.size):
        following.see(decode(leaf) for leaf in read_bundle(log.read(bundle.name) or b"", bundle.width))
    sizes = following.found
    if as_json:
        outcome = "recomputed" if sizes else "different"
        print(json.dumps({"outcome": outcome, "year": live.year, "sizes": sizes}, sort_keys=True))
    elif sizes:
        first, last = sizes[-1]
        told = f"what the first {first:,} to {last:,} entries of {found.origin} count"
        print(f"Recomputed: the table of {live.year} is {told}")
    else:
        print(f"Different: at no size of this ledger does it count the table of {live.year} that was downloaded")
    return DONE if sizes else NOT_SO


def _differences(stated: Publication, log: DirectoryLog, found: Intact) -> list[str]:
    """Return the parts of a publication that do not follow from the ledger."""
    if stated.contents["origin"] != found.origin:
        return ["origin"]
    if stated.ledger_size > found.size:
        return ["ledger_size"]
    again = _count_again(stated, log, found.size)
    if again.text == stated.text:
        return []
    names = sorted({*again.contents, *stated.contents})
    return [name for name in names if again.contents.get(name) != stated.contents.get(name)] or ["spelling"]


def _count_again(stated: Publication, log: DirectoryLog, size: int) -> Publication:
    stories = Stories()
    for bundle in bundles(size):
        leaves = read_bundle(log.read(bundle.name) or b"", bundle.width)
        room = stated.ledger_size - bundle.first_index
        stories.see(decode(leaf) for leaf in leaves[: max(room, 0)])
    return publication(
        stories,
        stated.quarter,
        origin=str(stated.contents["origin"]),
        calendar=read_calendar(default_shelf() / "calendars", str(stated.contents["calendar"])),
        setting=stated.setting,
        made_as=int(str(stated.contents["format"])),
    )


def _combine(arguments: argparse.Namespace) -> int:
    combined = combine([_read(path) for path in arguments.publications])
    if arguments.json:
        rows = [
            {"requester": name, "outcomes": {column.value: [span.least, span.most] for column, span in cells}}
            for name, cells in combined.rows
        ]
        print(json.dumps({"period": combined.period, "custodians": list(combined.custodians), "requesters": rows}))
        return DONE
    print(f"{combined.period}, {len(combined.custodians)} custodians; a range where one of them publishes bands")
    for name, cells in combined.rows:
        print(f"  {name}: " + ", ".join(f"{span} {column.value}" for column, span in cells))
    return DONE


def _read(path: Path) -> Publication:
    """Return a publication from a file.

    Raises: Unavailable: it does not open. Mistaken: it is none.
    """
    return read_publication(content_of(path, most=LARGEST_PUBLICATION))
