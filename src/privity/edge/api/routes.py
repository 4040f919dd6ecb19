"""The routes under `/api/v1`: each asks the desk and puts its answer into shape. Nothing is decided here."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Form, Header, NinjaAPI, Query, Status
from ninja.security import HttpBearer
from pydantic import Field

from privity import __version__
from privity.casework.authorisation import NoSuchCase
from privity.casework.requester_desk import OwnCase, RequestUnreadable
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.api import shapes
from privity.edge.api.described import describe
from privity.edge.api.door import behind, now
from privity.edge.api.problems import handle_with, refusal
from privity.errors import Mistaken

LEDGER_INDEX = "Privity-Ledger-Index"
LARGEST_BODY = 16 * 1024 * 1024
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 404, 409, 412, 422, 503), shapes.ProblemOut)
"""Every refusal a route can give."""
Key = Annotated[str, Field(min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Bearer(HttpBearer):
    """Who speaks: the holder of a token that is good at this moment."""

    def authenticate(self, request: HttpRequest, token: str) -> Officer | None:
        """Return for whom the token speaks, or None."""
        return behind().programs.holder(token, now())


api = NinjaAPI(
    title="Privity",
    version=__version__,
    description="Requests for demographic data under published agreements. Nothing here lists people.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    auth=Bearer(),
)
handle_with(api)


@api.post("/token", auth=None, response={200: shapes.TokenOut, 400: shapes.ProblemOut, **ERRORS})
def token(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Annotated[str, Form(pattern="^client_credentials$")],
    client_id: Annotated[str, Form(min_length=1, max_length=80)],
    client_secret: Annotated[str, Form(min_length=1, max_length=200)],
) -> Any:
    """Exchange a program's identifier and secret for a short-lived token."""
    fresh, seconds = behind().programs.token(client_id, client_secret, now())
    response["Cache-Control"] = "no-store"
    return shapes.TokenOut(access_token=fresh, token_type="Bearer", expires_in=seconds)  # noqa: S106  a kind


@api.post("/precheck", response={200: shapes.PrecheckOut, **ERRORS})
def precheck(request: HttpRequest, body: shapes.RequestIn) -> Any:
    """Say which clauses a request would fail. Nothing is kept, and nobody is looked up."""
    found = behind().requester_desk.precheck(body.fields(), by=_who(request), at=now())
    if found.errors:
        raise RequestUnreadable(found.errors)
    return shapes.PrecheckOut.of(found)


@api.post(
    "/requests",
    response={200: shapes.AcknowledgementOut, 201: shapes.AcknowledgementOut, **ERRORS},
    operation_id="submit",
)
def submit(
    request: HttpRequest,
    response: HttpResponse,
    body: shapes.RequestIn,
    idempotency_key: Annotated[Key, Header(alias="Idempotency-Key")],
) -> Any:
    """Send one request. The same key and body again is answered the same, with 200."""
    taken, fresh = behind().requester_desk.submit(body.fields(), by=_who(request), at=now(), key=idempotency_key)
    response[LEDGER_INDEX] = str(taken.entry)
    told = shapes.AcknowledgementOut(
        reference=taken.reference,
        progress=taken.progress.value,
        received_on=taken.received_on,
        due=taken.due,
        due_steps=list(taken.steps),
    )
    return Status(201 if fresh else 200, told)


@api.post("/batches", response={200: shapes.BatchOut, 201: shapes.BatchOut, **ERRORS}, operation_id="submit_batch")
def submit_batch(
    request: HttpRequest,
    idempotency_key: Annotated[Key, Header(alias="Idempotency-Key")],
) -> Any:
    """Send a CSV file of requests as the body; every row becomes a case of its own, or nothing is taken."""
    references, fresh = behind().requester_desk.submit_file(
        request.body, by=_who(request), at=now(), key=idempotency_key
    )
    return Status(201 if fresh else 200, shapes.BatchOut(references=list(references)))


@api.get("/requests", response={200: shapes.PageOut, **ERRORS})
def listing(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Any:
    """List the organisation's own requests, newest first."""
    shown = behind().requester_desk.listing(page=page, by=_who(request), at=now())
    return shapes.PageOut(
        requests=[shapes.LineOut.of(line) for line in shown.lines],
        total=shown.total,
        page=shown.page,
        pages=shown.pages,
    )


@api.get("/requests/{reference}", response={200: shapes.CaseOut, 304: None, **ERRORS}, operation_id="read_request")
def own(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    if_none_match: Annotated[str, Header(alias="If-None-Match")] = "",
) -> Any:
    """Say where a request stands. Ask again with If-None-Match: nothing changed is 304."""
    found = _own(request, reference)
    response["ETag"] = f'"{found.tag}"'
    if found.tag in _tags(if_none_match):
        return Status(304, None)
    return shapes.CaseOut.of(found)


@api.get("/requests/{reference}/questions", response={200: list[shapes.QuestionOut], **ERRORS})
def questions(request: HttpRequest, reference: str) -> Any:
    """Return the custodian's questions and their answers."""
    return shapes.CaseOut.of(_own(request, reference)).questions


@api.post("/requests/{reference}/questions", response={200: shapes.RecordedOut, **ERRORS})
def answer(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    body: shapes.WordsIn,
    if_match: Annotated[str, Header(alias="If-Match")] = "",
) -> Any:
    """Answer the open question; the clock runs on."""
    case, tag, by = _matched(request, reference, if_match)
    return _recorded(response, behind().requester_desk.answer(case, words=body.words, tag=tag, by=by, at=now()))


@api.post("/requests/{reference}/withdrawal", response={200: shapes.RecordedOut, **ERRORS})
def withdraw(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    if_match: Annotated[str, Header(alias="If-Match")] = "",
) -> Any:
    """Take a request back."""
    case, tag, by = _matched(request, reference, if_match)
    return _recorded(response, behind().requester_desk.withdraw(case, tag=tag, by=by, at=now()))


@api.get("/requests/{reference}/challenge", response={200: list[shapes.SaidOut], **ERRORS})
def thread(request: HttpRequest, reference: str) -> Any:
    """Return the thread about a refusal."""
    return shapes.CaseOut.of(_own(request, reference)).challenge


@api.post("/requests/{reference}/challenge", response={200: shapes.RecordedOut, **ERRORS})
def challenge(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    body: shapes.WordsIn,
    if_match: Annotated[str, Header(alias="If-Match")] = "",
) -> Any:
    """Challenge a refusal, or write on. The department reads it and brokers."""
    case, tag, by = _matched(request, reference, if_match)
    return _recorded(response, behind().requester_desk.challenge(case, words=body.words, tag=tag, by=by, at=now()))


@api.get("/requests/{reference}/response", response={200: bytes, **ERRORS}, operation_id="response")
def sealed(request: HttpRequest, reference: str) -> Any:
    """Return the sealed answer. The same bytes every time; the first fetching is on record as the sending."""
    pack, _ = behind().requester_desk.sealed(_reference(reference), by=_who(request), at=now())
    answered = HttpResponse(pack, content_type="application/octet-stream")
    answered["Cache-Control"] = "no-store"
    return answered


@api.get("/requests/{reference}/proof", response={200: shapes.ProofOut, **ERRORS})
def proof(request: HttpRequest, reference: str) -> Any:
    """Return the proof that the ledger tells of the sealed answer."""
    _, written = behind().requester_desk.sealed(_reference(reference), by=_who(request), at=now())
    return shapes.ProofOut(proof=written.decode())


@api.post("/requests/{reference}/receipt", response={200: shapes.RecordedOut, **ERRORS})
def receipt(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    if_match: Annotated[str, Header(alias="If-Match")] = "",
) -> Any:
    """Say that the answer has been received."""
    case, tag, by = _matched(request, reference, if_match)
    return _recorded(response, behind().requester_desk.collected(case, tag=tag, by=by, at=now()))


@api.post("/requests/{reference}/destruction", response={200: shapes.RecordedOut, **ERRORS})
def destruction(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    body: shapes.DestructionIn,
    if_match: Annotated[str, Header(alias="If-Match")] = "",
) -> Any:
    """Say that what was received is destroyed."""
    case, tag, by = _matched(request, reference, if_match)
    desk = behind().requester_desk
    return _recorded(response, desk.destroyed(case, on=body.destroyed_on, method=body.method, tag=tag, by=by, at=now()))


@api.get("/agreements", auth=None, response={200: list[shapes.AgreementOut], 503: shapes.ProblemOut})
def agreements(request: HttpRequest) -> Any:
    """Say what every agreement lets leave today. Public."""
    return [
        shapes.AgreementOut(
            family=line.family,
            version=line.version,
            title=line.title,
            requester=line.requester,
            standing=line.standing,
            since=line.since,
            sentence=line.sentence,
            items=list(line.items),
            purposes=list(line.purposes),
            conditions=list(line.conditions),
            kept_days=line.kept_days,
        )
        for line in behind().desk.situation(now()).lines
    ]


@api.get(
    "/statistics",
    auth=None,
    response={200: shapes.StatisticsOut, 404: shapes.ProblemOut, 422: shapes.ProblemOut, 503: shapes.ProblemOut},
)
def statistics(request: HttpRequest, year: Annotated[int | None, Query(ge=1990, le=2200)] = None) -> Any:
    """Return the public figures of a year; the newest where none is given. Public."""
    try:
        view = behind().desk.statistics(year, now())
    except Mistaken:
        return refusal(NoSuchCase())
    names = tuple(shapes.CountsOut.model_fields)
    lines = [shapes.CountsOut(**{name: getattr(line, name) for name in names}) for line in (*view.lines, view.total)]
    return shapes.StatisticsOut(year=view.year, years=list(view.years), lines=lines[:-1], total=lines[-1])


def _who(request: HttpRequest) -> Officer:
    holder = getattr(request, "auth", None)
    assert isinstance(holder, Officer), "no route that asks who speaks is open to everybody"
    return holder


def _reference(text: str) -> CaseReference:
    try:
        return read_case_reference(text)
    except Mistaken:
        raise NoSuchCase from None


def _own(request: HttpRequest, reference: str) -> OwnCase:
    return behind().requester_desk.own(_reference(reference), by=_who(request), at=now())


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/").strip('"') for part in header.split(",") if part.strip()}


def _matched(request: HttpRequest, reference: str, if_match: str) -> tuple[CaseReference, str, Officer]:
    """Return the case acted on and the tag the program saw; `*` and none compare nothing."""
    tags = _tags(if_match) - {"*"}
    return _reference(reference), next(iter(sorted(tags)), ""), _who(request)


def _recorded(response: HttpResponse, index: int) -> shapes.RecordedOut:
    response[LEDGER_INDEX] = str(index)
    response["Cache-Control"] = "no-store"
    return shapes.RecordedOut(ledger_index=index)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def openapi(request: HttpRequest) -> Any:
    """Return the description of the interface, every route and every answer of it."""
    return describe(api)
