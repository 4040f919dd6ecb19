"""The shipped calendars, and the same holidays as an independent package lists them."""

from collections.abc import Mapping
from datetime import date, timedelta

import holidays as published

from privity.edge.settings.calendars import read_calendar
from privity.edge.settings.shelf import default_shelf

ENGLAND = read_calendar(default_shelf() / "calendars", "england-and-wales")
UNITED_KINGDOM = read_calendar(default_shelf() / "calendars", "any-part-of-the-uk")
PARTS = {ENGLAND.name: ("ENG", "WLS"), UNITED_KINGDOM.name: ("ENG", "WLS", "SCT", "NIR")}


def independent_holidays(name: str) -> Mapping[date, str]:
    """Return the weekdays that the independent package calls holidays in any of a calendar's parts."""
    found: dict[date, str] = {}
    for part in PARTS[name]:
        found |= published.country_holidays(
            "GB", subdiv=part, years=range(ENGLAND.first.year, ENGLAND.last.year + 1)
        ).items()
    return {day: title for day, title in found.items() if day.weekday() < 5}


INDEPENDENT = {name: frozenset(independent_holidays(name)) for name in PARTS}


def naive_due(received: date, name: str, working_days: int) -> date:
    """Return the due date by walking from day to day, with nothing of the product but the calendar's name."""
    day = received
    while working_days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in INDEPENDENT[name]:
            working_days -= 1
    return day
