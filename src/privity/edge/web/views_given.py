"""Which views on a case one person may read: their own, and everybody's once a question has both.

INVARIANT: while an officer's view waits for the second, nobody but its author is shown it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from privity.casework.alike import alike_views
from privity.casework.case_file import CaseFile
from privity.casework.judge import SOMEBODY_ELSE
from privity.casework.record import read_moment
from privity.casework.records import DeterminationRecord
from privity.definitions.party import Role, StaffId
from privity.disclosure.safety import GUARDIANS_ONLY, Concern, SafetyAnswer, SafetyQuestion
from privity.judgement.determination import Stage
from privity.judgement.public_interest import Factor
from privity.judgement.two_officers import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenView:
    """One person's recorded view. `staff_id` names the officer, never the person sought.

    `alike` are those whose reasons on the same question these nearly repeat, word for word.
    """

    stage: Stage
    question: str
    staff_id: StaffId
    role: Role
    at: datetime
    answer: bool
    reasons: str
    factors: tuple[str, ...]
    alike: tuple[StaffId, ...] = ()
    counts: bool = True
    """Whether it is on what the newest trace found; what was said of earlier candidates is shown and counts no more."""

    def __repr__(self) -> str:
        return f"GivenView({self.stage}, {self.question})"


def readable_views(file: CaseFile, reader: StaffId) -> tuple[GivenView, ...]:
    """Return the recorded views this reader may see, in the order they were given."""
    open_to_all = [record for record in file.determinations if not _is_waiting(file, record)]
    alike = alike_views(open_to_all)
    return tuple(
        _given(file, record, alike.get(record.number, ()))
        for record in file.determinations
        if record.staff_id == reader or record in open_to_all
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenScreen:
    """One safety screen as the case page shows it; `doubts` are the questions that had no plain no."""

    staff_id: StaffId
    role: Role
    at: datetime
    course: str
    concerns: tuple[str, ...]
    doubts: tuple[str, ...]
    reasons: str

    def __repr__(self) -> str:
        return f"TakenScreen({self.course})"


def taken_screens(file: CaseFile, reader: Role) -> tuple[TakenScreen, ...]:
    """Return the safety screens of a case, oldest first; what is the guardian's to know is shown to the guardian."""
    return tuple(
        TakenScreen(
            staff_id=StaffId(record.staff_id),
            role=Role(record.role),
            at=read_moment(record.at),
            course=record.course,
            concerns=tuple(
                Concern(name).words
                for name in json.loads(record.concerns)
                if reader is Role.GUARDIAN or Concern(name) not in GUARDIANS_ONLY
            ),
            doubts=tuple(
                SafetyQuestion(name).words
                for name, answer in json.loads(record.answers).items()
                if answer != SafetyAnswer.NO.value
            ),
            reasons=record.reasons,
        )
        for record in file.screens
    )


def _is_waiting(file: CaseFile, record: DeterminationRecord) -> bool:
    """Return whether the question a view is on waits for somebody; a view on an earlier trace waits with the new ones.

    It counts no more, and would still tell whoever judges next how its author leans.
    """
    return isinstance(file.consulted(Stage(record.stage), record.question, record.version), Waiting)


def _counts(file: CaseFile, record: DeterminationRecord) -> bool:
    return record in file.given(Stage(record.stage), record.question)


def _given(file: CaseFile, record: DeterminationRecord, alike: tuple[StaffId, ...]) -> GivenView:
    return GivenView(
        counts=_counts(file, record),
        stage=Stage(record.stage),
        question=record.question,
        staff_id=StaffId(record.staff_id),
        role=Role(record.role),
        at=read_moment(record.at),
        answer=record.answer,
        reasons=record.reasons,
        factors=tuple(_factors(record)),
        alike=alike,
    )


def _factors(record: DeterminationRecord) -> Iterator[str]:
    for name in json.loads(record.factors):
        yield _("the likeliest candidate is somebody else") if name == SOMEBODY_ELSE else Factor(name).words
