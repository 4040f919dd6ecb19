"""The wrong-person bound: how often, at most, a proposed trace names somebody else, and how sure that is.

Rules of the room:
- A bound that was not certified on held-out labels says so. A goal is not a certificate.
- A certificate says nothing of a register smaller or larger than those it was shown on.
- A bound shown on made-up people says so wherever it is shown.
"""

from dataclasses import dataclass
from functools import lru_cache

from privity.errors import Mistaken
from privity.trace.certificate import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPersonBound:
    """P(the person proposed is not the person sought, given that one is proposed) <= `alpha`.

    With probability `confidence` over the labels it was certified on. Where `certified` is false, `alpha` is
    what the model aims at and nobody has shown it; `why` says what is lacking. `synthetic` is whether the people
    and labels it was shown on were made up. `certificate` is the first twelve digits of its SHA-256, or empty.
    Raises: Mistaken: a share outside 0 to 1, both ends excluded.
    """

    alpha: float
    confidence: float
    certified: bool
    synthetic: bool = False
    most_absent: float = 0.0
    certificate: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if not (0 < self.alpha < 1 and 0 < self.confidence < 1):
            raise Mistaken(
                "the wrong-person bound was not accepted",
                why="its rate and its confidence must lie between 0 and 1",
                next_step="correct the `bound` of the model file",
            )

    @property
    def words(self) -> str:
        """Return the bound in plain words."""
        if not self.certified:
            why = self.why or "nobody has shown that it gets there"
            return f"not certified: the model aims at {self.alpha:g}, and {why}"
        shown = "shown on made-up people only, " if self.synthetic else ""
        return (
            f"at most {self.alpha:g} of proposed traces name the wrong person, {self.confidence:.0%} sure, "
            f"{shown}with at most {self.most_absent:.0%} of people absent"
        )


@lru_cache(maxsize=64)
def bound_for(certificate: Certificate | None, aim: WrongPersonBound, register_rows: int) -> WrongPersonBound:
    """Return the bound in force on a register of that size: the certified one, or the aim and why it is only that."""
    if certificate is None:
        return aim
    if not certificate.covers(register_rows):
        smallest, largest = certificate.rows
        return WrongPersonBound(
            alpha=certificate.alpha,
            confidence=certificate.confidence,
            certified=False,
            synthetic=certificate.synthetic,
            certificate=certificate.digest[:12],
            why=f"its certificate holds for registers of {smallest:,} to {largest:,} people",
        )
    return WrongPersonBound(
        alpha=certificate.alpha,
        confidence=certificate.confidence,
        certified=True,
        synthetic=certificate.synthetic,
        most_absent=certificate.most_absent,
        certificate=certificate.digest[:12],
    )
