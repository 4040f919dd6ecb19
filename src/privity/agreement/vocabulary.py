"""The words of one agreement family: what may be asked, stated, declared and judged.

Rules of the room:
- Words are only ever added, so an old request can be read under a new version and the other way round.
- Closed lists are enumerated entity types in Cedar: a typing error is an error, never a silent no.
- Every fact but a whole number has a value in every world; the value of silence is `not-stated`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId, Role
from privity.definitions.reference import AgreementFamily, Slug
from privity.request.form import FieldKind, RequestField, RequestForm

NOT_STATED = Slug("not-stated")
"""The value of a fact the requester did not give."""
NOT_COUNTERSIGNED = Slug("not-countersigned")
"""The rank of a countersignature that is not there."""
YES = Slug("yes")
NO = Slug("no")

Choices = tuple[tuple[Slug, str], ...]
"""Words of a closed list, each with its plain meaning."""


class QuestionKind(StrEnum):
    """What sort of answer a reserved question wants."""

    JUDGEMENT = "judgement"
    """Weighs the case as a whole, once the facts have passed."""
    RULING = "ruling"
    """Settles what a term of the agreement means for this case, before the case can be weighed."""


class FactSource(StrEnum):
    """Who states a fact."""

    REQUESTER = "requester"
    """The requester, on the form."""
    GATEWAY = "gateway"
    """The gateway itself, from what it has seen; a requester may not state it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedQuestion:
    """A question only a named person answers. `ask` is put to them word for word.

    `by` names the roles that may answer; `words` says in short what is decided.
    """

    name: Slug
    ask: str
    kind: QuestionKind
    by: tuple[Role, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact: its column name, the question to the requester, and what it may be."""

    name: str
    kind: FieldKind
    words: str
    help: str
    choices: Choices
    required_for: frozenset[Slug]
    source: FactSource
    is_offence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Something the requester affirms of this request about this person."""

    name: Slug
    words: str
    help: str
    required_for: frozenset[Slug]


class Term(StrEnum):
    """Whether the longest sentence for an offence reaches a threshold, as the statutes stood on a day."""

    BELOW = "below"
    """The maximum is below the threshold."""
    AT_LEAST = "at-least"
    """The maximum reaches the threshold."""
    NOT_RECORDED = "not-recorded"
    """The table of offences does not say, or not for that day."""
    NOT_STATED = "not-stated"
    """No offence was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumTerm:
    """A fact the gateway derives from the offence: its maximum sentence against a threshold.

    `name` is the attribute, `offence` the fact it is derived from, `months` the threshold.
    """

    name: str
    offence: str
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedMaximum:
    """The longest sentence for an offence, from a day on. `months` is None where the offence was not in law.

    `verified` is false where only general knowledge stands behind the figure.
    """

    since: date
    months: int | None
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """An offence as the shared table knows it. `maxima` run from the oldest to the newest."""

    code: Slug
    words: str
    group: Slug
    maxima: tuple[DatedMaximum, ...]

    def maximum_on(self, day: date) -> DatedMaximum | None:
        """Return the maximum in law on `day`, or None where the table does not reach back."""
        reached = [maximum for maximum in self.maxima if maximum.since <= day]
        return reached[-1] if reached else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationGroup:
    """The organisations that may stand in one place of the agreement, e.g. all police forces."""

    name: Slug
    members: tuple[OrganisationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All the words of a family. `item_classes` names the lists of data items a version may open."""

    family: AgreementFamily
    organisations: tuple[OrganisationGroup, ...]
    purposes: Choices
    item_classes: Mapping[Slug, frozenset[DataItem]]
    offences: tuple[Offence, ...]
    ranks: Choices
    facts: tuple[Fact, ...]
    derived: tuple[MaximumTerm, ...]
    declarations: tuple[Declaration, ...]
    questions: tuple[ReservedQuestion, ...]
    exceptional: Choices
    sha256: str

    def question(self, name: Slug) -> ReservedQuestion:
        """Return the reserved question called `name`.

        Raises: KeyError: there is none; reading a version makes sure that its clauses name only known ones.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def fact(self, name: str) -> Fact | None:
        """Return the fact called `name`, or None."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def term(self, offence: Slug | None, threshold: MaximumTerm, day: date) -> Term:
        """Return whether the maximum for `offence` on `day` reaches the threshold."""
        if offence is None:
            return Term.NOT_STATED
        known = next((row for row in self.offences if row.code == offence), None)
        maximum = known.maximum_on(day) if known is not None else None
        if maximum is None or maximum.months is None:
            return Term.NOT_RECORDED
        return Term.AT_LEAST if maximum.months >= threshold.months else Term.BELOW


def request_form(vocabulary: Vocabulary) -> RequestForm:
    """Return what an intake needs to read a request: facts, then declarations, as the family lists them."""
    facts = [
        RequestField(
            name=fact.name,
            kind=fact.kind,
            words=fact.words,
            help=fact.help,
            choices=fact.choices,
            required_for=fact.required_for,
        )
        for fact in vocabulary.facts
        if fact.source is FactSource.REQUESTER
    ]
    declarations = [
        RequestField(
            name=declaration.name,
            kind=FieldKind.YES_NO,
            words=declaration.words,
            help=declaration.help,
            required_for=declaration.required_for,
            is_declaration=True,
        )
        for declaration in vocabulary.declarations
    ]
    return RequestForm(
        family=vocabulary.family,
        purposes=vocabulary.purposes,
        fields=(*facts, *declarations),
        ranks=vocabulary.ranks,
        exceptional=vocabulary.exceptional,
    )
