"""People, permits and packs for tests. The names are unmistakable, so that a leak of one is seen."""

from datetime import UTC, date, datetime

from privity.definitions.clause import CitedClause, ClauseRef
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId, Role, StaffId
from privity.definitions.person import Address, Demographics, Gender, NhsNumber, Particulars, PersonId
from privity.definitions.reference import AgreementFamily, CaseReference, Slug, VersionName, case_reference
from privity.disclosure.minimise import least
from privity.disclosure.pack import Answer, Pack, answer_from
from privity.disclosure.release import Release
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.judgement.determination import Determination, Stage

HOME_OFFICE = OrganisationId("home-office")
CASE: CaseReference = case_reference(bytes(range(16)))
VERSION = "home-office@2017-01"
PERSON = PersonId(7)
HOME = Address(lines=("Flat 9", "41 Zzyzx Terrace", "Quxbury"), postcode="QX1 4ZZ")
CHARITY = Address(lines=("The Wibblesby Trust", "2 Frobnic Road"), postcode="FB2 7WT")
SEALED_AT = datetime(2017, 3, 1, 12, 30, 15, tzinfo=UTC)
CANARIES = ("Xylophanta", "Quetzalberg", "Oldnamovic", "Zzyzx", "QX1 4ZZ", "Wibblesby", "1979-08-17")
"""Words that occur in nobody but the golden person."""
SIX_ITEMS = frozenset(
    {
        DataItem.NAME,
        DataItem.CHANGE_OF_NAME,
        DataItem.LAST_KNOWN_ADDRESS,
        DataItem.DATE_OF_BIRTH,
        DataItem.GENDER,
        DataItem.NHS_REGISTRATION_DATE,
    }
)
CLAUSES = tuple(
    CitedClause(
        ref=ClauseRef(family=AgreementFamily("home-office"), version=VersionName("2017-01"), clause=f"HO-{number}"),
        says="The requester has used all of its usual sources before it asks, & contact is lost.",
    )
    for number in range(1, 6)
)


def golden_person(
    *,
    residence: Address | None = HOME,
    correspondence: Address | None = None,
    sensitive: bool = False,
    registered_on: date | None = date(1999, 4, 6),
) -> Demographics:
    """Return the one person whose particulars nobody else has."""
    return Demographics(
        person=PERSON,
        nhs_number=NhsNumber("9434765919"),
        family_name="Quetzalberg",
        given_name="Xylophanta",
        other_given_names="",
        previous_family_names=("Oldnamovic",),
        date_of_birth=date(1979, 8, 17),
        gender=Gender.FEMALE,
        residence=residence,
        correspondence=correspondence,
        gp_practice_code="A81001",
        registered_on=registered_on,
        deceased_on=None,
        sensitive=sensitive,
    )


def sought_at(address: Address | None = None) -> Particulars:
    """Return what the requester knew: the name, and an address or none."""
    if address is None:
        return Particulars(family_name="Quetzalberg", given_name="Xylophanta")
    return Particulars(family_name="Quetzalberg", postcode=address.postcode, address_lines=address.lines)


def permit_for(items: frozenset[DataItem] = SIX_ITEMS, person: PersonId = PERSON) -> Approved:
    """Return a permit that two officers gave."""
    purpose = ApprovedPurpose(
        case=CASE,
        requester=HOME_OFFICE,
        version=VERSION,
        items=items,
        clauses=CLAUSES,
        by=(_view(Stage.PURPOSE, "officer-1", None), _view(Stage.PURPOSE, "officer-2", None)),
    )
    views = (_view(Stage.IDENTITY, "officer-3", person), _view(Stage.IDENTITY, "officer-4", person))
    return Approved(purpose=purpose, person=person, by=views)


def released(record: Demographics, sought: Particulars | None = None) -> Release:
    """Return what leaves of a record that is not protected."""
    found = least(permit_for(), record, sought=sought or sought_at())
    assert isinstance(found, Release)
    return found


def pack_with(answer: Answer, *, clauses: tuple[CitedClause, ...] = CLAUSES) -> Pack:
    """Return the pack of one case with any answer; everything but the answer is always the same."""
    return Pack(
        case=CASE,
        requester=HOME_OFFICE,
        requester_reference="HO/2017/0042",
        agreement=VERSION,
        clauses=clauses,
        purpose="investigation of an immigration offence",
        conditions=("Used for this purpose only.", "Not passed on."),
        released_on=date(2017, 3, 1),
        destroy_by=date(2017, 8, 28),
        answer=answer,
    )


def disclosed_pack() -> Pack:
    """Return the pack that discloses the golden person."""
    return pack_with(answer_from(released(golden_person())))


def _view(stage: Stage, staff_id: str, choice: PersonId | None) -> Determination:
    return Determination(
        stage=stage,
        question=Slug("public-interest" if stage is Stage.PURPOSE else "identity"),
        staff_id=StaffId(staff_id),
        role=Role.DISCLOSURE_OFFICER,
        answer=True,
        reasons="The offence and the loss of contact are both shown by what was sent.",
        at=SEALED_AT,
        version=VERSION,
        choice=choice,
    )
