"""The wrong-person bound: how often, at most, a proposed trace names somebody else, and how sure that is.

Rule of the room: a bound that was not certified on held-out labels says so. A goal is not a certificate.
"""

from dataclasses import dataclass

from privity.errors import Mistaken


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPersonBound:
    """P(the person proposed is not the person sought, given that one is proposed) <= `alpha`.

    With probability `confidence` over the labels it was certified on. Where `certified` is false, `alpha` is
    what the model aims at and nobody has shown it.
    Raises: Mistaken: a share outside 0 to 1, both ends excluded.
    """

    alpha: float
    confidence: float
    certified: bool

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
        if self.certified:
            return f"at most {self.alpha:g} of proposed traces name the wrong person, {self.confidence:.0%} sure"
        return f"not certified: the model aims at {self.alpha:g}, and nobody has shown that it gets there"
