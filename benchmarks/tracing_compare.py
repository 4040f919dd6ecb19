"""The tracer beside Splink 5 (trained by EM, and from labels) and the emulated search rules of PDS: same requests.

    python benchmarks/tracing_compare.py --people 1000000 --requests 10000 --folder FOLDER [--json FILE]

Needs splink and duckdb beside Privity (extra `benchmarks`). One register, one set of requests, one table; every
method answers with at most one record and a score, and is judged at its own best threshold for F1.
The rules of PDS are emulated from its public documentation (domain.md 2.2); PDS itself was not asked.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from privity.definitions.person import Particulars
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import Asked, Design, drawn
from privity.errors import Mistaken
from privity.trace.normalise import name_tokens, skeleton
from privity.trace.outcome import TraceState
from privity.trace.tracer import trace

PEOPLE_SEED, LABEL_SEED, TRAINING_SEED = 51, 52, 53
TRAINED_ON = 10_000
SINGLE = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What one method answered: the record and its score for each request, -1 and -inf where none."""

    person: np.ndarray
    score: np.ndarray


def soundex(word: str) -> str:
    """Return the Soundex code of a word, empty for none."""
    codes = {**dict.fromkeys("bfpv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4",
             **dict.fromkeys("mn", "5"), "r": "6"}  # fmt: skip
    found, last = "", codes.get(word[:1], "")
    for letter in word[1:]:
        code = codes.get(letter, "")
        if code and code != last:
            found += code
        if letter not in "hw":
            last = code
    return (word[:1] + found + "000")[:4] if word else ""


def row(given: str, family: str, born: str, gender: str, postcode: str, number: str) -> dict[str, Any]:
    """Return one record or request as both Splink and the rules see it, empty as None."""
    one, two = name_tokens(given), name_tokens(family)
    plain_given, plain_family = " ".join(one), " ".join(two)
    return {
        "given": plain_given or None, "family": plain_family or None,
        "given_sounds": skeleton(one[0]) if one else None, "family_sounds": skeleton(two[0]) if two else None,
        "given_soundex": soundex(one[0]) if one else None, "family_soundex": soundex(two[0]) if two else None,
        "born": born or None, "birth_year": born[:4] or None, "month_day": born[5:] or None,
        "gender": gender if gender in ("female", "male") else None, "postcode": postcode or None,
        "area": "".join(letter for letter in postcode[:2] if letter.isalpha()) or None, "number": number or None,
    }  # fmt: skip


def register_rows(columns: RegisterColumns) -> list[dict[str, Any]]:
    """Return the register as rows; the place of the sensitive is left out, as the tracer does."""
    earlier_postcodes = dict(columns.earlier_postcodes.tolist())
    earlier_families = dict(columns.earlier_families.tolist())
    epoch = np.datetime64("0001-01-01", "D")
    born = (epoch + (columns.born.astype(np.int64) - 1).astype("timedelta64[D]")).astype(str).tolist()
    genders = ("female", "male", "other", "unknown")
    rows = []
    for place in range(columns.size):
        hidden = bool(columns.sensitive[place])
        postcode = "" if hidden else columns.postcodes[columns.postcode[place]]
        earlier = "" if hidden else columns.postcodes[earlier_postcodes.get(place, 0)]
        one = row(columns.names[columns.given[place]], columns.names[columns.family[place]], born[place],
                  genders[columns.gender[place]], postcode, f"{columns.nhs_number[place]:010d}")  # fmt: skip
        before = " ".join(name_tokens(columns.names[earlier_families.get(place, 0)]))
        earlier_area = "".join(letter for letter in earlier[:2] if letter.isalpha())
        rows.append({"unique_id": place + 1, **one, "earlier_postcode": earlier or None,
                     "earlier_family": before or None, "earlier_area": earlier_area or None})  # fmt: skip
    return rows


def request_rows(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return the requests as rows of the same columns."""
    rows = []
    for place, one in enumerate(asked):
        held: Particulars = one.particulars
        born = held.date_of_birth.isoformat() if held.date_of_birth else ""
        number = held.nhs_number.digits if held.nhs_number else ""
        plain = row(held.given_name, held.family_name, born, held.gender.value, held.postcode, number)
        rows.append({"unique_id": place, **plain, "earlier_postcode": None, "earlier_family": None,
                     "earlier_area": None})  # fmt: skip
    return rows


def by_privity(asked: Sequence[Asked], path: Path) -> tuple[Answers, np.ndarray, np.ndarray]:
    """Return the tracer's answers, milliseconds each, and which were proposed."""
    model, register = default_model(), SqliteRegister.open(path)
    person, score = np.full(len(asked), -1), np.full(len(asked), -np.inf)
    spent, proposed = np.zeros(len(asked)), np.zeros(len(asked), bool)
    for place, one in enumerate(asked):
        began = time.perf_counter()
        try:
            result = trace(one.particulars, register, model)
        except Mistaken:
            continue
        spent[place] = (time.perf_counter() - began) * 1e3
        if result.best:
            person[place], score[place] = result.best.person, result.best.probability
            proposed[place] = result.state is TraceState.PROPOSED
    return Answers(person, score), spent, proposed


_STRICT = """
q.born = r.born AND (q.family = r.family OR q.family = r.earlier_family)
AND substr(q.given, 1, 3) = substr(r.given, 1, 3)
AND (q.area IS NULL OR q.area = r.area OR q.area = r.earlier_area)
"""
_FUZZY = """
q.born = r.born AND ((q.family_soundex = r.family_soundex AND q.given_soundex = r.given_soundex)
OR (q.family_soundex = r.given_soundex AND q.given_soundex = r.family_soundex))
"""
RULES = (("number", "q.number = r.number AND q.born = r.born"), ("born", _STRICT), ("born", _FUZZY))
_DEFAULTED = "birth_year_l = birth_year_r AND (month_day_l = '01-01' OR month_day_r = '01-01')"


def by_rules(database: Any, requests: int) -> Answers:
    """Return the answers of the rules, strict before fuzzy: a unique record, or nothing at all."""
    person, score, done = np.full(requests, -1), np.full(requests, -np.inf), np.zeros(requests, bool)
    for place, (key, rule) in enumerate(RULES):
        found = database.execute(
            f"SELECT q.unique_id, min(r.unique_id), count(DISTINCT r.unique_id) FROM requests q JOIN register r "  # noqa: S608  # names of this file
            f"ON q.{key} = r.{key} WHERE {rule} GROUP BY q.unique_id"
        ).fetchall()
        for request, record, count in found:
            if not done[request]:
                done[request] = True
                if count == 1:
                    person[request], score[request] = record, -float(place)
    return Answers(person, score)


def splink_settings() -> Any:
    """Return the settings of the Splink model: the same fields, phonetic keys and term frequencies."""
    import splink.comparison_library as cl  # noqa: PLC0415  # an extra, and the rest runs without it
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.93, 0.86]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.93, 0.86]).configure(term_frequency_adjustments=True),
            cl.CustomComparison(
                output_column_name="born",
                comparison_levels=[
                    {"sql_condition": "born_l IS NULL OR born_r IS NULL", "label_for_charts": "null",
                     "is_null_level": True},
                    {"sql_condition": "born_l = born_r", "label_for_charts": "exact",
                     "tf_adjustment_column": "born"},
                    {"sql_condition": "levenshtein(born_l, born_r) <= 1", "label_for_charts": "one digit"},
                    {"sql_condition": _DEFAULTED, "label_for_charts": "defaulted"},
                    {"sql_condition": "damerau_levenshtein(born_l, born_r) <= 2", "label_for_charts": "two edits"},
                    {"sql_condition": "birth_year_l = birth_year_r", "label_for_charts": "year"},
                    {"sql_condition": "ELSE", "label_for_charts": "else"},
                ],
            ),
            cl.CustomComparison(
                output_column_name="postcode",
                comparison_levels=[
                    {"sql_condition": "postcode_l IS NULL OR postcode_r IS NULL", "label_for_charts": "null",
                     "is_null_level": True},
                    {"sql_condition": "postcode_l = postcode_r", "label_for_charts": "current"},
                    {"sql_condition": "postcode_l = earlier_postcode_r OR earlier_postcode_l = postcode_r",
                     "label_for_charts": "earlier"},
                    {"sql_condition": "area_l = area_r", "label_for_charts": "area"},
                    {"sql_condition": "ELSE", "label_for_charts": "else"},
                ],
            ),
            cl.ExactMatch("gender"),
            cl.ExactMatch("number"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("born", "given_sounds"), block_on("born", "family_sounds"),
            block_on("given_sounds", "family_sounds", "birth_year"),
            block_on("given_sounds", "family_sounds", "month_day"),
            block_on("postcode", "family_sounds"), block_on("postcode", "given_sounds"), block_on("number"),
        ],
        probability_two_random_records_match=1e-6,
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of wall clock that one step of Splink took."""

    prepare: float
    train: float
    predict: float


def by_splink(database: Any, requests: int, *, labels: bool, present: float) -> tuple[Answers, Timed, Any]:
    """Return Splink's answers: the record of highest match weight for each request."""
    from splink import DuckDBAPI, Linker, block_on  # noqa: PLC0415

    began = time.perf_counter()
    api = DuckDBAPI(connection=database)
    sources = [api.register("requests", dataset_display_name="q"), api.register("register", dataset_display_name="r")]
    settings = splink_settings()
    people = database.execute("SELECT count(*) FROM register").fetchall()[0][0]
    settings.probability_two_random_records_match = present / people
    linker = Linker(sources, settings)
    prepared = time.perf_counter()
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    if labels:
        table = api.register("labels", dataset_display_name="labels")
        linker.training.estimate_m_from_pairwise_labels(table)
    else:
        for rule in (block_on("born", "given_sounds"), block_on("given_sounds", "family_sounds", "birth_year")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    found = linker.inference.predict(threshold_match_weight=-10)
    table = found.physical_name
    best = database.execute(
        f"SELECT unique_id_l, unique_id_r, source_dataset_l, match_weight FROM {table} ORDER BY match_weight"  # noqa: S608  # names of this file
    ).fetchall()
    person, score = np.full(requests, -1), np.full(requests, -np.inf)
    for left, right, source, weight in best:
        request, record = (left, right) if source == "q" else (right, left)
        person[request], score[request] = record, weight
    ended = time.perf_counter()
    return Answers(person, score), Timed(prepared - began, trained - prepared, ended - trained), linker


def judged(answers: Answers, truth: np.ndarray) -> dict[str, float]:
    """Return the best F1 over thresholds with its recall and wrong share, and both without any threshold."""
    present = int((truth > 0).sum())
    order = np.argsort(-answers.score, kind="stable")
    order = order[answers.score[order] > -np.inf]
    right = (answers.person == truth)[order]
    hits, taken = np.cumsum(right), np.arange(1, len(order) + 1)
    f1 = 2 * hits / (taken + present)
    at = int(f1.argmax())
    return {
        "f1": float(f1[at]), "recall": float(hits[at] / present), "wrong": float(1 - hits[at] / taken[at]),
        "recall_of_all": float(hits[-1] / present), "wrong_of_all": float(1 - hits[-1] / taken[-1]),
    }  # fmt: skip


def main() -> int:
    """Print one table."""
    import duckdb  # noqa: PLC0415  # an extra

    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--without-labels", action="store_true", help="leave the label-trained Splink out")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()

    def tell(what: str) -> None:
        print(f"{time.perf_counter() - began:7.1f} s  {what}", file=sys.stderr, flush=True)

    population = generate(arguments.people, PEOPLE_SEED)
    path = arguments.folder / "compare.sqlite"
    building = time.perf_counter()
    build(population, path)
    built = time.perf_counter() - building
    tell("register built")
    design = Design(people=arguments.people, people_seed=PEOPLE_SEED, labels=arguments.requests, label_seed=LABEL_SEED)
    asked = list(drawn(population, design))
    truth = np.array([one.truth or 0 for one in asked])
    training = list(drawn(population, Design(people=arguments.people, people_seed=PEOPLE_SEED, labels=TRAINED_ON,
                                             label_seed=TRAINING_SEED)))  # fmt: skip
    answers, spent, proposed = by_privity(asked, path)
    tell("traced")
    right = answers.person == truth
    table: dict[str, dict[str, float]] = {"privity": judged(answers, truth)}
    table["privity, proposed"] = {
        "recall": float((proposed & right).sum() / (truth > 0).sum()),
        "wrong": float((proposed & ~right).sum() / max(proposed.sum(), 1)),
    }
    measured: dict[str, float] = {
        "import_seconds": built, "p50_ms": float(np.percentile(spent, 50)), "p99_ms": float(np.percentile(spent, 99)),
        "bulk_seconds": float(spent.sum() / 1e3),
    }  # fmt: skip
    database = duckdb.connect()
    database.execute("SET threads TO 2")
    import pyarrow as pa  # noqa: PLC0415  # an extra

    rows = register_rows(population.columns)
    taken = pa.Table.from_pylist(rows)
    database.register("taken", taken)
    database.execute("CREATE TABLE register AS SELECT * FROM taken")
    database.unregister("taken")
    plain = request_rows(asked)
    schema = taken.schema
    database.register("taken", pa.Table.from_pylist(plain, schema=schema))
    database.execute("CREATE TABLE requests AS SELECT * FROM taken")
    del rows, taken
    tell("tables made")
    table["rules of PDS, emulated"] = judged(by_rules(database, len(asked)), truth)
    tell("rules applied")
    found, timed, linker = by_splink(database, len(asked), labels=False, present=0.79)
    table["splink, trained by EM"] = judged(found, truth)
    measured |= {"splink_train_seconds": timed.train, "splink_predict_seconds": timed.predict}
    tell("splink by EM")
    measured["splink_single_ms"] = single(linker, database, plain[:SINGLE])
    tell("splink one by one")
    if not arguments.without_labels:
        offset = len(asked)
        more = [{**one, "unique_id": one["unique_id"] + offset} for one in request_rows(training)]
        database.register("more", pa.Table.from_pylist(more, schema=schema))
        database.execute("INSERT INTO requests SELECT * FROM more")
        pairs = [{"source_dataset_l": "q", "unique_id_l": place + offset, "source_dataset_r": "r",
                  "unique_id_r": int(one.truth)} for place, one in enumerate(training) if one.truth]  # fmt: skip
        database.register("pairs", pa.Table.from_pylist(pairs))
        database.execute("CREATE TABLE labels AS SELECT *, 1.0 AS clerical_match_score FROM pairs")
        found, _, _ = by_splink(database, offset + len(training), labels=True, present=0.79)
        table["splink, trained on labels"] = judged(Answers(found.person[:offset], found.score[:offset]), truth)
        tell("splink by labels")
    measured["single_ratio"] = measured["splink_single_ms"] / measured["p50_ms"]
    show(table, measured, arguments)
    return 0


def single(linker: Any, database: Any, rows: Sequence[dict[str, Any]]) -> float:
    """Return the median milliseconds Splink takes for one request against the register."""
    from splink import DuckDBAPI  # noqa: PLC0415

    api = DuckDBAPI(connection=database)
    right = api.register("register", dataset_display_name="r")
    spent = []
    for place, one in enumerate(rows):
        database.execute(
            f"CREATE OR REPLACE TABLE one_{place} AS SELECT * FROM requests WHERE unique_id = {one['unique_id']}"  # noqa: S608  # numbers of this file
        )
        left = api.register(f"one_{place}", dataset_display_name=f"q{place}")
        began = time.perf_counter()
        linker.inference.predict_between(left, right)
        spent.append((time.perf_counter() - began) * 1e3)
    return float(np.median(spent))


def show(table: dict[str, dict[str, float]], measured: dict[str, float], arguments: argparse.Namespace) -> None:
    """Print the table, and write it where asked."""
    print(f"{arguments.people:,} people, {arguments.requests:,} requests, seeds {PEOPLE_SEED} to {TRAINING_SEED}\n")
    print(f"{'method':<28} {'F1':>7} {'recall':>7} {'wrong':>8} {'recall*':>8} {'wrong*':>8}   (*without threshold)")
    for name, one in table.items():
        cells = [one.get(key) for key in ("f1", "recall", "wrong", "recall_of_all", "wrong_of_all")]
        print(f"{name:<28} " + " ".join("      -" if cell is None else f"{cell:7.4f}" for cell in cells))
    print()
    for name, value in measured.items():
        print(f"{name:<24} {value:,.2f}")
    if arguments.json:
        tree = {"people": arguments.people, "requests": arguments.requests, "table": table, "measured": measured}
        arguments.json.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
