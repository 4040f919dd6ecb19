"""A register's file read column by column: what ten thousand rows say alike is read once.

Only a file in which everything is in order is read here. At the first thing that is not, or not known, this reading
says so and is thrown away; the file is then read row by row (register_csv.py), which finds every fault and names it.
So what is taken, and what is refused and why, does not hang on which of the two readings was used; a test compares.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, repeat
from pathlib import Path

import numpy as np

from privity.definitions.person import LONGEST_ADDRESS_LINE, LONGEST_NAME, Gender, read_postcode
from privity.edge.registers.columns import GENDERS, Ids, Numbers, RegisterColumns, Vocabulary, valid_numbers
from privity.edge.registers.rows import LONGEST_FIELD, read_day
from privity.errors import Mistaken

_AT_ONCE = 20_000
_LONGEST_PRACTICE = 12
_DIGITS = 10
_GENDER_NUMBERS = {gender.value: number for number, gender in enumerate(GENDERS)}
YES_NO = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


class Odd(Exception):
    """Something in the file is not in order, or is not read here."""


class _Reading(dict[str, int]):
    """What each text of a column stands for; a text is read when it is first met."""

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> int:
        try:
            number = self._read(text.strip())
        except Mistaken as error:
            raise Odd from error
        self[text] = number
        return number


Piece = tuple[Mapping[str, Sequence[str]], int]
"""Some rows as columns of text by lower-case name, and how many rows they are."""


def read_in_columns(
    pieces: Iterable[Piece], lines: Sequence[str], correspondence_lines: Sequence[str]
) -> RegisterColumns:
    """Return the register whose rows come in these pieces.

    Args:   lines, correspondence_lines: the columns of the two addresses.
    Raises: Odd: the file is to be read row by row.
    """
    gathering = _Gathering(lines, correspondence_lines)
    try:
        for columns, count in pieces:
            gathering.take(columns, count)
        return gathering.columns()
    except (OSError, UnicodeDecodeError, csv.Error, Mistaken) as error:
        raise Odd from error


def csv_pieces(path: Path, required: Sequence[str]) -> Iterator[Piece]:
    """Yield a CSV file in pieces.

    Args:   required: columns it may not lack.
    Raises: Odd: its header, or a row's length, is not in order. OSError, UnicodeDecodeError, csv.Error: as it is read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(LONGEST_FIELD)
        reader = csv.reader(file, strict=True)
        header = [name.strip().lower() for name in next(reader, [])]
        if len(set(header)) != len(header) or not set(required) <= set(header):
            raise Odd
        rows: Iterator[list[str]] = filter(None, reader)
        while some := list(islice(rows, _AT_ONCE)):
            yield _in_columns(header, some), len(some)


def _in_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return rows as columns by name.

    Raises: Odd: a row is shorter or longer than the header.
    """
    if set(map(len, rows)) != {len(header)}:
        raise Odd
    return dict(zip(header, zip(*rows, strict=True), strict=True))


class _Gathering:
    """Collects columns, piece by piece."""

    def __init__(self, lines: Sequence[str], correspondence_lines: Sequence[str]) -> None:
        self._names, self._postcodes, self._addresses = Vocabulary(), Vocabulary(), Vocabulary()
        self._practices, self._origins = Vocabulary(), Vocabulary()
        names = _Reading(lambda text: self._names.number(_word(text, LONGEST_NAME)))
        postcodes = _Reading(lambda text: self._postcodes.number(read_postcode(text) if text else ""))
        days = _Reading(_day)
        self._readings = {
            "family": ("family_name", names), "given": ("given_name", names), "other": ("other_given_names", names),
            "born": ("date_of_birth", _Reading(_birth)), "gender": ("gender", _Reading(_gender)),
            "postcode": ("postcode", postcodes), "correspondence_postcode": ("correspondence_postcode", postcodes),
            "practice": ("gp_practice_code", _Reading(
                lambda text: self._practices.number(_word(text, _LONGEST_PRACTICE).upper()))),
            "registered": ("registered_on", days), "deceased": ("deceased_on", days),
            "sensitive": ("sensitive", _Reading(_yes_or_no)),
            "origin": ("name_origin", _Reading(lambda text: self._origins.number(_word(text, LONGEST_NAME)))),
        }  # fmt: skip
        self._lines = {"residence": lines, "correspondence": correspondence_lines}
        self._lists = {
            "earlier_families": ("previous_family_names", names), "earlier_postcodes": ("previous_postcodes", postcodes)
        }  # fmt: skip
        self._pieces: dict[str, list[Ids]] = {name: [] for name in (*self._readings, *self._lines, *self._lists)}
        self._numbers: list[Numbers] = []
        self._rows = 0

    def take(self, columns: Mapping[str, Sequence[str]], count: int) -> None:
        """Add some rows.

        Raises: Odd: anything in them is not in order.
        """
        self._numbers.append(_nhs_numbers(columns.get("nhs_number", ())))
        for name, (column, reading) in self._readings.items():
            texts = columns.get(column) or repeat("", count)
            self._pieces[name].append(np.fromiter(map(reading.__getitem__, texts), np.int32, count))
        for name, some in self._lines.items():
            present = [columns[column] for column in some if column in columns]
            rows: Iterable[tuple[str, ...]] = zip(*present, strict=True) if present else repeat((), count)
            self._pieces[name].append(np.fromiter(map(self._address, rows), np.int32, count))
        for name, (column, reading) in self._lists.items():
            pairs = [
                (self._rows + row, reading[text])
                for row, several in enumerate(columns.get(column, ()))
                if several
                for text in several.split(";")
                if text.strip()
            ]
            self._pieces[name].append(np.array(pairs, np.int32).reshape(-1, 2))
        self._rows += count

    def _address(self, lines: tuple[str, ...]) -> int:
        """Return the number of an address."""
        said = [line for line in lines if line]
        if not said:
            return 0
        written = "\n".join(said)
        known = self._addresses.known(written)
        if known is not None and written.count("\n") == len(said) - 1:
            return known
        stripped = [line.strip() for line in lines]
        return self._addresses.number("\n".join([_word(line, LONGEST_ADDRESS_LINE) for line in stripped if line]))

    def columns(self) -> RegisterColumns:
        """Return what was collected, checked.

        Raises: Mistaken: a value that no register may hold.
        """
        whole = {name: np.concatenate([*pieces, np.zeros(0, np.int32)]) for name, pieces in self._pieces.items()
                 if name not in self._lists}  # fmt: skip
        none = np.zeros((0, 2), np.int32)
        lists = {name: np.concatenate([*self._pieces[name], none]) for name in self._lists}
        sensitive = whole.pop("sensitive").astype(np.bool_)
        return RegisterColumns(
            names=self._names.texts(),
            postcodes=self._postcodes.texts(),
            addresses=self._addresses.texts(),
            practices=self._practices.texts(),
            origins=self._origins.texts(),
            nhs_number=np.concatenate([*self._numbers, np.zeros(0, np.int64)]),
            sensitive=sensitive,
            **whole,
            **lists,
        )


def _nhs_numbers(texts: Sequence[str]) -> Numbers:
    """Return NHS numbers as whole numbers.

    Raises: Odd: one of them is none.
    """
    together = "".join(texts)
    if len(together) != _DIGITS * len(texts) or " " in together:
        texts = [text.strip().replace(" ", "") for text in texts]
        together = "".join(texts)
    if set(map(len, texts)) != {_DIGITS} or not together.isascii() or not together.isdigit():
        raise Odd
    digits = np.frombuffer(together.encode(), np.uint8).reshape(-1, _DIGITS).astype(np.int64) - ord("0")
    numbers = digits @ 10 ** np.arange(_DIGITS - 1, -1, -1)
    if not valid_numbers(numbers).all():
        raise Odd
    return np.asarray(numbers, np.int64)


def _word(text: str, longest: int) -> str:
    """Return a text of one line."""
    if len(text) > longest or not text.isprintable():
        raise Odd
    return text


def _day(text: str) -> int:
    """Return a day by its ordinal, 0 for none."""
    day = read_day(text) if text else date.min
    return 0 if day == date.min else day.toordinal()


def _birth(text: str) -> int:
    day = _day(text)
    if not day or date.fromordinal(day).year < 1880:
        raise Odd
    return day


def _gender(text: str) -> int:
    found = _GENDER_NUMBERS.get(text.lower() or Gender.UNKNOWN.value)
    if found is None:
        raise Odd
    return found


def _yes_or_no(text: str) -> int:
    answer = YES_NO.get(text.lower())
    if answer is None:
        raise Odd
    return int(answer)
