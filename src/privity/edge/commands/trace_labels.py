"""Where labelled traces come from: a file with its truth, or a synthetic trial from two seeds."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from privity.definitions.person import NhsNumber
from privity.edge.registers.batch_tables import BatchTables
from privity.edge.registers.opening import opened_register
from privity.edge.registers.particulars_csv import read_particulars
from privity.edge.registers.rows import RowReader, RowsRefused, read_table
from privity.edge.synthetic.trials import (
    ABSENT_SHARE,
    CERTIFIED_ABSENT_SHARE,
    Asked,
    Design,
    Traits,
    make_trial,
    traits_of,
)
from privity.errors import Mistaken

ORIGIN = "name origin"
SYNTHETIC = "synthetic"
USUAL_PEOPLE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFile:
    """A register open for reading, and particulars whose truth is known."""

    register: BatchTables
    asked: Iterator[Asked]
    synthetic: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Truth:
    number: str
    origin: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where labels come from."""
    parser.add_argument(
        "--register", metavar="FILE|DIR", help="FILE.sqlite, FILE.csv, a folder that holds one, or postgres://…"
    )
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help="CSV of reference, nhs_number (or empty), name_origin (optional)"
    )
    parser.add_argument(
        "--synthetic", type=int, metavar="N", help="instead of files: a made-up register of N people and its labels"
    )
    parser.add_argument("--labels", type=int, default=20_000, metavar="N", help="made-up particulars; default 20000")
    parser.add_argument("--seed", type=int, default=41, metavar="S", help="of people; S+1 of particulars; default 41")
    parser.add_argument(
        "--absent",
        type=float,
        metavar="SHARE",
        help=f"made-up people who are absent; default {ABSENT_SHARE}, for `certify` {CERTIFIED_ABSENT_SHARE}",
    )


@contextmanager
def opened_labels(arguments: argparse.Namespace, file: str) -> Iterator[LabelledFile]:
    """Open what the arguments name.

    The file `synthetic` is none: it stands for `--synthetic` with the usual number of people.
    Raises: Mistaken: neither files nor a synthetic trial, or both.
    """
    if file == SYNTHETIC:
        file, arguments.synthetic = "", arguments.synthetic or USUAL_PEOPLE
    if (arguments.synthetic is None) == (not file):
        raise Mistaken(
            "nothing was compared",
            why="either a file of particulars or `--synthetic N` is needed, not both",
            next_step="name `FILE.csv --truth FILE --register FILE`, or `--synthetic N`",
        )
    if arguments.synthetic is not None:
        with _synthetic(arguments) as made:
            yield made
        return
    if arguments.truth is None:
        raise Mistaken("nothing was compared", why="no truth was given", next_step="add `--truth FILE`")
    with opened_register(arguments.register) as register:
        yield LabelledFile(
            register=register,
            asked=_asked(Path(file), arguments.truth, register),
            synthetic=False,
            words=f"labels of {arguments.truth.name}",
        )


@contextmanager
def _synthetic(arguments: argparse.Namespace) -> Iterator[LabelledFile]:
    design = Design(
        people=arguments.synthetic,
        people_seed=arguments.seed,
        labels=arguments.labels,
        label_seed=arguments.seed + 1,
        absent_share=ABSENT_SHARE if arguments.absent is None else arguments.absent,
    )
    with tempfile.TemporaryDirectory() as folder:
        made = make_trial(design, Path(folder) / "register.sqlite")
        with made.register as register:
            words = f"made-up labels, people seed {design.people_seed}, label seed {design.label_seed}"
            yield LabelledFile(register=register, asked=made.asked(), synthetic=True, words=words)


def _asked(file: Path, truth_file: Path, register: BatchTables) -> Iterator[Asked]:
    """Yield the particulars that have a truth."""
    truth = _read_truth(truth_file)
    origins = register.origins()
    for named in read_particulars(file):
        known = truth.get(named.reference)
        if known is None:
            continue
        origin = known.origin or origins.get(known.number, "")
        traits: Traits = ((ORIGIN, origin),) if origin else ()
        sought = register.find_nhs_number(NhsNumber(known.number)) if known.number else None
        person = register.record(sought) if sought else named.particulars
        yield Asked(
            particulars=named.particulars,
            truth=sought,
            traits=(*traits, *traits_of(person.gender, person.date_of_birth)),
        )


def _read_truth(path: Path) -> dict[str, _Truth]:
    """Return the truth by reference.

    Raises: RowsRefused: a number that is none.
    """
    truth: dict[str, _Truth] = {}
    reader = RowReader()
    for row, fields in read_table(path, what="truth", required=("reference", "nhs_number")):
        reader.take(row, fields)
        found = reader.read("nhs_number", NhsNumber, None)
        truth[reader.text("reference")] = _Truth(found.digits if found else "", reader.text("name_origin"))
    if reader.errors:
        raise RowsRefused("the truth was not accepted", reader.errors)
    return truth
