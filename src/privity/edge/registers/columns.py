"""A whole register as columns, checked: what every source of records is turned into before it is written.

Rules of the room:
- Texts are held once, in vocabularies; the columns hold their numbers. Number 0 is the empty text.
- Days are ordinals (date.toordinal); 0 is no day.
- Holding one is proof that every value is well formed: the checks run over all rows at once.
- A message names rows and columns, never a value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import LONGEST_ADDRESS_LINE, LONGEST_NAME, Gender
from privity.errors import Mistaken

Ids = NDArray[np.int32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

GENDERS = tuple(Gender)
FIRST_BIRTH = date(1880, 1, 1).toordinal()
LAST_DAY = date(2200, 1, 1).toordinal()
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?")
_PRACTICE = re.compile(r"[A-Z0-9]{0,12}")
_NHS_WEIGHTS = np.arange(10, 1, -1)


class Vocabulary:
    """Texts numbered in the order they are first met; the empty text is number 0."""

    __slots__ = ("_ids",)

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._ids = {"": 0}
        for text in texts:
            self.number(text)

    def number(self, text: str) -> int:
        """Return the number of a text, a new one where it was not met before."""
        return self._ids.setdefault(text, len(self._ids))

    def known(self, text: str) -> int | None:
        """Return the number of a text, or None where it was not met before."""
        return self._ids.get(text)

    def texts(self) -> tuple[str, ...]:
        """Return the texts in the order of their numbers."""
        return tuple(self._ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterColumns:
    """A register, one row a person.

    `addresses` are lines joined by line feeds; `residence` and `correspondence` point into them, each with
    its postcode. The pairs of `earlier_families` and `earlier_postcodes` are (row, number), rows ascending.
    `origins` and `origin` are carried for evaluation only and never reach the tracer.
    Raises: Mistaken: a value that no register may hold, with its column and first row (1 is the first).
    """

    names: tuple[str, ...]
    postcodes: tuple[str, ...]
    addresses: tuple[str, ...]
    practices: tuple[str, ...]
    origins: tuple[str, ...]
    nhs_number: Numbers
    family: Ids
    given: Ids
    other: Ids
    born: Ids
    gender: Ids
    postcode: Ids
    residence: Ids
    correspondence_postcode: Ids
    correspondence: Ids
    practice: Ids
    registered: Ids
    deceased: Ids
    sensitive: Flags
    origin: Ids
    earlier_families: Ids
    earlier_postcodes: Ids

    def __post_init__(self) -> None:
        _check_texts(self)
        _check_rows(self)

    @property
    def size(self) -> int:
        """Return the number of records."""
        return len(self.nhs_number)

    def digest(self) -> str:
        """Return the SHA-256 of the records in their order, however their texts are numbered."""
        content = sha256()
        for texts, numbers in (
            (self.names, self.family),
            (self.names, self.given),
            (self.names, self.other),
            (self.names, self.earlier_families[:, 1]),
            (self.postcodes, self.postcode),
            (self.postcodes, self.correspondence_postcode),
            (self.postcodes, self.earlier_postcodes[:, 1]),
            (self.addresses, self.residence),
            (self.addresses, self.correspondence),
            (self.practices, self.practice),
        ):
            content.update("\x1f".join([texts[number] for number in numbers.tolist()]).encode() + b"\x1e")
        for column in (
            self.nhs_number,
            self.born,
            self.gender,
            self.registered,
            self.deceased,
            self.sensitive,
            self.earlier_families[:, 0],
            self.earlier_postcodes[:, 0],
        ):
            content.update(np.ascontiguousarray(column).astype("<i8").tobytes())
        return content.hexdigest()

    def __repr__(self) -> str:
        return f"RegisterColumns({self.size} records, hidden)"


def _check_texts(columns: RegisterColumns) -> None:
    """Refuse a vocabulary with a text that is too long or has the wrong form."""
    _refuse_text("name", (len(text) > LONGEST_NAME or not text.isprintable() for text in columns.names))
    _refuse_text("postcode", (not _POSTCODE.fullmatch(text) for text in columns.postcodes))
    _refuse_text("gp_practice_code", (not _PRACTICE.fullmatch(text) for text in columns.practices))
    _refuse_text("address", (not _is_address(text) for text in columns.addresses))


def _is_address(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) <= 5 and all(len(line) <= LONGEST_ADDRESS_LINE and line.isprintable() for line in lines)


def _refuse_text(what: str, wrong: Iterable[bool]) -> None:
    for place, is_wrong in enumerate(wrong):
        if is_wrong:
            raise Mistaken(
                "the register was not accepted",
                why=f"{what} number {place} of its vocabulary is too long or has the wrong form",
                next_step="correct the source of the register",
            )


def _check_rows(columns: RegisterColumns) -> None:
    """Refuse a register in which some row breaks a rule."""
    size = columns.size
    _check_lengths(columns)
    _refuse_rows("nhs_number", ~valid_numbers(columns.nhs_number), "its check digit is wrong")
    order = np.argsort(columns.nhs_number, kind="stable")
    ranked = columns.nhs_number[order]
    twice = np.zeros(size, np.bool_)
    twice[order[1:]] = ranked[1:] == ranked[:-1]
    _refuse_rows("nhs_number", twice, "it stands in an earlier row too")
    _refuse_rows("family_name", (columns.family == 0) & (columns.given == 0), "there is no name at all")
    born = (columns.born >= FIRST_BIRTH) & (columns.born < LAST_DAY)
    _refuse_rows("date_of_birth", ~born, "it is missing or lies before 1880")
    gender = (columns.gender >= 0) & (columns.gender < len(GENDERS))
    _refuse_rows("gender", ~gender, "it is not one of the four words")
    dead_before_birth = (columns.deceased != 0) & (columns.deceased < columns.born)
    _refuse_rows("deceased_on", dead_before_birth, "it lies before the date of birth")


def _check_lengths(columns: RegisterColumns) -> None:
    """Refuse columns of different lengths, and numbers that stand for no text."""
    texts = {
        "family_name": (columns.family, columns.names),
        "given_name": (columns.given, columns.names),
        "other_given_names": (columns.other, columns.names),
        "postcode": (columns.postcode, columns.postcodes),
        "correspondence_postcode": (columns.correspondence_postcode, columns.postcodes),
        "address_line_1": (columns.residence, columns.addresses),
        "correspondence_line_1": (columns.correspondence, columns.addresses),
        "gp_practice_code": (columns.practice, columns.practices),
        "name_origin": (columns.origin, columns.origins),
    }
    for column, (numbers, vocabulary) in texts.items():
        if len(numbers) != columns.size:
            raise Mistaken(
                "the register was not accepted",
                why=f"column `{column}` has {len(numbers)} rows and the NHS numbers have {columns.size}",
                next_step="correct the source of the register",
            )
        _refuse_rows(column, (numbers < 0) | (numbers >= len(vocabulary)), "its text is missing")


def valid_numbers(numbers: Numbers) -> Flags:
    """Return which NHS numbers, read as whole numbers, have a right check digit."""
    digits = (numbers[:, None] // 10 ** np.arange(9, -1, -1)) % 10
    check = (11 - (digits[:, :9] * _NHS_WEIGHTS).sum(axis=1) % 11) % 11
    return np.asarray((numbers >= 0) & (numbers < 10**10) & (check == digits[:, 9]), np.bool_)


def _refuse_rows(column: str, wrong: Flags, why: str) -> None:
    if wrong.any():
        raise Mistaken(
            "the register was not accepted",
            why=f"column `{column}` of row {int(np.argmax(wrong)) + 1}: {why} ({int(wrong.sum())} such rows)",
            next_step="correct the source of the register; nothing was taken",
        )
