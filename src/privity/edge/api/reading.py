"""What programs read beside their own cases: the form they ask by, the agreements, the figures."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from privity.casework.authorisation import NoSuchCase
from privity.edge.api import shapes
from privity.edge.api import shapes_published as published
from privity.edge.api.door import behind, now
from privity.edge.api.problems import problem, refusal
from privity.edge.api.speaking import ERRORS, PUBLIC_ERRORS, who
from privity.errors import Mistaken

Short = Annotated[str, Field(min_length=1, max_length=80)]
router = Router()


@router.get("/form", response={200: published.FormOut, **ERRORS}, operation_id="form")
def form(request: HttpRequest) -> Any:
    """Return the purposes, facts, declarations and ranks of the agreement the organisation asks under."""
    return published.FormOut.of(behind().requester_desk.form(by=who(request)))


@router.get(
    "/agreements",
    auth=None,
    response={200: list[published.AgreementOut], 503: shapes.ProblemOut},
    operation_id="agreements",
)
def agreements(request: HttpRequest) -> Any:
    """Say what every agreement lets leave today. Public."""
    return [
        published.AgreementOut(
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


@router.get(
    "/agreements/{family}", auth=None, response={200: published.FamilyOut, **PUBLIC_ERRORS}, operation_id="versions"
)
def versions(request: HttpRequest, family: Short) -> Any:
    """List everything that happened to an agreement, earliest first. Public."""
    found = next((line for line in behind().public_desk.agreements() if line.family == family), None)
    if found is None:
        return refusal(NoSuchCase())
    return published.FamilyOut(
        family=found.family,
        requester=found.requester,
        versions=[
            published.VersionOut(
                name=line.name,
                kind=line.kind,
                title=line.title,
                effective=line.effective,
                published_on=line.published_on,
            )
            for line in found.lines
        ],
    )


@router.get(
    "/agreements/{family}/{version}",
    auth=None,
    response={200: published.TextOut, **PUBLIC_ERRORS},
    operation_id="agreement",
)
def agreement(request: HttpRequest, family: Short, version: Short) -> Any:
    """Return the words of a published version and its rules. Public."""
    try:
        text, policy = behind().desk.agreement(family, version)
    except Mistaken:
        return refusal(NoSuchCase())
    return published.TextOut(family=family, version=version, text=text, policy=policy)


@router.get(
    "/statistics", auth=None, response={200: published.StatisticsOut, **PUBLIC_ERRORS}, operation_id="statistics"
)
def statistics(request: HttpRequest, year: Annotated[int | None, Query(ge=1990, le=2200)] = None) -> Any:
    """Return the public figures of a year, as the last month left them; the newest where none is given. Public."""
    try:
        view = behind().desk.statistics(year, now())
    except Mistaken as unpublished:
        return problem("not-found", 404, unpublished)
    names = tuple(published.CountsOut.model_fields)
    lines = [published.CountsOut(**{name: getattr(line, name) for name in names}) for line in (*view.lines, view.total)]
    return published.StatisticsOut(
        year=view.year,
        years=list(view.years),
        until=view.until,
        lines=lines[:-1],
        total=lines[-1],
        made_up=behind().made_up,
    )
