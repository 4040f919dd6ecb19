"""The same requests under every version of a family: what each would have made of the year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from privity.agreement.assessment import Asked, Standing
from privity.agreement.replay import Replay, replay
from privity.agreement.version import Family, Version, VersionState

DEPENDS = "depends on an unrecorded fact"
OUTCOMES = (
    (Standing.PERMITTED, "permitted"),
    (Standing.NEEDS_JUDGEMENT, "a person weighs"),
    (Standing.NEEDS_RULING, "a person rules first"),
    (Standing.INCOMPLETE, "returned"),
    (Standing.REFUSED, "refused"),
)
COLUMNS = (*(words for _, words in OUTCOMES), DEPENDS)
_WORDS = dict(OUTCOMES) | {Standing.ORDERED: "permitted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderVersion:
    """What one version would have made of the requests: how many of each outcome, and the replay itself."""

    version: Version
    counts: Counter[str]
    replay: Replay

    @property
    def label(self) -> str:
        """Return the version's name, marked where it never governed."""
        return f"{self.version.name}{' (announced)' if self.version.state is VersionState.ANNOUNCED else ''}"


def under_every_version(family: Family, requests: Sequence[Asked]) -> tuple[UnderVersion, ...]:
    """Return what every version of a family would have made of some requests. Every row sums to their number.

    Raises: Mistaken: a request uses a word the family does not publish. EvaluationFailed: no clean answer.
    """
    rows = []
    for version in family.versions:
        found = replay(requests, version)
        counts = Counter(DEPENDS if row.standing is None else _WORDS[row.standing] for row in found.outcomes)
        rows.append(UnderVersion(version=version, counts=counts, replay=found))
    return tuple(rows)
