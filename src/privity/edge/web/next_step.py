"""The one thing to do next on a case, for the person looking at it.

What may be done is the desk's to say (`may_…`); this only puts it first on the page.
"""

from dataclasses import dataclass
from enum import StrEnum

from privity.casework.desk import CaseView, QuestionLine
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import Status
from privity.definitions.party import Officer, Role
from privity.judgement.determination import Stage


class Step(StrEnum):
    """What comes next, or who is waited for."""

    JUDGE_PURPOSE = "judge-purpose"
    """A question on the purpose waits for this person."""
    JUDGE_IDENTITY = "judge-identity"
    """Candidates wait for this person."""
    DECIDE_PROTECTED = "decide-protected"
    """A protected record waits for this guardian."""
    TRACE = "trace"
    """The purpose is approved; the register has not been read."""
    SCREEN = "screen"
    """The record is identified; the safety screen comes before the release."""
    GUARD = "guard"
    """The safety screen found cause for care; this guardian decides."""
    WRITE_LETTER = "write-letter"
    """A letter goes instead of the data; nobody has written it."""
    POST_LETTER = "post-letter"
    """A colleague wrote the letter; this person reads and posts it."""
    AWAIT_POSTING = "await-posting"
    """This person wrote the letter; somebody else posts it."""
    RELEASE = "release"
    """Everything is judged; the answer can be sealed."""
    AWAIT_SECOND = "await-second"
    """This person's view is in; another's is not."""
    AWAIT_OFFICER = "await-officer"
    """It is a disclosure officer's turn, and not this person's."""
    AWAIT_GUARDIAN = "await-guardian"
    """It is the guardian's turn."""
    AWAIT_REQUESTER = "await-requester"
    """A question is with the requester."""
    AWAIT_ASSESSMENT = "await-assessment"
    """The agreement has not been asked yet."""
    AWAIT_SUSPENSION = "await-suspension"
    """The agreement is suspended."""
    AWAIT_DISPATCH = "await-dispatch"
    """Sealed; it leaves when its entry stands under a signed checkpoint."""
    AWAIT_COLLECTION = "await-collection"
    """Sent; the requester has not acknowledged it."""
    AWAIT_DESTRUCTION = "await-destruction"
    """With the requester, until destroyed."""
    OVER = "over"
    """Nothing is left to do."""


THEIRS = frozenset(
    {
        Step.JUDGE_PURPOSE,
        Step.JUDGE_IDENTITY,
        Step.DECIDE_PROTECTED,
        Step.TRACE,
        Step.SCREEN,
        Step.GUARD,
        Step.WRITE_LETTER,
        Step.POST_LETTER,
        Step.RELEASE,
    }
)
"""The steps that the person looking can take; everything else waits for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What comes next; `question` is the one to answer where the step is to judge the purpose."""

    step: Step
    question: QuestionLine | None = None


_SETTLED = {
    Status.RECEIVED: Step.AWAIT_ASSESSMENT,
    Status.HELD: Step.AWAIT_SUSPENSION,
    Status.WITH_REQUESTER: Step.AWAIT_REQUESTER,
    Status.APPROVED: Step.TRACE,
    Status.SEALED: Step.AWAIT_DISPATCH,
    Status.SENT: Step.AWAIT_COLLECTION,
    Status.COLLECTED: Step.AWAIT_DESTRUCTION,
    Status.UNREADABLE: Step.OVER,
    Status.RETURNED: Step.OVER,
    Status.REFUSED: Step.OVER,
    Status.DESTROYED: Step.OVER,
    Status.UNTRACED: Step.OVER,
    Status.WITHDRAWN: Step.OVER,
}


def next_step(view: CaseView, officer: Officer, *, suspended: bool = False) -> NextStep:
    """Return what comes next on a case for this person: nothing, while the agreement of an open one is suspended."""
    if suspended and not view.file.status.is_closed:
        return NextStep(step=Step.AWAIT_SUSPENSION)
    match view.file.status:
        case Status.JUDGING_PURPOSE | Status.REFERRED | Status.PURPOSE_DIVIDED:
            return _purpose(view)
        case Status.JUDGING_IDENTITY | Status.IDENTITY_DIVIDED:
            return NextStep(step=_identity(view, officer))
        case Status.PROTECTED:
            guardian = officer.role is Role.GUARDIAN
            return NextStep(step=Step.DECIDE_PROTECTED if guardian else Step.AWAIT_GUARDIAN)
        case Status.IDENTIFIED:
            return NextStep(step=Step.RELEASE if view.may_release else Step.SCREEN)
        case Status.HARM_REVIEW:
            guardian = officer.role is Role.GUARDIAN
            return NextStep(step=Step.GUARD if guardian else Step.AWAIT_GUARDIAN)
        case Status.FORWARDING:
            return NextStep(step=_letter(view, officer))
        case Status.UNIDENTIFIED | Status.FORWARDED:
            return NextStep(step=Step.RELEASE if view.may_release else Step.AWAIT_OFFICER)
        case settled:
            return NextStep(step=_SETTLED[settled])


def _letter(view: CaseView, officer: Officer) -> Step:
    letter = view.file.draft
    if letter is None:
        return Step.WRITE_LETTER
    return Step.AWAIT_POSTING if letter.drafted_by == officer.staff_id else Step.POST_LETTER


def _purpose(view: CaseView) -> NextStep:
    mine = next((question for question in view.questions if question.may_answer), None)
    if mine:
        return NextStep(step=Step.JUDGE_PURPOSE, question=mine)
    if view.file.status is Status.PURPOSE_DIVIDED:
        return NextStep(step=Step.AWAIT_GUARDIAN)
    given = any(question.mine_given for question in view.questions)
    return NextStep(step=Step.AWAIT_SECOND if given else Step.AWAIT_OFFICER)


def _identity(view: CaseView, officer: Officer) -> Step:
    if view.may_judge_identity:
        return Step.JUDGE_IDENTITY
    if view.file.status is Status.IDENTITY_DIVIDED:
        return Step.AWAIT_GUARDIAN
    given = any(record.staff_id == officer.staff_id for record in view.file.given(Stage.IDENTITY, IDENTITY_QUESTION))
    return Step.AWAIT_SECOND if given else Step.AWAIT_OFFICER
