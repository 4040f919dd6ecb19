"""Made-up worlds of requests, the ledgers they would leave, and the publications counted from those."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random

from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.counts import Column
from privity.statistics.publication import REASONS, Publication, publication
from privity.statistics.quarter import Quarter, quarter_of
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression
from tests.fakes.calendars import ENGLAND

FAMILIES = ("coroner", "home-office", "police")
PURPOSES = {
    "coroner": ("next-of-kin", "primary-care-provider"),
    "home-office": ("immigration-offence", "public-security", "serious-crime", "welfare"),
    "police": ("criminal-investigation",),
}
"""What requests are for, by family: one class, a few, and many small ones."""
QUARTERS = tuple(Quarter(year=year, number=number) for year in (2016, 2017) for number in (1, 2, 3, 4))
STATUS_OF = {
    Column.REJECTED: "returned",
    Column.UNREADABLE: "unreadable",
    Column.REFUSED: "refused",
    Column.TRACED: "sent",
    Column.UNTRACED: "untraced",
    Column.WITHDRAWN: "withdrawn",
    Column.HELD: "held",
    Column.OPEN: "received",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """One request of a made-up world."""

    family: str
    received: date
    column: Column
    reason: str = ""
    days: int = 3
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """All requests of two years."""

    requests: tuple[MadeUp, ...]

    def counts(self, quarter: Quarter, family: str, purpose: str = "") -> dict[str, Counter[str]]:
        """Return the true counts, by outcome and by reason for refusal; of one class where it is named."""
        inside = [
            each
            for each in self.requests
            if each.family == family and quarter.covers(each.received) and purpose in ("", each.purpose)
        ]
        return {
            "outcomes": Counter(each.column.value for each in inside),
            "refusals": Counter(each.reason for each in inside if each.column is Column.REFUSED),
        }


def a_world(rng: Random) -> World:
    """Return two years of requests in which most cells are small."""
    made = []
    for quarter in QUARTERS:
        for family in FAMILIES:
            for _ in range(rng.choice((5, 20, 45))):
                column = rng.choice(tuple(Column))
                day = quarter.first + timedelta(days=rng.randrange(80))
                reason = rng.choice(REASONS[:3]) if column is Column.REFUSED else ""
                purpose, days = rng.choice(PURPOSES[family]), rng.randrange(1, 40)
                made.append(
                    MadeUp(family=family, received=day, column=column, reason=reason, days=days, purpose=purpose)
                )
    return World(tuple(sorted(made, key=lambda each: each.received)))


def ledger_of(world: World, seed: int) -> list[Entry]:
    """Return the entries such a world leaves, two or three a request, in order."""
    entries = []
    for number, each in enumerate(world.requests):
        kid = sha256(f"{seed}/{number}".encode()).hexdigest()
        opened = datetime(each.received.year, each.received.month, each.received.day, 9, tzinfo=UTC)
        facts = {"family": each.family, "received": each.received.isoformat(), "status": "received"}
        if each.purpose:
            facts["purpose"] = each.purpose
        entries.append(_entry(EntryKind.CASE_OPENED, opened, kid, facts))
        outcome = f"refused-{each.reason}" if each.reason else ""
        later = opened + timedelta(days=each.days)
        facts = {"status": STATUS_OF[each.column]}
        entries.append(_entry(EntryKind.CASE_ASSESSED, later, kid, facts, outcome))
    return sorted(entries, key=lambda entry: entry.at)


def published_quarters(
    entries: Sequence[Entry], setting: Suppression, *, origin: str = "privity.example/ledger"
) -> list[Publication]:
    """Return every quarter of a ledger as it would be published after its end."""
    stories = Stories().see(entries)
    wanted = sorted({quarter_of(story.received) for story in stories.cases.values()})
    return [publication(stories, each, origin=origin, calendar=ENGLAND, setting=setting) for each in wanted]


def _entry(kind: EntryKind, at: datetime, kid: str, facts: dict[str, str], outcome: str = "") -> Entry:
    eid = sha256(f"{kid}/{kind}".encode()).digest()[:16]
    return Entry(kind=kind, at=at, eid=eid, case=kid, outcome=outcome, facts=facts)
