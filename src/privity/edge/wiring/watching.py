"""Which cases have anything due: all that are not over for good, read in shares so that memory stays small."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from privity.agreement.version import Ladder
from privity.casework.case_file import CaseFile
from privity.casework.dispatch import MOST_ATTEMPTS, TAKEN_BACK, TO_SEND
from privity.casework.instance_records import NoticeRecord
from privity.casework.lifecycle import Status
from privity.casework.ports import Agreements
from privity.casework.watch_clock import Task, TaskKind, tasks
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import State
from privity.edge.store.instance_rows import Notice
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, read_cases

TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Watcher:
    """Reads what the watch clock looks at."""

    store: Store
    agreements: Agreements

    def cases(self) -> Iterator[CaseFile]:
        """Yield every answered case: each may have something due, at the requester or here."""
        return _answered(self.store)

    def tasks(self, now: datetime) -> list[Task]:
        """Return everything that is due: in answered cases, by their agreements, and of notices on their way."""
        ladders: dict[tuple[str, str], Ladder] = {}
        found: list[Task] = []
        for file in self.cases():
            found += tasks(file, now, self._ladder(file, ladders))
        return found + list(_stuck_notices(self.store.alias, civil_day(now)))

    def ladder(self, file: CaseFile) -> Ladder:
        """Return what follows the answer of a case under its agreement."""
        return self._ladder(file, {})

    def _ladder(self, file: CaseFile, known: dict[tuple[str, str], Ladder]) -> Ladder:
        key = (file.family, file.state.version)
        if key not in known:
            known[key] = self.agreements.ladder_of(file.family, file.state.version)
        return known[key]

    def notices_about(self, reference: CaseReference) -> list[NoticeRecord]:
        """Return the corrections and recalls that followed a case's answer."""
        return _notices_about(reference, self.store.alias)


def _stuck_notices(alias: str, today: date) -> Iterator[Task]:
    """Yield the corrections and recalls for a person to look at: refused so often, or taken back and not repeated."""
    notices = Notice.objects.using(alias)
    newest = {(row.about, row.kind): row.reference for row in notices.order_by("sealed_at", "entry")}
    stuck = notices.filter(Q(state__in=TO_SEND, attempts__gte=MOST_ATTEMPTS) | Q(state=TAKEN_BACK)).order_by("entry")
    for row in stuck:
        if row.state == TAKEN_BACK and newest[row.about, row.kind] != row.reference:
            continue  # another of its kind was sealed since
        yield Task(kind=TaskKind.STUCK, case=CaseReference(row.about), organisation=row.organisation, due=today, days=0)


def _answered(store: Store) -> Iterator[CaseFile]:
    closed = [status.value for status in Status if status.is_closed]
    references = list(
        State.objects.using(store.alias).filter(status__in=closed).order_by("entry").values_list("reference", flat=True)
    )
    for start in range(0, len(references), TOGETHER):
        share = [CaseReference(one) for one in references[start : start + TOGETHER]]
        found = read_cases(share, store.alias)
        yield from (found[one] for one in share if one in found)


def _notices_about(reference: CaseReference, alias: str) -> list[NoticeRecord]:
    rows = list(
        Notice.objects.using(alias).filter(about=reference).order_by("entry").values_list("reference", flat=True)
    )
    if not rows:
        return []
    return [one for one in read_rows(NoticeRecord, rows, alias) if isinstance(one, NoticeRecord)]
