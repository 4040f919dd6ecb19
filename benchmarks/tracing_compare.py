"""The tracer beside Splink 5 (trained by EM, and from labels) and the emulated search rules of PDS: same requests.

Used by tracing_bench.py. Needs splink and duckdb beside Privity (extra `benchmarks`). One register, one set of
requests, one table; every method answers with at most one record and a score, and is judged at its own best threshold
for F1. The rules of PDS are emulated from its public documentation (domain.md 2.2); PDS itself was not asked.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from privity.definitions.person import Particulars
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic.trials import Asked
from privity.trace.batch import trace_batch
from privity.trace.model import Model
from privity.trace.normalise import name_tokens, skeleton

_AT_ONCE = 500_000
_THREADS = 2
_RUNS = 3
"""How often what is timed is run; the median is told."""
FIELDS = (
    "unique_id", "given", "family", "given_sounds", "family_sounds", "given_soundex", "family_soundex", "born",
    "birth_year", "month_day", "gender", "postcode", "area", "number", "earlier_postcode", "earlier_family",
    "earlier_area",
)  # fmt: skip
SCHEMA = pa.schema([(name, pa.int64() if name == "unique_id" else pa.string()) for name in FIELDS])


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


def named(text: str) -> tuple[str | None, str | None, str | None]:
    """Return a name in plain words, how its first word sounds to us, and its Soundex code; None for nothing."""
    words = name_tokens(text)
    return (" ".join(words), skeleton(words[0]), soundex(words[0])) if words else (None, None, None)


def area(postcode: str) -> str | None:
    """Return the letters a postcode begins with."""
    return "".join(letter for letter in postcode[:2] if letter.isalpha()) or None


def register_table(database: Any, columns: RegisterColumns) -> None:
    """Write the register as a table, piece by piece; the place of the sensitive is left out, as the tracer does."""
    names = [np.array(part, object) for part in zip(*map(named, columns.names), strict=True)]
    postcodes = np.array([text or None for text in columns.postcodes], object)
    areas = np.array([area(text) for text in columns.postcodes], object)
    genders = np.array(["female", "male", None, None], object)
    moved, married = np.zeros(columns.size, np.int64), np.zeros(columns.size, np.int64)
    moved[columns.earlier_postcodes[:, 0]] = columns.earlier_postcodes[:, 1]
    married[columns.earlier_families[:, 0]] = columns.earlier_families[:, 1]
    epoch = np.datetime64("0001-01-01", "D")
    database.execute(f"CREATE TABLE register ({', '.join(f'{n} {k}' for n, k in kinds())})")
    for start in range(0, columns.size, _AT_ONCE):
        some = slice(start, min(start + _AT_ONCE, columns.size))
        shown = ~columns.sensitive[some]
        born = (epoch + (columns.born[some].astype(np.int64) - 1).astype("timedelta64[D]")).astype(str).astype(object)
        at, before = np.where(shown, columns.postcode[some], 0), np.where(shown, moved[some], 0)
        given, family = columns.given[some], columns.family[some]
        held = {
            "unique_id": columns.nhs_number[some], "given": names[0][given],
            "family": names[0][family], "given_sounds": names[1][given], "family_sounds": names[1][family],
            "given_soundex": names[2][given], "family_soundex": names[2][family], "born": born,
            "birth_year": [day[:4] for day in born], "month_day": [day[5:] for day in born],
            "gender": genders[columns.gender[some]], "postcode": postcodes[at], "area": areas[at],
            "number": [f"{number:010d}" for number in columns.nhs_number[some].tolist()],
            "earlier_postcode": postcodes[before], "earlier_family": names[0][married[some]],
            "earlier_area": areas[before],
        }  # fmt: skip
        insert(database, "register", pa.table({name: pa.array(held[name]) for name in FIELDS}, schema=SCHEMA))


def kinds() -> list[tuple[str, str]]:
    """Return the columns of both tables with their kind."""
    return [(name, "BIGINT" if name == "unique_id" else "VARCHAR") for name in FIELDS]


def insert(database: Any, table: str, piece: pa.Table) -> None:
    """Add a piece to a table."""
    database.register("piece", piece)
    database.execute(f"INSERT INTO {table} SELECT * FROM piece")  # noqa: S608  # names of this file
    database.unregister("piece")


def request_rows(asked: Sequence[Asked], first: int = 0) -> list[dict[str, Any]]:
    """Return the requests as rows of the same columns, numbered from `first`."""
    rows = []
    for place, one in enumerate(asked, first):
        held: Particulars = one.particulars
        given, family = named(held.given_name), named(held.family_name)
        born = held.date_of_birth.isoformat() if held.date_of_birth else None
        rows.append({
            "unique_id": place, "given": given[0], "family": family[0], "given_sounds": given[1],
            "family_sounds": family[1], "given_soundex": given[2], "family_soundex": family[2], "born": born,
            "birth_year": born and born[:4], "month_day": born and born[5:],
            "gender": held.gender.value if held.gender.value in ("female", "male") else None,
            "postcode": held.postcode or None, "area": area(held.postcode),
            "number": held.nhs_number.digits if held.nhs_number else None,
            "earlier_postcode": None, "earlier_family": None, "earlier_area": None,
        })  # fmt: skip
    return rows


def opened(columns: RegisterColumns, asked: Sequence[Asked], memory_gib: int) -> Any:
    """Return a database with register and requests in it."""
    database = duckdb.connect()
    database.execute(f"SET threads TO {_THREADS}")
    database.execute(f"SET memory_limit = '{memory_gib}GB'")
    register_table(database, columns)
    database.execute(f"CREATE TABLE requests ({', '.join(f'{n} {k}' for n, k in kinds())})")
    insert(database, "requests", pa.Table.from_pylist(request_rows(asked), schema=SCHEMA))
    return database


def by_privity(asked: Sequence[Asked], register: SqliteRegister, model: Model) -> tuple[Answers, np.ndarray, float]:
    """Return the tracer's answers, the scores they are accepted by, and the seconds all took together, of some runs."""
    many, spent = [one.particulars for one in asked], []
    for _ in range(_RUNS):
        began = time.perf_counter()
        batch = trace_batch(many, register, model)
        spent.append(time.perf_counter() - began)
    score = np.where(batch.best >= 0, batch.probability, -np.inf)
    return Answers(batch.best, score), batch.score, float(np.median(spent))


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


def first_of(answers: Answers, some: int) -> Answers:
    """Return the answers to the first requests."""
    return Answers(answers.person[:some], answers.score[:some])


def keep_first(database: Any, some: int) -> None:
    """Drop all requests but the first: the others of the table take minutes for each ten thousand."""
    database.execute("DELETE FROM requests WHERE unique_id >= ?", [some])


BLOCKING = (
    ("born", "given_sounds"), ("born", "family_sounds"), ("given_sounds", "family_sounds", "birth_year"),
    ("given_sounds", "family_sounds", "month_day"), ("postcode", "family_sounds"), ("postcode", "given_sounds"),
    ("number",),
)  # fmt: skip
"""What Splink compares: pairs that agree in all columns of one of these."""


def blocked_by(database: Any, truth: np.ndarray, blocking: Sequence[Sequence[str]] = BLOCKING) -> np.ndarray:
    """Return for each rule, row by row, which of the present people it would compare with their own record."""
    wanted = [(place, person) for place, person in enumerate(truth.tolist()) if person > 0]
    pairs = {"request": [place for place, _ in wanted], "person": [person for _, person in wanted]}
    database.register("wanted", pa.table(pairs))
    rules = ", ".join(
        "coalesce(" + " AND ".join(f"q.{one} = r.{one}" for one in rule) + ", false)" for rule in blocking
    )
    found = database.execute(
        f"SELECT {rules} FROM wanted w JOIN requests q ON q.unique_id = w.request "  # noqa: S608  # names of this file
        "JOIN register r ON r.unique_id = w.person ORDER BY w.request"
    ).fetchall()
    database.unregister("wanted")
    return np.array(found, np.bool_).T


def splink_settings(blocking: Sequence[Sequence[str]] = BLOCKING) -> Any:
    """Return the settings of the Splink model: the same fields, phonetic keys and term frequencies."""
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
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in blocking],
        probability_two_random_records_match=1e-6,
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of wall clock that one step of Splink took."""

    prepare: float
    train: float
    predict: float


def by_splink(
    database: Any, requests: int, *, labels: bool, present: float, blocking: Sequence[Sequence[str]] = BLOCKING
) -> tuple[Answers, Timed, Any]:
    """Return Splink's answers: the record of highest match weight for each request."""
    began = time.perf_counter()
    api = DuckDBAPI(connection=database)
    sources = [api.register("requests", dataset_display_name="q"), api.register("register", dataset_display_name="r")]
    settings = splink_settings(blocking)
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
    spent = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        found = linker.inference.predict(threshold_match_weight=-10)
        table = found.physical_name
        best = database.execute(
            f"SELECT unique_id_l, unique_id_r, source_dataset_l, match_weight FROM {table} ORDER BY match_weight"  # noqa: S608  # names of this file
        ).fetchall()
        person, score = np.full(requests, -1), np.full(requests, -np.inf)
        for left, right, source, weight in best:
            request, record = (left, right) if source == "q" else (right, left)
            person[request], score[request] = record, weight
        spent.append(time.perf_counter() - started)
    timed = Timed(prepared - began, trained - prepared, float(np.median(spent)))
    return Answers(person, score), timed, linker


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


def add_training(database: Any, training: Sequence[Asked], first: int) -> None:
    """Add requests of known truth, numbered from `first`, and the pairs they make, to be trained on."""
    insert(database, "requests", pa.Table.from_pylist(request_rows(training, first), schema=SCHEMA))
    pairs = [
        {"source_dataset_l": "q", "unique_id_l": place, "source_dataset_r": "r", "unique_id_r": int(one.truth)}
        for place, one in enumerate(training, first)
        if one.truth
    ]
    database.register("pairs", pa.Table.from_pylist(pairs))
    database.execute("CREATE TABLE labels AS SELECT *, 1.0 AS clerical_match_score FROM pairs")


def single(linker: Any, database: Any, requests: int) -> float:
    """Return the median milliseconds Splink takes for each of the first requests against the register."""
    api = DuckDBAPI(connection=database)
    right = api.register("register", dataset_display_name="r")
    spent = []
    for place in range(requests):
        database.execute(
            f"CREATE OR REPLACE TABLE one_{place} AS SELECT * FROM requests WHERE unique_id = {place}"  # noqa: S608  # numbers of this file
        )
        left = api.register(f"one_{place}", dataset_display_name=f"q{place}")
        began = time.perf_counter()
        linker.inference.predict_between(left, right)
        spent.append((time.perf_counter() - began) * 1e3)
    return float(np.median(spent))
