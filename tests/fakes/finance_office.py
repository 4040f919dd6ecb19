"""A finance office with an instance behind it: the department enrolled with a real key, and the desk of debts open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from privity.casework.begin import begin
from privity.casework.debt_desk import DebtDesk
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.enrol import approve_certificate, enrol_certificate, enrol_organisation
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.record import moment
from privity.definitions.party import Role
from privity.edge.demonstration.setting_up import publish_until
from privity.edge.seals.authority import Holder, SyntheticAuthority, make_authority
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.key_files import write_certificate, write_custodian
from tests.fakes.corridor import ADMINISTRATORS, FIRST, SECOND, officer
from tests.fakes.debts import COLLATOR, DEPARTMENT, FINANCE, REASONS
from tests.fakes.people import with_account

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)  # noqa: TID251  as the pages do
FIRST_DAY, LAST = NOW - timedelta(days=400), NOW + timedelta(days=400)
STRANGER = officer("stranger", Role.REQUESTING_OFFICER, "home-office")


@cache
def keys() -> tuple[SyntheticAuthority, Custodian, Holder]:
    """Return an authority, the custodian's key and the department's, made once: keys take their time."""
    authority = make_authority("Tests", first=FIRST_DAY, last=LAST)
    held = authority.issue_recipient("Department", first=FIRST_DAY, last=LAST)
    return authority, authority.issue_custodian("Custodian", first=FIRST_DAY, last=LAST), held


def the_departments(held: Holder, number: int) -> CertificateRecord:
    """Return a certificate of the department as it is put forward."""
    return CertificateRecord(
        reference=DEPARTMENT,
        number=number,
        sha256=fingerprint(held.certificate),
        pem=held.certificate.public_bytes(Encoding.PEM).decode(),
        not_after=moment(LAST),
        enrolled_by=ADMINISTRATORS[0].staff_id,
        approved_by="",
        revoked_at="",
    )


def enrolled_department(instance: "Instance") -> Holder:
    """Enrol the department with a certificate and publish the agreements; return its key."""
    authority, custodian, held = keys()
    write_custodian(instance.data.custodian, custodian)
    write_certificate(instance.data.custodian / "authorities" / "tests.pem", authority.certificate)
    publish_until(instance, datetime(2017, 1, 2, tzinfo=UTC), after=datetime(1, 1, 1, tzinfo=UTC))
    with instance.store.unit() as unit:
        begin(unit, at=NOW - timedelta(days=120), demonstration=True)
        known = OrganisationRecord(reference=DEPARTMENT, words="the Department", kind="body", family="debt-reporting")
        enrol_organisation(unit, known, by=ADMINISTRATORS[0], at=NOW - timedelta(days=120))
        certificate = the_departments(held, 1)
        enrol_certificate(unit, certificate, by=ADMINISTRATORS[0], at=NOW - timedelta(days=120))
        approve_certificate(unit, certificate, by=ADMINISTRATORS[1], at=NOW - timedelta(days=120))
    return held


@contextmanager
def open_debts(instance: "Instance") -> Iterator[DebtDesk]:
    """Yield the desk of debts, with its pages open and an account for everybody."""
    from privity.edge.web import debt_door, door
    from privity.edge.wiring.debts import debt_desk
    from privity.edge.wiring.inside import open_inner_doors

    for who in (FINANCE, COLLATOR, STRANGER, FIRST, SECOND):
        with_account(instance, who)
    made = debt_desk(instance)
    open_inner_doors(instance)
    door.open_with(instance.desk, requester_desk=instance.requester_desk, made_up=True)
    debt_door.open_debts_with(made)
    yield made
    debt_door.open_debts_with(None)
    door._DESK.desk, door._REQUESTER_DESK.desk = None, None


def only(desk: DebtDesk, standing: DebtStanding) -> str:
    (line,) = desk.debts(standing=standing, page=1, by=FINANCE).lines
    return line.reference


def checked(desk: DebtDesk, reference: str, at: datetime) -> None:
    for who in (FIRST, SECOND):
        revision = desk.debt(reference, by=who).case.state.revision
        desk.judge(reference, answer=True, reasons=f"{REASONS} {who.staff_id}", revision=revision, by=who, at=at)
