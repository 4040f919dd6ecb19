"""Between approval and release: a certificate that went out of use parks the release, and nothing goes in plain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.certificates import FIRST as FIRST_DAY
from tests.fakes.certificates import LAST, enrolment
from tests.fakes.corridor import ADMINISTRATORS, KENT, Corridor

from privity.casework import certificates
from privity.casework.lifecycle import Status
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.seals.authority import Holder
from privity.edge.seals.certificates import (
    CertificateExpired,
    CertificateRevoked,
    ReleaseParked,
    RevocationUnknown,
    fingerprint,
)
from privity.edge.seals.key_files import write_certificate, write_custodian
from privity.edge.wiring.sealing import REVOCATIONS, CertificateSealer
from privity.errors import Mistaken, RefusedOnRecord

ENDS = datetime(2017, 3, 3, tzinfo=UTC)
"""When the certificate of this page ends: two days after the corridor begins."""


@pytest.fixture(scope="module")
def holder() -> Holder:
    """The police with a certificate that ends soon."""
    return enrolment().requester_authority.issue_recipient("Kent Police", first=FIRST_DAY, last=ENDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The custodian's folder: its keys, the authority it trusts, and nothing revoked."""
    write_custodian(tmp_path, enrolment().custodian)
    write_certificate(tmp_path / "authorities" / "requesters.pem", enrolment().requester_authority.certificate)
    (tmp_path / REVOCATIONS).mkdir()
    return tmp_path


@pytest.fixture
def corridor(corridor: Corridor, folder: Path, holder: Holder) -> Corridor:
    """A corridor that seals for real, to the one certificate of the police."""
    corridor.sealer = CertificateSealer(custodian_folder=folder, authorities_folder=folder / "authorities")  # type: ignore[assignment]  # the real one in place of the keeping one
    police, pin = OrganisationId(KENT), fingerprint(holder.certificate)
    pem = holder.certificate.public_bytes(Encoding.PEM).decode()
    with corridor.open_unit() as unit:
        made_up = unit.certificates(police)[0].sha256
        first, second = ADMINISTRATORS[:2]
        certificates.revoke(unit, police, made_up, reason="replaced", by=first, at=corridor.tick())
        certificates.put_forward(
            unit,
            police,
            sha256=pin,
            pem=pem,
            not_after=ENDS,
            profile="mail",
            deliver_to="",
            by=first,
            at=corridor.tick(),
        )
        certificates.approve(unit, police, pin, by=second, at=corridor.tick())
    return corridor


def _its_authority_revokes_it(corridor: Corridor, folder: Path, holder: Holder) -> None:
    found = enrolment().requester_authority.revoke([holder.certificate], at=corridor.now, until=LAST)
    (folder / REVOCATIONS / "authority.crl").write_bytes(found.public_bytes(Encoding.DER))


def _the_list_of_its_authority_runs_out(corridor: Corridor, folder: Path, holder: Holder) -> None:
    ends = corridor.now + timedelta(minutes=30)
    found = enrolment().requester_authority.revoke([enrolment().stranger.certificate], at=corridor.now, until=ends)
    (folder / REVOCATIONS / "authority.crl").write_bytes(found.public_bytes(Encoding.DER))
    corridor.now = ends + timedelta(minutes=1)


def _it_ends(corridor: Corridor, folder: Path, holder: Holder) -> None:
    corridor.now = ENDS + timedelta(minutes=1)


def nothing_left(corridor: Corridor, reference: CaseReference) -> bool:
    file = corridor.read(reference)
    return (file.status, file.pack, file.outbox) == (Status.IDENTIFIED, None, None)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (_its_authority_revokes_it, CertificateRevoked),
        (_the_list_of_its_authority_runs_out, RevocationUnknown),
        (_it_ends, CertificateExpired),
    ],
    ids=["revoked by its authority", "its authority's list ran out", "ended"],
)
def test_a_certificate_that_goes_out_of_use_between_approval_and_release_parks_the_release(
    corridor: Corridor,
    folder: Path,
    holder: Holder,
    change: Callable[[Corridor, Path, Holder], None],
    refusal: type[ReleaseParked],
) -> None:
    reference = corridor.identified()
    corridor.now = ENDS - timedelta(hours=2)
    corridor.screen(reference)
    corridor.intend(reference)
    change(corridor, folder, holder)
    with pytest.raises(refusal):
        corridor.release(reference)
    assert nothing_left(corridor, reference)
    assert corridor.kinds(reference)[-1] == "disclosure.intended"


def test_a_certificate_revoked_between_approval_and_release_parks_the_release(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    with corridor.open_unit() as unit:
        pin = next(one.sha256 for one in unit.certificates(OrganisationId(KENT)) if not one.revoked_at)
        certificates.revoke(
            unit, OrganisationId(KENT), pin, reason="compromised", by=ADMINISTRATORS[0], at=corridor.tick()
        )
    with pytest.raises(Mistaken, match="has changed since it was taken"):
        corridor.release(reference)
    with pytest.raises(RefusedOnRecord, match="does not let you choose that"):
        corridor.screen(reference)
    assert nothing_left(corridor, reference)


def test_until_then_it_is_released(corridor: Corridor) -> None:
    reference = corridor.sealed()
    assert corridor.read(reference).status is Status.SEALED
