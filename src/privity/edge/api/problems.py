"""Refusals as RFC 9457 has them: a stable type, what, why and what next; never anything of what was sent."""

from collections.abc import Sequence

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from privity.casework.authorisation import NoSuchCase, NotAllowed
from privity.casework.requester_desk import ChangedMeanwhile, RequestUnreadable
from privity.edge.api.shapes import DestructionIn, FaultOut, ProblemOut, RequestIn, WordsIn
from privity.errors import Impossible, Mistaken, PrivityError, Unavailable

PROBLEM_JSON = "application/problem+json"
DESCRIPTION = "see /api/v1/openapi.json"
TYPES = "urn:privity:problem:"
RETRY_AFTER_SECONDS = "30"
_SENT = (RequestIn, WordsIn, DestructionIn)
_NO_FORM = (BadRequest, MultiPartParserError, TooManyFieldsSent)
"""What Django says of a form that is none."""
_OURS = frozenset({name for shape in _SENT for name in shape.model_fields}) | {
    *("Idempotency-Key", "If-Match", "If-None-Match", "grant_type", "client_id", "client_secret"),
    *("page", "since", "year", "reference", "family", "version"),
}
"""Every name that the description gives to what is sent."""


def handle_with(api: NinjaAPI) -> None:
    """Let every refusal of the interface be told as a problem."""
    api.add_exception_handler(PrivityError, _answered)
    api.add_exception_handler(ValidationError, _answered)
    api.add_exception_handler(AuthenticationError, _answered)
    api.add_exception_handler(HttpError, _answered)
    api.add_exception_handler(RequestDataTooBig, _answered)
    for unreadable in _NO_FORM:
        api.add_exception_handler(unreadable, _answered)


def _answered(request: HttpRequest, wrong: "Exception | type[Exception]") -> HttpResponse:
    match wrong:
        case PrivityError():
            return refusal(wrong)
        case ValidationError():
            return _misshapen(wrong)
        case AuthenticationError():
            return unauthenticated()
        case HttpError():
            return _spoken(wrong.status_code)
        case RequestDataTooBig():
            why, next_step = "the body is larger than anything asked for here", "send a long file in parts"
            return problem("too-large", 413, Mistaken("nothing was done", why=why, next_step=next_step))
        case BadRequest() | MultiPartParserError() | TooManyFieldsSent():
            return _spoken(400)
        case _:
            why, next_step = "an error of a kind nobody expected came up", "report this: nothing has left"
            return refusal(Impossible("the request was not answered", why=why, next_step=next_step))


def refusal(wrong: PrivityError) -> HttpResponse:
    """Return a refusal of ours."""
    match wrong:
        case NoSuchCase():
            return problem("not-found", 404, wrong)
        case ChangedMeanwhile():
            return problem("changed-meanwhile", 412, wrong)
        case NotAllowed():
            return problem("not-now", 409, wrong)
        case RequestUnreadable():
            faults = [
                FaultOut(row=error.row, field=error.column, what=error.what, next_step=error.next_step)
                for error in wrong.errors
            ]
            return problem("unreadable", 422, wrong, faults)
        case Mistaken():
            return problem("refused", 422, wrong)
        case Unavailable():
            answer = problem("unavailable", 503, wrong)
            answer["Retry-After"] = RETRY_AFTER_SECONDS
            return answer
        case _:
            return problem("defect", 500, wrong)


def unauthenticated() -> HttpResponse:
    """Return that there is no token, or none that is good now."""
    refused = Mistaken(
        "the request was not answered",
        why="there is no token, or it has ended",
        next_step="fetch a token from /api/v1/token and send it as `Authorization: Bearer`",
    )
    answer = problem("unauthenticated", 401, refused)
    answer["WWW-Authenticate"] = 'Bearer realm="privity"'
    return answer


def problem(kind: str, status: int, wrong: PrivityError, errors: Sequence[FaultOut] = ()) -> HttpResponse:
    """Return one problem."""
    told = ProblemOut(
        type=f"{TYPES}{kind}",
        title=wrong.what,
        status=status,
        detail=wrong.why,
        next_step=wrong.next_step,
        errors=list(errors),
    )
    answer = HttpResponse(told.model_dump_json(), content_type=PROBLEM_JSON, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _misshapen(wrong: ValidationError) -> HttpResponse:
    """Return where a body does not have the shape; names a sender made up are not repeated."""
    refused = Mistaken("nothing was done", why="what was sent does not have the shape", next_step=DESCRIPTION)
    faults = [
        FaultOut(
            field="" if error["type"] == "extra_forbidden" else _name_in(error["loc"]),
            what=str(error["type"]).replace("_", " "),
            next_step=DESCRIPTION,
        )
        for error in wrong.errors[:50]
    ]
    return problem("unreadable", 422, refused, faults)


def _name_in(place: Sequence[object]) -> str:
    """Return the field or header of ours that a place names, or nothing: a name that a sender made up is not told."""
    return next((part for part in map(str, place) if part in _OURS), "")


def _spoken(status: int) -> HttpResponse:
    refused = Mistaken("nothing was done", why="the body cannot be read", next_step="send what the description says")
    return problem("unreadable", status, refused)
