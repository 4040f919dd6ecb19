"""Whether the tracer may propose at all, here and now: a certificate for this model and this size, not suspended.

Rules of the room:
- What is not shown to hold is not in force: every doubt ends with nobody being proposed.
- The answer is a value. Officers go on judging candidates by hand, whatever it says.
"""

from dataclasses import dataclass
from enum import StrEnum

from privity.trace.certificate import Certificate


class Suspended(StrEnum):
    """Why a certificate that fits is not acted on."""

    SHARE = "share"
    """More of the last traces ended without a proposal than the certificate was shown with."""
    EVIDENCE = "evidence"
    """Officers' determinations refute the certified rate of wrong persons."""
    PERSON = "person"
    """A named person stopped proposals."""


class Hindrance(StrEnum):
    """Why nobody may be proposed."""

    UNCERTIFIED = "uncertified"
    """No certificate was ever put in force here."""
    OTHER_MODEL = "other-model"
    """The certificate in force is another model's."""
    OTHER_SIZE = "other-size"
    """The register is smaller or larger than those the certificate was shown on."""
    SHARE = "share"
    """Suspended: too many traces without a proposal."""
    EVIDENCE = "evidence"
    """Suspended: the promise is refuted."""
    PERSON = "person"
    """Suspended by a named person."""

    @property
    def words(self) -> str:
        """Return the reason in plain words."""
        return _WORDS[self]


_WORDS = {
    Hindrance.UNCERTIFIED: "no certificate has been put in force here",
    Hindrance.OTHER_MODEL: "the certificate in force was made for another model",
    Hindrance.OTHER_SIZE: "the certificate in force does not hold for a register of this size",
    Hindrance.SHARE: "more traces end without a proposal than the certificate allows for",
    Hindrance.EVIDENCE: "officers' decisions refute the certified rate of wrong persons",
    Hindrance.PERSON: "a named person stopped automatic proposals",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TracerInUse:
    """The model and the register a custodian traces with: names, digests and a size, and nobody in it."""

    model: str
    model_digest: str
    register_rows: int
    register_digest: str


def hindrance(certificate: Certificate | None, suspended: Suspended | None, in_use: TracerInUse) -> Hindrance | None:
    """Return why nobody may be proposed, or None where the certificate is in force."""
    if certificate is None:
        return Hindrance.UNCERTIFIED
    if certificate.model_digest != in_use.model_digest:
        return Hindrance.OTHER_MODEL
    if not certificate.covers(in_use.register_rows):
        return Hindrance.OTHER_SIZE
    return Hindrance(suspended.value) if suspended is not None else None
