"""What the made-up requests are about: classes of request, with shares, and what simulated officers lean to.

The volumes per requester are the reported ones of January to November 2016 (S1). Everything else in this module is
simulated behaviour, chosen so that the year resembles what was reported, and says so wherever it is printed:
which offences, how often a declaration is missing, how often people are not on the register.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

REPORTED = {"home-office": 8127, "police": 339, "national-crime-agency": 2703}
"""Requests reported for January to November 2016 (S1)."""
REPORTED_TRACED = {"home-office": 5854, "police": 73, "national-crime-agency": 574}
REPORTED_UNTRACED = {"home-office": 1583}
REPORTED_REFUSED = {"home-office": "fewer than 120"}
ABSENT = {"home-office": 0.21, "police": 0.25, "national-crime-agency": 0.66, "court-order": 0.1, "coroner": 0.05}
"""Share of the people asked for who are on no register. The Home Office's is S1's; the others are simulated."""
CORE = ("last_known_address", "date_of_birth", "nhs_registration_date")
HOME_OFFICE_DECLARED = ("usual_sources", "in_public_interest", "this_person")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClass:
    """One class of made-up request.

    `share` is its weight within its requester; `leaning` the chance that a simulated officer says yes to the
    public interest; `rulings` that to any ruling the agreement reserves.
    """

    name: str
    share: float
    purpose: str
    facts: Mapping[str, str]
    declared: Sequence[str]
    leaning: float = 0.995
    rulings: float = 0.5
    urgency: str = ""
    rank: str = ""
    items: Sequence[str] = CORE


class Left(Enum):
    """Where a present-day case is left lying, so that the desk shows every state."""

    BEFORE_VIEWS = "nobody has given a view"
    WITH_REQUESTER = "a question is with the requester"
    PURPOSE_DIVIDED = "the officers differ on the purpose and the guardian has not spoken"
    BEFORE_TRACE = "approved and not traced"
    BEFORE_IDENTITY = "candidates wait to be judged"
    IDENTITY_DIVIDED = "the officers differ on the identity and the guardian has not spoken"
    BEFORE_GUARDIAN = "a protected record waits for the guardian"
    BEFORE_RELEASE = "identified and not released"
    SAFETY_REVIEW = "the safety screen went to the guardian"
    BEFORE_POSTING = "a letter is drafted and not posted"
    BEFORE_SENDING = "sealed and not sent"


@dataclass(slots=True, kw_only=True)
class Plan:
    """One made-up request and what the simulation knows of it that the custodian does not."""

    organisation: str
    family: str
    kind: RequestClass
    fields: dict[str, str]
    truth: str
    seed: int
    withdrawn: bool = False
    questioned: bool = False
    leans: bool = True
    rules: bool = True
    left: Left | None = None


def _stating(base: RequestClass, **facts: str) -> Mapping[str, str]:
    """Return a class's facts with some changed; an empty one is not stated."""
    return {name: value for name, value in {**base.facts, **facts}.items() if value}


def _without(word: str) -> tuple[str, ...]:
    return tuple(declared for declared in HOME_OFFICE_DECLARED if declared != word)


_OVERSTAY = RequestClass(
    name="overstayed leave",
    share=0.499,
    purpose="immigration-offence",
    facts={"citizenship": "not-british", "lost_contact": "yes", "offence": "ia1971-s24-1-b-i"},
    declared=HOME_OFFICE_DECLARED,
)
_WELFARE = RequestClass(
    name="vulnerable adult",
    share=0.006,
    purpose="welfare",
    facts={"welfare_concern": "vulnerable-adult", "missing": "no", "removal_pending": "no"},
    declared=HOME_OFFICE_DECLARED,
)
HOME_OFFICE = (
    _OVERSTAY,
    replace(_OVERSTAY, name="entered without leave", share=0.16, facts=_stating(_OVERSTAY, offence="ia1971-s24-1-a")),
    replace(
        _OVERSTAY, name="broke a reporting restriction", share=0.11, facts=_stating(_OVERSTAY, offence="ia1971-s24-1-e")
    ),
    replace(_OVERSTAY, name="deception", share=0.075, facts=_stating(_OVERSTAY, offence="ia1971-s24a")),
    replace(
        _OVERSTAY,
        name="broke a condition of leave",
        share=0.045,
        facts=_stating(_OVERSTAY, offence="ia1971-s24-1-b-ii"),
    ),
    replace(
        _OVERSTAY, name="asked for more than may leave", share=0.012, items=(*CORE, "telephone", "next_appointment")
    ),
    replace(_OVERSTAY, name="urgent without grounds", share=0.006, urgency="needed soon"),
    replace(
        _OVERSTAY,
        name="escaped detention",
        share=0.008,
        facts=_stating(_OVERSTAY, offence="escape-immigration-detention"),
        rulings=0.85,
    ),
    replace(
        _OVERSTAY,
        name="citizenship in doubt",
        share=0.003,
        facts=_stating(_OVERSTAY, citizenship="not-known"),
        rulings=0.3,
    ),
    replace(_OVERSTAY, name="contact not lost", share=0.003, facts=_stating(_OVERSTAY, lost_contact="no")),
    replace(_OVERSTAY, name="British citizen", share=0.001, facts=_stating(_OVERSTAY, citizenship="british")),
    replace(_OVERSTAY, name="usual sources not declared", share=0.022, declared=_without("usual_sources")),
    replace(_OVERSTAY, name="public interest not declared", share=0.01, declared=_without("in_public_interest")),
    replace(_OVERSTAY, name="one declaration for a list", share=0.012, declared=_without("this_person")),
    replace(_OVERSTAY, name="no identifiable offence", share=0.012, facts=_stating(_OVERSTAY, offence="")),
    replace(
        _WELFARE,
        name="child at risk",
        share=0.012,
        facts=_stating(_WELFARE, welfare_concern="child", missing="yes"),
        urgency="wellbeing-of-a-child",
    ),
    _WELFARE,
    replace(
        _WELFARE,
        name="welfare, removal pending",
        share=0.002,
        facts=_stating(_WELFARE, removal_pending="yes"),
        rulings=0.3,
    ),
    RequestClass(
        name="serious crime, no immigration offence",
        share=0.002,
        purpose="serious-crime",
        facts={
            "offence": "grievous-bodily-harm",
            "citizenship": "not-british",
            "lost_contact": "yes",
            "conviction": "convicted-in-uk",
            "sentence_months": "48",
            "deportation_considered": "yes",
        },
        declared=HOME_OFFICE_DECLARED,
    ),
)
_MURDER = RequestClass(
    name="murder inquiry",
    share=0.1,
    purpose="criminal-investigation",
    facts={"offence": "murder", "person_is": "suspect"},
    declared=("aids_investigation", "this_person"),
    rank="inspector",
)
_THEFT = replace(_MURDER, name="shoplifting", share=0.08, facts=_stating(_MURDER, offence="theft"), rulings=0.05)
POLICE = (
    _MURDER,
    replace(
        _MURDER,
        name="rape investigation",
        share=0.1,
        facts=_stating(_MURDER, offence="rape"),
        rank="chief-inspector",
    ),
    replace(
        _MURDER,
        name="child abuse investigation",
        share=0.08,
        facts=_stating(_MURDER, offence="child-abuse"),
        urgency="wellbeing-of-a-child",
    ),
    replace(
        _MURDER,
        name="not countersigned",
        share=0.38,
        facts=_stating(_MURDER, offence="grievous-bodily-harm"),
        rank="",
    ),
    replace(
        _MURDER,
        name="countersigned by a sergeant",
        share=0.12,
        facts=_stating(_MURDER, offence="fraud"),
        rank="sergeant",
    ),
    replace(_MURDER, name="offence not named", share=0.05, facts=_stating(_MURDER, offence="")),
    replace(_THEFT, name="need not declared", share=0.05, declared=("this_person",)),
    _THEFT,
    replace(
        _MURDER,
        name="fraud",
        share=0.04,
        facts=_stating(_MURDER, offence="fraud"),
        rank="superintendent",
        rulings=0.4,
    ),
)
_WARRANT = RequestClass(
    name="certified warrant",
    share=0.6,
    purpose="european-arrest-warrant",
    facts={"warrant": "certified"},
    declared=("usual_sources", "this_person"),
)
AGENCY = (
    _WARRANT,
    replace(_WARRANT, name="warrant not yet certified", share=0.1, facts={"warrant": "issued"}, rulings=0.6),
    replace(_WARRANT, name="no warrant", share=0.18, facts={"warrant": "none"}),
    replace(_WARRANT, name="usual sources not declared", share=0.12, declared=("this_person",)),
)
COURT = (
    RequestClass(
        name="court order",
        share=0.8,
        purpose="court-order",
        facts={"sealed_order": "yes", "addressed_to_custodian": "yes"},
        declared=("items_as_ordered", "this_person"),
        items=("last_known_address", "gp_contact_details"),
    ),
    RequestClass(
        name="order not attached",
        share=0.2,
        purpose="court-order",
        facts={"sealed_order": "no", "addressed_to_custodian": "yes"},
        declared=("items_as_ordered", "this_person"),
        items=("last_known_address",),
    ),
)
CORONER = (
    RequestClass(
        name="practice of a deceased person",
        share=1.0,
        purpose="primary-care-provider",
        facts={"deceased": "yes", "investigation_opened": "yes"},
        declared=("this_person",),
        items=("name", "date_of_birth", "last_known_address"),
    ),
)
CLASSES: Mapping[str, Sequence[RequestClass]] = {
    "home-office": HOME_OFFICE,
    "police": POLICE,
    "national-crime-agency": AGENCY,
    "court-order": COURT,
    "coroner": CORONER,
}
WITHDRAWN, QUESTIONED = 0.012, 0.03


def make_plan(
    *, organisation: str, family: str, reference: str, fields: Mapping[str, str], truth: str, seed: int
) -> Plan:
    """Return one made-up request: its class, its CSV fields, and what its simulated officers lean to."""
    rng = random.Random(f"{seed}:{organisation}:{reference}")
    classes = CLASSES[family]
    kind = rng.choices(classes, weights=[one.share for one in classes])[0]
    written = {name: value for name, value in fields.items() if name != "reference" and value}
    written |= {
        "your_reference": reference,
        "officer": f"Officer {rng.randrange(1, 60):02d} (made up)",
        "purpose": kind.purpose,
        "items": ";".join(kind.items),
        "statement": f"{kind.name[0].upper()}{kind.name[1:]}: made-up request {reference}.",
        "urgency": kind.urgency,
        **kind.facts,
        **dict.fromkeys(kind.declared, "yes"),
    }
    if kind.rank:
        written |= {"countersigned_by": f"Senior officer {rng.randrange(1, 20):02d} (made up)"}
        written |= {"countersigned_rank": kind.rank}
    return Plan(
        organisation=organisation,
        family=family,
        kind=kind,
        fields=written,
        truth=truth,
        seed=rng.randrange(2**31),
        withdrawn=rng.random() < WITHDRAWN,
        questioned=rng.random() < QUESTIONED,
        leans=rng.random() < kind.leaning,
        rules=rng.random() < kind.rulings,
    )
