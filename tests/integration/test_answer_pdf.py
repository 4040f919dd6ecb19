"""The PDF of an answer: tagged, the same for the same pack, silent about which answer it is; skipped without typst."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.certificates import FIRST, LAST, READ_AT, enrolment
from tests.fakes.packs import CLAUSES, SEALED_AT, disclosed_pack, pack_with

from privity.casework.instance_records import CertificateRecord
from privity.casework.record import moment
from privity.definitions.clause import CitedClause
from privity.disclosure.notice import Notice, NoticeKind
from privity.disclosure.pack import NO_TRACE
from privity.disclosure.renderings import answer_headings
from privity.edge.seals import answer_pdf as made
from privity.edge.seals.answer_pdf import PdfNotMade, answer_pdf
from privity.edge.seals.certificates import NoCertificate, ProfilesDiffer, fingerprint
from privity.edge.seals.key_files import write_certificate, write_custodian
from privity.edge.seals.opening import open_sealed
from privity.edge.seals.parts import PartKind
from privity.edge.wiring.sealing import PDF_WANTED, CertificateSealer

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def sealer(instance: "Instance", tmp_path: Path) -> CertificateSealer:
    """A custodian's folder, and what seals from it."""
    write_custodian(tmp_path, enrolment().custodian)
    write_certificate(tmp_path / "authorities" / "requesters.pem", enrolment().requester_authority.certificate)
    return CertificateSealer(custodian_folder=tmp_path, authorities_folder=tmp_path / "authorities")


def record(
    *, profile: str = "mail", approved_by: str = "n.shah", revoked_at: str = "", number: int = 1
) -> CertificateRecord:
    holder = enrolment().requester
    return CertificateRecord(
        reference="home-office",
        number=number,
        sha256=fingerprint(holder.certificate),
        pem=holder.certificate.public_bytes(Encoding.PEM).decode(),
        not_after=moment(LAST),
        enrolled_by="m.ford",
        approved_by=approved_by,
        revoked_at=revoked_at,
        profile=profile,
    )


@pytest.fixture
def with_pdf() -> None:
    pytest.importorskip("typst", reason="typst, which makes the PDF, is not installed")


@pytest.mark.usefixtures("with_pdf")
def test_the_pdf_is_tagged_british_and_the_same_twice() -> None:
    content = answer_pdf(disclosed_pack())
    assert content == answer_pdf(disclosed_pack())
    assert content.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"en-GB", b"pdfuaid"):
        assert mark in content


@pytest.mark.usefixtures("with_pdf")
def test_what_the_register_holds_is_set_and_never_obeyed() -> None:
    hostile = '#panic("obeyed") $ x^2 $ *bold* `code` <b> \\ #import "x"'
    clause = CitedClause(ref=CLAUSES[0].ref, says=hostile)
    assert answer_pdf(pack_with(NO_TRACE, clauses=(clause,)))


@pytest.mark.usefixtures("with_pdf")
def test_packs_with_a_pdf_are_equally_long_whatever_they_answer(sealer: CertificateSealer) -> None:
    (sealer.custodian_folder / PDF_WANTED).touch()
    disclosed, silent = (
        sealer.seal(pack, [record()], SEALED_AT).sealed for pack in (disclosed_pack(), pack_with(NO_TRACE))
    )
    assert len(disclosed) == len(silent)
    opened = open_sealed(
        disclosed,
        key=enrolment().requester.key,
        authority=enrolment().custodian_authority.certificate,
        at=READ_AT,
    )
    assert [part.kind for part in opened.parts] == list(PartKind)
    assert opened.parts[-1].content == answer_pdf(disclosed_pack())


def test_without_typst_a_custodian_that_serves_pdfs_releases_nothing(
    sealer: CertificateSealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr("importlib.import_module", absent)
    assert not made.can_make_pdf()
    assert sealer.seal(disclosed_pack(), [record()], SEALED_AT).sealed
    (sealer.custodian_folder / PDF_WANTED).touch()
    with pytest.raises(PdfNotMade, match=r"\(typst\) is not installed"):
        sealer.seal(disclosed_pack(), [record()], SEALED_AT)


def test_the_pdf_is_set_from_the_same_words_as_the_page() -> None:
    told = json.dumps(answer_headings(disclosed_pack()))
    assert "Destroy by" in told
    assert disclosed_pack().answer.items[0].values[0].split()[0] in told
    assert "No" not in json.dumps(answer_headings(pack_with(NO_TRACE))["parts"])[:20]


def test_only_what_two_people_approved_and_nobody_revoked_is_sealed_to(sealer: CertificateSealer) -> None:
    for unfit in (record(approved_by=""), record(revoked_at="2017-01-01T00:00:00Z"), record(profile="statements")):
        with pytest.raises(NoCertificate):
            sealer.seal(disclosed_pack(), [unfit], SEALED_AT)
    with pytest.raises(ProfilesDiffer):
        sealer.seal(disclosed_pack(), [record(), record(profile="machine", number=2)], SEALED_AT)


def test_a_revocation_list_loaded_between_two_seals_holds_for_the_second(sealer: CertificateSealer) -> None:
    assert sealer.seal(disclosed_pack(), [record()], SEALED_AT).sealed
    revoked = enrolment().requester_authority.revoke([enrolment().requester.certificate], at=FIRST, until=LAST)
    folder = sealer.custodian_folder / "revocations"
    folder.mkdir()
    (folder / "authority.crl").write_bytes(revoked.public_bytes(Encoding.DER))
    with pytest.raises(Exception, match="has revoked its certificate"):
        sealer.seal(disclosed_pack(), [record()], SEALED_AT + timedelta(seconds=1))


def test_a_notice_is_sealed_as_long_as_an_answer(sealer: CertificateSealer) -> None:
    at = datetime(2017, 3, 1, 12, 30, 15, tzinfo=UTC)
    notice = Notice(
        case=disclosed_pack().case,
        requester=disclosed_pack().requester,
        requester_reference="HO/2017/0042",
        kind=NoticeKind.CORRECTION,
        pack_sha256="ab" * 32,
        issued_on=at.date(),
        act_by=at.date(),
    )
    sealed = sealer.seal_notice(notice, [record()], at)
    assert len(sealed.sealed) == len(sealer.seal(disclosed_pack(), [record()], at).sealed)
