"""Places that do not exist: areas, towns, streets, postcodes and practices.

No postcode area of the United Kingdom begins with Q, V or X, so no synthetic person lives at a real address.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from privity.edge.synthetic.households import Rows

_AREAS = [first + second for first in "QVX" for second in "ABCDEGHKLMNPRST"]
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_TOWN_STARTS = "Quay Vale Xan Vin Quern Veld Vix Quin Vesper Quill Vane Quarr Vick Quest Varn"
_TOWN_ENDINGS = ("ford", "bridge", "minster")
_STREETS = """
Acacia Beech Cedar Chapel Church Station Mill Victoria Albert Park Queens Kings Manor Meadow Orchard School
Spring Windmill York Bridge Canal Castle Cross Elm Forge Garden Grange Green Grove Hawthorn High Holly Ivy
Laurel Lime London Maple Market New North Oak Old Poplar Priory Quarry Railway River Rose Sandy South Tower
Union Warren Willow
"""
_WAYS = ("Road", "Street", "Avenue", "Lane", "Close", "Drive", "Gardens", "Terrace", "Crescent", "Way")
_HOUSEHOLDS_A_POSTCODE = 9
_PRACTICES_AN_AREA = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Postcodes, each with a street, a town and an area. Number 0 of `postcodes` is the empty text.

    `area_starts` says where the postcodes of each area begin, from number 1 on; one more ends the last.
    """

    postcodes: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    area: Rows
    area_starts: Rows
    practices: tuple[str, ...]


def lay_out(households: int, rng: Generator) -> Places:
    """Return places enough for so many households."""
    wanted = max(len(_AREAS) * 4, households // _HOUSEHOLDS_A_POSTCODE)
    sizes = rng.dirichlet(np.full(len(_AREAS), 3.0))
    area = np.sort(rng.choice(len(_AREAS), wanted, p=sizes))
    streets = [f"{name} {way}" for name in _STREETS.split() for way in _WAYS]
    drawn = rng.integers(0, len(streets), wanted).tolist()
    towns = [start + ending for ending in _TOWN_ENDINGS for start in _TOWN_STARTS.split()]
    return Places(
        postcodes=("", *_postcodes(area, rng)),
        streets=("", *(streets[number] for number in drawn)),
        towns=("", *(towns[number] for number in area.tolist())),
        area=np.concatenate([[-1], area]),
        area_starts=np.searchsorted(area, np.arange(len(_AREAS) + 1)) + 1,
        practices=("", *(f"Z{80_000 + number}" for number in range(len(_AREAS) * _PRACTICES_AN_AREA))),
    )


def _postcodes(area: Rows, rng: Generator) -> list[str]:
    """Return a postcode for each row, no two alike."""
    found: dict[str, None] = {}
    for number in area.tolist():
        while True:
            district, sector, first, second = rng.integers(0, (12, 10, len(_INWARD), len(_INWARD))).tolist()
            postcode = f"{_AREAS[number]}{district + 1} {sector}{_INWARD[first]}{_INWARD[second]}"
            if postcode not in found:
                found[postcode] = None
                break
    return list(found)


def settle_places(places: Places, tradition: Rows, traditions: int, rng: Generator) -> Rows:
    """Return a postcode number for each household; those of one tradition live closer together."""
    areas = len(_AREAS)
    sizes = np.diff(places.area_starts)
    chosen = np.zeros(len(tradition), np.int64)
    for number in range(traditions):
        rows = np.flatnonzero(tradition == number)
        leaning = rng.dirichlet(np.full(areas, 0.35 if number else 3.0)) * (sizes > 0)
        area = rng.choice(areas, len(rows), p=leaning / leaning.sum())
        within = (rng.random(len(rows)) * sizes[area]).astype(np.int64)
        chosen[rows] = places.area_starts[area] + within
    return chosen


def practices_of(places: Places, postcode: Rows, rng: Generator) -> Rows:
    """Return a practice number for each person, in the area of their postcode."""
    within = rng.integers(0, _PRACTICES_AN_AREA, len(postcode))
    return np.asarray(1 + places.area[postcode] * _PRACTICES_AN_AREA + within, np.int64)


def address_lines(places: Places, postcode: Rows, rng: Generator) -> NDArray[np.object_]:
    """Return address lines, joined by line feeds, at each postcode."""
    houses = rng.integers(1, 60, len(postcode)).tolist()
    flats = np.where(rng.random(len(postcode)) < 0.2, rng.integers(1, 30, len(postcode)), 0).tolist()
    lines = []
    for number, house, flat in zip(postcode.tolist(), houses, flats, strict=True):
        street = f"{house} {places.streets[number]}"
        first = f"Flat {flat}, {street}" if flat else street
        lines.append(f"{first}\n{places.towns[number]}")
    return np.array(lines, np.object_)
