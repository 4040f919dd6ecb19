"""The fairness of a model as a file: made by one command, checked in, shown on a public page, compared with the model.

Rules of the room:
- The file names its model, certificate and register by digest, and says what the labels were made from.
- The page shows the file; where another model is in use it says so, and nothing is computed on the page.
- A disparity is a group above the limit, few as it may be, or one found less often than chance explains.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from privity.errors import Mistaken
from privity.trace.evaluation import Share
from privity.trace.fairness import MOST_TIMES_ALPHA, Fairness, Group, Verdict

FORMAT = 1
MOST_BEHIND = 0.10
"""How many of the present people of a group may be missed more than of everybody, before it is an alarm."""


ABOVE = "%(trait)s, %(group)s: %(share)s of proposals are somebody else, the limit is %(limit)s"
PERHAPS = (
    "%(trait)s, %(group)s: %(wrong)s of %(of)s proposals are somebody else, "
    "too few to tell whether that is above the limit of %(limit)s"
)
BEHIND = "%(trait)s, %(group)s: %(share)s of the people present are found, of everybody %(everybody)s"
DISPARITIES = (ABOVE, PERHAPS, BEHIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessResult:
    """Error and coverage by group, worst first, with what they were measured on."""

    model: str
    model_digest: str
    certificate_digest: str
    alpha: float
    confidence: float
    register_rows: int
    register_digest: str
    labels_from: str
    synthetic: bool
    traces: int
    everybody_wrong: Share
    everybody_found: Share
    groups: tuple[Group, ...]

    @property
    def holds(self) -> bool:
        """Return whether no group exceeds twice alpha."""
        return all(one.verdict is not Verdict.EXCEEDS for one in self.groups)

    @property
    def limit(self) -> float:
        """Return the wrong-person rate above which the gate fails."""
        return MOST_TIMES_ALPHA * self.alpha

    def is_of(self, model_digest: str) -> bool:
        """Return whether it was measured with that model."""
        return self.model_digest == model_digest


def result_of(
    found: Fairness,
    *,
    model: str,
    model_digest: str,
    certificate_digest: str,
    confidence: float,
    register_rows: int,
    register_digest: str,
    labels_from: str,
    synthetic: bool,
) -> FairnessResult:
    """Return what was found with where it was found."""
    return FairnessResult(
        model=model,
        model_digest=model_digest,
        certificate_digest=certificate_digest,
        alpha=found.alpha,
        confidence=confidence,
        register_rows=register_rows,
        register_digest=register_digest,
        labels_from=labels_from,
        synthetic=synthetic,
        traces=found.everybody.traces,
        everybody_wrong=found.everybody.wrong_person,
        everybody_found=found.everybody.recall,
        groups=found.groups,
    )


def disparities(result: FairnessResult) -> tuple[str, ...]:
    """Return the disparities, a sentence each: groups above the limit, perhaps above, and surely found less often."""
    told = [
        ABOVE % {**_of(one), "share": f"{one.wrong_person.share:.4f}", "limit": f"{result.limit:g}"}
        for one in result.groups
        if one.verdict is Verdict.EXCEEDS
    ]
    told += [
        PERHAPS % {**_of(one), "wrong": one.wrong_person.hits, "of": one.wrong_person.of, "limit": f"{result.limit:g}"}
        for one in result.groups
        if one.verdict is Verdict.WARNING
    ]
    everybody = result.everybody_found.share
    told += [
        BEHIND % {**_of(one), "share": f"{one.found.share:.0%}", "everybody": f"{everybody:.0%}"}
        for one in result.groups
        if one.found.of and one.found.high < everybody - MOST_BEHIND
    ]
    return tuple(told)


def _of(group: Group) -> dict[str, object]:
    return {"trait": group.trait, "group": group.name.replace("_", " ")}


def result_text(result: FairnessResult) -> str:
    """Return the result as a file holds it; the same result, the same bytes."""
    return json.dumps({"format": FORMAT, **asdict(result)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_result(text: str) -> FairnessResult:
    """Return the result in a file.

    Raises: Mistaken: it is none.
    """
    try:
        tree: dict[str, Any] = json.loads(text)
        if tree.pop("format") != FORMAT:
            raise ValueError
        groups = tuple(_group(one) for one in tree.pop("groups"))
        wrong, found = Share(**tree.pop("everybody_wrong")), Share(**tree.pop("everybody_found"))
        return FairnessResult(groups=groups, everybody_wrong=wrong, everybody_found=found, **tree)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Mistaken(
            "the fairness of the tracer was not read",
            why="the file is none that `privity trace fairness --result` wrote",
            next_step="make it again",
        ) from error


def _group(tree: dict[str, Any]) -> Group:
    return Group(
        trait=tree["trait"],
        name=tree["name"],
        traces=tree["traces"],
        found=Share(**tree["found"]),
        wrong_person=Share(**tree["wrong_person"]),
        verdict=Verdict(tree["verdict"]),
    )
