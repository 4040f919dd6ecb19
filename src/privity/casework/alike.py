"""Whose reasons on one question are nearly word for word those of somebody else.

Rules of the module:
- It refuses nothing and counts for nothing: two people may honestly agree, and say so in the same words. It is for
  whoever reads the reasons, and for the sample that the guardian reads.
- Whoever calls it sees to blindness: it is given only views that its reader may read beside each other.
- Compared are different people on the same question under the same version. What one person wrote in other cases is
  left alone: questions come again, and so may honest words (decision 125).

Source: domain.md 7 (GMC: empty or copied rationales).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from privity.casework.debt_records import DebtViewRecord
from privity.casework.records import DeterminationRecord
from privity.definitions.party import StaffId
from privity.judgement.public_interest import looks_copied

View = TypeVar("View", DeterminationRecord, DebtViewRecord)


def alike_views(views: Sequence[DeterminationRecord]) -> Mapping[int, tuple[StaffId, ...]]:
    """Return, by the number of each view of one case, whose reasons on the same question it nearly repeats."""
    return _alike(views, lambda view: (view.stage, view.question, view.version))


def alike_debt_views(views: Sequence[DebtViewRecord]) -> Mapping[int, tuple[StaffId, ...]]:
    """Return, by the number of each view on one debt, whose reasons on the same question it nearly repeats."""
    return _alike(views, lambda view: (view.question, view.version, view.about))


def cases_alike(views: Iterable[DeterminationRecord]) -> frozenset[str]:
    """Return the references of the cases in which somebody's reasons nearly repeat somebody else's."""
    of_case: dict[str, list[DeterminationRecord]] = {}
    for view in views:
        of_case.setdefault(view.reference, []).append(view)
    return frozenset(reference for reference, given in of_case.items() if any(alike_views(given).values()))


def _alike(views: Sequence[View], matter: Callable[[View], Hashable]) -> Mapping[int, tuple[StaffId, ...]]:
    return {
        view.number: tuple(
            StaffId(other.staff_id)
            for other in views
            if other.staff_id != view.staff_id
            and matter(other) == matter(view)
            and looks_copied(view.reasons, other.reasons)
        )
        for view in views
    }
