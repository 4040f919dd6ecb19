"""`privity request generate`: made-up particulars of made-up people, with the truth beside them in a file of its own.

Rule of the module: the register is made anew from its seed; nothing of any instance is read.
"""

import argparse
import csv
import json
from pathlib import Path

from privity.edge.commands.files import not_written
from privity.edge.registers.particulars_csv import COLUMNS
from privity.edge.synthetic.particulars import draw
from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import ABSENT_SHARE


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--people", type=int, required=True, metavar="N", help="of the register they ask about")
    parser.add_argument("--people-seed", type=int, default=1, metavar="S", help="its seed; default 1")
    parser.add_argument("--count", type=int, required=True, metavar="N", help="how many particulars")
    parser.add_argument("--seed", type=int, default=2, metavar="S", help="default 2")
    parser.add_argument("--absent", type=float, default=ABSENT_SHARE, metavar="SHARE", help="default 0.21")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="the particulars")
    parser.add_argument("--truth", type=Path, required=True, metavar="FILE.csv", help="reference, number, name origin")


def run(arguments: argparse.Namespace) -> int:
    """Write both files; 0 when done.

    Raises: Mistaken: an impossible number or share. Unavailable: the disk refused.
    """
    population = generate(arguments.people, arguments.people_seed)
    drawn = draw(population, arguments.count, arguments.seed, arguments.absent)
    try:
        with arguments.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(one.fields for one in drawn)
        with arguments.truth.open("w", encoding="utf-8", newline="") as file:
            plain = csv.writer(file)
            plain.writerow(("reference", "nhs_number", "name_origin"))
            plain.writerows((one.fields["reference"], one.truth, one.origin) for one in drawn)
    except OSError as refusal:
        raise not_written(Path(refusal.filename or arguments.out), refusal) from None
    absent = sum(not one.truth for one in drawn)
    said = {"particulars": len(drawn), "absent": absent, "file": str(arguments.out), "truth": str(arguments.truth)}
    plain_words = f"{len(drawn)} particulars written to {arguments.out}, {absent} of them of people who are absent"
    print(json.dumps(said) if arguments.json else plain_words)
    return 0
