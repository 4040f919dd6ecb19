"""Seals with real keys: what opens, what does not, and that nobody can tell answers by their length."""

import random
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.algorithms import AES128, AES256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from tests.fakes.certificates import FIRST, LAST, READ_AT, enrolment, recipient_of, seal_for_requester
from tests.fakes.packs import (
    CANARIES,
    CLAUSES,
    SEALED_AT,
    disclosed_pack,
    golden_person,
    pack_with,
    permit_for,
    sought_at,
)

from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem
from privity.disclosure.minimise import least
from privity.disclosure.pack import (
    LONGEST_ANSWER,
    LONGEST_TERMS,
    NO_TRACE,
    SET_APART_BY,
    Answer,
    Outcome,
    Pack,
    answer_from,
)
from privity.disclosure.release import ReleasedItem
from privity.edge.seals import syntax
from privity.edge.seals.certificates import CheckTooOld, check
from privity.edge.seals.cms import SEALED_HEADER, as_sealed, seal, sealed_der, signed_der
from privity.edge.seals.custodian import Custodian, CustodianCannotSign
from privity.edge.seals.opening import (
    NotForThisKey,
    Opened,
    SealUnreadable,
    SignatureDoesNotHold,
    SignedByStranger,
    open_sealed,
)
from privity.edge.seals.parts import (
    PackTooLong,
    Part,
    PartKind,
    PartsUnreadable,
    answer_parts,
    base64_lines,
    compose,
    decompose,
)
from privity.errors import Mistaken, PrivityError

SMALL = 8_192
"""Bytes of ciphertext: enough for one pack, so that every byte of it can be changed in turn."""


def opened(sealed: bytes, *, at: datetime = READ_AT) -> Opened:
    """Return what the one requester opens."""
    return open_sealed(
        sealed,
        key=enrolment().requester.key,
        authority=enrolment().custodian_authority.certificate,
        at=at,
        certificate=enrolment().requester.certificate,
    )


def short_pack() -> Pack:
    return replace(disclosed_pack(), clauses=CLAUSES[:1])


def enveloped(entity: bytes, algorithm: type[AES256 | AES128] = AES256) -> bytes:
    """Return any entity, encrypted for the requester without anybody's signature."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(entity).set_content_encryption_algorithm(algorithm)
    der = builder.add_recipient(enrolment().requester.certificate).encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    return SEALED_HEADER + base64_lines(der)


def test_what_was_sealed_is_what_is_opened_with_its_signer_and_moment() -> None:
    found = opened(seal_for_requester(disclosed_pack()))
    assert found.parts == answer_parts(disclosed_pack())
    assert found.signed_by == enrolment().custodian.certificate.subject.rfc4514_string()
    assert found.signed_at == SEALED_AT


def test_a_custodian_with_an_rsa_key_seals_as_well() -> None:
    holder = enrolment().custodian_authority.issue_recipient("RSA custodian", first=FIRST, last=LAST, for_signing=True)
    custodian = Custodian(certificate=holder.certificate, key=holder.key)
    checked = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    sealed = seal(answer_parts(disclosed_pack()), custodian=custodian, recipient=checked, at=SEALED_AT)
    assert opened(sealed).parts == answer_parts(disclosed_pack())


def test_old_and_new_certificate_both_open_one_message() -> None:
    old, new = enrolment().stranger, enrolment().requester
    checked = check(recipient_of([old.certificate, new.certificate]), SEALED_AT)
    sealed = seal(answer_parts(disclosed_pack()), custodian=enrolment().custodian, recipient=checked, at=SEALED_AT)
    authority = enrolment().custodian_authority.certificate
    for holder in (old, new):
        assert open_sealed(sealed, key=holder.key, authority=authority, at=READ_AT).parts


@pytest.mark.parametrize("with_certificate", [True, False])
def test_the_key_of_somebody_else_opens_nothing(with_certificate: bool) -> None:
    stranger = enrolment().stranger
    with pytest.raises(NotForThisKey, match="this key does not open it"):
        open_sealed(
            seal_for_requester(disclosed_pack()),
            key=stranger.key,
            authority=enrolment().custodian_authority.certificate,
            at=READ_AT,
            certificate=stranger.certificate if with_certificate else None,
        )


def test_the_right_key_with_somebody_elses_certificate_opens_nothing() -> None:
    with pytest.raises(NotForThisKey):
        open_sealed(
            seal_for_requester(disclosed_pack()),
            key=enrolment().requester.key,
            authority=enrolment().custodian_authority.certificate,
            at=READ_AT,
            certificate=enrolment().stranger.certificate,
        )


def test_a_pack_signed_under_another_authority_is_not_shown() -> None:
    with pytest.raises(SignedByStranger, match="does not vouch"):
        open_sealed(
            seal_for_requester(disclosed_pack()),
            key=enrolment().requester.key,
            authority=enrolment().requester_authority.certificate,
            at=READ_AT,
        )


@pytest.mark.parametrize("at", [LAST + timedelta(days=1), FIRST - timedelta(days=1)])
def test_a_pack_is_not_shown_once_its_signer_has_expired_or_before_it_was_signed(at: datetime) -> None:
    with pytest.raises(SignedByStranger):
        opened(seal_for_requester(disclosed_pack()), at=at)


def test_a_signature_from_the_future_is_not_believed_beyond_what_clocks_differ() -> None:
    sealed = seal_for_requester(disclosed_pack())
    assert opened(sealed, at=SEALED_AT - timedelta(minutes=4)).signed_at == SEALED_AT
    with pytest.raises(SignedByStranger):
        opened(sealed, at=SEALED_AT - timedelta(minutes=6))


def test_a_requesters_certificate_cannot_sign_as_the_custodian() -> None:
    with pytest.raises(Mistaken, match="not for signing mail"):
        Custodian(certificate=enrolment().requester.certificate, key=enrolment().requester.key)


def test_an_encryption_certificate_of_the_right_authority_signs_nothing_that_opens() -> None:
    holder = enrolment().custodian_authority.issue_recipient("Encrypts", first=FIRST, last=LAST)
    forged = Custodian.__new__(Custodian)
    object.__setattr__(forged, "certificate", holder.certificate)
    object.__setattr__(forged, "key", holder.key)
    checked = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    sealed = seal(answer_parts(disclosed_pack()), custodian=forged, recipient=checked, at=SEALED_AT)
    with pytest.raises(SignedByStranger):
        opened(sealed)


def test_a_key_that_belongs_to_another_certificate_makes_no_custodian() -> None:
    other = enrolment().custodian_authority.issue_custodian("Other", first=FIRST, last=LAST)
    with pytest.raises(Mistaken, match="belongs to another certificate"):
        Custodian(certificate=enrolment().custodian.certificate, key=other.key)


@pytest.mark.parametrize("at", [FIRST - timedelta(seconds=1), LAST + timedelta(seconds=1)])
def test_a_custodian_outside_its_certificates_dates_seals_nothing(at: datetime) -> None:
    checked = replace(
        check(recipient_of([enrolment().requester.certificate]), SEALED_AT),
        checked_at=at,
        good_until=at,
    )
    with pytest.raises(CustodianCannotSign, match="custodian's certificate holds from"):
        seal(answer_parts(disclosed_pack()), custodian=enrolment().custodian, recipient=checked, at=at)


@pytest.mark.parametrize("after", [timedelta(hours=1, seconds=1), timedelta(seconds=-1)])
def test_a_check_of_long_ago_or_of_later_does_not_carry_a_seal(after: timedelta) -> None:
    checked = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    with pytest.raises(CheckTooOld, match="checked within the last hour"):
        seal(
            answer_parts(disclosed_pack()),
            custodian=enrolment().custodian,
            recipient=checked,
            at=SEALED_AT + after,
        )


def test_encrypted_but_unsigned_content_is_not_shown() -> None:
    entity = compose(answer_parts(disclosed_pack()), 15_000)
    with pytest.raises(NotForThisKey):
        opened(enveloped(entity))


def test_a_weaker_cipher_than_the_agreed_one_is_not_read() -> None:
    with pytest.raises(SealUnreadable):
        opened(enveloped(compose(answer_parts(disclosed_pack()), 15_000), AES128))


def inner_entity(sealed: bytes) -> bytes:
    """Return the signed entity of a sealed message, taken out with the library's own reader."""
    der = sealed_der(sealed)
    assert der is not None
    holder = enrolment().requester
    return pkcs7.pkcs7_decrypt_der(der, holder.certificate, holder.key, [])


def header_of(entity: bytes) -> bytes:
    return entity[: entity.index(b"\r\n\r\n") + 4]


@pytest.mark.parametrize("what", ["content", "attributes", "signature", "certificate", "no signer"])
def test_signed_content_that_was_changed_and_encrypted_anew_is_not_shown(what: str) -> None:
    entity = inner_entity(seal_for_requester(disclosed_pack()))
    message = asn1.decode_der(syntax.SignedMessage, signed_der(entity) or b"")
    signer = message.content.signers.as_list()[0]
    if what == "content":
        message.content.signed.content = message.content.signed.content.replace(b"Flat 9", b"Flat 8")
    elif what == "attributes":
        later = asn1.encode_der(asn1.UTCTime(SEALED_AT + timedelta(hours=1)))
        value = asn1.decode_der(asn1.TLV, later)
        changed = [
            syntax.Attribute(kind=each.kind, values=asn1.SetOf([value])) if each.kind == syntax.SIGNING_TIME else each
            for each in signer.attributes.as_list()
        ]
        signer.attributes = asn1.SetOf(changed)
        message.content.signers = asn1.SetOf([signer])
    elif what == "signature":
        signer.signature = enrolment().custodian.sign(b"something else")
        message.content.signers = asn1.SetOf([signer])
    elif what == "certificate":
        other = enrolment().custodian_authority.issue_custodian("Other", first=FIRST, last=LAST)
        message.content.certificates = asn1.SetOf([other.certificate])
    else:
        message.content.signers = asn1.SetOf([])
    forged = header_of(entity) + base64_lines(asn1.encode_der(message))
    with pytest.raises(SignatureDoesNotHold):
        opened(enveloped(forged))


def test_a_signature_over_something_else_than_a_pack_is_not_shown() -> None:
    part = Part(kind=PartKind.TEXT, content=b"hello")
    checked = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    sealed = seal([part], custodian=enrolment().custodian, recipient=checked, at=SEALED_AT)
    with pytest.raises(PartsUnreadable):
        opened(sealed)


def flips(message: bytes) -> list[bytes]:
    """Return the message with one bit of every byte changed, a seeded one each time."""
    dice = random.Random(20170301)
    changed = []
    for place in range(len(message)):
        copy = bytearray(message)
        copy[place] ^= 1 << dice.randrange(8)
        changed.append(bytes(copy))
    return changed


def outcome_of(sealed: bytes) -> tuple[Part, ...] | str:
    """Return what is opened, or the words of the refusal."""
    try:
        return opened(sealed).parts
    except PrivityError as refusal:
        return str(refusal)


def test_no_changed_byte_of_a_message_lets_anything_else_be_read() -> None:
    """S14: one bit of every byte of the file. What opens at all is what was sealed."""
    sealed = seal_for_requester(short_pack(), size=SMALL)
    right = answer_parts(short_pack())
    found = [outcome_of(changed) for changed in flips(sealed)]
    told = [text for text in found if isinstance(text, str)]
    assert all(parts == right for parts in found if not isinstance(parts, str))
    assert not [canary for canary in CANARIES for text in told if canary in text]
    # Only headers and line ends, which mail may change anyway, can differ without harm.
    assert len(told) > 0.95 * len(sealed)


def test_no_changed_byte_of_the_ciphertext_is_opened_at_all() -> None:
    der = sealed_der(seal_for_requester(short_pack(), size=SMALL))
    assert der is not None
    found = [outcome_of(SEALED_HEADER + base64_lines(changed)) for changed in flips(der)]
    assert [place for place, text in enumerate(found) if not isinstance(text, str)] == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_message_cut_short_is_not_opened(share: float) -> None:
    sealed = seal_for_requester(disclosed_pack())
    with pytest.raises(PrivityError):
        opened(sealed[: int(len(sealed) * share)])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"Subject: hello\r\n\r\nnot a pack",
        SEALED_HEADER,
        SEALED_HEADER + b"!!!!",
        b"\xff" * 2_000_000,
    ],
)
def test_something_else_than_a_sealed_pack_is_unreadable(content: bytes) -> None:
    with pytest.raises(SealUnreadable, match="not a sealed pack"):
        opened(content)


def test_what_mail_does_on_the_way_changes_neither_content_nor_digest() -> None:
    sealed = seal_for_requester(disclosed_pack())
    arrived = b"Received: from somewhere\n  by somewhere else\n" + sealed.replace(b"\r\n", b"\n")
    assert as_sealed(arrived) == sealed
    assert opened(arrived).parts == answer_parts(disclosed_pack())


def six_answers() -> list[Answer]:
    """Return disclosed answers short and long, and no trace by every way there is to it."""
    protected = least(permit_for(), golden_person(sensitive=True), sought=sought_at())
    name = ReleasedItem(item=DataItem.NAME, values=("A",), why="agreed")
    return [
        disclosed_pack().answer,
        Answer(outcome=Outcome.DISCLOSED, items=(name,)),
        Answer(outcome=Outcome.DISCLOSED, items=(replace(name, values=("n" * (LONGEST_ANSWER - SET_APART_BY),)),)),
        NO_TRACE,
        answer_from(protected),
    ]


def test_disclosed_untraced_and_protected_packs_are_equally_long() -> None:
    lengths = {len(seal_for_requester(pack_with(answer))) for answer in six_answers() for _ in range(60)}
    assert len(lengths) == 1


def brimful(clauses: int) -> Pack:
    """Return a pack of the longest values and, in so many clauses, of the longest terms that are taken."""
    value = ("Somebody Long-Name O'Neill " * 100)[: LONGEST_ANSWER - SET_APART_BY]
    item = ReleasedItem(item=DataItem.NAME, values=(value,), why="agreed")
    answer = Answer(outcome=Outcome.DISCLOSED, items=(item,))
    says = ("every usual source was used " * 100)[: max(1, (LONGEST_TERMS - 300) // clauses - 60)]
    cited = tuple(CitedClause(ref=CLAUSES[0].ref, says=says) for _ in range(clauses))
    pack = pack_with(answer, clauses=cited)
    while True:
        try:
            pack = replace(pack, purpose=pack.purpose + " and so on")
        except Mistaken:
            return pack


@pytest.mark.parametrize("clauses", [1, 5, 12, 20])
def test_a_pack_of_the_longest_terms_and_values_still_fits_the_one_size(clauses: int) -> None:
    pack = brimful(clauses)
    assert len(seal_for_requester(pack)) == len(seal_for_requester(pack_with(NO_TRACE)))


def test_what_does_not_fit_the_one_size_is_refused_and_not_sent_longer() -> None:
    signs = Answer(
        outcome=Outcome.DISCLOSED,
        items=(ReleasedItem(item=DataItem.NAME, values=("'" * 800,), why="agreed"),),
    )
    pack = pack_with(signs, clauses=(CitedClause(ref=CLAUSES[0].ref, says="'" * 1_500),))
    with pytest.raises(PackTooLong, match="one fixed size"):
        seal_for_requester(pack)


def test_the_same_pack_is_sealed_differently_every_time() -> None:
    assert len({sha256(seal_for_requester(disclosed_pack())).digest() for _ in range(20)}) == 20


def test_nothing_of_a_person_or_case_can_be_read_on_the_outside() -> None:
    sealed = seal_for_requester(disclosed_pack())
    pack = disclosed_pack()
    for text in (*CANARIES, pack.case, pack.requester_reference):
        assert text.encode() not in sealed
        assert b64encode(text.encode()).rstrip(b"=")[:-1] not in sealed.replace(b"\r\n", b"")


def test_the_body_of_the_mail_is_plain_text_and_the_page_is_an_attachment() -> None:
    entity = compose(answer_parts(disclosed_pack()), 15_000)
    first = entity.index(b"Content-Type: text/plain")
    page = entity.index(b"Content-Type: text/html")
    assert first < entity.index(b"Content-Type: application/json") < page
    assert b"attachment" in entity[page : page + 200]


def test_parts_are_read_in_one_spelling_only() -> None:
    entity = compose(answer_parts(disclosed_pack()), 15_000)
    assert decompose(entity) == answer_parts(disclosed_pack())
    for changed in (entity + b"x", entity[:-1] + b"!", entity.replace(b"inline", b"INLINE")):
        with pytest.raises(PartsUnreadable):
            decompose(changed)


def test_no_representation_of_what_was_opened_shows_it() -> None:
    found = opened(seal_for_requester(disclosed_pack()))
    assert not [canary for canary in CANARIES if canary in repr(found)]
    assert "key" not in repr(enrolment().requester).lower().replace("keys", "")
    assert isinstance(enrolment().requester.key, rsa.RSAPrivateKey)
    assert SEALED_AT.tzinfo is UTC
