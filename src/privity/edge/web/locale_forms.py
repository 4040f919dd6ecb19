"""Numbers, shares, lists, days and hours as the reader's language writes them, from the Unicode locale data of Babel.

Rules of the module:
- English is written as the design system says: `8,127`, `0.28%`, `9 May 2018`, `11:02am`.
- What a translator wrote (the months, how a day is put together) goes before what the locale data say.
- A language that the locale data do not know is written as English is: a page is never lost over a comma.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, to_locale

from privity.definitions.day import LONDON, civil_day
from privity.definitions.language import A_DAY, A_MONTH, ENGLISH, MONTHS, spoken_day, spoken_month

RATE = re.compile(r"[0-9]{1,3}\.[0-9]%")
AM, PM = "%(hour)s:%(minute)sam", "%(hour)s:%(minute)spm"
SENTENCES = (A_DAY, A_MONTH, *MONTHS, AM, PM)
"""What a translator may write otherwise than the locale data."""


@cache
def locale_of(code: str) -> Locale:
    """Return the locale data of a language; those of British English where there are none."""
    try:
        return Locale.parse(to_locale(code))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _here() -> Locale:
    return locale_of(get_language() or ENGLISH)


def _is_english() -> bool:
    return _here().language == "en"


def say(sentence: str) -> str:
    """Return a sentence as the translator has it; a month that nobody translated, as the locale data have it."""
    said = gettext(sentence)
    if said != sentence or _is_english() or sentence not in MONTHS:
        return said
    return str(get_month_names("wide", "format", _here())[MONTHS.index(sentence) + 1])


def say_many(singular: str, plural: str, count: int) -> str:
    """Return a sentence about a number of things in the plural form that number takes in the reader's language."""
    return ngettext(singular, plural, count)


def day(value: date | None) -> str:
    """Return a day as `9 May 2018`, or nothing."""
    if not value:
        return ""
    if _is_english() or gettext(A_DAY) != A_DAY:
        return spoken_day(value, say)
    return format_date(value, "long", _here())


def iso_day(written: str) -> str:
    """Return a day that a record keeps as `2018-05-09`, the way people write it, or nothing."""
    return day(date.fromisoformat(written[:10])) if written else ""


def month(period: str) -> str:
    """Return a month that a record keeps as `2018-05`, the way people write it: `May 2018`."""
    first = date.fromisoformat(f"{period}-01")
    if _is_english() or gettext(A_MONTH) != A_MONTH:
        return spoken_month(first, say)
    return format_skeleton("yMMMM", first, locale=_here())


def moment(value: datetime) -> str:
    """Return a moment as `9 May 2018 at 11:02am`, in London."""
    local = value.astimezone(LONDON)
    parts = {"hour": str(local.hour % 12 or 12), "minute": f"{local:%M}"}
    pattern = AM if local.hour < 12 else PM
    if _is_english() or gettext(pattern) != pattern:
        clock = gettext(pattern) % parts
    else:
        clock = format_time(local.time(), "short", locale=_here())
    return gettext("%(day)s at %(time)s") % {"day": day(civil_day(value)), "time": clock}


def number(value: float) -> str:
    """Return a number with its thousands apart: `8,127`."""
    return format_decimal(value, locale=_here())


def figure(text: str) -> str:
    """Return a published count or rate as it is written; anything else (a band of ten) stays as it was published."""
    if text.isascii() and text.isdigit():
        return number(int(text))
    return percent(float(text[:-1]) / 100) if RATE.fullmatch(text) else text


def decimal(value: float, digits: int = 1, sign: bool = False) -> str:
    """Return a number with so many digits behind the point: `2.4`; with a sign before it where that is wanted."""
    places = "0" * digits
    pattern = f"#,##0.{places}" if places else "#,##0"
    text = format_decimal(value, format=f"+{pattern};-{pattern}" if sign else pattern, locale=_here())
    return f"\u2066{text}\u2069" if sign and get_language_bidi() else text


def percent(share: float, digits: int = 1) -> str:
    """Return a share of one as `28.4%`."""
    places = "0" * digits
    pattern = _here().percent_formats[None].pattern.replace("0", f"0.{places}") if places else None
    return format_percent(share, format=pattern, locale=_here())


def listed(words: Iterable[object]) -> str:
    """Return words one after another, with what the language puts between them: `a, b and c`."""
    here = _here()
    complete = {"start", "middle", "end", "2"} <= set(here.list_patterns.get("standard", ()))
    return format_list([str(word) for word in words], locale=here if complete else locale_of(ENGLISH))
