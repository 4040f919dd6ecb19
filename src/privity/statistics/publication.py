"""A publication: the figures of one quarter, made once, named by the digest of their own bytes, never changed.

Rules of the module:
- It is computed from the first `ledger_size` entries of a ledger and from nothing else, so an auditor who holds them
  computes the same bytes.
- A request is counted once, in the quarter it was received, under where it stood when the ledger had that size.
- Everything of one publication that shares a total shares a setting: `exact` for a whole nation's figures, `banded` for
  a custodian with small numbers. Banded tables hold no total, no received column and no second partition of the same
  requests, for a sum is all an attacker needs: since format 3 their one partition has a row for each class of request,
  and none for a requester's requests together.
- Nothing cumulative is published, and no quarter twice.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from privity.definitions.day import Calendar
from privity.errors import Mistaken
from privity.ledger.canonical import canonical_object
from privity.statistics.classes import DECIDED, Apart, exactly, in_bands, rates
from privity.statistics.counts import Column
from privity.statistics.debts import DEBT_TERMS
from privity.statistics.quarter import Quarter, read_quarter
from privity.statistics.stories import UNREASONED, Stories, Story
from privity.statistics.suppression import Suppression, shown

FORMAT = 4
"""Of publications made now. Format 1 had fewer events, formats 1 and 2 no classes of request and none that could not be
read, and up to format 3 a request that was taken back was told as answered in time; what was published in them is read
and recomputed as it was."""
_EVENTS_SINCE_2 = (
    "incident-recordable",
    "incident-reportable",
    "incident-wrong-person",
    "incident-reported-late",
    "people-asked",
    "people-answered",
    "protections-changed",
    "letters-forwarded",
    "approaches-refused",
)
EVENTS = {
    1: ("incident-recordable", "incident-reportable", "people-asked", "people-answered", "protections-changed"),
    2: _EVENTS_SINCE_2,
    3: _EVENTS_SINCE_2,
    4: _EVENTS_SINCE_2,
}
"""What else a publication counts, by its format."""
COLUMNS: Mapping[int, Sequence[Column]] = {
    1: tuple(column for column in Column if column is not Column.UNREADABLE),
    2: tuple(column for column in Column if column is not Column.UNREADABLE),
    3: tuple(Column),
    4: tuple(Column),
}
"""Where a request can stand, by the format. What could not be read was sent back, and stood there before format 3."""
MADE_UP = "made-up"
"""The key that a demonstration's figures carry, and no others."""
CLOCK_WORKING_DAYS = 20
"""What timeliness is told against (S1: a tracing request is answered in 20 working days)."""
SETTINGS = (Suppression.EXACT, Suppression.BANDED)
"""The settings a publication can have."""
BY_TERMS, IN_PUBLIC_INTEREST, WITHOUT_AGREEMENT = "terms", "public-interest", "no-agreement"
REASONS = (BY_TERMS, IN_PUBLIC_INTEREST, WITHOUT_AGREEMENT, UNREASONED)
"""Why a request was refused; each refusal has exactly one."""
TERMS: Mapping[str, str] = {
    "received": "requests received in the quarter",
    "rejected": "sent back: incomplete or against procedure; nobody was looked up",
    "refused": "refused by the terms, in the public interest, or because no agreement was in force",
    "traced": "approved, a record found, the answer sealed, be it the data or that a letter was forwarded",
    "untraced": "approved, no record found or none that may be told, the answer sealed",
    "withdrawn": "taken back by the requester",
    "held": "waiting for a suspension to be lifted",
    "open": "not yet decided or not yet answered",
    "in-time": f"answered within {CLOCK_WORKING_DAYS} working days, days spent waiting for the requester left out",
    "late": f"answered after more than {CLOCK_WORKING_DAYS} working days",
    "unanswered": "no answer when the figures were made",
    "trace-rate-per-mille": "traced of traced and untraced, in thousandths",
    "destruction-overdue": "the day to destroy passed and no confirmation had come",
}
TERMS_SINCE_2: Mapping[str, str] = {
    "incident-wrong-person": "incidents in which another person's data stood in an answer, caught or not",
    "incident-reported-late": "incidents that were reported after the fifth working day",
}
TERMS_SINCE_3: Mapping[str, str] = {
    "class": "what a request is for, in the agreement's word; `not-recorded` where the ledger did not say so yet",
    "refusal-rate-per-mille": "refused of refused, traced and untraced, in thousandths",
    "refusal-low-per-mille": "with the high end: Wilson's interval at 95%, or all that bands leave open",
    "apart": "whether a class is surely refused more or less often than the requester's others: a reason to look",
    "unreadable": "sent back: a date, number or word in what was sent could not be read; nobody was looked up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The figures of a quarter as published. `text` is the one spelling whose digest names it."""

    text: bytes
    contents: Mapping[str, object]

    @property
    def sha256(self) -> str:
        """Return the digest it is named by."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def quarter(self) -> Quarter:
        """Return the quarter it is about."""
        return read_quarter(str(self.contents["period"]))

    @property
    def setting(self) -> Suppression:
        """Return how its tables are shown."""
        return Suppression(str(self.contents["setting"]))

    @property
    def ledger_size(self) -> int:
        """Return how many entries it was computed from."""
        return int(str(self.contents["ledger_size"]))

    @property
    def is_made_up(self) -> bool:
        """Return whether it comes from a demonstration."""
        return self.contents.get(MADE_UP) is True

    @property
    def file_name(self) -> str:
        """Return the file it is published as."""
        return f"privity-statistics-{self.quarter.name}-{self.sha256}.json"


def publication(
    stories: Stories,
    quarter: Quarter,
    *,
    origin: str,
    calendar: Calendar,
    setting: Suppression,
    made_as: int = FORMAT,
) -> Publication:
    """Return the publication of a quarter from what the ledger told so far.

    Args:   made_as: the format; an auditor counts again in the format that was published.
    Raises: Mistaken: the setting is none for publications. CalendarEnds: no holidays are known that far ahead.
    """
    if setting not in SETTINGS:
        raise Mistaken(
            "the figures were not published",
            why=f"`{setting.value}` leaves small counts that can be solved for",
            next_step="choose `exact` for a whole nation's figures, or `banded`",
        )
    received = [story for story in stories.cases.values() if quarter.covers(story.received)]
    families = sorted({story.family for story in stories.cases.values()})
    classes = sorted({(story.family, story.purpose) for story in stories.cases.values()}) if made_as > 2 else ()
    rows: list[dict[str, object]] = []
    for name in families:
        asked = [story for story in received if story.family == name]
        parted = [
            (purpose, [story for story in asked if story.purpose == purpose]) for of, purpose in classes if of == name
        ]
        if parted and setting is Suppression.BANDED:
            rows += _by_class(name, parted)
        else:
            row = _row(name, asked, calendar, setting, made_as)
            rows.append({**row, "classes": _classes(parted)} if parted else row)
    terms = {**TERMS, **(TERMS_SINCE_2 if made_as > 1 else {}), **(TERMS_SINCE_3 if made_as > 2 else {})}
    contents: dict[str, object] = {
        "format": made_as,
        "period": quarter.name,
        "first_day": quarter.first.isoformat(),
        "last_day": quarter.last.isoformat(),
        "origin": origin,
        "ledger_size": stories.size,
        "calendar": calendar.name,
        "setting": setting.value,
        "requesters": rows,
        "markers": [
            {"agreement": mark.agreement, "change": mark.change, "effective": mark.effective}
            for mark in stories.markers
        ],
        "events": _events(stories, quarter, setting, EVENTS[made_as]),
    }
    if stories.debts.debts:
        # A custodian that reports none publishes what it always did, byte for byte.
        contents["debts"] = stories.debts.table(quarter, setting)
        terms = {**terms, **DEBT_TERMS}
    if stories.made_up:
        # Only a demonstration says so: its file must not pass for real figures wherever it ends up.
        contents[MADE_UP] = True
        terms = {**terms, MADE_UP: "a demonstration: no such person or request exists"}
    contents["terms"] = terms
    if setting is Suppression.EXACT:
        contents["total"] = _sum(rows, COLUMNS[made_as])
    return Publication(text=canonical_object(contents), contents=contents)


_Parted = Sequence[tuple[str, Sequence[Story]]]
"""The requests of one requester by their class."""


def _by_class(name: str, parted: _Parted) -> list[dict[str, object]]:
    """Return a requester's rows in bands, one for each class: each request stands in one cell of one row."""
    known = [
        in_bands(_refused(stories).values(), (_columns(stories)[one] for one in DECIDED[1:])) for _, stories in parted
    ]
    return [
        {"class": purpose, **_banded_row(name, stories), **rates(known[at], [*known[:at], *known[at + 1 :]])}
        for at, (purpose, stories) in enumerate(parted)
    ]


def _classes(parted: _Parted) -> list[dict[str, object]]:
    """Return the exact counts of each class of a requester's requests."""
    known = [exactly(_columns(stories)) for _, stories in parted]
    return [
        {
            "class": purpose,
            "received": len(stories),
            "outcomes": {column.value: count for column, count in _columns(stories).items()},
            "refusals": _refused(stories),
            **rates(known[at], [*known[:at], *known[at + 1 :]]),
        }
        for at, (purpose, stories) in enumerate(parted)
    ]


def _columns(stories: Iterable[Story], told: Sequence[Column] = tuple(Column)) -> dict[Column, int]:
    counted = Counter(story.column if story.column in told else Column.REJECTED for story in stories)
    return {column: counted[column] for column in told}


def _refused(stories: Iterable[Story]) -> dict[str, int]:
    counted = Counter(_reason(story) for story in stories if story.column is Column.REFUSED)
    return {reason: counted[reason] for reason in REASONS}


def _overdue(stories: Iterable[Story]) -> int:
    return sum(story.overdue and not story.confirmed for story in stories)


def _banded_row(name: str, stories: Sequence[Story], told: Sequence[Column] = tuple(Column)) -> dict[str, object]:
    columns = _columns(stories, told)
    parted = {column.value: count for column, count in columns.items() if column is not Column.REFUSED}
    return {
        "requester": name,
        "outcomes": _shown(parted, Suppression.BANDED),
        "refusals": _shown(_refused(stories), Suppression.BANDED),
        "destruction-overdue": shown(_overdue(stories), Suppression.BANDED),
    }


def told_apart(made: Publication) -> tuple[str, ...]:
    """Return the classes of request that stand apart in a publication, a sentence each; an alarm where there is one."""
    rows = made.contents["requesters"]
    assert isinstance(rows, list)
    found = [
        (row["requester"], part)
        for row in rows
        for part in ([row] if "class" in row else row.get("classes", ()))
        if part["apart"] != Apart.WITH_THE_OTHERS.value
    ]
    return tuple(
        f"{requester}, requests for {part['class'].replace('-', ' ')}: {part['apart'].replace('-', ' ')} "
        f"than its other requests ({made.quarter.name})"
        for requester, part in found
    )


def _row(
    name: str, stories: Sequence[Story], calendar: Calendar, setting: Suppression, made_as: int
) -> dict[str, object]:
    told = COLUMNS[made_as]
    if setting is Suppression.BANDED:
        return _banded_row(name, stories, told)
    columns = _columns(stories, told)
    cited = Counter(clause for story in stories if story.column is Column.REFUSED for clause in story.clauses)
    procedure = Counter(clause for story in stories if story.column is Column.REJECTED for clause in story.clauses)
    traced, answered = columns[Column.TRACED], columns[Column.TRACED] + columns[Column.UNTRACED]
    return {
        "requester": name,
        "received": len(stories),
        "outcomes": {column.value: count for column, count in columns.items()},
        "refusals": _refused(stories),
        "clauses": dict(sorted(cited.items())),
        "procedure": dict(sorted(procedure.items())),
        "timeliness": _timeliness(stories, calendar, made_as),
        "trace-rate-per-mille": (1000 * traced + answered // 2) // answered if answered else None,
        "destruction-overdue": _overdue(stories),
    }


def _reason(story: Story) -> str:
    return story.reason if story.reason in REASONS else UNREASONED


def _timeliness(stories: Iterable[Story], calendar: Calendar, made_as: int) -> dict[str, int]:
    found = {"in-time": 0, "late": 0, "unanswered": 0, **({Column.WITHDRAWN.value: 0} if made_as > 3 else {})}
    for story in stories:
        if story.column is Column.WITHDRAWN and made_as > 3:
            found[Column.WITHDRAWN.value] += 1
            continue
        taken = story.working_days(calendar)
        found["unanswered" if taken is None else "in-time" if taken <= CLOCK_WORKING_DAYS else "late"] += 1
    return found


def _events(stories: Stories, quarter: Quarter, setting: Suppression, kinds: Sequence[str]) -> dict[str, int | str]:
    found = Counter(what for day, what in stories.counted if quarter.covers(day))
    mishaps = [mishap for mishap in stories.incidents if quarter.covers(mishap.opened)]
    found.update(f"incident-{mishap.gravity}" for mishap in mishaps)
    found["incident-wrong-person"] = sum(mishap.wrong_person for mishap in mishaps)
    found["incident-reported-late"] = sum(map(quarter.covers, stories.reported_late))
    exact = {kind: found[kind] for kind in kinds}
    return dict(exact) if setting is Suppression.EXACT else dict(_shown(exact, setting))


def _shown(counts: Mapping[str, int], setting: Suppression) -> dict[str, str]:
    return {name: shown(count, setting) for name, count in counts.items()}


def _sum(rows: Iterable[Mapping[str, object]], told: Sequence[Column]) -> dict[str, object]:
    received, outcomes = 0, Counter[str]()
    for row in rows:
        received += int(str(row["received"]))
        counted = row["outcomes"]
        assert isinstance(counted, dict)
        outcomes.update(counted)
    return {"received": received, "outcomes": {column.value: outcomes[column.value] for column in told}}


def read_publication(text: bytes) -> Publication:
    """Return a publication from its bytes.

    Raises: Mistaken: they are none, or not in their one spelling.
    """
    try:
        contents = json.loads(text)
        spelled = canonical_object(contents) if isinstance(contents, dict) else b""
        read = Publication(text=text, contents=contents)
        known = spelled == text and contents["format"] in EVENTS and read.setting in SETTINGS
        known = known and read.quarter.name == contents["period"] and read.ledger_size >= 0
        known = known and all(isinstance(row["outcomes"], dict) for row in contents["requesters"])
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise _unreadable() from wrong
    if not known:
        raise _unreadable()
    return read


def _unreadable() -> Mistaken:
    return Mistaken(
        "the publication was not read",
        why="its bytes are not those of a publication in its one spelling",
        next_step="fetch the file again, and compare its name with its digest",
    )
