"""Whom the tracer serves worse, in public: one chart, worst group first, and how often requests were refused.

Rules of the module:
- The figures are a file that one command made; nothing is measured here. Where another model is in use, it says so.
- Refusals are shown as the newest publication shows them: by class of request since format 3, by requester before.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privity.casework.public_desk import Published
from privity.edge.web.admission import answered
from privity.edge.web.drawing import draw
from privity.edge.web.locale_forms import number, percent
from privity.edge.web.public_door import public
from privity.edge.web.quarters import class_cells
from privity.edge.web.watch_door import watch
from privity.errors import Mistaken
from privity.statistics.classes import Apart
from privity.statistics.suppression import Suppression
from privity.trace.evaluation import Share
from privity.trace.fairness import Group
from privity.trace.fairness_result import FairnessResult, disparities, result_text

WIDTH = 1000
_LEAST_MARK = 6.0
_COMMAND = "privity trace fairness --synthetic {rows} --labels {traces}{seed} --result FILE"
_SEED = re.compile(r"people seed (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBar:
    """One group's line of the chart: the interval and the share, as places in a box WIDTH wide."""

    group: Group
    low: float
    length: float
    place: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLine:
    """How many of a requester's requests were refused, as published; `rate` is empty where it is in bands."""

    requester: str
    received: str
    refused: str
    rate: str
    by_reason: tuple[tuple[str, str], ...]


def _command(result: FairnessResult) -> str:
    """Return the command that makes the same figures again; labels that were not made up have no seed."""
    seed = _SEED.search(result.labels_from)
    words = f" --seed {seed.group(1)}" if seed else ""
    return _COMMAND.format(rows=result.register_rows, traces=result.traces, seed=words)


@require_safe
@answered
def fairness(request: HttpRequest) -> HttpResponse:
    """Return the page.

    Raises: Mistaken: no result ships with this version.
    """
    result, in_use = watch().fairness()
    if result is None:
        raise Mistaken(
            "the fairness of the tracer was not shown",
            why="no result ships with this version",
            next_step="make one with `privity trace fairness --result`",
        )
    most = _most(result)
    newest = next(iter(public().publications()), None)
    refused = class_cells(newest) if newest else ()
    given = {
        "result": result,
        "in_use": in_use,
        "current": in_use is None or result.is_of(in_use.model_digest),
        "bars": tuple(_bar(group, most) for group in result.groups),
        "limit_at": round(WIDTH * result.limit / most, 1),
        "alpha_at": round(WIDTH * result.alpha / most, 1),
        "most": most,
        "width": WIDTH,
        "disparities": disparities(result),
        "newest": newest.publication.quarter if newest else None,
        "banded": newest is not None and newest.publication.setting is Suppression.BANDED,
        "refused": refused,
        "apart": sum(line.apart is not Apart.WITH_THE_OTHERS for line in refused),
        "refusals": _refusals(newest) if newest and not refused else (),
        "command": _command(result),
        "here": "statistics",
    }
    return draw(request, "fairness", given)


@require_safe
@answered
def fairness_json(request: HttpRequest) -> HttpResponse:
    """Return the result itself, byte for byte as the command wrote it.

    Raises: Mistaken: no result ships with this version.
    """
    result, _in_use = watch().fairness()
    if result is None:
        raise Mistaken("the result was not found", why="none ships with this version", next_step="make one")
    return HttpResponse(
        result_text(result).encode(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="privity-fairness-{result.model_digest[:12]}.json"'},
    )


def _most(result: FairnessResult) -> float:
    """Return the rate at the right edge of the chart: room for the worst interval that says anything, and the gate."""
    telling = [one.wrong_person.high for one in result.groups if one.wrong_person.of * result.limit >= 1]
    return min(max([2 * result.limit, *telling]), 1.0)


def _bar(group: Group, most: float) -> GroupBar:
    wrong: Share = group.wrong_person
    low, high = (WIDTH * min(value, most) / most for value in (wrong.low, wrong.high))
    return GroupBar(
        group=group,
        low=round(low, 1),
        length=round(max(high - low, _LEAST_MARK), 1),
        place=round(WIDTH * min(wrong.share, most) / most, 1),
    )


def _refusals(published: Published) -> Sequence[RefusalLine]:
    rows = json.loads(published.publication.text)["requesters"]
    lines = [_refusal(row, published.names) for row in rows]
    return sorted(lines, key=lambda line: line.requester)


def _refusal(row: Mapping[str, object], names: Mapping[str, str]) -> RefusalLine:
    name, reasons = str(row["requester"]), row["refusals"]
    assert isinstance(reasons, dict)
    received = row.get("received")
    refused = sum(reasons.values()) if isinstance(received, int) else None
    return RefusalLine(
        requester=names.get(name, name),
        received=number(received) if isinstance(received, int) else "",
        refused=number(refused) if refused is not None else "",
        rate=percent(refused / received, 0) if isinstance(received, int) and received and refused is not None else "",
        by_reason=tuple((str(reason), str(count)) for reason, count in reasons.items()),
    )
