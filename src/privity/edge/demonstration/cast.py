"""Who takes part in the demonstration: made-up officers with printed passwords, and the bodies they ask for."""

from dataclasses import dataclass

from privity.definitions.party import Officer, OrganisationId, Role, StaffId

CUSTODIAN = OrganisationId("custodian")
PASSWORD = "open-the-register-please"  # noqa: S105  printed on purpose: the data are made up


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation that asks, or oversees."""

    name: OrganisationId
    words: str
    kind: str
    family: str


def _body(name: str, words: str, kind: str, family: str) -> Body:
    return Body(name=OrganisationId(name), words=words, kind=kind, family=family)


BODIES = (
    _body("home-office", "Home Office", "department", "home-office"),
    _body("national-crime-agency", "National Crime Agency", "agency", "national-crime-agency"),
    _body("greater-manchester-police", "Greater Manchester Police", "police force", "police"),
    _body("metropolitan-police", "Metropolitan Police", "police force", "police"),
    _body("west-yorkshire-police", "West Yorkshire Police", "police force", "police"),
    _body("kent-police", "Kent Police", "police force", "police"),
    _body("family-court", "Family Court", "court", "court-order"),
    _body("county-court", "County Court", "court", "court-order"),
    _body("hm-coroner", "HM Coroner", "coroner", "coroner"),
    _body(
        "department-of-health-and-social-care",
        "Department of Health and Social Care",
        "department that collates",
        "debt-reporting",
    ),
)


def _officer(staff_id: str, name: str, role: Role, organisation: OrganisationId = CUSTODIAN) -> Officer:
    return Officer(staff_id=StaffId(staff_id), name=name, organisation=organisation, role=role)


OFFICERS = (
    _officer("a.okafor", "Adaeze Okafor (made up)", Role.DISCLOSURE_OFFICER),
    _officer("b.lewis", "Bryn Lewis (made up)", Role.DISCLOSURE_OFFICER),
    _officer("c.mistry", "Chetna Mistry (made up)", Role.DISCLOSURE_OFFICER),
    _officer("d.kowalska", "Dorota Kowalska (made up)", Role.DISCLOSURE_OFFICER),
)
"""Simulated disclosure officers; two of them judge each case, blind to each other."""
GUARDIAN = _officer("g.hale", "Grace Hale (made up)", Role.GUARDIAN)
ADMINISTRATORS = (
    _officer("m.ford", "Miles Ford (made up)", Role.ADMINISTRATOR),
    _officer("n.shah", "Nisha Shah (made up)", Role.ADMINISTRATOR),
)
OTHERS = (
    _officer("t.auditor", "Tomos Price (made up)", Role.AUDITOR),
    _officer("d.oversight", "Della Brook (made up)", Role.DEPARTMENT),
)
MANCHESTER = OrganisationId("greater-manchester-police")
REQUESTERS = (
    _officer("p.reid", "Priya Reid (made up)", Role.REQUESTING_OFFICER, MANCHESTER),
    _officer("i.boateng", "Isaac Boateng (made up)", Role.REQUESTING_OFFICER, MANCHESTER),
    _officer("h.lane", "Harriet Lane (made up)", Role.REQUESTING_OFFICER, OrganisationId("home-office")),
)
FINANCE = _officer("o.visitors", "Olive Vaughan (made up)", Role.OVERSEAS_VISITOR_OFFICER)
"""Keeps the charges to overseas visitors, whose debts are reported."""
COLLATOR = _officer(
    "c.collates",
    "Cyril Tate (made up)",
    Role.REQUESTING_OFFICER,
    OrganisationId("department-of-health-and-social-care"),
)
PRACTICE = OrganisationId("riverside-surgery")
PRACTICE_WORDS = "Riverside Surgery (made up)"
PRACTICE_DESK = _officer("s.abbas", "Samira Abbas (made up)", Role.GP_PRACTICE, PRACTICE)
"""The desk of a GP practice, which protects patients and gives them codes to ask with."""
RANKS = {"p.reid": "constable", "i.boateng": "inspector"}
"""The ranks in which requesters' officers countersign."""
EVERYBODY = (*OFFICERS, GUARDIAN, *ADMINISTRATORS, *OTHERS, *REQUESTERS, PRACTICE_DESK, FINANCE, COLLATOR)
SIGN_IN_AS = (
    (OFFICERS[0], "disclosure officer: the first to judge a case"),
    (OFFICERS[1], "second officer: blind to the first"),
    (GUARDIAN, "guardian: where two differ, and protected records"),
    (REQUESTERS[0], "requesting officer of a police force, a constable"),
    (REQUESTERS[1], "inspector of the same force, who countersigns"),
    (REQUESTERS[2], "requesting officer of the Home Office"),
    (OTHERS[1], "department: oversees and brokers"),
    (OTHERS[0], "auditor: entries, export, verification"),
    (ADMINISTRATORS[0], "administrator: puts people and roles forward"),
    (ADMINISTRATORS[1], "second administrator: confirms"),
    (PRACTICE_DESK, "GP practice: protects patients"),
    (FINANCE, "overseas visitor officer: debts, monthly runs"),
    (COLLATOR, "department that collates: fetches, acknowledges"),
)
"""Whom a stranger can sign in as, and what for: one account for every role, all with the same printed password."""


def asker(body: Body) -> Officer:
    """Return the made-up officer who sends a body's files and confirms what it received."""
    return _officer(f"r.{body.name}", f"Requests desk, {body.words} (made up)", Role.REQUESTING_OFFICER, body.name)
