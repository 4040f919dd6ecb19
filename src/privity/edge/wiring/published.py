"""The agreements this gateway has published: what is enforced is what was published, byte for byte.

A family's files are kept by their digest when a version or instrument of it is published. What governs is found
among what had been published by then; a file on disk that nobody published governs nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.db import connection

from privity.agreement.in_force import Governing, NoAgreement, NoAgreementReason, governing
from privity.agreement.reading import read_family
from privity.agreement.version import OUR_LADDER, Family, InstrumentKind, Ladder, Version, VersionState
from privity.agreement.vocabulary import request_form
from privity.casework.holidays import overlaid
from privity.casework.instance_records import HolidayRecord
from privity.casework.record import canonical, read_moment
from privity.definitions.day import Calendar
from privity.definitions.reference import AgreementFamily, VersionName
from privity.edge.settings.calendars import read_calendar
from privity.edge.store.instance_rows import Publication, PublishedFile
from privity.edge.store.tables import read_rows
from privity.errors import Mistaken
from privity.request.form import RequestForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published name of a family, and since when it is."""

    name: str
    kind: str
    at: datetime


@dataclass(slots=True)
class PublishedAgreements:
    """Reads publications anew whenever there are more of them, so that a suspension binds at once."""

    calendars: Path
    _count: int = -1
    _families: dict[str, Family] = field(default_factory=dict)
    _files: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _published: dict[str, list[Published]] = field(default_factory=dict)
    _read: dict[str, str] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)
    _mark: tuple[int, int] = (-1, -1)

    def governing(self, family: AgreementFamily, at: datetime) -> Governing:
        """Return what governs a family at a moment, among what had been published by then."""
        self._refresh()
        known = self._families.get(family)
        if known is None:
            return NoAgreement(family=family, reason=NoAgreementReason.NOT_YET, since=None, last_version=None)
        names = {published.name: published.at for published in self._published[family] if published.at <= at}
        visible = replace(
            known,
            versions=tuple(version for version in known.versions if version.name in names),
            # An instrument may reach back; what is known here of it is known from its publication on.
            instruments=tuple(
                replace(act, recorded_at=max(act.known_at, names[act.name]))
                for act in known.instruments
                if act.name in names
            ),
        )
        return governing(visible, at)

    def families(self) -> Mapping[str, Family]:
        """Return every family of which anything is published."""
        self._refresh()
        return dict(self._families)

    def published(self, family: str) -> tuple[Published, ...]:
        """Return what has been published of a family, in that order."""
        self._refresh()
        return tuple(self._published.get(family, ()))

    def files(self, family: str) -> Mapping[str, str]:
        """Return a family's files as they were published last; nothing where none are."""
        self._refresh()
        return self._files.get(family, {})

    def announced(self, family: str, at: datetime) -> tuple[Version, ...]:
        """Return the criteria announced by a moment and overtaken neither by a text nor by the end of the terms."""
        self._refresh()
        known = self._families.get(family)
        if known is None:
            return ()
        names = {published.name for published in self._published[family] if published.at <= at}
        seen = [version for version in known.versions if version.name in names and version.effective_from <= at]
        texts = [version.effective_from for version in seen if version.state is VersionState.WRITTEN]
        ends = [
            act.effective_from
            for act in known.instruments
            if act.kind is InstrumentKind.WITHDRAWAL and act.name in names and act.binds(at)
        ]
        overtaken = max([*texts, *ends], default=None)
        return tuple(
            version
            for version in seen
            if version.state is VersionState.ANNOUNCED and (overtaken is None or version.effective_from > overtaken)
        )

    def version(self, family: str, name: str) -> Version:
        """Return a published version.

        Raises: Mistaken: no such version is published.
        """
        self._refresh()
        known = self._families.get(family)
        found = known.version(VersionName(name)) if known else None
        if found is None or name not in {published.name for published in self._published[family]}:
            raise Mistaken(
                "the version was not found",
                why="no version of that name has been published here",
                next_step="look at the list of agreements",
            )
        return found

    def numbers(self, version: str) -> Mapping[str, str]:
        """Return the numbers that a version's text gives its clauses, by their names.

        Args: version: as `family@name`; nothing has numbers under no version.
        """
        family, _at, name = version.partition("@")
        return {clause.name: clause.number for clause in self.version(family, name).clauses} if name else {}

    def form(self, family: AgreementFamily) -> RequestForm:
        """Return the request form of a family.

        Raises: Mistaken: no such family is published.
        """
        self._refresh()
        if family not in self._families:
            raise Mistaken(
                "the request was not taken",
                why=f"no agreement `{family}` has been published here",
                next_step="ask the custodian under which agreement to send it",
            )
        return request_form(self._families[family].vocabulary)

    def calendar(self, name: str) -> Calendar:
        """Return a calendar by its name.

        Raises: Unavailable: no such list is loaded.
        """
        mark = self._proclaimed_mark()
        if mark != self._mark:
            self._calendars, self._mark = {}, mark
        if name not in self._calendars:
            kept = read_rows(HolidayRecord, [name], "default")
            late = [one for one in kept if isinstance(one, HolidayRecord)]
            self._calendars[name] = overlaid(read_calendar(self.calendars, name), late)
        return self._calendars[name]

    def calendar_of(self, family: AgreementFamily, version: str) -> Calendar:
        """Return the calendar that a version (`family@name`) counts its days by.

        Raises: Mistaken: no such version is published.
        """
        return self.calendar(self.version(family, version.partition("@")[2]).clock.calendar)

    def ladder_of(self, family: AgreementFamily, version: str) -> Ladder:
        """Return what follows an answer under a version (`family@name`), or under none where nothing governed.

        Raises: Mistaken: no such version is published.
        """
        return self.version(family, version.partition("@")[2]).retention.ladder if version else OUR_LADDER

    def keep(self, files: Mapping[str, str]) -> str:
        """Keep a family's files by their digest, as they are about to be published, and return it."""
        text = canonical(dict(files))
        digest = hashlib.sha256(text.encode()).hexdigest()
        PublishedFile.objects.get_or_create(sha256=digest, defaults={"files": text})
        return digest

    def publications(self, family: str) -> int:
        """Return how many versions and instruments of a family have been published."""
        return Publication.objects.filter(reference=family).count()

    def _proclaimed_mark(self) -> tuple[int, int]:
        """Return what changes whenever a bank holiday is proclaimed or taken back, by whichever process."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*), COALESCE(MAX(entry), -1) FROM holiday")
            count, newest = cursor.fetchone()
        return int(count), int(newest)

    def _refresh(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM publication")
            (count,) = cursor.fetchone()
        if count == self._count:
            return
        published: dict[str, list[Published]] = {}
        newest: dict[str, str] = {}
        for row in Publication.objects.order_by("id"):
            published.setdefault(row.reference, []).append(
                Published(name=row.name, kind=row.kind, at=read_moment(row.at))
            )
            newest[row.reference] = row.sha256
        kept = dict(PublishedFile.objects.filter(sha256__in=newest.values()).values_list("sha256", "files"))
        for family, sha in newest.items():
            if self._read.get(family) != sha:
                self._files[family] = json.loads(kept[sha])
                self._families[family] = read_family(self._files[family])
                self._read[family] = sha
        self._published, self._count = published, count
