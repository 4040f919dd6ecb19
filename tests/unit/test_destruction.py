"""Proof that it is gone: due days, certificates and who owes what."""

import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from tests.fakes.packs import CASE, HOME_OFFICE, disclosed_pack

from privity.definitions.party import OrganisationId
from privity.definitions.reference import case_reference
from privity.destruction.certificate import (
    LIMITS,
    DestructionCertificate,
    DestructionConfirmation,
    DestructionMethod,
    NotAccepted,
    certify,
)
from privity.destruction.due import DestructionDue, Standing, due_for, standing
from privity.destruction.overdue import OverdueStep, overdue_by_requester
from privity.errors import Mistaken

DIGEST = sha256(b"a sealed pack").hexdigest()
DUE = due_for(disclosed_pack(), DIGEST)
LAST_DAY = date(2017, 8, 28)
CONFIRMED = DestructionConfirmation(
    pack_sha256=DIGEST,
    destroyed_on=date(2017, 6, 1),
    method=DestructionMethod.PURGE,
    stated_by="Xylophanta Quetzalberg",
    stated_role="records officer",
    copies_remain=False,
)


def test_what_was_released_is_due_on_the_day_the_pack_says() -> None:
    assert (DUE.case, DUE.requester, DUE.destroy_by) == (CASE, HOME_OFFICE, LAST_DAY)


@pytest.mark.parametrize(
    ("today", "expected", "days"),
    [(LAST_DAY, Standing.HELD, 0), (LAST_DAY + timedelta(days=1), Standing.OVERDUE, 1)],
)
def test_a_pack_is_overdue_from_the_day_after_its_last(today: date, expected: Standing, days: int) -> None:
    assert standing(DUE, None, today) is expected
    assert DUE.days_overdue(today) == days


def test_a_confirmed_pack_is_destroyed_or_destroyed_late_for_ever() -> None:
    years_later = LAST_DAY + timedelta(days=2000)
    assert standing(DUE, LAST_DAY, years_later) is Standing.DESTROYED
    assert standing(DUE, LAST_DAY + timedelta(days=1), years_later) is Standing.DESTROYED_LATE


@pytest.mark.parametrize("digest", ["", DIGEST.upper(), DIGEST[:-1], DIGEST + "0"])
def test_a_due_day_needs_the_digest_of_the_pack(digest: str) -> None:
    with pytest.raises(Mistaken, match="64 hexadecimal digits"):
        due_for(disclosed_pack(), digest)


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


def due_number(number: int, requester: str, last: date) -> DestructionDue:
    return DestructionDue(
        case=case_reference(number.to_bytes(16, "big")),
        requester=OrganisationId(requester),
        pack_sha256=sha256(bytes([number])).hexdigest(),
        released_on=last - timedelta(days=30),
        destroy_by=last,
    )


def test_each_requester_is_told_what_it_owes_longest_first_and_the_department_after_a_fortnight() -> None:
    today = date(2018, 1, 31)
    owed = [
        due_number(1, "police", today - timedelta(days=1)),
        due_number(2, "home-office", today - timedelta(days=14)),
        due_number(3, "home-office", today - timedelta(days=15)),
        due_number(4, "home-office", today),
        due_number(5, "coroner", today - timedelta(days=99)),
    ]
    found = overdue_by_requester(owed, {owed[4].pack_sha256: today - timedelta(days=100)}, today)
    assert [each.requester for each in found] == ["home-office", "police"]
    home_office, police = found
    assert [(pack.days, pack.step) for pack in home_office.packs] == [
        (15, OverdueStep.TELL_DEPARTMENT),
        (14, OverdueStep.REMIND),
    ]
    assert home_office.goes_to_department
    assert not police.goes_to_department
