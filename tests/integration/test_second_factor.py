"""The second factor over a real store: enrolled once, asked for each time, each code taken once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from tests.fakes.authenticator import Device
from tests.fakes.corridor import FIRST
from tests.fakes.people import PASSWORD, with_account

from privity.casework.entrance import Need, Site
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.entrance import InstanceEntrance
    from privity.edge.wiring.instance import Instance

AT = datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)
SITE = Site(host="gateway.example", origin="https://gateway.example")
STEP = timedelta(seconds=30)


@pytest.fixture
def entrance(instance: "Instance") -> "InstanceEntrance":
    from privity.edge.wiring.inside import open_inner_doors

    with_account(instance, FIRST)
    return open_inner_doors(instance)


def enrolled(entrance: "InstanceEntrance", at: datetime = AT) -> pyotp.TOTP:
    """Enrol an app for the first officer, and return it."""
    offer = entrance.offer_app("first")
    app = pyotp.TOTP(offer.words.replace(" ", ""))
    entrance.enrol_app("first", offer.closed, app.at(at), at=at)
    return app


def test_without_a_second_factor_it_has_to_be_enrolled_and_with_one_it_is_asked_for(
    entrance: "InstanceEntrance", instance: "Instance"
) -> None:
    assert entrance.need("first") is Need.ENROLMENT
    enrolled(entrance)
    assert entrance.need("first") is Need.FACTOR
    last = instance.log.entry(instance.log.size() - 1)
    assert (last.kind, dict(last.facts)) == (EntryKind.FACTOR_ENROLLED, {"factor": "app"})


def test_only_where_the_ledgers_first_entry_says_demonstration_is_nobody_asked(instance: "Instance") -> None:
    from privity.casework.begin import begin

    with_account(instance, FIRST)
    assert instance.accounts.need("first") is Need.ENROLMENT
    assert instance.log.entry(0).kind is not EntryKind.INSTANCE_OPENED
    with instance.store.unit() as unit:
        begin(unit, at=datetime.now(UTC), demonstration=True)  # noqa: TID251  after what was written
    assert instance.accounts.need("first") is Need.ENROLMENT, "a later entry changes nothing"
    made_up = replace(instance.accounts, is_demonstration=lambda: True)
    assert made_up.need("first") is Need.NOTHING


def test_a_code_is_taken_once_and_so_is_every_code_before_it(entrance: "InstanceEntrance") -> None:
    app = enrolled(entrance)
    assert not entrance.code_holds("first", app.at(AT), at=AT), "it was used up by the enrolment"
    later = AT + 2 * STEP
    assert entrance.code_holds("first", f" {app.at(later)[:3]} {app.at(later)[3:]} ", at=later)
    assert not entrance.code_holds("first", app.at(later), at=later)
    assert not entrance.code_holds("first", app.at(later - STEP), at=later), "older than one that was used"
    assert entrance.code_holds("first", app.at(later + STEP), at=later), "a clock may be a step ahead"


def test_a_code_two_steps_off_is_refused(entrance: "InstanceEntrance") -> None:
    app = enrolled(entrance)
    later = AT + 10 * STEP
    for off in (-2, 2, 5):
        assert not entrance.code_holds("first", app.at(later + off * STEP), at=later)


def test_who_guesses_codes_waits_even_with_the_right_one(entrance: "InstanceEntrance") -> None:
    app = enrolled(entrance)
    later = AT + 4 * STEP
    for _ in range(5):
        assert not entrance.code_holds("first", "000000", at=later)
    assert not entrance.code_holds("first", app.at(later), at=later)
    after = later + timedelta(minutes=16)
    assert entrance.code_holds("first", app.at(after), at=after)


def test_a_recovery_code_stands_in_once_and_new_ones_make_the_old_ones_void(entrance: "InstanceEntrance") -> None:
    enrolled(entrance)
    codes = entrance.fresh_recovery_codes("first")
    assert len(set(codes)) == 10
    assert entrance.code_holds("first", codes[0].upper(), at=AT)
    assert not entrance.code_holds("first", codes[0], at=AT)
    assert entrance.proofs("first").recovery_codes == 9
    entrance.fresh_recovery_codes("first")
    assert not entrance.code_holds("first", codes[1], at=AT)


def test_neither_secret_nor_code_lies_in_the_database_as_it_is(
    entrance: "InstanceEntrance", instance: "Instance"
) -> None:
    app = enrolled(entrance)
    codes = entrance.fresh_recovery_codes("first")
    held = instance.data.database.read_bytes() + (instance.data.root / "privity.sqlite-wal").read_bytes()
    assert app.secret.encode() not in held
    assert codes[0].encode() not in held
    assert PASSWORD.encode() not in held


def test_a_secret_is_its_owners_and_opens_under_this_instances_key_only(instance: "Instance") -> None:
    cipher = instance.accounts.factors.cipher
    closed = cipher.close("JBSWY3DPEHPK3PXP", of="first")
    assert cipher.open(closed, of="first") == "JBSWY3DPEHPK3PXP"
    for other, owner, text in (
        (cipher, "second", closed),
        (type(cipher)("another secret key"), "first", closed),
        (cipher, "first", "not base64!"),
    ):
        with pytest.raises(Unavailable, match="second factor"):
            other.open(text, of=owner)


def device(entrance: "InstanceEntrance", *, counts: bool = True, verifies: bool = True) -> Device:
    """Enrol a passkey for the first officer, and return its device."""
    made = Device(SITE.origin, SITE.host, counts=counts, verifies=verifies)
    ceremony = entrance.begin_passkey("first", SITE)
    entrance.enrol_passkey("first", made.make(ceremony.options), ceremony.challenge, "work", SITE, at=AT)
    return made


def holds(entrance: "InstanceEntrance", made: Device, challenge: str = "") -> bool:
    ceremony = entrance.ask_passkey("first", SITE)
    return entrance.passkey_holds("first", made.sign(ceremony.options), challenge or ceremony.challenge, SITE, at=AT)


def test_a_passkey_signs_somebody_in_and_its_answer_is_no_good_a_second_time(entrance: "InstanceEntrance") -> None:
    made = device(entrance)
    assert entrance.need("first") is Need.FACTOR
    assert holds(entrance, made)
    ceremony = entrance.ask_passkey("first", SITE)
    answer = made.sign(ceremony.options)
    assert entrance.passkey_holds("first", answer, ceremony.challenge, SITE, at=AT)
    assert not entrance.passkey_holds("first", answer, ceremony.challenge, SITE, at=AT), "its counter stood still"


def test_a_device_that_does_not_count_signs_again_and_again(entrance: "InstanceEntrance") -> None:
    made = device(entrance, counts=False)
    assert [holds(entrance, made) for _ in range(3)] == [True] * 3


def test_a_passkey_of_another_site_person_challenge_or_key_is_refused(entrance: "InstanceEntrance") -> None:
    made = device(entrance)
    foreign = Device("https://gateway.example.evil", SITE.host, key=made.key, credential=made.credential, signed=5)
    elsewhere = Device(SITE.origin, "evil.example", key=made.key, credential=made.credential, signed=5)
    stolen = Device(SITE.origin, SITE.host, credential=made.credential, signed=5)
    assert [holds(entrance, one) for one in (foreign, elsewhere, stolen)] == [False] * 3
    assert not holds(entrance, made, challenge=entrance.ask_passkey("first", SITE).challenge)
    for nonsense in ("", "[]", "{", '{"id": 3}', '{"id": "x", "response": {}}'):
        assert not entrance.passkey_holds("second", nonsense, "AAAA", SITE, at=AT)


def test_a_device_that_did_not_make_sure_who_holds_it_is_refused(entrance: "InstanceEntrance") -> None:
    with pytest.raises(Mistaken, match="does not fit"):
        device(entrance, verifies=False)
    made = device(entrance)
    made.verifies = False
    assert not holds(entrance, made)


def test_a_passkey_is_enrolled_once_and_the_last_proof_is_not_removed(entrance: "InstanceEntrance") -> None:
    made = device(entrance)
    ceremony = entrance.begin_passkey("first", SITE)
    with pytest.raises(Mistaken, match="already"):
        entrance.enrol_passkey("first", made.make(ceremony.options), ceremony.challenge, "", SITE, at=AT)
    (kept,) = entrance.proofs("first").passkeys
    with pytest.raises(Mistaken, match="could not sign in"):
        entrance.remove_passkey("first", kept.number, at=AT)
    enrolled(entrance)
    entrance.remove_passkey("first", kept.number, at=AT)
    assert entrance.proofs("first").passkeys == ()
