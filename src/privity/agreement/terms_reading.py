"""The terms of a version and how it was made, from text to value. Every fault names its file and line."""

from datetime import date, datetime

from privity.agreement.making import NOT_TAKEN, Commencement, Governs, Making, RegisterTerms, Step
from privity.agreement.version import Claim, ClockTerms, Footing, Ladder, Party, PartyRole, Retention, VersionState
from privity.agreement.written import Written
from privity.request.due import LONGEST_CLOCK

LADDER_LIMITS = {"remind_every_days": (1, 90), "escalate_after_days": (1, 365), "kept_here_days": (1, 7305)}
"""Days, shortest and longest. Nothing of a case is kept longer than the 20 years of its audit log (NBOAUD)."""


def read_state(written: Written) -> VersionState:
    """Return whether the version was ever a text."""
    if written.text() not in tuple(VersionState):
        raise written.fault(f"`{written.text()}` is no state", "write `written` or `announced`")
    return VersionState(written.text())


def read_party(body: Written) -> Party:
    """Return one party and its place."""
    body.only("role", "words")
    if body.at("role").text() not in tuple(PartyRole):
        known = ", ".join(role.value for role in PartyRole)
        raise body.at("role").fault(f"`{body.at('role').text()}` is no role", f"use one of {known}")
    return Party(role=PartyRole(body.at("role").text()), words=body.at("words").text())


def read_footings(written: Written | None) -> tuple[Footing, ...]:
    """Return what a version stands on; nothing where nothing is written."""
    if written is None:
        return ()
    return tuple(read_footing(part) for part in written.parts())


def read_footing(body: Written) -> Footing:
    """Return one thing a version stands on."""
    body.only("what", "note", "verified", "until")
    note, until, verified = body.maybe("note"), body.maybe("until"), body.maybe("verified")
    return Footing(
        what=body.at("what").text(),
        note="" if note is None else note.text(),
        verified=True if verified is None else verified.flag(),
        until=None if until is None else until.day(),
    )


def read_maybe_moment(page: Written, key: str) -> datetime | None:
    """Return an instant, or None where none is written."""
    found = page.maybe(key)
    return None if found is None else found.moment()


def read_clock(body: Written) -> ClockTerms:
    """Return how fast a reply is owed."""
    body.only("working_days", "urgent_working_days", "calendar")
    urgent = body.maybe("urgent_working_days")
    days = [body.at("working_days")] if urgent is None else [body.at("working_days"), urgent]
    for written in days:
        if not 1 <= written.whole_number() <= LONGEST_CLOCK:
            raise written.fault("the clock is too short or too long", f"write 1 to {LONGEST_CLOCK}")
    return ClockTerms(
        working_days=body.at("working_days").whole_number(),
        urgent_working_days=None if urgent is None else urgent.whole_number(),
        calendar=body.at("calendar").text(),
    )


def read_retention(body: Written) -> Retention:
    """Return how long the requester may keep what it received, and what follows."""
    body.only("days", "words", "verified", *LADDER_LIMITS)
    return Retention(
        days=body.at("days").whole_number(),
        words=body.at("words").text(),
        verified=body.at("verified").flag(),
        ladder=Ladder(**{name: _rung(written, name) for name in LADDER_LIMITS if (written := body.maybe(name))}),
    )


def _rung(written: Written, name: str) -> int:
    """Return the days of one rung, where they are written."""
    shortest, longest = LADDER_LIMITS[name]
    if not shortest <= written.whole_number() <= longest:
        raise written.fault(f"`{name}` is too short or too long", f"write {shortest} to {longest}")
    return written.whole_number()


def read_claim(written: Written | None) -> Claim | None:
    """Return what an amendment claims, or None where nothing is claimed."""
    if written is None:
        return None
    if written.text() not in tuple(Claim):
        raise written.fault(f"`{written.text()}` is no claim", f"use one of {', '.join(tuple(Claim))}")
    return Claim(written.text())


def read_making(body: Written | None) -> Making:
    """Return the steps of a version; a step that is not written was not taken."""
    if body is None:
        return Making()
    body.only("history", "consulted", "data_protection", "equality")
    history = body.maybe("history")
    return Making(
        consulted=_step(body.maybe("consulted")),
        data_protection=_step(body.maybe("data_protection")),
        equality=_step(body.maybe("equality")),
        is_history=history is not None and history.flag(),
    )


def _step(body: Written | None) -> Step:
    if body is None:
        return NOT_TAKEN
    body.only("on", "note", "verified")
    note, verified = body.maybe("note"), body.maybe("verified")
    return Step(
        on=_maybe_day(body, "on"),
        note="" if note is None else note.text(),
        verified=True if verified is None else verified.flag(),
    )


def _maybe_day(body: Written, key: str) -> date | None:
    found = body.maybe(key)
    return None if found is None else found.day()


def read_commencement(body: Written | None, claim: Claim | None) -> Commencement:
    """Return how a version takes hold of cases under way.

    Raises: Unreadable: it saves the text before under a narrowing and nobody signed why.
    """
    if body is None:
        return Commencement()
    body.only("governs", "signed_by", "why")
    governs = body.at("governs")
    if governs.text() not in tuple(Governs):
        raise governs.fault(f"`{governs.text()}` starts nothing", f"use one of {', '.join(tuple(Governs))}")
    signed, why = body.maybe("signed_by"), body.maybe("why")
    terms = Commencement(
        governs=Governs(governs.text()),
        signed_by="" if signed is None else signed.text(),
        why="" if why is None else why.text(),
    )
    saves = terms.governs is not Governs.DISCLOSURE
    if saves and claim is Claim.NARROWS and not (terms.signed_by and terms.why):
        raise governs.fault(
            "a narrowing would not reach cases under way, and nobody signed why",
            "write `signed_by` and `why`, or let it govern `disclosure`",
        )
    return terms


def read_register_terms(body: Written | None) -> RegisterTerms:
    """Return what the public register asks for beyond the agreement itself."""
    if body is None:
        return RegisterTerms()
    body.only("benefits", "processors", "contact", "areas", "review_on")
    benefits, contact = body.maybe("benefits"), body.maybe("contact")
    processors, areas = body.maybe("processors"), body.maybe("areas")
    return RegisterTerms(
        benefits="" if benefits is None else benefits.text(),
        processors=() if processors is None else processors.texts(),
        contact="" if contact is None else contact.text(),
        areas=() if areas is None else areas.texts(),
        review_on=_maybe_day(body, "review_on"),
    )
