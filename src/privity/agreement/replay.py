"""What would have become of past requests under any version.

Rules of the room:
- An old decision is never made again; a replay says "would have been".
- A fact that was never recorded is not guessed. Where every value it could have had gives the same outcome,
  that outcome is certain; otherwise the outcome depends on the fact, and the fact is named.
- Values tried for a number are those on both sides of every limit the policy draws: between limits the
  policy cannot tell numbers apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from privity.agreement.assessment import Asked, Assessment, Standing
from privity.agreement.evaluation import assess_asked
from privity.agreement.shown import asked_of
from privity.agreement.version import Version
from privity.agreement.vocabulary import Fact, FactSource
from privity.definitions.clause import CitedClause
from privity.definitions.reference import Slug, VersionName
from privity.request.form import FieldKind
from privity.request.tracing_request import FactValue, TracingRequest

MOST_TRIALS = 512
"""How many completions of one request are tried before the replay says that it depends."""
_NUMBER = re.compile(r'"Value":(\d+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What would have become of one request. `standing` is None where it depends on `depends_on`.

    `cited` are the clauses that carry the standing, or that could not be answered.
    """

    standing: Standing | None
    depends_on: tuple[str, ...]
    cited: tuple[CitedClause, ...]

    @property
    def outcome(self) -> str:
        """Return the outcome in words."""
        if self.standing is None:
            return f"depends on {', '.join(self.depends_on)}"
        return self.standing.value


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClass:
    """Requests alike in purpose and offence, and what would have become of them."""

    purpose: Slug
    offence: Slug | None
    outcome: str
    cited: tuple[CitedClause, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Past requests under one version: one outcome for each, and a summary by class, largest first."""

    version: VersionName
    outcomes: tuple[Replayed, ...]
    classes: tuple[RequestClass, ...]


def replay(requests: Iterable[TracingRequest | Asked], version: Version) -> Replay:
    """Return what would have become of requests under a version.

    Raises: Mistaken: a request uses a word the family does not publish. EvaluationFailed: no clean answer.
    """
    outcomes: list[Replayed] = []
    counted: Counter[tuple[Slug, Slug | None, str, tuple[CitedClause, ...]]] = Counter()
    for request in requests:
        asked = request if isinstance(request, Asked) else asked_of(request)
        outcome = replay_asked(asked, version)
        outcomes.append(outcome)
        counted[(asked.purpose, _offence(asked, version), outcome.outcome, outcome.cited)] += 1
    return Replay(
        version=version.name,
        outcomes=tuple(outcomes),
        classes=tuple(
            RequestClass(purpose=purpose, offence=offence, outcome=words, cited=cited, count=count)
            for (purpose, offence, words, cited), count in counted.most_common()
        ),
    )


def _offence(asked: Asked, version: Version) -> Slug | None:
    named = {fact.name for fact in version.vocabulary.facts if fact.is_offence}
    return next((Slug(str(value)) for name, _, value in asked.facts if name in named), None)


@lru_cache(maxsize=8_192)
def replay_asked(asked: Asked, version: Version) -> Replayed:
    """Return what would have become of what was asked. Pure, so results are remembered."""
    now = assess_asked(version, asked)
    if not now.unstated or now.standing is Standing.REFUSED:
        return Replayed(standing=now.standing, depends_on=(), cited=now.cited)
    standings: dict[Standing, Assessment] = {}
    for tried, completed in enumerate(_completions(asked, version), start=1):
        assessed = assess_asked(version, completed)
        standings[assessed.standing] = assessed
        if len(standings) > 1 or tried > MOST_TRIALS:
            return Replayed(standing=None, depends_on=_unrecorded(asked, version), cited=now.cited)
    (standing,) = standings
    return Replayed(standing=standing, depends_on=(), cited=standings[standing].cited)


def _unrecorded(asked: Asked, version: Version) -> tuple[str, ...]:
    """Return the facts the outcome waits for, in the order of the vocabulary."""
    waiting = assess_asked(version, asked).unstated
    derived = {row.offence for row in version.vocabulary.derived if row.name in waiting}
    return tuple(fact.name for fact in version.vocabulary.facts if fact.name in waiting | derived)


def _completions(asked: Asked, version: Version) -> Iterator[Asked]:
    """Yield the request with every value of the facts its outcome waits for, one fact after another.

    A completion may make another fact matter, so each is completed in turn until nothing is waited for.
    """
    waiting = _unrecorded(asked, version)
    known = version.vocabulary.fact(waiting[0]) if waiting else None
    if known is None or known.source is FactSource.GATEWAY:
        yield asked
        return
    for value in _values(known, version):
        completed = replace(asked, facts=asked.facts | {(known.name, value.__class__, value)})
        yield from _completions(completed, version)


def _values(fact: Fact, version: Version) -> tuple[FactValue, ...]:
    match fact.kind:
        case FieldKind.YES_NO:
            return (True, False)
        case FieldKind.ONE_OF:
            return tuple(word for word, _ in fact.choices)
        case FieldKind.WHOLE_NUMBER:
            limits = {int(found) for clause in version.clauses for found in _NUMBER.findall(clause.rule)}
            return tuple(sorted({0} | {near for limit in limits for near in (max(limit - 1, 0), limit, limit + 1)}))
