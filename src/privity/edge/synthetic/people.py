"""A synthetic register: people with names, homes, histories and the marks that protect some of them.

1. households: who lives with whom, and how old they are
2. names, tradition by tradition
3. homes, earlier homes, correspondence addresses, practices
4. NHS numbers of the synthetic range, dates of registration and death, sensitive marks
5. everybody shuffled, and handed over as checked columns
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng

from privity.definitions.person import Gender
from privity.edge.registers.columns import GENDERS, Ids, Numbers, RegisterColumns, Vocabulary
from privity.edge.synthetic.households import AS_OF, Households, Rows, settle
from privity.edge.synthetic.names import Tradition, traditions
from privity.edge.synthetic.naming import Members, Names, Texts, name_people
from privity.edge.synthetic.places import Places, address_lines, lay_out, practices_of, settle_places
from privity.errors import Mistaken

MOST_PEOPLE = 60_000_000
_IN_TEST_RANGE = 900_000
_SENSITIVE = 0.003
_CORRESPONDENCE = 0.01
_NO_RESIDENCE = 0.15
_MOVED = 0.5
_MOVED_TWICE = 0.1
_GENDER_UNKNOWN = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticPopulation:
    """People as register columns, with what the generator knows of them, one row a person."""

    columns: RegisterColumns
    seed: int
    household: Rows
    tradition: Rows

    def __repr__(self) -> str:
        return f"SyntheticPopulation({self.columns.size} people, seed {self.seed})"


def generate(count: int, seed: int) -> SyntheticPopulation:
    """Return `count` people; the same count and seed give the same people.

    Raises: Mistaken: fewer than 1 or more than the synthetic range of NHS numbers holds.
    """
    if not 1 <= count <= MOST_PEOPLE:
        raise Mistaken(
            "no people were generated",
            why=f"the range of NHS numbers for synthetic people allows 1 to {MOST_PEOPLE:,}",
            next_step="ask for a number in between",
        )
    rng = default_rng([seed, 1])
    kinds = traditions()
    homes = settle(count, kinds, rng)
    names = _names(homes, kinds, rng)
    places = lay_out(len(homes.tradition), rng)
    order = rng.permutation(count)
    columns = _columns(homes, names, places, kinds, order, rng)
    return SyntheticPopulation(
        columns=columns,
        seed=seed,
        household=homes.household[order],
        tradition=homes.tradition[homes.household][order],
    )


def _names(homes: Households, kinds: tuple[Tradition, ...], rng: Generator) -> Names:
    """Return the names of everybody, in the order of the households."""
    of_person = homes.tradition[homes.household]
    parts: list[Names] = []
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero(of_person == number)
        if not len(rows):
            continue
        first = homes.household[rows[0]]
        members = Members(
            household=homes.household[rows] - first,
            households=int(homes.household[rows[-1]] - first) + 1,
            is_partner=homes.is_partner[rows],
            is_child=homes.is_child[rows],
            is_woman=homes.is_woman[rows],
        )
        parts.append(name_people(kind, members, rng))
    return Names(
        given=np.concatenate([part.given for part in parts]),
        other=np.concatenate([part.other for part in parts]),
        family=np.concatenate([part.family for part in parts]),
        earlier=np.concatenate([part.earlier for part in parts]),
    )


def _columns(
    homes: Households,
    names: Names,
    places: Places,
    kinds: tuple[Tradition, ...],
    order: Rows,
    rng: Generator,
) -> RegisterColumns:
    """Return everybody as columns, in the shuffled order."""
    count = len(order)
    home_postcode = settle_places(places, homes.tradition, len(kinds), rng)
    addresses = Vocabulary()
    home_address = _numbered(address_lines(places, home_postcode, rng), addresses)
    household = homes.household[order]
    tradition = homes.tradition[household]
    elsewhere = rng.integers(1, len(places.postcodes), count)
    letters_postcode = np.where(rng.random(count) < _CORRESPONDENCE, elsewhere, 0)
    letters = _letters(places, letters_postcode, addresses, rng)
    no_residence = (letters_postcode != 0) & (rng.random(count) < _NO_RESIDENCE)
    born = homes.born[order]
    vocabulary = Vocabulary()
    earlier = _numbered(names.earlier[order], vocabulary)
    has_earlier = np.flatnonzero(earlier)
    return RegisterColumns(
        nhs_number=_nhs_numbers(count, rng),
        family=_numbered(names.family[order], vocabulary),
        given=_numbered(names.given[order], vocabulary),
        other=_numbered(names.other[order], vocabulary),
        born=born.astype(np.int32),
        gender=_genders(homes.is_woman[order].astype(np.int64), rng),
        postcode=np.where(no_residence, 0, home_postcode[household]).astype(np.int32),
        residence=np.where(no_residence, 0, home_address[household]).astype(np.int32),
        correspondence_postcode=letters_postcode.astype(np.int32),
        correspondence=letters,
        practice=practices_of(places, home_postcode[household], rng).astype(np.int32),
        registered=_registered(born, tradition, kinds, rng),
        deceased=_deceased(born, rng),
        sensitive=rng.random(count) < _SENSITIVE,
        origin=(tradition + 1).astype(np.int32),
        earlier_families=np.stack([has_earlier, earlier[has_earlier]], axis=1).astype(np.int32),
        earlier_postcodes=_moves(homes, household, home_postcode, places, rng),
        names=vocabulary.texts(),
        postcodes=places.postcodes,
        addresses=addresses.texts(),
        practices=places.practices,
        origins=("", *(kind.key for kind in kinds)),
    )


def _numbered(texts: Texts, vocabulary: Vocabulary) -> Ids:
    return np.array([vocabulary.number(text) for text in texts.tolist()], np.int32)


def _letters(places: Places, postcode: Rows, addresses: Vocabulary, rng: Generator) -> Ids:
    """Return the correspondence address of each person, 0 for the many who have none."""
    letters = np.zeros(len(postcode), np.int32)
    rows = np.flatnonzero(postcode)
    letters[rows] = _numbered(address_lines(places, postcode[rows], rng), addresses)
    return letters


def _nhs_numbers(count: int, rng: Generator) -> Numbers:
    """Return so many different NHS numbers, check digits right.

    Of the test range 999 000 0000 to 999 999 9999 where it suffices, else of all that begin with 9.
    """
    nine = 999_000_000 + rng.permutation(1_000_000).astype(np.int64)
    if count > _IN_TEST_RANGE:
        step = 98_999_999 // (count + count // 4)
        nine = 900_000_000 + rng.permutation(count + count // 4).astype(np.int64) * step
    digits = (nine[:, None] // 10 ** np.arange(8, -1, -1)) % 10
    check = (11 - (digits * np.arange(10, 1, -1)).sum(axis=1) % 11) % 11
    return np.asarray((nine * 10 + check)[check < 10][:count], np.int64)


def _genders(is_woman: Rows, rng: Generator) -> Ids:
    gender = np.where(is_woman == 1, GENDERS.index(Gender.FEMALE), GENDERS.index(Gender.MALE))
    unknown = rng.random(len(gender)) < _GENDER_UNKNOWN
    return np.where(unknown, GENDERS.index(Gender.UNKNOWN), gender).astype(np.int32)


def _registered(born: Rows, tradition: Rows, kinds: tuple[Tradition, ...], rng: Generator) -> Ids:
    """Return the day each was first registered: near birth, or later in life for those from abroad."""
    abroad = rng.random(len(born)) < np.array([kind.abroad_share for kind in kinds])[tradition]
    last = AS_OF.toordinal()
    near = born + rng.integers(1, 42, len(born))
    earliest = np.maximum(born + 30, last - 26 * 365)
    later = earliest + (rng.random(len(born)) * np.maximum(last - earliest, 1)).astype(np.int64)
    return np.minimum(np.where(abroad, later, near), last).astype(np.int32)


def _deceased(born: Rows, rng: Generator) -> Ids:
    """Return the day of death of those who died in the last ten years, 0 for the living."""
    last = AS_OF.toordinal()
    age = (last - born) / 365.25
    died = rng.random(len(born)) < np.where(age > 70, 0.06, 0.002)
    days = np.minimum(rng.integers(1, 3650, len(born)), np.maximum(last - born, 1))
    return np.where(died, last - days + 1, 0).astype(np.int32)


def _moves(homes: Households, household: Rows, home_postcode: Rows, places: Places, rng: Generator) -> Ids:
    """Return (row, postcode number) of earlier homes; a household moves together, mostly within its area."""
    moved = rng.random(len(homes.tradition)) < _MOVED
    area = places.area[home_postcode]
    sizes = np.diff(places.area_starts)[area]
    near = places.area_starts[area] + (rng.random(len(area)) * sizes).astype(np.int64)
    far = rng.integers(1, len(places.postcodes), len(area))
    before = np.where(rng.random(len(area)) < 0.6, near, far)
    earlier = np.where(moved & (before != home_postcode), before, 0)[household]
    rows = np.flatnonzero(earlier)
    again = np.flatnonzero(rng.random(len(household)) < _MOVED_TWICE)
    pairs = np.concatenate(
        [
            np.stack([rows, earlier[rows]], axis=1),
            np.stack([again, rng.integers(1, len(places.postcodes), len(again))], axis=1),
        ]
    )
    return pairs[np.argsort(pairs[:, 0], kind="stable")].astype(np.int32)
