"""The profile for programs: authenticated, by OAEP or ECDH, and as silent about the answer as the one for mail."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.fakes.certificates import (
    FIRST,
    LAST,
    READ_AT,
    enrolment,
    machine,
    recipient_of,
    seal_for_program,
    seal_for_requester,
)
from tests.fakes.packs import CANARIES, HOME_OFFICE, SEALED_AT, disclosed_pack, pack_with

from privity.disclosure.notice import Notice, NoticeKind
from privity.disclosure.pack import NO_TRACE
from privity.disclosure.seal_profile import SealProfile
from privity.edge.seals import certificates
from privity.edge.seals.authority import Holder, MachineHolder
from privity.edge.seals.cms import as_sealed, seal, sealed_der
from privity.edge.seals.machine_seal import RecipientKey, close, open_closed
from privity.edge.seals.opening import NotForThisKey, Opened, SealUnreadable, open_sealed
from privity.edge.seals.parts import PartKind, answer_parts, base64_lines, notice_parts
from privity.errors import PrivityError

FLIPS = 400


def opened(sealed: bytes, key: RecipientKey) -> Opened:
    return open_sealed(sealed, key=key, authority=enrolment().custodian_authority.certificate, at=READ_AT)


@pytest.mark.parametrize("holder", [machine(), enrolment().requester], ids=["ecdh", "oaep"])
def test_what_was_sealed_for_a_program_is_what_it_opens(holder: Holder | MachineHolder) -> None:
    found = opened(seal_for_program(disclosed_pack(), certificates=[holder.certificate]), holder.key)
    assert found.parts == answer_parts(disclosed_pack())
    assert found.signed_at == SEALED_AT


def test_an_rsa_and_an_elliptic_certificate_both_open_one_message_during_a_change_over() -> None:
    sealed = seal_for_program(disclosed_pack(), certificates=[enrolment().requester.certificate, machine().certificate])
    assert opened(sealed, machine().key).parts == opened(sealed, enrolment().requester.key).parts


def test_every_answer_has_one_length_in_both_profiles() -> None:
    answers = [disclosed_pack(), pack_with(NO_TRACE)]
    for_programs = {len(sealed_der(seal_for_program(pack)) or b"") for pack in answers for _ in range(12)}
    for_mail = {len(sealed_der(seal_for_requester(pack)) or b"") for pack in answers for _ in range(12)}
    assert len(for_programs) == 1
    assert len(for_mail) == 1


def test_a_notice_is_as_long_as_an_answer_and_repeats_nothing_of_it() -> None:
    notice = Notice(
        case=disclosed_pack().case,
        requester=HOME_OFFICE,
        requester_reference="HO/2017/0042",
        kind=NoticeKind.RECALL,
        pack_sha256="ab" * 32,
        issued_on=SEALED_AT.date(),
        act_by=SEALED_AT.date() + timedelta(days=2),
    )
    checked = certificates.check(replace(recipient_of([machine().certificate]), profile=SealProfile.MACHINE), SEALED_AT)
    sealed = seal(notice_parts(notice), custodian=enrolment().custodian, recipient=checked, at=SEALED_AT)
    assert len(sealed) == len(seal_for_program(disclosed_pack()))
    found = opened(sealed, machine().key)
    assert not any(word.encode() in part.content for part in found.parts for word in CANARIES)
    assert b"Destroy every copy" in found.parts[0].content


def test_another_key_of_either_kind_opens_nothing() -> None:
    sealed = seal_for_program(disclosed_pack())
    for key in (enrolment().stranger.key, ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(NotForThisKey):
            opened(sealed, key)


def test_a_key_on_another_curve_is_refused_as_a_key_and_not_as_a_defect() -> None:
    with pytest.raises(PrivityError):
        opened(seal_for_program(disclosed_pack()), ec.generate_private_key(ec.SECP384R1()))


@pytest.mark.parametrize("holder", [machine(), enrolment().requester], ids=["ecdh", "oaep"])
def test_one_changed_bit_anywhere_opens_nothing(holder: Holder | MachineHolder) -> None:
    entity = b"Content-Type: text/plain\r\n\r\nwords" * 20
    der = close(entity, [holder.certificate])
    rng = random.Random(7)
    places = range(len(der)) if len(der) <= FLIPS else sorted(rng.sample(range(len(der)), FLIPS))
    for place in places:
        changed = bytearray(der)
        changed[place] ^= 1 << rng.randrange(8)
        try:
            found = open_closed(bytes(changed), holder.key, None)
        except ValueError:
            continue
        assert found is None or found == entity, f"byte {place} opened to other bytes"


def test_a_changed_message_for_a_program_is_unreadable_or_not_for_the_key_and_shows_nothing() -> None:
    sealed = seal_for_program(disclosed_pack())
    der = bytearray(sealed_der(sealed) or b"")
    der[len(der) // 2] ^= 1
    header = sealed[: sealed.index(b"\r\n\r\n") + 4]
    with pytest.raises((NotForThisKey, SealUnreadable)):
        opened(header + base64_lines(bytes(der)), machine().key)


def test_mail_that_carries_it_and_adds_headers_does_not_change_its_digest() -> None:
    sealed = seal_for_program(disclosed_pack())
    arrived = b"Received: from somewhere\r\nFrom: a@example.org\r\n" + sealed.replace(b"\r\n", b"\n")
    assert as_sealed(arrived) == sealed


def test_the_elliptic_certificate_is_refused_for_mail_which_could_not_open_it() -> None:
    with pytest.raises(certificates.KeyUnfit, match="parked"):
        certificates.check(recipient_of([machine().certificate]), SEALED_AT)


def test_a_pdf_travels_as_the_last_part_and_all_answers_keep_one_length() -> None:
    pdf = b"%PDF-1.7 made up\n" * 900
    sealed = seal_for_program(disclosed_pack(), pdf=pdf)
    assert [part.kind for part in opened(sealed, machine().key).parts] == list(PartKind)
    assert len(sealed) == len(seal_for_program(pack_with(NO_TRACE), pdf=pdf[:5000]))


def test_a_revoked_certificate_parks_the_release() -> None:
    revoked = enrolment().requester_authority.revoke(
        [machine().certificate], at=SEALED_AT - timedelta(hours=1), until=LAST
    )
    wanted = replace(recipient_of([machine().certificate]), profile=SealProfile.MACHINE, revocations=(revoked,))
    with pytest.raises(certificates.CertificateRevoked):
        certificates.check(wanted, SEALED_AT)


@pytest.mark.parametrize("fault", ["stale", "not yet", "of another signer"])
def test_a_revocation_list_that_does_not_hold_parks_the_release(fault: str) -> None:
    authority = enrolment().requester_authority
    if fault == "of another signer":
        # Same name, another key: a list that only looks like the authority's.
        authority = replace(authority, key=ec.generate_private_key(ec.SECP256R1()))
    starts = SEALED_AT + timedelta(hours=1) if fault == "not yet" else FIRST
    ends = SEALED_AT - timedelta(hours=1) if fault == "stale" else LAST
    revoked = authority.revoke([], at=starts, until=ends)
    wanted = replace(recipient_of([enrolment().requester.certificate]), revocations=(revoked,))
    with pytest.raises(certificates.RevocationUnknown):
        certificates.check(wanted, SEALED_AT)


def test_a_revocation_list_that_holds_changes_nothing_for_those_it_does_not_name() -> None:
    ends = SEALED_AT + timedelta(minutes=10)
    revoked = enrolment().requester_authority.revoke([enrolment().stranger.certificate], at=FIRST, until=ends)
    wanted = replace(recipient_of([enrolment().requester.certificate]), revocations=(revoked,))
    assert certificates.check(wanted, SEALED_AT).good_until == ends
