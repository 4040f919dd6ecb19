"""The practice's page for protecting a patient, and the guardian's for lifting a protection.

No NHS number is ever in an address: it is typed, sent in the body of a form, and no page here is stored.
"""

from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from privity.casework.instance_records import ProtectionRecord
from privity.casework.record import read_day
from privity.casework.side_by_side import spaced
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import Address, read_postcode
from privity.edge.web import door
from privity.edge.web.drawing import Problem, draw
from privity.edge.web.people import day_typed, for_roles, forms, number_typed, one_sentence_of
from privity.edge.web.public_door import public
from privity.edge.web.sent import number_sent
from privity.errors import Mistaken
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import (
    EFFECTS_OF_A_FLAG,
    EFFECTS_OF_AN_ADDRESS,
    EFFECTS_OF_LIFTING,
    AskedBy,
    Lifting,
    Registration,
)

PLACES = {
    PlaceKind.PRACTICE: "the GP practice",
    PlaceKind.CHARITY: "a charity",
    PlaceKind.PLACE_OF_WORSHIP: "a place of worship",
    PlaceKind.OTHER: "somewhere else the person chose",
}
ASKED = {
    AskedBy.PERSON: "the person",
    AskedBy.REPRESENTATIVE: "somebody on the person’s behalf",
    AskedBy.PRACTICE: "the practice",
    AskedBy.POLICE: "the police",
    AskedBy.SOCIAL_SERVICES: "social services",
}
Choice = TypeVar("Choice", PlaceKind, AskedBy)


@sensitive_post_parameters()
@forms
@for_roles(Role.GP_PRACTICE)
def protection(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the practice's registrations and the form for another, or register one."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            words = _register_or_lift(request, person)
        except Mistaken as refused:
            problems = [Problem(words=one_sentence_of(refused), field="")]
        else:
            messages.success(request, words)
            return redirect("protection")
    shown = {
        "kept": [
            (one, spaced(one.reference), read_day(one.last)) for one in public().registrations(person.organisation)
        ],
        "undone": public().undone(door.now()),
        "typed": request.POST,
        "places": PLACES,
        "asked": ASKED,
        "effects_of_a_flag": EFFECTS_OF_A_FLAG,
        "effects_of_an_address": EFFECTS_OF_AN_ADDRESS,
        "effects_of_lifting": EFFECTS_OF_LIFTING,
    }
    return draw(request, "protection", shown, status=422 if problems else 200, problems=problems)


def _register_or_lift(request: HttpRequest, person: Officer) -> str:
    """Do what the practice's form asks for and return what to say."""
    read = request.POST.get("effects") == "yes"
    if request.POST.get("act") == "end-letters":
        public().lift(_lifting(request, person.organisation, letters=True), effects_read=read, by=person, at=door.now())
        return _("The address for letters is ended. Letters go home again.")
    public().protect(_registration(request), effects_read=read, by=person, at=door.now())
    return _("The protection is registered and counts from its first day.")


@sensitive_post_parameters()
@forms
@for_roles(Role.GUARDIAN)
def protections(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what practices registered for one number, or take a protection away."""
    problems: list[Problem] = []
    found: list[ProtectionRecord] | None = None
    if request.method == "POST":
        try:
            number = number_typed(request)
            if request.POST.get("act") == "lift":
                practice = OrganisationId(request.POST.get("practice", ""))
                lifting = _lifting(
                    request,
                    practice,
                    flag=_is_ticked(request.POST, "flag"),
                    letters=_is_ticked(request.POST, "letters"),
                )
                read, seen = _is_ticked(request.POST, "effects"), number_sent(request, "seen")
                public().lift(lifting, effects_read=read, by=person, at=door.now(), seen=seen)
                messages.success(request, _("The protection is lifted. It is on record who asked and why."))
                return redirect("protections")
            found = list(public().protections(number, by=person))
        except Mistaken as refused:
            problems = [Problem(words=one_sentence_of(refused), field="nhs")]
    if problems and request.POST.get("act") == "lift":
        found = _still_there(request, person)
    missing = public().not_on_register(by=person, on=civil_day(door.now()))
    shown = {
        "found": found,
        "typed": request.POST,
        "asked": ASKED,
        "effects": EFFECTS_OF_LIFTING,
        "not_on_register": None if missing is None else [(spaced(one.reference), one) for one in missing],
    }
    return draw(request, "protections", shown, status=422 if problems else 200, problems=problems)


def _still_there(request: HttpRequest, person: Officer) -> list[ProtectionRecord] | None:
    try:
        return list(public().protections(number_typed(request), by=person))
    except Mistaken:
        return None


def _is_ticked(sent: QueryDict, name: str) -> bool:
    return sent.get(name) == "yes"


def _lifting(request: HttpRequest, practice: OrganisationId, *, flag: bool = False, letters: bool = False) -> Lifting:
    """Return what was typed as a lifting.

    Raises: Mistaken: a number or an answer is not what it must be.
    """
    return Lifting(
        nhs_number=number_typed(request),
        practice=practice,
        flag=flag,
        letters=letters,
        reason=request.POST.get("reason", ""),
        asked_by=_one_of(AskedBy, request.POST.get("asked_by", ""), "who asked"),
    )


def _registration(request: HttpRequest) -> Registration:
    """Return what was typed as a registration.

    Raises: Mistaken: a number, postcode, day or reason is not what it must be.
    """
    sent = request.POST
    period = Period(
        first=day_typed(request, "first") if sent.get("first") else None,
        last=day_typed(request, "last") if sent.get("last") else None,
    )
    lines = tuple(line.strip() for line in sent.get("lines", "").splitlines() if line.strip())[:5]
    address = None
    if lines or sent.get("postcode"):
        address = CorrespondenceAddress(
            place=_one_of(PlaceKind, sent.get("place", ""), "whose address it is"),
            address=Address(lines=lines, postcode=read_postcode(sent.get("postcode", ""))),
            period=period,
        )
    return Registration(
        nhs_number=number_typed(request),
        flagged=sent.get("flag") == "yes",
        correspondence=address,
        period=period,
        reason=sent.get("reason", ""),
        asked_by=_one_of(AskedBy, sent.get("asked_by", ""), "who asked"),
    )


def _one_of(kinds: type[Choice], typed: str, what: str) -> Choice:
    if typed not in {kind.value for kind in kinds}:
        raise Mistaken("nothing was registered", why=f"it was not said {what}", next_step="choose one of the answers")
    return kinds(typed)
