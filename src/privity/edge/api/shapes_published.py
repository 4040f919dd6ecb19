"""The shapes of what programs read beside their own cases: agreements, the form they ask by, figures."""

from collections.abc import Sequence
from datetime import date

from ninja import Schema

from privity.definitions.item import DataItem
from privity.request.form import RequestForm


class AgreementOut(Schema):
    """What one agreement lets leave today."""

    family: str
    version: str
    title: str
    requester: str
    standing: str
    since: date | None
    sentence: str
    items: list[str]
    purposes: list[str]
    conditions: list[str]
    kept_days: int | None


class VersionOut(Schema):
    """One version, suspension or withdrawal of an agreement."""

    name: str
    kind: str
    title: str
    effective: date
    published_on: date | None


class FamilyOut(Schema):
    """Everything that happened to one agreement, earliest first."""

    family: str
    requester: str
    versions: list[VersionOut]


class TextOut(Schema):
    """The words of a version, as Markdown, and its rules, as Cedar."""

    family: str
    version: str
    text: str
    policy: str


class WordOut(Schema):
    """A word of a published list and what it means."""

    name: str
    words: str


class FieldOut(Schema):
    """A fact or declaration a request can state; `required_for` names the purposes it may not be missing for."""

    name: str
    kind: str
    words: str
    help: str
    choices: list[WordOut]
    required_for: list[str]
    is_declaration: bool


class FormOut(Schema):
    """All a request under the organisation's agreement can say."""

    family: str
    purposes: list[WordOut]
    items: list[WordOut]
    fields: list[FieldOut]
    ranks: list[WordOut]
    exceptional: list[WordOut]

    @classmethod
    def of(cls, form: RequestForm) -> "FormOut":
        """Return a form."""
        return cls(
            family=form.family,
            purposes=_listed(form.purposes),
            items=_listed([(item.value, item.words) for item in DataItem]),
            fields=[
                FieldOut(
                    name=field.name,
                    kind=field.kind.value,
                    words=field.words,
                    help=field.help,
                    choices=_listed(field.choices),
                    required_for=sorted(field.required_for),
                    is_declaration=field.is_declaration,
                )
                for field in form.fields
            ],
            ranks=_listed(form.ranks),
            exceptional=_listed(form.exceptional),
        )


class CountsOut(Schema):
    """One requester's figures of a year."""

    requester: str
    received: int
    rejected: int
    unreadable: int
    refused: int
    traced: int
    untraced: int
    withdrawn: int
    held: int
    open: int
    overdue: int
    """Answers that should have been destroyed by now without a confirmation; no part of the sum."""


class StatisticsOut(Schema):
    """The public figures of one year as they stood at the end of a day, and the years there are.

    `made_up` is true at a demonstration, where every figure is invented.
    """

    year: int
    years: list[int]
    until: date
    lines: list[CountsOut]
    total: CountsOut
    made_up: bool


def _listed(pairs: Sequence[tuple[str, str]]) -> list[WordOut]:
    return [WordOut(name=name, words=words) for name, words in pairs]
