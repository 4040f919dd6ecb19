"""Saying the same sentence in another language.

Rules of the module:
- A sentence is written once, in English, with `%(name)s` where something is filled in. A translation has the same ones.
- What nobody translated stays as it is: half a letter in English is better than a hole in it.
- The words of agreements are not translated here: they are what the parties agreed. A translation of a whole version,
  for reading, lies beside it (`agreement.translated`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Translate = Callable[[str], str]
"""Returns a sentence in the reader's language; what nobody translated stays as it is."""
ENGLISH = "en-gb"
"""The language everything is written in first."""
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
A_DAY, A_MONTH = "%(day)s %(month)s %(year)s", "%(month)s %(year)s"
SENTENCES = (*MONTHS, A_DAY, A_MONTH)
"""What a translator translates of it."""
_PLACE = re.compile(r"%\((\w+)\)s")


def as_written(sentence: str) -> str:
    """Return a sentence as it is."""
    return sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language, and how a sentence is said in it."""

    code: str = ENGLISH
    say: Translate = as_written

    @property
    def direction(self) -> str:
        """Return `rtl` where the language is written from right to left, else `ltr`."""
        return "rtl" if self.code.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


IN_ENGLISH = Tongue()


def spoken_day(day: date, say: Translate) -> str:
    """Return a day as `9 May 2018`, in the reader's language."""
    return say(A_DAY) % {"day": str(day.day), "month": say(MONTHS[day.month - 1]), "year": str(day.year)}


def spoken_month(month: date, say: Translate) -> str:
    """Return the month a day lies in as `May 2018`, in the reader's language."""
    return say(A_MONTH) % {"month": say(MONTHS[month.month - 1]), "year": str(month.year)}


def places(sentence: str) -> tuple[str, ...]:
    """Return what is filled into a sentence, in the order of the names."""
    return tuple(sorted(_PLACE.findall(sentence)))


def is_translation(sentence: str, translated: str) -> bool:
    """Return whether a translation is filled in with what its sentence is, and with nothing else."""
    bare = _PLACE.sub("", translated)
    return places(sentence) == places(translated) and ("%" not in bare.replace("%%", "") or not places(sentence))


def pattern_of(sentence: str) -> re.Pattern[str]:
    """Return what recognises a sentence that has been filled in, and what it was filled in with, by name."""
    parts, at, known = [], 0, set[str]()
    for found in _PLACE.finditer(sentence):
        place = f"(?P={found[1]})" if found[1] in known else f"(?P<{found[1]}>.+?)"
        parts += [re.escape(sentence[at : found.start()]), place]
        known.add(found[1])
        at = found.end()
    return re.compile("".join([*parts, re.escape(sentence[at:])]), re.DOTALL)
