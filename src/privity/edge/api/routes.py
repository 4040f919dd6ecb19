"""The routes under `/api/v1`: each asks the desk and puts its answer into shape. Nothing is decided here."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Form, Header, NinjaAPI, Query, Status
from ninja.security import HttpBearer
from pydantic import Field

from privity import __version__
from privity.casework.requester_desk import RequestUnreadable
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.api import reading, shapes
from privity.edge.api.described import describe
from privity.edge.api.door import CERTIFICATE, behind, now
from privity.edge.api.problems import handle_with
from privity.edge.api.shapes import NOT_NUL
from privity.edge.api.speaking import ERRORS, own_case, reference_in, tag_of, tags_in, who
from privity.request.csv_lines import LARGEST_FILE

LEDGER_INDEX = "Privity-Ledger-Index"
Key = Annotated[str, Field(min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Bearer(HttpBearer):
    """Who speaks: the holder of a token that is good at this moment."""

    def authenticate(self, request: HttpRequest, token: str) -> Officer | None:
        """Return for whom the token speaks, or None."""
        return behind().programs.holder(token, now(), str(request.META.get(CERTIFICATE, "")))


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
api.add_router("", reading.router)


@api.post("/token", auth=None, response={200: shapes.TokenOut, 400: shapes.ProblemOut, **ERRORS})
def token(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Annotated[str, Form(pattern="^client_credentials$")],
    client_id: Annotated[str, Form(min_length=1, max_length=80, pattern=NOT_NUL)],
    client_secret: Annotated[str, Form(min_length=1, max_length=200)],
) -> Any:
    """Exchange a program's identifier and secret for a short-lived token."""
    fresh, seconds = behind().programs.token(client_id, client_secret, now(), str(request.META.get(CERTIFICATE, "")))
    response["Cache-Control"] = "no-store"
    return shapes.TokenOut(access_token=fresh, token_type="Bearer", expires_in=seconds)  # noqa: S106  a kind


@api.post("/precheck", response={200: shapes.PrecheckOut, **ERRORS})
def precheck(request: HttpRequest, body: shapes.RequestIn) -> Any:
    """Say which clauses a request would fail. Nothing is kept, and nobody is looked up."""
    found = behind().requester_desk.precheck(body.fields(), by=who(request), at=now())
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
    """Send one request; it is acknowledged unread. The same key and body again is answered the same, with 200."""
    taken, fresh = behind().requester_desk.submit(body.fields(), by=who(request), at=now(), key=idempotency_key)
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
    # Read as a stream: a file may be larger than what a body in memory may be, and one byte too many tells too large.
    content = request.read(LARGEST_FILE + 1)
    references, fresh = behind().requester_desk.submit_file(content, by=who(request), at=now(), key=idempotency_key)
    return Status(201 if fresh else 200, shapes.BatchOut(references=list(references)))


@api.get("/requests", response={200: shapes.PageOut, 304: None, **ERRORS}, operation_id="list_requests")
def listing(
    request: HttpRequest,
    response: HttpResponse,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    if_none_match: Annotated[str, Header(alias="If-None-Match")] = "",
) -> Any:
    """List the organisation's own requests, newest first, fifty a page."""
    shown = behind().requester_desk.listing(page=page, by=who(request), at=now())
    told = shapes.PageOut(
        requests=[shapes.LineOut.of(line) for line in shown.lines],
        total=shown.total,
        page=shown.page,
        pages=shown.pages,
    )
    response["ETag"] = f'"{tag_of(told)}"'
    return Status(304, None) if tag_of(told) in tags_in(if_none_match) else told


@api.get("/changes", response={200: shapes.ChangesOut, **ERRORS}, operation_id="changes")
def changes(request: HttpRequest, since: Annotated[int, Query(ge=-1, le=2**53)] = -1) -> Any:
    """List what changed since, earliest first. Ask on with `next_since`, whatever it is: that is polling."""
    found = behind().requester_desk.changes(since, by=who(request))
    return shapes.ChangesOut(
        changed=[shapes.ChangedOut(entry=entry, **shapes.LineOut.of(line).model_dump()) for entry, line in found.lines],
        next_since=found.upto,
        more=found.more,
    )


@api.get("/requests/{reference}", response={200: shapes.CaseOut, 304: None, **ERRORS}, operation_id="read_request")
def own(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    if_none_match: Annotated[str, Header(alias="If-None-Match")] = "",
) -> Any:
    """Say where a request stands. Ask again with If-None-Match: nothing changed is 304."""
    found = own_case(request, reference)
    response["ETag"] = f'"{found.tag}"'
    if found.tag in tags_in(if_none_match):
        return Status(304, None)
    return shapes.CaseOut.of(found)


@api.get("/requests/{reference}/questions", response={200: list[shapes.QuestionOut], **ERRORS})
def questions(request: HttpRequest, reference: str) -> Any:
    """Return the custodian's questions and their answers."""
    return shapes.CaseOut.of(own_case(request, reference)).questions


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


@api.get(
    "/requests/{reference}/withdrawal", response={200: shapes.WithdrawalOut, **ERRORS}, operation_id="read_withdrawal"
)
def withdrawn(request: HttpRequest, reference: str) -> Any:
    """Say whether the request has been taken back, and whether it still can be."""
    return shapes.WithdrawalOut.of(own_case(request, reference))


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
    return shapes.CaseOut.of(own_case(request, reference)).challenge


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
    pack, _ = behind().requester_desk.sealed(reference_in(reference), by=who(request), at=now())
    answered = HttpResponse(pack, content_type="application/octet-stream")
    answered["Cache-Control"] = "no-store"
    return answered


@api.get("/requests/{reference}/proof", response={200: shapes.ProofOut, **ERRORS})
def proof(request: HttpRequest, reference: str) -> Any:
    """Return the proof that the ledger tells of the sealed answer."""
    _, written = behind().requester_desk.sealed(reference_in(reference), by=who(request), at=now())
    return shapes.ProofOut(proof=written.decode())


@api.get("/requests/{reference}/receipt", response={200: shapes.ReceiptOut, **ERRORS}, operation_id="read_receipt")
def received(request: HttpRequest, reference: str) -> Any:
    """Say whether the answer has been received."""
    return shapes.ReceiptOut.of(own_case(request, reference))


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


@api.get(
    "/requests/{reference}/destruction",
    response={200: shapes.DestructionOut, **ERRORS},
    operation_id="read_destruction",
)
def destroyed(request: HttpRequest, reference: str) -> Any:
    """Say until when what was received may be kept, and whether its destruction is confirmed."""
    return shapes.DestructionOut.of(own_case(request, reference))


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


def _matched(request: HttpRequest, reference: str, if_match: str) -> tuple[CaseReference, str, Officer]:
    """Return the case acted on and the tag the program saw; `*` and none compare nothing."""
    tags = tags_in(if_match) - {"*"}
    return reference_in(reference), next(iter(sorted(tags)), ""), who(request)


def _recorded(response: HttpResponse, index: int) -> shapes.RecordedOut:
    response[LEDGER_INDEX] = str(index)
    response["Cache-Control"] = "no-store"
    return shapes.RecordedOut(ledger_index=index)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def openapi(request: HttpRequest) -> Any:
    """Return the description of the interface, every route and every answer of it."""
    return describe(api)
