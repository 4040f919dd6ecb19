"""Learn-then-Test: the threshold above which traces are proposed, and what was shown about it.

    1. a start is chosen on other labels, strict enough that the first test ought to pass
    2. thresholds are tested one after another, from strict to lenient, in an order fixed beforehand
    3. each test asks, by the exact binomial: could this few wrong proposals be seen if the wrong-person rate
       were above alpha? While the answer is at most 1 - confidence, the next threshold is tested
    4. the last threshold that passed is certified; testing in a fixed order needs no correction
    5. testing may end before that, at a place fixed beforehand too: what is certified is then less than could be
    6. several registers are certified together: a threshold passes only where it passes on each

What is certified: P(a proposal names somebody else, given that there is a proposal) <= alpha, with the stated
confidence over the labels, for requests drawn like the labels and absent people no more frequent than there.

Rules of the room:
- A certificate names its model and its registers by SHA-256, and says whether people and labels were made up.
- No test passes, no certificate.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

from privity.errors import Mistaken
from privity.trace.boosting import Flags, Floats
from privity.trace.evaluation import at_most

FORMAT = 1
THRESHOLDS = tuple(1 - 10 ** (-step / 20) for step in range(100, 12, -1))
"""The fixed order: from 0.99999 down to about 0.78, twenty to a power of ten."""
_AIM = 0.2
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Traces of known truth on one register.

    `scores` is the probability of the likeliest record, 0 where the trace may not be proposed whatever its
    probability (no date of birth, sensitive, ambiguous); `right` is whether that record is the person sought.
    """

    register_rows: int
    register_digest: str
    scores: Floats
    right: Flags
    absent: int

    def __post_init__(self) -> None:
        assert len(self.scores) == len(self.right), "one score and one truth a trace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one register showed at the certified threshold."""

    register_rows: int
    register_digest: str
    labels: int
    absent: int
    accepted: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A threshold and what was shown about it. Built by `certify`, or read from a file.

    Raises: Mistaken: the trials do not show what is certified.
    """

    alpha: float
    confidence: float
    threshold: float
    model_digest: str
    synthetic: bool
    labels_from: str
    trials: tuple[Trial, ...]

    def __post_init__(self) -> None:
        if not (0 < self.alpha < 1 and 0 < self.confidence < 1 and 0 < self.threshold < 1 and self.trials):
            raise _refused("a rate does not lie between 0 and 1, or there are no trials")
        if any(at_most(one.wrong, one.accepted, self.alpha) > 1 - self.confidence for one in self.trials):
            raise _refused("its own counts do not show its bound")

    @property
    def rows(self) -> tuple[int, int]:
        """Return the sizes of the smallest and the largest register it was shown on."""
        sizes = [one.register_rows for one in self.trials]
        return min(sizes), max(sizes)

    @property
    def most_absent(self) -> float:
        """Return the largest share of absent people it holds for: the smallest it was shown with."""
        return min(one.absent / one.labels for one in self.trials)

    @property
    def most_unproposed(self) -> float:
        """Return the share of traces without a proposal that goes with so many absent: the smallest a trial had.

        Absent people and people present whom it would not propose together, as they are seen at work.
        """
        return min(1 - one.accepted / one.labels for one in self.trials)

    def covers(self, register_rows: int) -> bool:
        """Return whether a register of that size lies between those it was shown on."""
        smallest, largest = self.rows
        return smallest <= register_rows <= largest

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the certificate as it is written."""
        return _digest(self)

    def ledger_facts(self) -> Mapping[str, int | bool | str]:
        """Return the public facts of a `tracer.certified` entry; rates are in parts per million, rounded up."""
        smallest, largest = self.rows
        return {
            "certificate_digest": self.digest,
            "model_digest": self.model_digest,
            "smallest_register_rows": smallest,
            "largest_register_rows": largest,
            "labels": sum(one.labels for one in self.trials),
            "accepted": sum(one.accepted for one in self.trials),
            "wrong": sum(one.wrong for one in self.trials),
            "alpha_per_million": -int(-self.alpha * _MILLION // 1),
            "confidence_per_million": round(self.confidence * _MILLION),
            "threshold_per_million": round(self.threshold * _MILLION),
            "most_absent_per_million": int(self.most_absent * _MILLION),
            "synthetic": self.synthetic,
        }


def fitting(certificates: Sequence[Certificate], register_rows: int) -> Certificate:
    """Return the certificate for a register of that size: the first that covers it, else the one nearest to doing so.

    Of several that do not cover a larger register, the one shown on the largest; a bound says that it is not covered.
    """
    nearest = min if register_rows < min(one.rows[0] for one in certificates) else max
    return next((one for one in certificates if one.covers(register_rows)), nearest(certificates, key=_sizes))


def _sizes(certificate: Certificate) -> tuple[int, int]:
    return certificate.rows


def start_of(labelled: Sequence[Labelled], *, alpha: float, confidence: float) -> int:
    """Return the place in THRESHOLDS to begin with, chosen on labels that are not tested on.

    The strictest at which these labels would pass with room to spare, or the last.
    """
    for place, threshold in enumerate(THRESHOLDS):
        if all(_p_value(one, threshold, alpha) <= (1 - confidence) * _AIM for one in labelled):
            return place
    return len(THRESHOLDS) - 1


def certify(
    labelled: Sequence[Labelled],
    *,
    alpha: float,
    confidence: float,
    start: int,
    model_digest: str,
    synthetic: bool,
    labels_from: str,
    end: int = len(THRESHOLDS) - 1,
) -> Certificate | None:
    """Return the certificate of the most lenient threshold that passes, or None where the first fails.

    Args: start: place in THRESHOLDS (start_of), chosen on other labels.
          end: place in THRESHOLDS beyond which nothing is tested, chosen on other labels: where a threshold as
          lenient as the whole allows would serve some group worse than it may.
    """
    passed: float | None = None
    for threshold in THRESHOLDS[start : end + 1]:
        if any(_p_value(one, threshold, alpha) > 1 - confidence for one in labelled):
            break
        passed = threshold
    if passed is None:
        return None
    return Certificate(
        alpha=alpha,
        confidence=confidence,
        threshold=float(f"{passed:.9f}"),
        model_digest=model_digest,
        synthetic=synthetic,
        labels_from=labels_from,
        trials=tuple(trial(one, float(f"{passed:.9f}")) for one in labelled),
    )


def trial(labelled: Labelled, threshold: float) -> Trial:
    """Return what one register shows at a threshold."""
    accepted = labelled.scores >= threshold
    return Trial(
        register_rows=labelled.register_rows,
        register_digest=labelled.register_digest,
        labels=len(labelled.scores),
        absent=labelled.absent,
        accepted=int(accepted.sum()),
        wrong=int((accepted & ~labelled.right).sum()),
    )


def _p_value(labelled: Labelled, threshold: float, alpha: float) -> float:
    """Return P(so few wrong among the accepted, given that each is wrong with probability alpha)."""
    found = trial(labelled, float(f"{threshold:.9f}"))
    return at_most(found.wrong, found.accepted, alpha)


@lru_cache(maxsize=16)
def _digest(certificate: Certificate) -> str:
    return sha256(certificate_text(certificate).encode()).hexdigest()


def certificate_text(certificate: Certificate) -> str:
    """Return the certificate as a file holds it; the same certificate, the same bytes."""
    tree = {"format": FORMAT, **asdict(certificate)}
    return json.dumps(tree, indent=1, sort_keys=True) + "\n"


def read_certificate(text: str) -> Certificate:
    """Return the certificate in a file.

    Raises: Mistaken: it is none, or its counts do not show its bound.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("it is not JSON") from error
    if not isinstance(tree, dict) or tree.pop("format", None) != FORMAT:
        raise _refused(f"its `format` is not `{FORMAT}`")
    try:
        trials = tuple(_read_trial(one) for one in cast(list[object], tree.pop("trials")))
        found = Certificate(
            trials=trials,
            **{key: _checked(tree.pop(key), kind) for key, kind in _FIELDS.items()},
        )
    except (KeyError, TypeError) as error:
        raise _refused("a field is missing or of the wrong kind") from error
    if tree:
        raise _refused("it has fields that no certificate has")
    return found


_FIELDS: Mapping[str, type] = {
    "alpha": float,
    "confidence": float,
    "threshold": float,
    "model_digest": str,
    "synthetic": bool,
    "labels_from": str,
}
_TRIAL_FIELDS: Mapping[str, type] = {
    "register_rows": int,
    "register_digest": str,
    "labels": int,
    "absent": int,
    "accepted": int,
    "wrong": int,
}


def _read_trial(value: object) -> Trial:
    if not isinstance(value, dict) or set(value) != set(_TRIAL_FIELDS):
        raise TypeError
    found = Trial(**{key: _checked(value[key], kind) for key, kind in _TRIAL_FIELDS.items()})
    if not 0 <= found.wrong <= found.accepted <= found.labels or not 0 <= found.absent <= found.labels:
        raise _refused("the counts of a trial contradict each other")
    return found


def _checked(value: object, kind: type) -> Any:
    """Return the value where it is of exactly that kind."""
    if type(value) is not kind:
        raise TypeError
    return value


def _refused(why: str) -> Mistaken:
    return Mistaken("the certificate was not accepted", why=why, next_step="use one that `privity trace certify` wrote")
