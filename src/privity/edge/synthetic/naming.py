"""Giving names to the people of one tradition's households, each tradition by its own structure.

Rule of the room: a name is built here once and stays; how requesters get it wrong is particulars.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from privity.edge.synthetic.households import Flags, Rows
from privity.edge.synthetic.name_lists import HONG_KONG_SYLLABLES
from privity.edge.synthetic.names import FamilyForm, GivenForm, NameList, Tradition, womens_form

Texts = NDArray[np.object_]

_SYLLABLES = np.array(HONG_KONG_SYLLABLES.split(), np.object_)

_KEPT_OWN_NAME = 0.1
_TOOK_A_NEW_NAME = 0.45
_DOUBLE_BARRELLED = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The people of one tradition: households numbered from 0, as in households.Households."""

    household: Rows
    households: int
    is_partner: Flags
    is_child: Flags
    is_woman: Flags

    @property
    def size(self) -> int:
        """Return the number of people."""
        return len(self.household)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names in the order of the people. `earlier` is an earlier family name, or empty."""

    given: Texts
    other: Texts
    family: Texts
    earlier: Texts


def draw(names: NameList, count: int, rng: Generator) -> Texts:
    """Return `count` names by their shares."""
    return np.array(names.names, np.object_)[rng.choice(len(names.names), count, p=names.shares)]


def name_people(tradition: Tradition, members: Members, rng: Generator) -> Names:
    """Return the names of all people of one tradition."""
    given, other = given_names(tradition, members.is_woman, rng)
    fathers = _fathers(tradition, members, given, rng)
    family = _family_names(tradition, members, fathers, rng)
    match tradition.form:
        case FamilyForm.CHAIN:
            other = np.where(members.is_child, fathers[members.household], draw(tradition.male, members.size, rng))
        case FamilyForm.CLAN:
            other = np.where(members.is_woman, "Kaur", "Singh").astype(np.object_)
            clanless = np.isin(family, ("Singh", "Kaur"))
            family = np.where(clanless, other, family)
            other = np.where(clanless, "", other)
        case FamilyForm.MOTHER:
            other = draw(tradition.family, members.households, rng)[members.household]
        case _:
            pass
    earlier = np.full(members.size, "", np.object_)
    if tradition.form in (FamilyForm.SHARED, FamilyForm.GENDERED, FamilyForm.MOTHER, FamilyForm.CLAN):
        changed = members.is_partner & members.is_woman & (rng.random(members.size) < _TOOK_A_NEW_NAME)
        earlier[changed] = draw(tradition.family, int(changed.sum()), rng)
    if tradition.form is FamilyForm.GENDERED:
        family = _gendered(family, members.is_woman)
        earlier = _gendered(earlier, members.is_woman)
    earlier[earlier == family] = ""
    return Names(given=given, other=other, family=family, earlier=earlier)


def given_names(tradition: Tradition, is_woman: Flags, rng: Generator) -> tuple[Texts, Texts]:
    """Return given names and further given names (or empty) of people, by gender and tradition."""
    count = len(is_woman)

    def one() -> Texts:
        return np.where(is_woman, draw(tradition.female, count, rng), draw(tradition.male, count, rng))

    given, other = one(), np.full(count, "", np.object_)
    match tradition.given:
        case GivenForm.PLAIN:
            has_further = rng.random(count) < tradition.further_share
            other = np.where(has_further, one(), other)
            other[other == given] = ""
        case GivenForm.SYLLABLES:
            second = np.where(rng.random(count) < 0.75, one(), other)
            given = _texts(first + after.lower() for first, after in zip(given, second, strict=True))
        case GivenForm.ENGLISH_AND_SYLLABLES:
            own = _hong_kong_syllables(count, rng)
            has_english = rng.random(count) < 0.8
            given, other = np.where(has_english, given, own), np.where(has_english, own, other)
        case GivenForm.MARKED:
            mark = np.where(is_woman, "Thị", "Văn").astype(np.object_)
            leads = rng.random(count) < 0.4
            given, other = np.where(leads, mark + " " + given, given), np.where(leads, other, mark)
    return given, other


def _hong_kong_syllables(count: int, rng: Generator) -> Texts:
    first, second = (_SYLLABLES[rng.integers(0, len(_SYLLABLES), count)] for _ in range(2))
    return np.asarray(first + " " + second, np.object_)


def _fathers(tradition: Tradition, members: Members, given: Texts, rng: Generator) -> Texts:
    """Return, for each household, the given name of the children's father, at home or not."""
    fathers = draw(tradition.male, members.households, rng)
    at_home = ~members.is_child & ~members.is_woman
    fathers[members.household[at_home]] = given[at_home]
    return fathers


def _family_names(tradition: Tradition, members: Members, fathers: Texts, rng: Generator) -> Texts:
    """Return the family names by the tradition's form."""
    home, size = members.household, members.size
    match tradition.form:
        case FamilyForm.PATRONYMIC | FamilyForm.CHAIN:
            own = draw(tradition.family, size, rng)
            above = fathers if tradition.form is FamilyForm.PATRONYMIC else draw(
                tradition.family, members.households, rng
            )  # fmt: skip
            return np.where(members.is_child, above[home], own)
        case FamilyForm.OWN:
            women = tradition.family_women or tradition.family
            men = np.where(
                members.is_child,
                draw(tradition.family, members.households, rng)[home],
                draw(tradition.family, size, rng),
            )
            return np.where(members.is_woman, draw(women, size, rng), men)
        case FamilyForm.DOUBLE:
            first = draw(tradition.family, members.households, rng)[home]
            second = draw(tradition.family, members.households, rng)[home]
            own_first, own_second = (draw(tradition.family, size, rng) for _ in range(2))
            first = np.where(members.is_child, first, own_first)
            second = np.where(members.is_child, second, own_second)
            return np.where(rng.random(size) < 0.85, first + " " + second, first)
        case _:
            return _household_names(tradition, members, rng)


def _household_names(tradition: Tradition, members: Members, rng: Generator) -> Texts:
    """Return one name a household; some partners keep their own, some households bear two names."""
    names = draw(tradition.family, members.households, rng)
    if tradition.key in ("british", "caribbean"):
        doubled = rng.random(members.households) < _DOUBLE_BARRELLED
        names[doubled] = names[doubled] + "-" + draw(tradition.family, int(doubled.sum()), rng)
    family = names[members.household]
    kept = members.is_partner & (rng.random(members.size) < _KEPT_OWN_NAME)
    family[kept] = draw(tradition.family, int(kept.sum()), rng)
    return family


def _texts(texts: Iterable[str]) -> Texts:
    return np.array(list(texts), np.object_)


def _gendered(family: Texts, is_woman: Flags) -> Texts:
    return _texts(womens_form(name) if woman else name for name, woman in zip(family, is_woman.tolist(), strict=True))
