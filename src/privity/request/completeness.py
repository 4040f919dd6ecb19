"""Whether a request says all that its agreement asks for before it can be judged at all.

What is missing sends the request back, with the question that was not answered; the clock has not begun.
Source: REG "Rejected": the procedure was not followed (domain.md 2.1); worked cases 2 and 4.
"""

from dataclasses import dataclass

from privity.definitions.person import Particulars
from privity.request.form import RequestForm
from privity.request.tracing_request import TracingRequest

MORE_THAN_A_NAME = "date_of_birth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field the purpose requires and the request leaves empty."""

    name: str
    words: str


def missing(request: TracingRequest, form: RequestForm) -> tuple[Missing, ...]:
    """Return the facts that the form requires for this purpose and the request does not state.

    Declarations are not listed here: one that was not made is false, and its clause says so. A name alone is not
    enough to trace anybody by, so it is listed here too, before anybody is asked to judge.
    """
    facts = tuple(
        Missing(name=field.name, words=field.words)
        for field in form.fields
        if not field.is_declaration and request.purpose in field.required_for and field.name not in request.facts
    )
    if is_name_only(request.particulars):
        words = "A date of birth, a postcode or an NHS number: a name alone describes too many people."
        return (*facts, Missing(name=MORE_THAN_A_NAME, words=words))
    return facts


def is_name_only(particulars: Particulars) -> bool:
    """Return whether neither date of birth nor postcode nor NHS number is known: the tracer refuses that."""
    return particulars.date_of_birth is None and particulars.nhs_number is None and not particulars.postcode
