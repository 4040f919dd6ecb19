"""How requesters get particulars wrong, kind by kind. Each kind is made with its own chance, place first.

The chances are ours, set so that about half of all particulars have some error in the name or the date
(docs/reference/synthetic-data.md); no measurement of real requests is public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from numpy.random import Generator

from privity.definitions.person import Gender
from privity.edge.registers.register_csv import LINES
from privity.trace.normalise import name_tokens
from privity.trace.variants import variants


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePerson:
    """One person as they are, before anybody writes them down. `number` is empty for the absent."""

    family: str
    given: str
    other: str
    earlier_family: str
    born: date
    gender: Gender
    postcode: str
    earlier_postcode: str
    lines: tuple[str, ...]
    number: str

    def __repr__(self) -> str:
        return "TruePerson(hidden)"


Fields = dict[str, str]
Error = Callable[[Fields, TruePerson, Generator], None]
"""Changes the fields in place, or leaves them as they are where it does not apply."""

_NEAR_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
_SPELLINGS = (
    ("ee", "i"), ("ou", "u"), ("oo", "u"), ("kh", "k"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("ei", "ey"),
    ("ai", "ay"), ("dd", "d"), ("ss", "s"), ("mm", "m"), ("ll", "l"), ("tt", "t"), ("ah", "a"), ("sh", "ch"),
    ("w", "v"), ("j", "dj"), ("y", "i"), ("u", "ou"), ("i", "ee"), ("f", "ph"), ("k", "c"), ("z", "s"),
)  # fmt: skip


def make_errors(fields: Fields, person: TruePerson, rng: Generator) -> tuple[str, ...]:
    """Make errors in the fields of one person and return their kinds, in the order made."""
    made: list[str] = []
    chances = rng.random(len(_KINDS)).tolist()
    for (kind, chance, error), luck in zip(_KINDS, chances, strict=True):
        if luck < chance:
            before = dict(fields)
            error(fields, person, rng)
            if fields != before:
                made.append(kind)
    return tuple(made)


def _place(fields: Fields, person: TruePerson, rng: Generator) -> None:
    """Leave the place out, or give an earlier or an unrelated one. Few requesters know the present one."""
    luck = rng.random()
    if luck < 0.1:
        return
    fields.update(dict.fromkeys(LINES, ""))
    if luck < 0.2:
        return
    if luck < 0.55 and person.earlier_postcode:
        fields["postcode"] = person.earlier_postcode
    elif luck < 0.8:
        fields["postcode"] = ""
    else:
        letters = [str(rng.choice(list(part))) for part in ("QVX", "ABCDEGHKLMNPRST")]
        fields["postcode"] = f"{''.join(letters)}{rng.integers(1, 13)} {rng.integers(0, 10)}JN"


def _typing_error(text: str, rng: Generator) -> str:
    """Return the text with one letter left out, doubled, exchanged or replaced by a key beside it."""
    if len(text) < 3:
        return text
    place = int(rng.integers(1, len(text) - 1))
    match int(rng.integers(0, 4)):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return text[:place] + text[place] + text[place:]
        case 2:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        case _:
            beside = _NEAR_KEYS.get(text[place].lower(), "e")
            return text[:place] + str(rng.choice(list(beside))) + text[place + 1 :]


def _typing(column: str) -> Error:
    def error(fields: Fields, _person: TruePerson, rng: Generator) -> None:
        fields[column] = _typing_error(fields[column], rng)

    return error


def _other_form(fields: Fields, _person: TruePerson, rng: Generator) -> None:
    """Write a known form of the given name: a short form or another romanisation."""
    known = sorted(variants((name_tokens(fields["given_name"]) or ("",))[0]))
    if known:
        fields["given_name"] = str(rng.choice(known)).capitalize()


def _other_spelling(fields: Fields, _person: TruePerson, rng: Generator) -> None:
    """Romanise a name by other rules."""
    column = "family_name" if rng.random() < 0.5 else "given_name"
    text = fields[column]
    fitting = [pair for pair in _SPELLINGS if pair[0] in text[1:]]
    if fitting:
        spelt, otherwise = fitting[int(rng.integers(0, len(fitting)))]
        fields[column] = text[0] + text[1:].replace(spelt, otherwise, 1)


def _initial(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    fields["given_name"] = fields["given_name"][:1]
    fields["other_given_names"] = ""


def _crossed(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    fields["given_name"], fields["family_name"] = fields["family_name"], fields["given_name"]


def _earlier_family(fields: Fields, person: TruePerson, _rng: Generator) -> None:
    if person.earlier_family:
        fields["family_name"] = person.earlier_family


def _one_of_two(fields: Fields, person: TruePerson, rng: Generator) -> None:
    parts = person.family.replace("-", " ").split()
    if len(parts) > 1:
        fields["family_name"] = str(rng.choice(parts))


def _further_as_given(fields: Fields, person: TruePerson, _rng: Generator) -> None:
    if person.other:
        fields["given_name"], fields["other_given_names"] = person.other, ""


def _all_in_given(fields: Fields, person: TruePerson, _rng: Generator) -> None:
    if person.other:
        fields["given_name"], fields["other_given_names"] = f"{person.given} {person.other}", ""


def _further_in_part(fields: Fields, _person: TruePerson, rng: Generator) -> None:
    """Write the further given names as an initial, or only one of them."""
    words = fields["other_given_names"].split()
    if words:
        one = str(rng.choice(words))
        fields["other_given_names"] = one if len(words) > 1 and rng.random() < 0.5 else one[0]


def _other_gender(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    exchanged = {Gender.FEMALE.value: Gender.MALE.value, Gender.MALE.value: Gender.FEMALE.value}
    fields["gender"] = exchanged.get(fields["gender"], "")


def _plain_letters(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    """Write the names without accents, apostrophes and hyphens, as many forms force one to."""
    for column in ("family_name", "given_name", "other_given_names"):
        words = name_tokens(fields[column])
        if not fields[column].isascii() or not fields[column].replace(" ", "").isalpha():
            fields[column] = " ".join(words).title()


def _capitals(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    for column in ("family_name", "given_name", "other_given_names"):
        fields[column] = fields[column].upper()


def _day_and_month(fields: Fields, person: TruePerson, _rng: Generator) -> None:
    if person.born.day <= 12:
        fields["date_of_birth"] = date(person.born.year, person.born.day, person.born.month).isoformat()


def _digit(fields: Fields, person: TruePerson, rng: Generator) -> None:
    """Change the day by one digit, staying within the month."""
    born = person.born
    day = born.day + int(rng.choice([-10, -1, 1, 10]))
    if 1 <= day <= 28:
        fields["date_of_birth"] = born.replace(day=day).isoformat()


def _year(fields: Fields, person: TruePerson, rng: Generator) -> None:
    year = person.born.year + int(rng.choice([-10, -1, 1, 10]))
    day = min(person.born.day, 28)
    if 1880 <= year <= 2016:
        fields["date_of_birth"] = date(year, person.born.month, day).isoformat()


def _new_year(fields: Fields, person: TruePerson, _rng: Generator) -> None:
    fields["date_of_birth"] = date(person.born.year, 1, 1).isoformat()


def _no_birth(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
    """Leave the date of birth out, where a postcode is left: a name alone is refused before it gets this far."""
    if fields["postcode"]:
        fields["date_of_birth"] = ""


def _without(column: str) -> Error:
    def error(fields: Fields, _person: TruePerson, _rng: Generator) -> None:
        fields[column] = ""

    return error


_KINDS: tuple[tuple[str, float, Error], ...] = (
    ("place unknown, earlier or wrong", 1.0, _place),
    ("earlier family name", 0.4, _earlier_family),
    ("one of two family names", 0.45, _one_of_two),
    ("further name used as given name", 0.03, _further_as_given),
    ("all given names in one column", 0.08, _all_in_given),
    ("known form of the given name", 0.06, _other_form),
    ("another romanisation", 0.08, _other_spelling),
    ("typing error in the family name", 0.05, _typing("family_name")),
    ("typing error in the given name", 0.05, _typing("given_name")),
    ("typing error in a further name", 0.05, _typing("other_given_names")),
    ("further names in part", 0.15, _further_in_part),
    ("initial only", 0.02, _initial),
    ("names exchanged", 0.03, _crossed),
    ("accents, apostrophes and hyphens left out", 0.6, _plain_letters),
    ("capitals", 0.3, _capitals),
    ("day and month exchanged", 0.02, _day_and_month),
    ("wrong digit in the day of birth", 0.02, _digit),
    ("wrong year of birth", 0.02, _year),
    ("1 January for an unknown birthday", 0.04, _new_year),
    ("date of birth missing", 0.02, _no_birth),
    ("wrong gender", 0.005, _other_gender),
    ("gender missing", 0.1, _without("gender")),
)
"""Kind, chance, and the error itself."""
