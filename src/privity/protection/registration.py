"""What a practice registers for a person who asks: a protected flag, an address for letters, both, or neither again.

Rules of the module:
- Nothing is registered without a reason, without who asked, and before its effects on other services were read.
- A registration says nothing about whether the person is on the register: it is laid over the register when a record
  is read, never looked up.
- A protection hides from its first day to its last; without a last day it stays until somebody ends it.

Source: domain.md 2.2 (who asks for a flag, and what it costs: the e-Referral Service, GP2GP, the summary care record,
electronic prescriptions and the NHS login stop working with it); S0 (another address for letters is lawful).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from privity.definitions.party import OrganisationId
from privity.definitions.person import Demographics, NhsNumber
from privity.errors import Mistaken
from privity.protection.correspondence_address import CorrespondenceAddress, Period

SHORTEST_REASON = 10
LONGEST_REASON = 2_000


class AskedBy(StrEnum):
    """Who asked for the protection."""

    PERSON = "person"
    """The person themselves."""
    REPRESENTATIVE = "representative"
    """Somebody on the person's behalf."""
    PRACTICE = "practice"
    """The practice, because it fears for the person."""
    POLICE = "police"
    """The police, for instance for a protected witness."""
    SOCIAL_SERVICES = "social-services"
    """Social services, for instance for an adopted or a trafficked child."""


EFFECTS_OF_A_FLAG = (
    "Nobody who asks through this gateway is told where the person is, nor that they are here.",
    "Hospitals cannot see the address or the practice, so letters and referrals made by computer may not arrive.",
    "The record does not move by itself when the person changes practice.",
    "Prescriptions cannot be sent to a pharmacy by computer, and the summary of the record may not open.",
    "The person may not be able to use the NHS login.",
)
"""What a flag does, in plain words, to be read before it is set."""
EFFECTS_OF_YOUR_FLAG = (
    "Nobody who asks through this gateway is told where you are, nor that you are on the register.",
    "Hospitals cannot see your address or your practice. Letters made by computer may not reach you.",
    "Your record does not move by itself when you change practice.",
    "Your prescriptions cannot be sent to a pharmacy by computer. The summary of your record may not open.",
    "You may not be able to use the NHS login.",
)
"""What a flag does, as it is told to the person it would protect, line by line."""
EFFECTS_OF_YOUR_ADDRESS = (
    "Letters about your care go to this address. Somebody must pass them on to you.",
    "The address is never given to anybody as the place where you live.",
    "Somebody who already knows this address and asks about you is not told your home address.",
)
"""What an address for letters does, as it is told to the person."""
EFFECTS_OF_AN_ADDRESS = (
    "Letters about the person's care go to this address. Somebody must pass them on.",
    "The address is never given to anybody as the place where the person lives.",
    "Somebody who already knows this address and asks about the person is not told the home address.",
)
"""What an address for letters does, to be read before it is registered."""


EFFECTS_OF_LIFTING = (
    "Whoever may ask through this gateway can be told where the person lives, from the moment it is lifted.",
    "Hospitals see the address and practice again. Letters, referrals and prescriptions go by computer again.",
    "What another practice registered for the same person stays.",
    "Speak to the person alone: somebody who threatens them may be the one who wants it lifted.",
)
"""What taking a protection away does, to be read before it is taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration of one practice for one person. The representation hides it.

    Raises: Mistaken: no reason, or a reason too long.
    """

    nhs_number: NhsNumber
    flagged: bool
    correspondence: CorrespondenceAddress | None
    period: Period
    reason: str
    asked_by: AskedBy
    hid_before: bool = False
    """Whether an earlier registration of the same practice hid the person."""

    def __post_init__(self) -> None:
        if not SHORTEST_REASON <= len(self.reason.strip()) <= LONGEST_REASON:
            raise Mistaken(
                "the protection was not registered",
                why=f"its reason does not have {SHORTEST_REASON} to {LONGEST_REASON:,} characters",
                next_step="say in a sentence why the person needs it",
            )

    def __repr__(self) -> str:
        return "Registration(hidden)"

    @property
    def protects(self) -> bool:
        """Return whether it protects at all; a registration that does not ends the one before it."""
        return self.flagged or self.correspondence is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """What is to be taken away of one practice's registration for one person, who asked for it, and why."""

    nhs_number: NhsNumber
    practice: OrganisationId
    flag: bool
    letters: bool
    reason: str
    asked_by: AskedBy

    def __repr__(self) -> str:
        return f"Lifting({self.practice})"


def protected(record: Demographics, registrations: tuple[Registration, ...], day: date) -> Demographics:
    """Return a record as it must be read on `day`, with what practices registered laid over it.

    Args: registrations: of this person, the newest of each practice, the latest registered last.
    A flag of any practice protects. Of several addresses in force the latest registered one takes the letters.
    """
    flagged, letters = record.sensitive, record.correspondence
    for registration in registrations:
        if registration.nhs_number != record.nhs_number or not registration.period.covers(day):
            continue
        flagged = flagged or registration.flagged
        if registration.correspondence is not None:
            letters = registration.correspondence.address
    return replace(record, sensitive=flagged, correspondence=letters)


def flagged_on(registrations: tuple[Registration, ...], day: date) -> frozenset[NhsNumber]:
    """Return whose whereabouts a registration hides on `day`."""
    return frozenset(
        registration.nhs_number
        for registration in registrations
        if registration.flagged and registration.period.covers(day)
    )
