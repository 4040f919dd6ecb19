"""What a practice registers is laid over the register: at the trace, where candidates are shown, and at release."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor, police_request

from privity.casework.judge import IDENTITY_QUESTION, close_protected
from privity.casework.lifecycle import Status
from privity.casework.permits import identity_permit, purpose_permit
from privity.casework.protect import lift, protect
from privity.casework.public_desk import PublicUnit
from privity.casework.trace import show_candidates
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.person import Address, Demographics, NhsNumber, Particulars
from privity.disclosure.safety import Course, SafetyAnswer
from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Mistaken
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.ledger.entry_kind import EntryKind
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import AskedBy, Lifting, Registration
from privity.protection.signs import Signs

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

DAY = date(2017, 3, 1)
CHARITY = Address(lines=("The Refuge", "1 Quiet Street"), postcode="LS1 4AP")


def practice(name: str = "dr-abbas") -> Officer:
    return Officer(
        staff_id=StaffId(f"{name}-desk"),
        name="A. Receptionist",
        organisation=OrganisationId(name),
        role=Role.GP_PRACTICE,
    )


def registration(number: NhsNumber, **changed: object) -> Registration:
    made = Registration(
        nhs_number=number,
        flagged=True,
        correspondence=None,
        period=Period(),
        reason="She fears the person she lives with.",
        asked_by=AskedBy.PERSON,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # by name, as each test says


@pytest.fixture
def guarded(register_file: Path, instance: "Instance") -> GuardedRegister:
    from privity.edge.wiring.public_protection import kept_registrations

    return GuardedRegister(path=register_file, model=default_model, registrations=kept_registrations, today=lambda: DAY)


@pytest.fixture
def person(register_file: Path) -> Demographics:
    """Return somebody whom nothing protects yet and whose name and home are on record."""
    with SqliteRegister.open(register_file) as register:
        people = (register.demographics(one) for one in register.everybody()[:399])
        return next(one for one in people if not one.sensitive and one.residence and not one.correspondence)


def known(person: Demographics) -> Particulars:
    return Particulars(family_name=person.family_name, given_name=person.given_name, date_of_birth=person.date_of_birth)


def by_place(person: Demographics) -> Particulars:
    assert person.residence is not None
    return Particulars(given_name=person.given_name, postcode=person.residence.postcode)


def register_it(corridor: Corridor, made: Registration, by: Officer, *, read: bool = True) -> None:
    corridor.do(lambda unit, at: protect(cast(PublicUnit, unit), made, effects_read=read, by=by, at=at))


def permit(corridor: Corridor) -> ApprovedPurpose:
    return purpose_permit(corridor.read(corridor.approved()))


def test_a_flag_of_a_practice_makes_a_trace_the_guardians(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    before = guarded.trace(permit(corridor), known(person), under=None)
    assert before.best is not None
    assert (before.best.person, before.best.sensitive) == (person.person, False)
    register_it(corridor, registration(person.nhs_number), practice())
    after = guarded.trace(permit(corridor), known(person), under=None)
    assert after.best is not None
    assert (after.best.person, after.best.sensitive) == (person.person, True)


def test_a_protected_person_is_not_found_by_place_and_the_rest_of_the_street_still_is(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    before = guarded.trace(permit(corridor), by_place(person), under=None)
    register_it(corridor, registration(person.nhs_number), practice())
    after = guarded.trace(permit(corridor), by_place(person), under=None)
    assert after.touched == before.touched - 1
    assert person.person not in {candidate.person for candidate in after.candidates}


@pytest.mark.parametrize(
    "period",
    [
        Period(last=date(2017, 3, 1)),
        Period(first=date(2017, 3, 2)),
        Period(last=date(2090, 1, 1)),
    ],
    ids=["ends sooner", "begins later", "ends at all"],
)
def test_a_practice_does_not_take_a_flag_away_by_its_dates(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics, period: Period
) -> None:
    register_it(corridor, registration(person.nhs_number), practice())
    with pytest.raises(Mistaken, match="a practice does not take a flag away"):
        register_it(corridor, registration(person.nhs_number, period=period), practice())
    register_it(corridor, registration(person.nhs_number, period=period), GUARDIAN)
    longer = registration(person.nhs_number, period=Period(first=date(2017, 1, 1)))
    register_it(corridor, longer, practice())
    found = guarded.trace(permit(corridor), known(person), under=None)
    assert found.best is not None
    assert found.best.sensitive


def test_a_flag_that_has_run_out_is_not_registered_as_if_it_protected(corridor: Corridor, person: Demographics) -> None:
    with pytest.raises(Mistaken, match="its last day has passed"):
        register_it(corridor, registration(person.nhs_number, period=Period(last=date(2017, 2, 28))), practice())
    last = Period(last=date(2017, 3, 1))
    register_it(corridor, registration(person.nhs_number, period=last), practice())
    corridor.now += timedelta(days=2)
    register_it(corridor, registration(person.nhs_number, period=Period(last=date(2017, 3, 9))), practice())


def test_somebody_protected_after_approval_is_answered_as_no_trace(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    corridor.register = guarded  # type: ignore[assignment]  # the real one in place of the counting one
    reference = corridor.approved(replace(police_request(), particulars=known(person)))
    corridor.trace(reference)
    for officer in (FIRST, SECOND):
        corridor.name_record(reference, officer, person.person)
    assert corridor.read(reference).status is Status.IDENTIFIED
    corridor.screen(reference, Course.GUARDIAN, answer=SafetyAnswer.UNSURE)
    corridor.screen(reference, by=GUARDIAN)
    register_it(corridor, registration(person.nhs_number), practice())
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.PROTECTED
    reasons = "Nothing of this record may leave, and here is why."
    corridor.do(lambda unit, at: close_protected(unit, reference, reasons=reasons, by=GUARDIAN, at=at))
    assert corridor.read(reference).pack is None, "nothing was sealed"
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.UNTRACED


def test_officers_no_longer_see_where_a_candidate_lives_once_she_is_protected(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    corridor.register = guarded  # type: ignore[assignment]  # the real one in place of the counting one
    reference = corridor.approved(replace(police_request(), particulars=known(person)))
    corridor.trace(reference)
    register_it(corridor, registration(person.nhs_number), practice())
    shown = corridor.do(lambda unit, at: show_candidates(unit, guarded, reference, by=FIRST, at=at))
    hers = next(record for record in shown if record.person == person.person)
    assert (hers.residence, hers.correspondence, hers.gp_practice_code) == (None, None, "")


def test_an_address_for_letters_is_read_as_one_only_while_it_holds(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    period = Period(first=DAY, last=DAY)
    letters = CorrespondenceAddress(place=PlaceKind.CHARITY, address=CHARITY, period=period)
    made = registration(person.nhs_number, flagged=False, correspondence=letters, period=period)
    register_it(corridor, made, practice())
    seen = guarded.candidate(permit(corridor), person.person)
    assert (seen.correspondence, seen.residence, seen.sensitive) == (CHARITY, person.residence, False)
    guarded.today = lambda: date(2017, 3, 2)
    assert guarded.candidate(permit(corridor), person.person) == person


def test_a_practice_cannot_take_a_flag_away_and_another_practice_cannot_weaken_it(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    register_it(corridor, registration(person.nhs_number), practice())
    letters = CorrespondenceAddress(place=PlaceKind.OTHER, address=CHARITY, period=Period())
    unflagged = registration(person.nhs_number, flagged=False, correspondence=letters)
    with pytest.raises(Mistaken, match="does not take a flag away"):
        register_it(corridor, unflagged, practice())
    register_it(corridor, unflagged, practice("dr-other"))
    assert guarded.candidate(permit(corridor), person.person).sensitive
    ended = registration(person.nhs_number, flagged=False)
    corridor.do(
        lambda unit, at: protect(
            cast(PublicUnit, unit), ended, effects_read=True, by=GUARDIAN, at=at, practice=OrganisationId("dr-abbas")
        )
    )
    assert not guarded.candidate(permit(corridor), person.person).sensitive


def test_nothing_is_registered_by_others_unread_or_without_a_reason(corridor: Corridor, person: Demographics) -> None:
    made = registration(person.nhs_number)
    with pytest.raises(Mistaken, match="registers no protection"):
        register_it(corridor, made, FIRST)
    with pytest.raises(Mistaken, match="was not read and explained"):
        register_it(corridor, made, practice(), read=False)
    with pytest.raises(Mistaken, match="reason"):
        registration(person.nhs_number, reason="   ")
    with pytest.raises(Mistaken, match="protects nothing"):
        register_it(corridor, registration(person.nhs_number, flagged=False), practice())


def test_a_number_nobody_has_is_registered_like_any_other(corridor: Corridor) -> None:
    register_it(corridor, registration(NhsNumber("9434765919")), practice())
    told = corridor.entries()[-1]
    assert told.kind is EntryKind.PROTECTION_CHANGED
    assert dict(told.facts) == {"change": "set"}
    assert told.at >= datetime(2016, 1, 1, tzinfo=UTC)


def lifting(number: NhsNumber, **changed: object) -> Lifting:
    made = Lifting(
        nhs_number=number,
        practice=OrganisationId("dr-abbas"),
        flag=True,
        letters=False,
        reason="He has moved abroad and she asked for it alone.",
        asked_by=AskedBy.PERSON,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # by name, as each test says


def lift_it(corridor: Corridor, made: Lifting, by: Officer, *, read: bool = True) -> None:
    corridor.do(lambda unit, at: lift(cast(PublicUnit, unit), made, effects_read=read, by=by, at=at))


def with_letters(number: NhsNumber) -> Registration:
    letters = CorrespondenceAddress(place=PlaceKind.CHARITY, address=CHARITY, period=Period())
    return registration(number, correspondence=letters)


def test_the_guardian_lifts_a_flag_and_the_address_for_letters_stays(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    register_it(corridor, with_letters(person.nhs_number), practice())
    lift_it(corridor, lifting(person.nhs_number), GUARDIAN)
    seen = guarded.candidate(permit(corridor), person.person)
    assert (seen.sensitive, seen.correspondence, seen.residence) == (False, CHARITY, person.residence)
    told = [entry for entry in corridor.entries() if entry.kind is EntryKind.PROTECTION_CHANGED]
    assert [dict(entry.facts) for entry in told] == [{"change": "set"}, {"change": "set"}]
    lift_it(corridor, lifting(person.nhs_number, flag=False, letters=True), GUARDIAN)
    assert dict(corridor.entries()[-1].facts) == {"change": "ended"}
    assert guarded.candidate(permit(corridor), person.person) == person


def test_a_practice_ends_its_own_address_for_letters_and_the_flag_stays(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    register_it(corridor, with_letters(person.nhs_number), practice())
    lift_it(corridor, lifting(person.nhs_number, flag=False, letters=True), practice())
    seen = guarded.candidate(permit(corridor), person.person)
    assert (seen.sensitive, seen.correspondence) == (True, None)


def test_nothing_is_lifted_by_the_wrong_hands_or_without_saying_what_who_and_why(
    corridor: Corridor, person: Demographics
) -> None:
    number = person.nhs_number
    register_it(corridor, with_letters(number), practice())
    for made, by, read, why in (
        (lifting(number), practice(), True, "does not take a flag away"),
        (lifting(number, flag=False, letters=True), practice("dr-other"), True, "another practice"),
        (lifting(number), GUARDIAN, False, "not read and explained"),
        (lifting(number, reason="safe"), GUARDIAN, True, "reason"),
        (lifting(number, flag=False), GUARDIAN, True, "nothing of that kind"),
        (lifting(number, practice=OrganisationId("dr-nobody")), GUARDIAN, True, "nothing of that kind"),
        (lifting(number), FIRST, True, "another practice"),
    ):
        with pytest.raises(Mistaken, match=why):
            lift_it(corridor, made, by, read=read)


def test_a_flag_lifted_in_one_practice_still_hides_what_another_hid(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    register_it(corridor, registration(person.nhs_number), practice())
    register_it(corridor, registration(person.nhs_number), practice("dr-other"))
    lift_it(corridor, lifting(person.nhs_number), GUARDIAN)
    assert guarded.candidate(permit(corridor), person.person).sensitive


def identity(corridor: Corridor, person: Demographics) -> Approved:
    """Return the permit of a case whose two officers identified somebody of the register."""
    return replace(identity_permit(corridor.read(corridor.identified()), IDENTITY_QUESTION), person=person.person)


def test_signs_of_a_protection_outlast_it_and_run_ahead_of_it(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    shown = identity(corridor, person)
    assert guarded.signs(shown, person) == Signs()
    ahead = registration(person.nhs_number, period=Period(first=date(2017, 3, 9)))
    register_it(corridor, ahead, practice())
    assert guarded.signs(shown, person) == Signs(coming=True), "it begins in eight days"
    register_it(corridor, registration(person.nhs_number, asked_by=AskedBy.POLICE), practice())
    assert guarded.signs(shown, person) == Signs(hidden=True, feared_for=True)
    taken = Lifting(
        nhs_number=person.nhs_number,
        practice=practice().organisation,
        flag=True,
        letters=False,
        reason="He says that she no longer needs it.",
        asked_by=AskedBy.REPRESENTATIVE,
    )
    corridor.do(lambda unit, at: lift(cast(PublicUnit, unit), taken, effects_read=True, by=GUARDIAN, at=at))
    assert guarded.signs(shown, person) == Signs(ended=True), "whoever wanted it lifted may be whom she fears"


def test_letters_that_go_elsewhere_say_who_registered_it_and_one_that_ran_out_is_a_sign(
    corridor: Corridor, guarded: GuardedRegister, person: Demographics
) -> None:
    shown = identity(corridor, person)
    letters = CorrespondenceAddress(place=PlaceKind.CHARITY, address=CHARITY, period=Period())
    register_it(corridor, registration(person.nhs_number, flagged=False, correspondence=letters), practice())
    assert guarded.signs(shown, person) == Signs(letters=True)
    over = registration(person.nhs_number, period=Period(last=DAY + timedelta(days=7)))
    register_it(corridor, over, practice("dr-other"))
    guarded.today = lambda: DAY + timedelta(days=8)
    assert guarded.signs(shown, person) == Signs(letters=True, ended=True)


def test_the_family_names_of_a_household_are_counted_and_never_told(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path
) -> None:
    with SqliteRegister.open(register_file) as register:
        everybody = [register.demographics(one) for one in register.everybody()[:399]]
    shown = identity(corridor, everybody[0])
    for one in everybody[:40]:
        if one.residence is None or one.sensitive or not one.residence.postcode:
            continue
        found = guarded.household(replace(shown, person=one.person), one)
        names = {
            each.family_name
            for each in everybody
            if each.residence == one.residence and (each.deceased_on is None or each.person == one.person)
        }
        assert found is not None
        assert found.families == max(len(names), 1)
