"""Name traditions: how names are built in each, how common each is, and the lists they are drawn from.

A tradition is a way of naming, not an ethnicity: nobody in here is labelled with one beyond evaluation.
The shares are round figures for a plausible country, not census results.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from privity.edge.synthetic import name_lists as lists


class FamilyForm(Enum):
    """How a family name is come by."""

    SHARED = "shared"
    """One for the household; a partner may keep their own."""
    GENDERED = "gendered"
    """One for the household, with an ending for men and one for women."""
    OWN = "own"
    """A second personal name of one's own, by gender: no common family name."""
    PATRONYMIC = "patronymic"
    """The father's given name."""
    CHAIN = "chain"
    """Three personal names: one's own, the father's, the grandfather's."""
    DOUBLE = "double"
    """Two names: one from the father, one from the mother."""
    CLAN = "clan"
    """A name of the household, with Singh or Kaur as a further given name."""
    MOTHER = "mother"
    """One for the household, with the mother's earlier family name as a further given name."""


class GivenForm(Enum):
    """How given names are built."""

    PLAIN = "plain"
    """One given name, often with a further one."""
    SYLLABLES = "syllables"
    """One or two syllables written as one name, as in Pinyin."""
    ENGLISH_AND_SYLLABLES = "english and syllables"
    """An English given name, and two syllables as further given names."""
    MARKED = "marked"
    """Two words, with a word for men or women between: Văn, Thị."""


@dataclass(frozen=True, slots=True)
class NameList:
    """Names with the probability of each."""

    names: tuple[str, ...]
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradition:
    """One way of naming.

    `share` is the share of households. `new_year_share` is the share of people whose date of birth was put
    down as 1 January. `further_share` is the share with a further given name of the plain kind.
    """

    key: str
    share: float
    female: NameList
    male: NameList
    family: NameList
    family_women: NameList | None = None
    form: FamilyForm = FamilyForm.SHARED
    given: GivenForm = GivenForm.PLAIN
    further_share: float = 0.0
    new_year_share: float = 0.0
    abroad_share: float = 0.6
    """The share registered with the NHS later in life rather than at birth."""


def _ranked(names: Iterable[str], *, steep: float = 0.7) -> NameList:
    """Return the names with shares that fall by rank."""
    once = tuple(dict.fromkeys(name.replace("_", " ") for name in names))
    weights = 1.0 / (np.arange(len(once)) + 3.0) ** steep
    return NameList(once, weights / weights.sum())


def _ours(text: str, *, steep: float = 0.8) -> NameList:
    return _ranked(text.split(), steep=steep)


def _counted(weights: Mapping[str, float], tail: Iterable[str], *, tail_share: float) -> NameList:
    """Return names with given weights, and a long tail that takes `tail_share` of the whole."""
    rest = tuple(dict.fromkeys(name for name in tail if name not in weights))
    head = np.array(list(weights.values()), np.float64)
    head *= (1 - tail_share) / head.sum()
    return NameList((*weights, *rest), np.concatenate([head, np.full(len(rest), tail_share / len(rest))]))


def _faker(locale: str, kind: str) -> tuple[str, ...]:
    """Return one of Faker's name lists, in its order, without names of more than one word."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    return tuple(name for name in dict.fromkeys(getattr(provider, kind)) if name.isalpha() or "'" in name)


def _female(locale: str) -> NameList:
    return _ranked(_faker(locale, "first_names_female"))


def _male(locale: str) -> NameList:
    return _ranked(_faker(locale, "first_names_male"))


def _family(locale: str, *extra: str) -> NameList:
    return _ranked((*_faker(locale, "last_names"), *extra))


def _british_families() -> NameList:
    """Return Faker's weighted British family names with a tail of rarer ones, many made from place names."""
    provider = import_module("faker.providers.person.en_GB").Provider
    made = [
        stem + ending for stem in lists.ENGLISH_PLACE_STEMS.split() for ending in lists.ENGLISH_PLACE_ENDINGS.split()
    ]
    tail = (*made, *_faker("en_IE", "last_names"), *_faker("en_US", "last_names"))
    return _counted(dict(provider.last_names), tail, tail_share=0.3)


@cache
def traditions() -> tuple[Tradition, ...]:
    """Return the name traditions; their shares add up to 1."""
    return (*_british_isles(), *_south_asia(), *_asia(), *_africa(), *_europe(), *_middle_east())


def _british_isles() -> tuple[Tradition, ...]:
    female, male, families = _female("en_GB"), _male("en_GB"), _british_families()
    return (
        Tradition(
            key="british", share=0.627, female=female, male=male, family=families,
            further_share=0.7, abroad_share=0.03,
        ),
        Tradition(
            key="welsh", share=0.04, female=_ours(lists.WELSH_FEMALE), male=_ours(lists.WELSH_MALE),
            family=_ours(lists.WELSH_FAMILY), further_share=0.6, abroad_share=0.03,
        ),
        Tradition(
            key="irish", share=0.03, female=_female("en_IE"), male=_male("en_IE"), family=_family("en_IE"),
            further_share=0.6, abroad_share=0.4,
        ),
        Tradition(
            key="caribbean", share=0.015, female=female, male=male, family=_ours(lists.CARIBBEAN_FAMILY),
            further_share=0.6, abroad_share=0.3,
        ),
    )  # fmt: skip


def _south_asia() -> tuple[Tradition, ...]:
    punjabi = _ours(lists.PUNJABI_GIVEN)
    return (
        Tradition(
            key="pakistani", share=0.032, female=_ours(lists.PAKISTANI_FEMALE),
            male=_ours(lists.PAKISTANI_MALE),
            family=_ours(lists.PAKISTANI_SECOND_MALE), family_women=_ours(lists.PAKISTANI_SECOND_FEMALE),
            form=FamilyForm.OWN, further_share=0.15, new_year_share=0.08,
        ),
        Tradition(
            key="bangladeshi", share=0.014, female=_ours(lists.BANGLADESHI_FEMALE),
            male=_ours(lists.BANGLADESHI_MALE), family=_ours(lists.BANGLADESHI_SECOND_MALE),
            family_women=_ours(lists.BANGLADESHI_SECOND_FEMALE), form=FamilyForm.OWN, further_share=0.3,
            new_year_share=0.1,
        ),
        Tradition(
            key="indian", share=0.027, female=_female("en_IN"), male=_male("en_IN"), family=_family("en_IN"),
            further_share=0.3, new_year_share=0.01,
        ),
        Tradition(
            key="punjabi", share=0.013, female=punjabi, male=punjabi, family=_ours(lists.PUNJABI_FAMILY),
            form=FamilyForm.CLAN, new_year_share=0.02, abroad_share=0.4,
        ),
        Tradition(
            key="tamil", share=0.008, female=_ours(lists.TAMIL_FEMALE), male=_ours(lists.TAMIL_MALE),
            family=_ours(lists.TAMIL_MALE), form=FamilyForm.PATRONYMIC, new_year_share=0.02,
        ),
    )  # fmt: skip


def _asia() -> tuple[Tradition, ...]:
    chinese, vietnamese = _ours(lists.CHINESE_SYLLABLES), _ours(lists.VIETNAMESE_SYLLABLES)
    return (
        Tradition(
            key="chinese", share=0.012, female=chinese, male=chinese, family=_ours(lists.CHINESE_FAMILY),
            given=GivenForm.SYLLABLES,
        ),
        Tradition(
            key="hong_kong", share=0.006, female=_female("en_GB"), male=_male("en_GB"),
            family=_ours(lists.HONG_KONG_FAMILY), given=GivenForm.ENGLISH_AND_SYLLABLES,
        ),
        Tradition(
            key="vietnamese", share=0.004, female=vietnamese, male=vietnamese,
            family=_ours(lists.VIETNAMESE_FAMILY, steep=1.3), given=GivenForm.MARKED, new_year_share=0.04,
        ),
        Tradition(
            key="filipino", share=0.006, female=_ours(lists.FILIPINO_FEMALE), male=_ours(lists.FILIPINO_MALE),
            family=_ours(lists.FILIPINO_FAMILY), form=FamilyForm.MOTHER, abroad_share=0.8,
        ),
    )  # fmt: skip


def _africa() -> tuple[Tradition, ...]:
    return (
        Tradition(
            key="yoruba", share=0.012, female=_female("yo_NG"), male=_male("yo_NG"), family=_family("yo_NG"),
            further_share=0.6, new_year_share=0.01,
        ),
        Tradition(
            key="igbo", share=0.008, female=_female("ig_NG"), male=_male("ig_NG"),
            family=_family("ig_NG", *lists.IGBO_EXTRA.split()), further_share=0.6, new_year_share=0.01,
        ),
        Tradition(
            key="hausa", share=0.002, female=_female("ha_NG"), male=_male("ha_NG"), family=_family("ha_NG"),
            further_share=0.2, new_year_share=0.05,
        ),
        Tradition(
            key="ghanaian", share=0.011, female=_female("tw_GH"), male=_male("tw_GH"),
            family=_family("tw_GH"),
            further_share=0.5, new_year_share=0.02,
        ),
        Tradition(
            key="somali", share=0.009, female=_ours(lists.SOMALI_FEMALE), male=_ours(lists.SOMALI_MALE),
            family=_ours(lists.SOMALI_MALE), form=FamilyForm.CHAIN, new_year_share=0.22,
        ),
        Tradition(
            key="eritrean", share=0.006, female=_ours(lists.ERITREAN_FEMALE), male=_ours(lists.ERITREAN_MALE),
            family=_ours(lists.ERITREAN_MALE), form=FamilyForm.PATRONYMIC, new_year_share=0.15,
            abroad_share=0.85,
        ),
    )  # fmt: skip


def _europe() -> tuple[Tradition, ...]:
    return (
        Tradition(
            key="polish", share=0.022, female=_ours(lists.POLISH_FEMALE), male=_male("pl_PL"),
            family=_ours(lists.POLISH_FAMILY), form=FamilyForm.GENDERED, further_share=0.3,
        ),
        Tradition(
            key="romanian", share=0.017, female=_female("ro_RO"), male=_male("ro_RO"),
            family=_ours(lists.ROMANIAN_FAMILY), further_share=0.5, abroad_share=0.85,
        ),
        Tradition(
            key="lithuanian", share=0.006, female=_ours(lists.LITHUANIAN_FEMALE),
            male=_ours(lists.LITHUANIAN_MALE), family=_ours(lists.LITHUANIAN_FAMILY),
            form=FamilyForm.GENDERED,
        ),
        Tradition(
            key="portuguese", share=0.01, female=_female("pt_PT"), male=_male("pt_PT"),
            family=_family("pt_PT"),
            form=FamilyForm.DOUBLE, further_share=0.4,
        ),
        Tradition(
            key="spanish", share=0.006, female=_female("es_ES"), male=_male("es_ES"), family=_family("es_ES"),
            form=FamilyForm.DOUBLE, further_share=0.2,
        ),
        Tradition(
            key="italian", share=0.008, female=_female("it_IT"), male=_male("it_IT"), family=_family("it_IT"),
            further_share=0.1,
        ),
        Tradition(
            key="french", share=0.004, female=_female("fr_FR"), male=_male("fr_FR"), family=_family("fr_FR"),
            further_share=0.4,
        ),
        Tradition(
            key="greek", share=0.005, female=_ours(lists.GREEK_FEMALE), male=_ours(lists.GREEK_MALE),
            family=_ours(lists.GREEK_FAMILY), abroad_share=0.4,
        ),
    )  # fmt: skip


def _middle_east() -> tuple[Tradition, ...]:
    return (
        Tradition(
            key="arabic", share=0.016, female=_ours(lists.ARABIC_FEMALE), male=_ours(lists.ARABIC_MALE),
            family=_ours(lists.ARABIC_FAMILY), further_share=0.3, new_year_share=0.1,
        ),
        Tradition(
            key="turkish", share=0.01, female=_female("tr_TR"), male=_male("tr_TR"),
            family=_ours(lists.TURKISH_FAMILY), further_share=0.1, new_year_share=0.04,
        ),
        Tradition(
            key="afghan", share=0.007, female=_ours(lists.AFGHAN_FEMALE), male=_ours(lists.AFGHAN_MALE),
            family=_ours(lists.AFGHAN_FAMILY), further_share=0.2, new_year_share=0.22, abroad_share=0.9,
        ),
        Tradition(
            key="iranian", share=0.007, female=_ours(lists.IRANIAN_FEMALE), male=_ours(lists.IRANIAN_MALE),
            family=_ours(lists.IRANIAN_FAMILY), new_year_share=0.03, abroad_share=0.8,
        ),
    )  # fmt: skip


def womens_form(family: str) -> str:
    """Return the form a woman bears of a gendered family name; most Polish names have only one form."""
    for ending, hers in (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")):
        if family.endswith(ending):
            return family[: -len(ending)] + hers
    for ending in ("auskas", "evičius", "as", "us", "is"):
        if family.endswith(ending) and len(family) > 5:
            return family[: -len(ending)] + {"auskas": "auskienė", "evičius": "evičienė"}.get(ending, "ienė")
    return family
