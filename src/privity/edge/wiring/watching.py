"""Which cases have anything due: all that are not over for good, read in shares so that memory stays small."""

from collections.abc import Iterator
from dataclasses import dataclass

from privity.casework.case_file import CaseFile
from privity.casework.instance_records import NoticeRecord
from privity.casework.lifecycle import Status
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

    def cases(self) -> Iterator[CaseFile]:
        """Yield every answered case: each may have something due, at the requester or here."""
        return _answered(self.store)

    def notices_about(self, reference: CaseReference) -> list[NoticeRecord]:
        """Return the corrections and recalls that followed a case's answer."""
        return _notices_about(reference, self.store.alias)


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
