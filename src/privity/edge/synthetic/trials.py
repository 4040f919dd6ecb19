"""A synthetic register with particulars of known truth, from two seeds: what models are tried on.

Rules of the room:
- The same numbers give the same trial, on every machine with the same library versions.
- Training, certifying and trying take different seeds of people as well as of particulars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from privity.definitions.person import Gender, Particulars, PersonId
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.households import AS_OF
from privity.edge.synthetic.particulars import draw
from privity.edge.synthetic.people import SyntheticPopulation, generate

ABSENT_SHARE = 0.21
"""Of people asked for. Source: S1: of the Home Office's requests traced or not, 1,583 of 7,437 were not."""
CERTIFIED_ABSENT_SHARE = 0.45
"""What is certified for, so that requesters who look for more absent people together stay within it."""
CHILD_SHARE = 0.05
_AT_ONCE = 20_000
Traits = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How many people with which seed, and how many particulars with which seed."""

    people: int
    people_seed: int
    labels: int
    label_seed: int
    absent_share: float = ABSENT_SHARE
    child_share: float = CHILD_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Particulars, whose they are (None: nobody's in the register), and groups for evaluation."""

    particulars: Particulars
    truth: PersonId | None
    traits: Traits

    def __repr__(self) -> str:
        return "Asked(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A register and the particulars to trace in it, drawn a piece at a time."""

    register: SqliteRegister
    design: Design
    _drawn: Iterator[Asked]

    def asked(self) -> Iterator[Asked]:
        """Yield the particulars, once."""
        return self._drawn


def make_trial(design: Design, path: Path) -> Trial:
    """Write the synthetic register of a design to `path` and return the trial on it."""
    population = generate(design.people, design.people_seed)
    build(population, path)
    return Trial(register=SqliteRegister.open(path), design=design, _drawn=drawn(population, design))


def drawn(population: SyntheticPopulation, design: Design) -> Iterator[Asked]:
    """Yield the particulars of a design, a piece at a time."""
    for start in range(0, design.labels, _AT_ONCE):
        count = min(_AT_ONCE, design.labels - start)
        seed = design.label_seed * 1_000 + start // _AT_ONCE
        for one in draw(population, count, seed, design.absent_share, design.child_share):
            yield Asked(
                particulars=read_fields(one.fields),
                truth=PersonId(int(one.truth)) if one.truth else None,
                traits=(("name origin", one.origin), *traits_of(one.gender, one.born)),
            )


def traits_of(gender: Gender, born: date | None) -> Traits:
    """Return the groups of a person: gender and age band, their own where they are known, else as stated.

    A wrong year makes nobody a child: who was written down as one is judged among those of their own age.
    """
    of_gender: Traits = (("gender", gender.value),)
    return (*of_gender, ("age", age_band(born, AS_OF))) if born else of_gender


def age_band(born: date, on: date) -> str:
    """Return the age band on a day, ten years wide."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if age < 16:
        return "under 16"
    for first, last in ((16, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74)):
        if age <= last:
            return f"{first} to {last}"
    return "75 and over"
