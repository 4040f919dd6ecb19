"""Whether a request says all that its agreement asks for before it can be judged at all.

What is missing sends the request back, with the question that was not answered; the clock has not begun.
Source: REG "Rejected": the procedure was not followed (domain.md 2.1); worked cases 2 and 4.
"""

from dataclasses import dataclass

from privity.request.form import RequestForm
from privity.request.tracing_request import TracingRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field the purpose requires and the request leaves empty."""

    name: str
    words: str


def missing(request: TracingRequest, form: RequestForm) -> tuple[Missing, ...]:
    """Return the facts that the form requires for this purpose and the request does not state.

    Declarations are not listed here: one that was not made is false, and its clause says so.
    """
    return tuple(
        Missing(name=field.name, words=field.words)
        for field in form.fields
        if not field.is_declaration
        and request.purpose in field.required_for
        and field.name not in request.facts
    )
