"""Particulars as a requester would hold them: for people of the register or for people who are in none.

Rules of the room:
- Every field is text, keyed like the columns of the particulars file; the truth travels beside it.
- People who are absent come from the same households and traditions, so their relatives are in the register.
- Each kind of error is named, so that what was traced and what was not can be told by kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.random import Generator, default_rng

from privity.definitions.person import Gender
from privity.edge.registers.columns import GENDERS
from privity.edge.registers.register_csv import LINES
from privity.edge.synthetic.errors_made import TruePerson, make_errors
from privity.edge.synthetic.households import AS_OF, Rows
from privity.edge.synthetic.names import FamilyForm, traditions
from privity.edge.synthetic.naming import given_names
from privity.edge.synthetic.people import SyntheticPopulation
from privity.errors import Mistaken

_ADULT_AGE = 16
_YOUNGEST_ADULT = AS_OF.toordinal() - int(_ADULT_AGE * 365.25)
_ACROSS_TRADITIONS = 0.7
_SIBLING = 0.5
_NUMBER_KNOWN = 0.02
_FURTHER_NAMES_KNOWN = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnParticulars:
    """What a requester would write down about one person, and who that person is.

    `truth` is the NHS number, or empty for a person in no register. `errors` names the kinds of error made.
    `origin`, `gender` and `born` are the person's own, present or absent, whatever was written: for evaluation only.
    """

    fields: dict[str, str]
    truth: str
    errors: tuple[str, ...]
    gender: Gender
    born: date
    origin: str = ""

    def __repr__(self) -> str:
        return f"DrawnParticulars({', '.join(self.errors)})"


def draw(
    population: SyntheticPopulation, count: int, seed: int, absent_share: float = 0.21, child_share: float = 0.0
) -> Sequence[DrawnParticulars]:
    """Return particulars of `count` people; the same arguments give the same particulars.

    Args:   absent_share: P(the person is in no register), 0 to 1. child_share: P(the person is under 16), 0 to 1.
    Raises: Mistaken: a share outside 0 to 1, or a register without adults, or without the children asked for.
    """
    if not (0 <= absent_share <= 1 and 0 <= child_share <= 1):
        raise Mistaken(
            "no particulars were drawn",
            why="the share of absent people, or of children, does not lie between 0 and 1",
            next_step="correct the share",
        )
    rng = default_rng([seed, population.seed, 2])
    source = _Source(population, rng)
    rows = _people(population, count, rng, children=False)
    if child_share > 0:
        is_child = rng.random(count) < child_share
        rows[is_child] = _people(population, int(is_child.sum()), rng, children=True)
    rows = rows.tolist()
    absent = (rng.random(count) < absent_share).tolist()
    people = [source.absent(row) if gone else source.present(row) for row, gone in zip(rows, absent, strict=True)]
    keys = [kind.key for kind in traditions()]
    return [
        replace(_written_down(person, f"S{place:06d}", rng), origin=keys[population.tradition[row]])
        for place, (person, row) in enumerate(zip(people, rows, strict=True), 1)
    ]


def _people(population: SyntheticPopulation, count: int, rng: Generator, *, children: bool) -> Rows:
    """Return rows of adults or of children, most of them spread evenly over the name traditions."""
    is_child = population.columns.born > _YOUNGEST_ADULT
    some = np.flatnonzero(is_child if children else ~is_child)
    if not len(some):
        raise Mistaken(
            "no particulars were drawn",
            why=f"the register holds no {'children' if children else 'adults'}",
            next_step="generate more people",
        )
    kinds = population.tradition[some]
    frequency = np.bincount(kinds)
    evenly = 1.0 / frequency[kinds] / np.count_nonzero(frequency)
    shares = _ACROSS_TRADITIONS * evenly + (1 - _ACROSS_TRADITIONS) / len(some)
    return np.asarray(rng.choice(some, count, p=shares / shares.sum()), np.int64)


class _Source:
    """Turns rows of a population into people as they are, or into people who might have been."""

    def __init__(self, population: SyntheticPopulation, rng: Generator) -> None:
        self._population = population
        self._rng = rng
        self._families = dict(population.columns.earlier_families.tolist())
        self._postcodes = dict(population.columns.earlier_postcodes.tolist())
        order = np.argsort(population.tradition, kind="stable")
        starts = np.searchsorted(population.tradition[order], np.arange(len(traditions()) + 1))
        self._alike = [order[begin:end] for begin, end in pairwise(starts.tolist())]

    def present(self, row: int) -> TruePerson:
        """Return one person of the register as they are."""
        columns = self._population.columns
        lines = columns.addresses[columns.residence[row]]
        return TruePerson(
            family=columns.names[columns.family[row]],
            given=columns.names[columns.given[row]],
            other=columns.names[columns.other[row]],
            earlier_family=columns.names[self._families.get(row, 0)],
            born=date.fromordinal(int(columns.born[row])),
            gender=GENDERS[columns.gender[row]],
            postcode=columns.postcodes[columns.postcode[row]],
            earlier_postcode=columns.postcodes[self._postcodes.get(row, 0)],
            lines=tuple(lines.split("\n")) if lines else (),
            number=f"{columns.nhs_number[row]:010d}",
        )

    def absent(self, row: int) -> TruePerson:
        """Return somebody who is in no register: a sibling of somebody, or a stranger named alike."""
        like = self.present(row)
        kind = int(self._population.tradition[row])
        tradition = traditions()[kind]
        is_woman = self._rng.random() < 0.4
        given, other = given_names(tradition, np.array([is_woman]), self._rng)
        if self._rng.random() >= _SIBLING:
            like = self.present(int(self._rng.choice(self._alike[kind])))
        day = date.fromordinal(self._born_beside(row, like.born.toordinal()))
        if self._rng.random() < tradition.new_year_share:
            day = date(day.year, 1, 1)
        return replace(
            like,
            given=str(given[0]),
            other=like.other if tradition.form in _FURTHER_NAMES_INHERITED else str(other[0]),
            earlier_family="",
            born=day,
            gender=Gender.FEMALE if is_woman else Gender.MALE,
            number="",
        )

    def _born_beside(self, row: int, like: int) -> int:
        """Return a day of birth within twelve years of another's; a child's lies within childhood."""
        if self._population.columns.born[row] > _YOUNGEST_ADULT:
            return AS_OF.toordinal() - int(self._rng.integers(0, _ADULT_AGE * 365))
        return min(like + int(self._rng.integers(-12 * 365, 12 * 365)), AS_OF.toordinal() - _ADULT_AGE * 366)


_FURTHER_NAMES_INHERITED = (FamilyForm.CHAIN, FamilyForm.CLAN, FamilyForm.MOTHER)


def _written_down(person: TruePerson, reference: str, rng: Generator) -> DrawnParticulars:
    """Return what a requester writes about the person, mistakes included."""
    fields = {
        "reference": reference,
        "nhs_number": person.number if rng.random() < _NUMBER_KNOWN else "",
        "family_name": person.family,
        "given_name": person.given,
        "other_given_names": person.other if rng.random() < _FURTHER_NAMES_KNOWN else "",
        "date_of_birth": person.born.isoformat(),
        "gender": person.gender.value,
        "postcode": person.postcode,
        **dict.fromkeys(LINES, ""),
    }
    fields.update(zip(LINES, person.lines, strict=False))
    errors = make_errors(fields, person, rng)
    return DrawnParticulars(fields=fields, truth=person.number, errors=errors, gender=person.gender, born=person.born)
