"""The shipped agreements as an act asks for them, with suspensions and withdrawals laid over them at will."""

from dataclasses import replace
from datetime import datetime

from privity.agreement.in_force import Governing, NoAgreement, NoAgreementReason, governing
from privity.agreement.version import OUR_LADDER, Family, InstrumentKind, Ladder
from privity.agreement.vocabulary import request_form
from privity.definitions.day import Calendar
from privity.definitions.reference import AgreementFamily, Slug, VersionName
from privity.edge.settings.calendars import read_calendar
from privity.edge.settings.shelf import default_shelf
from privity.errors import Mistaken
from privity.request.form import RequestForm
from tests.fakes.agreements import FAMILIES, shipped


class ShelfAgreements:
    """Every shipped family, published from the start."""

    def __init__(self) -> None:
        self.families: dict[str, Family] = {name: shipped(name) for name in FAMILIES}

    def lay(self, kind: InstrumentKind, family: str, since: datetime, until: datetime | None = None) -> None:
        """Lay a queue or a withdrawal over a family."""
        known = self.families[family]
        queue = next(act for act in shipped("home-office").instruments if act.kind is InstrumentKind.QUEUE)
        act = replace(
            queue,
            family=known.name,
            name=Slug(f"{since:%Y-%m-%d}-{kind.value}"),
            kind=kind,
            title=f"{kind.value} of {since:%d %B %Y}",
            effective_from=since,
            lifted_at=until,
        )
        laid = sorted((*known.instruments, act), key=lambda each: each.effective_from)
        self.families[family] = replace(known, instruments=tuple(laid))

    def governing(self, family: AgreementFamily, at: datetime) -> Governing:
        if family not in self.families:
            return NoAgreement(family=family, reason=NoAgreementReason.NOT_YET, since=None, last_version=None)
        return governing(self.families[family], at)

    def form(self, family: AgreementFamily) -> RequestForm:
        return request_form(self.families[family].vocabulary)

    def calendar(self, name: str) -> Calendar:
        return read_calendar(default_shelf() / "calendars", name)

    def calendar_of(self, family: AgreementFamily, version: str) -> Calendar:
        found = self.families[family].version(VersionName(version.partition("@")[2]))
        if found is None:
            raise Mistaken("the version was not found", why="no such version", next_step="look again")
        return self.calendar(found.clock.calendar)

    def ladder_of(self, family: AgreementFamily, version: str) -> Ladder:
        found = self.families[family].version(VersionName(version.partition("@")[2])) if version else None
        return found.retention.ladder if found else OUR_LADDER
