"""The register's tables read, whatever database holds them: one reading for SQLite and PostgreSQL.

Rules of the room:
- Every call that yields records is counted: unapproved requests must cause none.
- A sensitive record leaves its place behind when it is read for a trace.
- What is remembered between calls is forgotten when the register says that it has changed.
"""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from privity.definitions.person import Address, Demographics, Gender, NhsNumber, PersonId
from privity.edge.registers.limits import People
from privity.edge.registers.name_classes import PACKED
from privity.edge.registers.schema import FORMAT
from privity.errors import Mistaken
from privity.protection.household import Resident
from privity.trace.blocking import MOST_COMPARED, most_telling, pair_key
from privity.trace.normalise import door, name_tokens
from privity.trace.record import (
    NOTHING_UNFILED,
    NOWHERE,
    Births,
    ComparedRecord,
    NameClasses,
    NamePart,
    Place,
    RegisterRecord,
    RowId,
    Shares,
    Unfiled,
)

FILED = "SELECT key, pid FROM blocking WHERE key"
_TRACED = """
SELECT pid, nhs_number, given, other, family, earlier_families, born, gender, postcode, lines,
       earlier_postcodes, sensitive
FROM person JOIN address ON address.id = residence WHERE """
_FOR_TRACE, _ONE_FOR_TRACE = _TRACED + "pid", _TRACED + "nhs_number = ?"
_WHOLE = """
SELECT nhs_number, given.text, other.text, family.text, earlier_families, born, gender,
       postcode, residence.lines, correspondence_postcode, correspondence.lines,
       practice, registered, deceased, sensitive
FROM person
JOIN name AS given ON given.id = person.given
JOIN name AS other ON other.id = person.other
JOIN name AS family ON family.id = person.family
JOIN address AS residence ON residence.id = person.residence
JOIN address AS correspondence ON correspondence.id = person.correspondence
WHERE nhs_number = ?
"""
_AT_POSTCODE = """
SELECT nhs_number, lines, postcode, born, deceased, sensitive, family
FROM person JOIN address ON address.id = residence WHERE postcode = ?
"""
Row = tuple[Any, ...]
"""A row as sqlite3 hands it out; it never leaves the registers."""
_GENDERS = {gender.value: gender for gender in Gender}
_REMEMBERED = 500_000
_WORDS_REMEMBERED = 100_000


class RegisterTables(ABC):
    """A register open for reading; satisfies trace.record.RegisterReader.

    Built on two things a database gives: rows of a query, and rows where a column is among some values.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[int, tuple[str, ...]] = {}
        self._words: dict[tuple[str, str], tuple[int, Shares]] = {}
        self._pairs: dict[int, int] = {}
        self._reads = 0
        self._imported = ""
        self._learn_facts()

    @abstractmethod
    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query whose values are marked `?`.

        Raises: Unavailable: the database did not answer.
        """

    @abstractmethod
    def _among(self, query: str, values: Sequence[Any], before: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query that ends in the name of a column, where the column is among the values.

        Args:   before: the values of the marks `?` in the query.
        Raises: Unavailable: the database did not answer.
        """

    @abstractmethod
    def close(self) -> None:
        """Close what is open. The register cannot be read afterwards."""

    def _refresh(self) -> None:
        """Forget what was remembered, where the register has changed since, or another came into its place.

        The digest tells both: each change chains it, and another import has another, with no change counted yet.
        """
        if self._rows("SELECT value FROM fact WHERE name = 'digest'")[0][0] != self._digest:
            self._learn_facts()

    def _learn_facts(self) -> None:
        facts: dict[str, str] = dict(self._rows("SELECT name, value FROM fact"))
        if facts.get("format") != FORMAT:
            raise Mistaken(
                "the register was not opened",
                why=f"it is of format `{facts.get('format')}` and this version reads `{FORMAT}`",
                next_step="import the register again from its source",
            )
        self._size = int(facts["size"])
        self._digest = facts["digest"]
        if facts["imported"] != self._imported:
            # Changes add names; another import numbers them anew.
            self._names.clear()
        self._imported = facts["imported"]
        self._revision = int(facts["revision"])
        self._classes = NameClasses(
            everybody=np.array(json.loads(facts["classes"])), new_year=np.array(json.loads(facts["classes_new_year"]))
        )
        births = self._rows("SELECT year, people, on_new_year FROM birth_frequency WHERE people > 0 ORDER BY year")
        self._births = {year: Births(people=people, on_new_year=on_new_year) for year, people, on_new_year in births}
        self._birth_years = range(min(self._births), max(self._births) + 1) if self._births else range(0)
        self._words.clear()
        self._pairs.clear()

    @property
    def size(self) -> int:
        """Return the number of records."""
        return self._size

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content as imported, chained with that of every change since."""
        self._refresh()
        return self._digest

    @property
    def revision(self) -> int:
        """Return how many single records were changed since the import."""
        self._refresh()
        return self._revision

    @property
    def birth_years(self) -> range:
        """Return the years of birth from the first to the last in the register."""
        self._refresh()
        return self._birth_years

    @property
    def reads(self) -> int:
        """Return how many calls read records since the register was opened."""
        with self._lock:
            return self._reads

    def candidates(self, keys: Sequence[int], unfiled: Unfiled = NOTHING_UNFILED) -> Sequence[ComparedRecord]:
        """Return the records to compare of those filed under any of the keys, by number. Counts as one read.

        Args: unfiled: keys, each with whose record is to be taken for not filed under it.
        """
        self._count_read()
        self._refresh()
        entries = self._among(FILED, keys)
        if unfiled:
            entries = [(key, pid) for key, pid in entries if (key, pid) not in unfiled]
        people = {pid for _, pid in entries}
        if len(people) > MOST_COMPARED:
            filed = np.array(entries, np.int64)
            people = set(most_telling(filed[:, 0], filed[:, 1], self._size).tolist())
        return self._spelt_out(sorted(people))

    def _spelt_out(self, rows: Sequence[int]) -> list[RegisterRecord]:
        """Return the records of some rows, in order. One that is no more is left out."""
        return [self._record(row) for row in sorted(self._among(_FOR_TRACE, rows))]

    def demographics(self, person: PersonId) -> Demographics:
        """Return one whole record, residence and correspondence address apart. Counts as one read.

        Raises: Mistaken: the register holds nobody of that number.
        """
        self._count_read()
        found = self._rows(_WHOLE, (person,))
        if not found:
            raise _nobody()
        return self._demographics(found[0])

    def record(self, person: PersonId) -> RegisterRecord:
        """Return one record as the tracer sees it. Counts as one read.

        Raises: Mistaken: the register holds nobody of that number.
        """
        self._count_read()
        found = self._rows(_ONE_FOR_TRACE, (person,))
        if not found:
            raise _nobody()
        return self._record(found[0])

    def residents(self, postcode: str) -> Sequence[Resident]:
        """Return who is registered at a postcode, whatever the house, for counting a household. Counts as one read."""
        self._count_read()
        found = []
        for number, lines, where, born, deceased, sensitive, family in self._rows(_AT_POSTCODE, (postcode,)):
            home = _address(lines, where)
            if home is not None:
                found.append(
                    Resident(
                        person=PersonId(number),
                        nhs_number=NhsNumber(f"{number:010d}"),
                        home=home,
                        born=date.fromordinal(born),
                        deceased=bool(deceased),
                        sensitive=bool(sensitive),
                        family=family,
                    )
                )
        return found

    def find_nhs_number(self, number: NhsNumber) -> PersonId | None:
        """Return who bears the NHS number, or None. Counts as one read."""
        self._count_read()
        found = self._rows("SELECT nhs_number FROM person WHERE nhs_number = ?", (int(number.digits),))
        return PersonId(found[0][0]) if found else None

    def not_borne(self, numbers: Sequence[str]) -> frozenset[str]:
        """Return which of the NHS numbers nobody bears."""
        borne = self._among("SELECT nhs_number FROM person WHERE nhs_number", [int(number) for number in numbers])
        return frozenset(numbers) - {f"{number:010d}" for (number,) in borne}

    def name_frequency(self, part: NamePart, token: str) -> int:
        """Return how many records bear the word in that part of the name."""
        return self._word(part, token)[0]

    def pair_frequency(self, given: str, family: str) -> int:
        """Return how many records bear both words, as counted when the register was written; at least 1."""
        pair = pair_key(given, family)
        known = self._pairs.get(pair)
        if known is None:
            known = self._remember_pair(pair, self._read_pair(pair))
        return known

    def _read_pair(self, pair: int) -> int:
        """Return how many records bear a pair of words, at least 1."""
        found = self._rows("SELECT records FROM pair_frequency WHERE pair = ?", (pair,))
        return int(found[0][0]) if found else 1

    def _remember_pair(self, pair: int, records: int) -> int:
        if len(self._pairs) >= _REMEMBERED:
            self._pairs.clear()
        self._pairs[pair] = records
        return records

    @property
    def classes(self) -> NameClasses:
        """Return the latent classes of the names, as learnt when the register was written."""
        return self._classes

    def class_shares(self, part: NamePart, token: str) -> Shares:
        """Return P(class | the word in that part of the name); everybody's where the word is unknown."""
        return self._word(part, token)[1]

    def _word(self, part: NamePart, token: str) -> tuple[int, Shares]:
        """Return how many bear the word in that part, and its shares in the classes, remembered once read."""
        known = self._words.get((part, token))
        if known is None:
            known = self._remember_word(part, token, self._read_word(part, token))
        return known

    def _read_word(self, part: NamePart, token: str) -> tuple[int, Shares] | None:
        """Return how many bear a word, and its shares in the classes; None where nobody bears it."""
        asked = (part.value, token)
        found = self._rows("SELECT records, shares FROM name_frequency WHERE part = ? AND token = ?", asked)
        return (found[0][0], unpacked(found[0][1])) if found else None

    def _remember_word(self, part: NamePart, token: str, found: tuple[int, Shares] | None) -> tuple[int, Shares]:
        """Remember how many bear a word, and its shares in the classes, as read; None where nobody bears it."""
        known = (0, self._classes.everybody) if found is None else found
        if len(self._words) >= _WORDS_REMEMBERED:
            self._words.clear()
        self._words[part, token] = known
        return known

    def births(self, year: int) -> Births:
        """Return the counts for one year of birth."""
        return self._births.get(year, Births(people=0, on_new_year=0))

    def postcode_frequency(self, postcode: str) -> int:
        """Return how many records live or lived at the postcode, sensitive ones left out."""
        found = self._rows("SELECT records FROM postcode_frequency WHERE postcode = ?", (postcode,))
        return int(found[0][0]) if found else 0

    def everybody(self) -> list[PersonId]:
        """Return the number of everybody, in the order of the register."""
        return [PersonId(number) for (number,) in self._rows("SELECT nhs_number FROM person ORDER BY pid")]

    def people(self) -> People:
        """Return the NHS numbers and who is protected, for comparison with an import. Nothing else is read."""
        found = np.array(self._rows("SELECT nhs_number, sensitive FROM person ORDER BY nhs_number"), np.int64)
        found = found.reshape(-1, 2)
        return People(found[:, 0], found[:, 1] != 0)

    def origins(self) -> dict[str, str]:
        """Return NHS number to name origin, for evaluation of a synthetic register; else empty."""
        found = self._rows("SELECT nhs_number, origin FROM person JOIN evaluation_origin USING (pid)")
        return {f"{number:010d}": origin for number, origin in found}

    def _record(self, row: Row) -> RegisterRecord:
        pid, number, given, other, family, earlier, born, gender, postcode, lines, moved, sensitive = row
        place = NOWHERE
        if not sensitive:
            place = Place(postcode=postcode, door=door(lines.partition("\n")[0]), previous=listed(moved))
        names = self._names
        return RegisterRecord(
            row=RowId(pid),
            nhs_number=NhsNumber(f"{number:010d}"),
            given=names.get(given) or self._name(given),
            other=(names.get(other) or self._name(other)) if other else (),
            family=names.get(family) or self._name(family),
            previous_families=tuple([self._name(int(one)) for one in listed(earlier)]) if earlier else (),
            date_of_birth=date.fromordinal(born),
            gender=_GENDERS[gender],
            place=place,
            sensitive=bool(sensitive),
        )

    def _demographics(self, row: Row) -> Demographics:
        (number, given, other, family, earlier, born, gender, postcode, lines) = row[:9]
        (correspondence_postcode, correspondence_lines, practice, registered, deceased, sensitive) = row[9:]
        return Demographics(
            person=PersonId(number),
            nhs_number=NhsNumber(f"{number:010d}"),
            family_name=family,
            given_name=given,
            other_given_names=other,
            previous_family_names=tuple(self._text(int(one)) for one in listed(earlier)),
            date_of_birth=date.fromordinal(born),
            gender=Gender(gender),
            residence=_address(lines, postcode),
            correspondence=_address(correspondence_lines, correspondence_postcode),
            gp_practice_code=practice,
            registered_on=date.fromordinal(registered) if registered else None,
            deceased_on=date.fromordinal(deceased) if deceased else None,
            sensitive=bool(sensitive),
        )

    def _name(self, number: int) -> tuple[str, ...]:
        """Return the words of a name by its number, remembered once read."""
        if number == 0:
            return ()
        known = self._names.get(number)
        if known is None:
            known = self._remember_name(number, name_tokens(self._text(number)))
        return known

    def _remember_name(self, number: int, name: tuple[str, ...]) -> tuple[str, ...]:
        if len(self._names) >= _REMEMBERED:
            self._names.clear()
        self._names[number] = name
        return name

    def _text(self, number: int) -> str:
        return str(self._rows("SELECT text FROM name WHERE id = ?", (number,))[0][0])

    def _count_read(self) -> None:
        with self._lock:
            self._reads += 1


def _nobody() -> Mistaken:
    return Mistaken(
        "the record was not read",
        why="the register holds nobody of that number any more",
        next_step="set the trace aside and have the person traced again: the register was replaced or changed since",
    )


def unpacked(shares: bytes) -> Shares:
    """Return shares in the classes as numbers."""
    return np.frombuffer(shares, PACKED).astype(np.float64)


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _address(lines: str, postcode: str) -> Address | None:
    """Return an address, or None where neither line nor postcode is there."""
    if not lines and not postcode:
        return None
    return Address(lines=tuple(lines.split("\n")) if lines else (), postcode=postcode)
