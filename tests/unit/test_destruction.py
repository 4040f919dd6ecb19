"""Proof that it is gone: due days and certificates."""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from tests.fakes.packs import CASE, HOME_OFFICE

from privity.destruction.certificate import (
    LIMITS,
    DestructionCertificate,
    DestructionConfirmation,
    DestructionMethod,
    NotAccepted,
    certify,
)
from privity.destruction.due import DestructionDue
from privity.errors import Mistaken

DIGEST = sha256(b"a sealed pack").hexdigest()
LAST_DAY = date(2017, 8, 28)
DUE = DestructionDue(
    case=CASE, requester=HOME_OFFICE, pack_sha256=DIGEST, released_on=date(2017, 3, 1), destroy_by=LAST_DAY
)
CONFIRMED = DestructionConfirmation(
    pack_sha256=DIGEST,
    destroyed_on=date(2017, 6, 1),
    method=DestructionMethod.PURGE,
    stated_by="Xylophanta Quetzalberg",
    stated_role="records officer",
    copies_remain=False,
)


@pytest.mark.parametrize(("today", "days"), [(LAST_DAY, 0), (LAST_DAY + timedelta(days=1), 1)])
def test_a_pack_is_overdue_from_the_day_after_its_last(today: date, days: int) -> None:
    assert DUE.days_overdue(today) == days


@pytest.mark.parametrize("digest", ["", DIGEST.upper(), DIGEST[:-1], DIGEST + "0"])
def test_a_due_day_needs_the_digest_of_the_pack(digest: str) -> None:
    with pytest.raises(Mistaken, match="64 hexadecimal digits"):
        replace(DUE, pack_sha256=digest)


def test_a_pack_is_not_due_before_it_was_released() -> None:
    with pytest.raises(Mistaken, match="a day after the release"):
        replace(DUE, destroy_by=DUE.released_on)


def test_a_confirmation_that_fits_becomes_a_certificate_that_states_its_limits() -> None:
    certificate = certify(DUE, CONFIRMED, date(2017, 6, 2))
    assert isinstance(certificate, DestructionCertificate)
    assert certificate.late_days == 0
    assert certificate.limits == LIMITS
    assert certificate.statement_sha256 == sha256(CONFIRMED.statement()).hexdigest()


def test_a_late_destruction_is_certified_and_says_how_late() -> None:
    late = replace(CONFIRMED, destroyed_on=LAST_DAY + timedelta(days=9))
    certificate = certify(DUE, late, date(2018, 1, 1))
    assert isinstance(certificate, DestructionCertificate)
    assert certificate.late_days == 9


@pytest.mark.parametrize(
    ("confirmation", "faults"),
    [
        (replace(CONFIRMED, pack_sha256=sha256(b"another").hexdigest()), (NotAccepted.OTHER_PACK,)),
        (replace(CONFIRMED, destroyed_on=date(2017, 2, 28)), (NotAccepted.BEFORE_RELEASE,)),
        (replace(CONFIRMED, destroyed_on=date(2017, 6, 3)), (NotAccepted.IN_THE_FUTURE,)),
        (replace(CONFIRMED, copies_remain=True), (NotAccepted.COPIES_REMAIN,)),
        (
            replace(CONFIRMED, copies_remain=True, destroyed_on=date(2016, 1, 1)),
            (NotAccepted.BEFORE_RELEASE, NotAccepted.COPIES_REMAIN),
        ),
    ],
)
def test_a_confirmation_that_does_not_fit_is_told_everything_that_is_wrong(
    confirmation: DestructionConfirmation, faults: tuple[NotAccepted, ...]
) -> None:
    assert certify(DUE, confirmation, date(2017, 6, 2)) == faults
    assert all(fault.words for fault in faults)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "two\nlines"])
def test_a_confirmation_names_a_person_in_one_line(name: str) -> None:
    with pytest.raises(Mistaken, match="one printable line"):
        replace(CONFIRMED, stated_by=name)


def test_a_statement_has_one_spelling_and_shows_itself_to_nobody_by_accident() -> None:
    statement = CONFIRMED.statement()
    again = json.dumps(json.loads(statement), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert statement == again.encode()
    assert "Xylophanta" not in repr(CONFIRMED)


def test_a_certificate_cannot_carry_the_digest_of_another_statement() -> None:
    with pytest.raises(Mistaken, match="not that of its statement"):
        DestructionCertificate(
            case=CASE, confirmation=CONFIRMED, received_on=LAST_DAY, late_days=0, statement_sha256=DIGEST
        )
