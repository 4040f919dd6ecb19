"""The shapes that go in and out of the interface, as OpenAPI tells them. Unknown names are refused, never ignored."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from privity.casework.authorisation import Operation
from privity.casework.progress import Progress
from privity.casework.requester_desk import OwnCase, OwnLine, Precheck

Text = Annotated[str, Field(max_length=4_000)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
NOT_NUL = r"^[^\x00]*$"
"""Text that every database keeps. What a request says is kept unread, in letters that any of them keeps."""


class Exact(Schema):
    """A body that says nothing but what it may say."""

    model_config = ConfigDict(extra="forbid")


class RequestIn(Exact):
    """One request about one person. `facts` and `declarations` carry the names the agreement publishes.

    Whatever has this shape is acknowledged. Its words are read afterwards, and a day, number or postcode that is none
    is told at the case; `/precheck` tells the same before anything is sent. Days are written `1979-05-04` or
    `04/05/1979`, day first.
    """

    your_reference: Annotated[str, Field(min_length=1, max_length=100)]
    officer: Annotated[str, Field(min_length=1, max_length=100)]
    purpose: Name
    items: Annotated[list[Name], Field(min_length=1, max_length=20)]
    statement: Text = ""
    urgency: Text = ""
    countersigned_by: Annotated[str, Field(max_length=100)] = ""
    countersigned_rank: Annotated[str, Field(max_length=80)] = ""
    nhs_number: Annotated[str, Field(max_length=20)] = ""
    family_name: Annotated[str, Field(max_length=100)] = ""
    given_name: Annotated[str, Field(max_length=100)] = ""
    other_given_names: Annotated[str, Field(max_length=100)] = ""
    date_of_birth: Annotated[str | None, Field(max_length=40)] = None
    gender: Annotated[str, Field(max_length=20)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    address_lines: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=5, default_factory=list)]
    facts: Annotated[dict[Name, bool | int | Text], Field(max_length=60, default_factory=dict)]
    declarations: Annotated[list[Name], Field(max_length=60, default_factory=list)]

    def fields(self) -> dict[str, str]:
        """Return the request as the form's fields. What it states about the person stands under its own name only."""
        own = {"items", "date_of_birth", "address_lines", "facts", "declarations"}
        stated = {name: str(value) for name, value in self.model_dump(exclude=own).items()}
        facts = {name: _written(value) for name, value in self.facts.items() if name not in stated}
        lines = {f"address_line_{number}": line for number, line in enumerate(self.address_lines, start=1)}
        return {
            **{name: "yes" for name in self.declarations if name not in stated},
            **facts,
            **stated,
            **lines,
            "items": ";".join(self.items),
            "date_of_birth": self.date_of_birth or "",
        }


class WordsIn(Exact):
    """What somebody has to say."""

    words: Annotated[str, Field(min_length=1, max_length=2_000, pattern=NOT_NUL)]


class DestructionIn(Exact):
    """That what was received is gone."""

    destroyed_on: date
    method: Literal["clear", "purge", "keys-erased", "destroyed"]


class FaultOut(Schema):
    """One thing wrong with what was sent: where, and what to do. It never repeats what was sent."""

    row: int = 0
    field: str
    what: str
    next_step: str


class ProblemOut(Schema):
    """A refusal, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    next_step: str = ""
    errors: Annotated[list[FaultOut], Field(default_factory=list)]


class TokenOut(Schema):
    """A token, as OAuth 2 has it."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class AcknowledgementOut(Schema):
    """That a request is taken, and until when it is answered at the latest. The same whatever was sent.

    What becomes of it stands at the case within seconds: being considered, refused, incomplete, or not to be read.
    """

    reference: str
    progress: str
    received_on: date
    due: date | None
    due_steps: list[str]


class BatchOut(Schema):
    """The cases of a file, in the order of its rows."""

    references: list[str]


class UnmetOut(Schema):
    """A clause that stands against a request."""

    clause: str
    says: str
    cure: str


class PrecheckOut(Schema):
    """What the agreement in force says of a request that is not sent. Nothing of it is kept."""

    standing: str
    unmet: list[UnmetOut]
    missing: list[str]
    questions: list[str]
    due: date | None
    due_steps: list[str]

    @classmethod
    def of(cls, found: Precheck) -> "PrecheckOut":
        """Return what was found."""
        return cls(
            standing=found.standing,
            unmet=[UnmetOut(clause=one.clause, says=one.says, cure=one.cure) for one in found.unmet],
            missing=list(found.missing),
            questions=list(found.questions),
            due=found.due,
            due_steps=list(found.steps),
        )


class LineOut(Schema):
    """One request in the list."""

    reference: str
    your_reference: str
    progress: str
    received_on: date
    due: date | None

    @classmethod
    def of(cls, line: OwnLine) -> "LineOut":
        """Return a line."""
        return cls(
            reference=line.reference,
            your_reference=line.requester_reference,
            progress=line.progress.value,
            received_on=line.received_on,
            due=line.due,
        )


class PageOut(Schema):
    """A page of the list, newest first."""

    requests: list[LineOut]
    total: int
    page: int
    pages: int


class ChangedOut(LineOut):
    """One request that changed; `entry` is the number told of the newest entry that changed what is shown of it."""

    entry: int


class ChangesOut(Schema):
    """What changed, earliest first. Ask again with `since` set to `next_since`, at once where there is `more`.

    The numbers stand for entries of the ledger and have no order of their own: keep the newest, do not compare them.
    """

    changed: list[ChangedOut]
    next_since: int
    more: bool


class QuestionOut(Schema):
    """A question the custodian put; `answer` is empty until it is answered."""

    number: int
    asked_at: datetime
    words: str
    answer: str


class SaidOut(Schema):
    """One contribution to the thread about a refusal."""

    at: datetime
    side: str
    words: str


class AnswerOut(Schema):
    """The sealed answer before it is opened."""

    sha256: str
    size: int
    sealed_at: datetime
    route: str
    destroy_by: date | None
    destroyed_on: date | None


class CaseOut(Schema):
    """One request as its sender sees it. `may` names what can be done now.

    `errors` are the fields that could not be read. `repeats` is the earlier request that asked the same, or empty: a
    repeat goes on like any other, and one of the two can be taken back.
    """

    reference: str
    your_reference: str
    officer: str
    purpose: str
    progress: str
    received_on: date
    due: date | None
    due_steps: list[str]
    reasons: list[UnmetOut]
    errors: list[FaultOut]
    repeats: str
    questions: list[QuestionOut]
    answer: AnswerOut | None
    challenge: list[SaidOut]
    challenge_outcome: str
    moved: str
    may: list[str]

    @classmethod
    def of(cls, own: OwnCase) -> "CaseOut":
        """Return a request."""
        answer = own.answer
        return cls(
            reference=own.reference,
            your_reference=own.requester_reference,
            officer=own.officer_name,
            purpose=own.purpose_words,
            progress=own.progress.value,
            received_on=own.received_on,
            due=own.clock.due if own.clock else None,
            due_steps=list(own.clock.steps()) if own.clock else [],
            reasons=[UnmetOut(clause=one.clause, says=one.says, cure=one.cure) for one in own.reasons],
            errors=[
                FaultOut(row=0, field=fault.column, what=fault.what, next_step=fault.next_step) for fault in own.errors
            ],
            repeats=own.repeats,
            questions=[
                QuestionOut(number=one.number, asked_at=one.asked_at, words=one.words, answer=one.answer)
                for one in own.questions
            ],
            answer=AnswerOut(
                sha256=answer.sha256,
                size=answer.size,
                sealed_at=answer.sealed_at,
                route=answer.route,
                destroy_by=answer.destroy_by,
                destroyed_on=answer.confirmed_on,
            )
            if answer
            else None,
            challenge=[SaidOut(at=said.at, side=said.side, words=said.words) for said in own.thread],
            challenge_outcome=own.outcome.value,
            moved=own.moved,
            may=sorted(own.may),
        )


class WithdrawalOut(Schema):
    """Whether a request has been taken back, and whether it still can be."""

    withdrawn: bool
    possible: bool

    @classmethod
    def of(cls, own: OwnCase) -> "WithdrawalOut":
        """Return how it stands."""
        return cls(withdrawn=own.progress is Progress.WITHDRAWN, possible=Operation.WITHDRAW in own.may)


class ReceiptOut(Schema):
    """Whether the answer has been received; everything is empty while there is no answer."""

    sha256: str
    route: str
    received_at: datetime | None

    @classmethod
    def of(cls, own: OwnCase) -> "ReceiptOut":
        """Return how it stands."""
        answer = own.answer
        return cls(
            sha256=answer.sha256 if answer else "",
            route=answer.route if answer else "",
            received_at=answer.collected_at if answer else None,
        )


class DestructionOut(Schema):
    """Until when what was received may be kept, and what was confirmed; empty while there is no answer."""

    sha256: str
    destroy_by: date | None
    destroyed_on: date | None
    method: str

    @classmethod
    def of(cls, own: OwnCase) -> "DestructionOut":
        """Return how it stands."""
        answer = own.answer
        return cls(
            sha256=answer.sha256 if answer else "",
            destroy_by=answer.destroy_by if answer else None,
            destroyed_on=answer.confirmed_on if answer else None,
            method=answer.method if answer else "",
        )


class RecordedOut(Schema):
    """That an act is recorded, and which entry of the ledger commits to it."""

    ledger_index: int


class ProofOut(Schema):
    """The proof that the ledger tells of a sealed answer."""

    proof: str


def _written(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
