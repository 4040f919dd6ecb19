"""The register as Parquet: its columns become the texts that a CSV would hold, so that one set of checks serves both.

Rules of the module:
- pyarrow is an extra (`parquet`): without it, this module says so and nothing else breaks.
- Texts may be text or categories, days may be days or moments at midnight, `sensitive` may be yes or no, an NHS number
  may be a whole number, and a list may be a list of texts. Anything else, a fraction say, is refused by its column.
- Nothing in a row is the same as an empty field. Columns that a register does not have are never read.
- There is no header, so row 1 is the first record.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from privity.edge.registers.column_csv import Piece
from privity.edge.registers.rows import LONGEST_FIELD, check_header, refused, unreadable
from privity.errors import Mistaken, Unavailable

ENDING = ".parquet"
MOST_ROWS = 200_000_000
"""More than any country's register; a file that claims more is not read to see whether it is true."""
_AT_ONCE = 20_000
_DIGITS = 10
_WHAT = "register"
_DAYS = ("date_of_birth", "registered_on", "deceased_on")


def is_parquet(path: Path) -> bool:
    """Return whether a file is to be read as Parquet, by the end of its name."""
    return path.suffix.lower() == ENDING


def parquet_pieces(path: Path, known: Sequence[str], required: Sequence[str]) -> Iterator[Piece]:
    """Yield a Parquet file in pieces of texts, as its CSV would have them.

    Args:   known: the columns to read. required: those it may not lack.
    Raises: Mistaken: it is no Parquet, lacks a column, or holds something else. Unavailable: it cannot be read, or
            pyarrow is not installed.
    """
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    with _told(path, arrow), parquet.ParquetFile(path) as file:
        names = {name.strip().lower(): name for name in file.schema_arrow.names}
        check_header([name.strip().lower() for name in file.schema_arrow.names], what=_WHAT, required=required)
        if file.metadata.num_rows > MOST_ROWS:
            raise refused(_WHAT, f"it says it has more than {MOST_ROWS:,} rows", "check where the file comes from")
        wanted = {column: names[column] for column in known if column in names}
        first = 1
        for batch in file.iter_batches(batch_size=_AT_ONCE, columns=list(wanted.values())):
            columns = {column: _texts(arrow, column, batch.column(name), first) for column, name in wanted.items()}
            yield columns, batch.num_rows
            first += batch.num_rows


def parquet_rows(path: Path, known: Sequence[str], required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the same row by row, each with its number.

    Raises: as `parquet_pieces`.
    """
    row = 0
    for columns, _count in parquet_pieces(path, known, required):
        for fields in zip(*columns.values(), strict=True):
            row += 1
            yield row, dict(zip(columns, fields, strict=True))


def write_texts(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows of texts as Parquet: days as days, `sensitive` as yes or no, everything else as text.

    Raises: Unavailable: the disk refused, or pyarrow is not installed.
    """
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    kinds = {column: arrow.date32() if column in _DAYS else arrow.string() for column in columns}
    kinds["sensitive"] = arrow.bool_()
    left = iter(rows)
    try:
        with parquet.ParquetWriter(path, arrow.schema(list(kinds.items()))) as writer:
            while some := list(islice(left, _AT_ONCE)):
                arrays = [
                    arrow.array([_value(column, text) for text in texts], kinds[column])
                    for column, texts in zip(columns, zip(*some, strict=True), strict=True)
                ]
                writer.write_batch(arrow.record_batch(arrays, schema=writer.schema))
    except OSError as error:
        raise Unavailable(
            "the register was not written",
            why=(error.strerror or "the system refused").lower(),
            next_step="check that the folder exists, is writable and has room",
        ) from error


def _value(column: str, text: str) -> object:
    if column == "sensitive":
        return text == "true"
    if column in _DAYS:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007  a civil day has no zone
    return text


def _library(name: str) -> Any:
    """Return a module of pyarrow.

    Raises: Unavailable: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise Unavailable(
            "the register was not read or written",
            why="what reads Parquet is not installed",
            next_step="use CSV, or install the extra `parquet`; docs/how-to/start.md says how",
        ) from error


@contextmanager
def _told(path: Path, arrow: Any) -> Iterator[None]:
    """Tell what reading may raise in our own words.

    Raises: Unavailable: the file cannot be opened. Mistaken: it is no Parquet, or damaged.
    """
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise unreadable(_WHAT, error) from error
    try:
        yield
    except UnicodeDecodeError as error:
        raise refused(_WHAT, "a text in it is not UTF-8", "write the file anew") from error
    except (OSError, ValueError, arrow.ArrowException) as error:
        raise refused(_WHAT, "it is no Parquet file, or it is damaged", "fetch or write the file anew") from error


def _texts(arrow: Any, column: str, array: Any, first: int) -> list[str]:
    """Return a column as the texts a CSV would hold. `first` is the number of its first row.

    Raises: Mistaken: it holds something a register does not.
    """
    types = arrow.types
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    as_text = _reading(types, column, array.type)
    texts = ["" if value is None else as_text(value) for value in array.to_pylist()]
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_FIELD:
        row = first + next(place for place, text in enumerate(texts) if len(text) > LONGEST_FIELD)
        raise refused(_WHAT, f"column `{column}` is too long in row {row}", "check that the columns are in place")
    return texts


def _reading(types: Any, column: str, kind: Any) -> Callable[[Any], str]:
    """Return how values of a kind become texts."""
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
        return str
    if types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if types.is_integer(kind):
        return (lambda value: f"{value:0{_DIGITS}d}") if column == "nhs_number" else str
    if types.is_date(kind):
        return lambda value: str(value.isoformat())
    if types.is_timestamp(kind) and kind.tz is None:
        return lambda value: _day(column, value)
    if (types.is_list(kind) or types.is_large_list(kind)) and (
        types.is_string(kind.value_type) or types.is_large_string(kind.value_type)
    ):
        return lambda value: _joined(column, value)
    raise _strange(column, f"values of the kind `{kind}`")


def _day(column: str, value: datetime) -> str:
    if value.time() != time.min:
        raise _strange(column, "a time of day")
    return value.date().isoformat()


def _joined(column: str, values: Sequence[str | None]) -> str:
    """Return a list as one text; what would be taken for two is refused."""
    told = [value for value in values if value]
    if any(";" in value for value in told):
        raise _strange(column, "a `;` within a list")
    return ";".join(told)


def _strange(column: str, what: str) -> Mistaken:
    return refused(
        _WHAT,
        f"column `{column}` holds {what}",
        "write texts, whole numbers, days, lists of texts, or true and false",
    )
