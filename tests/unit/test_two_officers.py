"""Four eyes, blind to each other; and permits that cannot be had without them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.definitions.clause import CitedClause, ClauseRef
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId, Role, StaffId
from privity.definitions.person import PersonId
from privity.definitions.reference import AgreementFamily, CaseReference, Slug, VersionName
from privity.errors import Impossible, Mistaken
from privity.judgement.decision import (
    Approved,
    ApprovedPurpose,
    NotIdentified,
    Refused,
    decide_identity,
    decide_purpose,
)
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS, Determination, Stage
from privity.judgement.public_interest import Factor, looks_copied
from privity.judgement.second import choose_second
from privity.judgement.two_officers import Agreed, Divided, Waiting, consult, may_determine

CASE = CaseReference("PRV-00000000000000000000000001")
VERSION = "police@2017-01"
CLAUSES = (
    CitedClause(
        ref=ClauseRef(family=AgreementFamily("police"), version=VersionName("2017-01"), clause="public-interest"),
        says="Only what is in the public interest leaves.",
    ),
)
OFFICER, GUARDIAN = Role.DISCLOSURE_OFFICER, Role.GUARDIAN


def view(
    who: str, answer: bool, *, role: Role = OFFICER, stage: Stage = Stage.PURPOSE, choice: int | None = None
) -> Determination:
    return Determination(
        stage=stage,
        question=Slug("public_interest"),
        staff_id=StaffId(who),
        role=role,
        answer=answer,
        reasons=f"What weighs here, in {who}'s own words, is this.",
        at=datetime(2017, 3, 1, 12, tzinfo=UTC),
        version=VERSION,
        choice=None if choice is None else PersonId(choice),
    )


def chosen(who: str, choice: int | None, *, role: Role = OFFICER) -> Determination:
    return view(who, choice is not None, role=role, stage=Stage.IDENTITY, choice=choice)


def test_one_view_alone_settles_nothing_and_tells_nothing() -> None:
    waiting = consult([view("a", True)])
    assert waiting == Waiting(done=frozenset({StaffId("a")}))
    assert "True" not in repr(waiting)
    assert consult([]) == Waiting(done=frozenset())


@pytest.mark.parametrize("answer", [True, False])
def test_two_people_of_one_mind_agree(answer: bool) -> None:
    views = (view("a", answer), view("b", answer))
    assert consult(views) == Agreed(answer=answer, choice=None, by=views)


def test_two_people_who_differ_are_divided_until_the_guardian_speaks() -> None:
    views = (view("a", True), view("b", False))
    assert consult(views) == Divided(by=views)
    last = view("g", False, role=GUARDIAN)
    assert consult([*views, last]) == Agreed(answer=False, choice=None, by=(*views, last))


def test_the_same_answer_for_another_record_is_no_agreement() -> None:
    views = (chosen("a", 1), chosen("b", 2))
    assert isinstance(consult(views), Divided)
    assert consult([*views, chosen("g", 3, role=GUARDIAN)]) == Agreed(
        answer=True, choice=PersonId(3), by=(*views, chosen("g", 3, role=GUARDIAN))
    )


@pytest.mark.parametrize(
    "views",
    [
        [view("a", True), view("a", True)],
        [view("a", True), view("a", False)],
        [view("a", True), view("b", True), view("c", True)],
        [view("a", True), view("b", False), view("a", True, role=GUARDIAN)],
        [view("a", True), view("b", False), view("g", True, role=GUARDIAN), view("h", True, role=GUARDIAN)],
    ],
    ids=["twice", "twice and differently", "a third officer", "guardian in two roles", "two guardians"],
)
def test_nobody_speaks_twice_and_nobody_speaks_third(views: Sequence[Determination]) -> None:
    with pytest.raises(Mistaken):
        consult(views)


def test_the_order_of_speaking_is_two_officers_then_the_guardian() -> None:
    first, second, differing = view("a", True), view("b", True), view("b", False)
    assert may_determine([], StaffId("a"), OFFICER)
    assert not may_determine([], StaffId("g"), GUARDIAN)
    assert not may_determine([first], StaffId("a"), OFFICER)
    assert not may_determine([first], StaffId("g"), GUARDIAN)
    assert may_determine([first], StaffId("b"), OFFICER)
    assert not may_determine([first, second], StaffId("c"), OFFICER)
    assert not may_determine([first, second], StaffId("g"), GUARDIAN)
    assert may_determine([first, differing], StaffId("g"), GUARDIAN)
    assert not may_determine([first, differing], StaffId("c"), OFFICER)
    assert not may_determine([first, differing], StaffId("a"), GUARDIAN)


def test_a_question_reserved_to_the_guardian_takes_the_guardian_and_one_officer_in_any_order() -> None:
    officer, guardian = view("a", True), view("g", False, role=GUARDIAN)
    for first, second in ((officer, guardian), (guardian, officer)):
        assert isinstance(consult([first], guardians=True), Waiting)
        assert consult([first, second], guardians=True) == Agreed(answer=False, choice=None, by=(officer, guardian))
    assert may_determine([], StaffId("a"), OFFICER, guardians=True)
    assert may_determine([], StaffId("g"), GUARDIAN, guardians=True)
    assert may_determine([officer], StaffId("g"), GUARDIAN, guardians=True)
    assert not may_determine([officer], StaffId("b"), OFFICER, guardians=True)
    assert not may_determine([guardian], StaffId("h"), GUARDIAN, guardians=True)
    assert not may_determine([guardian], StaffId("g"), OFFICER, guardians=True)
    assert not may_determine([], StaffId("d"), Role.DEPARTMENT, guardians=True)
    with pytest.raises(Mistaken):
        consult([officer, view("b", True)], guardians=True)


def test_the_second_is_whoever_has_least_to_do_and_never_the_first() -> None:
    first, draws = StaffId("a"), [bytes([number]) for number in range(64)]
    loads = {first: 0, StaffId("b"): 2, StaffId("c"): 1, StaffId("d"): 1}
    chosen = {choose_second(loads, first, draw) for draw in draws}
    assert chosen == {StaffId("c"), StaffId("d")}, "the least asked, by lot"
    assert choose_second({first: 0}, first, b"lot") is None
    assert choose_second({}, first, b"lot") is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (OFFICER, GUARDIAN)])
def test_only_officers_and_the_guardian_of_the_custodian_judge(role: Role) -> None:
    with pytest.raises(Mistaken, match=role.value):
        view("a", True, role=role)
    assert not may_determine([], StaffId("a"), role)


@pytest.mark.parametrize("reasons", ["", "yes", " " * 100, "x" * (SHORTEST_REASONS - 1), "x" * (LONGEST_REASONS + 1)])
def test_an_answer_without_reasons_is_a_tick_and_no_determination(reasons: str) -> None:
    with pytest.raises(Mistaken, match="the reasons hold"):
        replace(view("a", True), reasons=reasons)


@pytest.mark.parametrize(
    ("stage", "answer", "choice"),
    [(Stage.IDENTITY, True, None), (Stage.IDENTITY, False, 1), (Stage.PURPOSE, True, 1), (Stage.PURPOSE, False, 1)],
)
def test_a_record_is_chosen_exactly_when_somebody_is_identified(stage: Stage, answer: bool, choice: int | None) -> None:
    with pytest.raises(Mistaken, match="a record must be chosen"):
        view("a", answer, stage=stage, choice=choice)


def test_what_somebody_thinks_is_not_shown_by_its_representation() -> None:
    shown = repr(view("a", True))
    assert "words" not in shown
    assert "True" not in shown


def permit(*by: Determination, items: frozenset[DataItem] = frozenset({DataItem.NAME})) -> ApprovedPurpose:
    return ApprovedPurpose(
        case=CASE, requester=OrganisationId("kent-police"), version=VERSION, items=items, clauses=CLAUSES, by=by
    )


def test_a_purpose_is_approved_by_two_people() -> None:
    assert permit(view("a", True), view("b", True)).case == CASE


@pytest.mark.parametrize(
    "by",
    [
        (),
        (view("a", True),),
        (view("a", True), replace(view("a", True), question=Slug("serious_enough"))),
        (view("a", True), replace(view("b", True), version="police@2016-01")),
        (view("a", True), chosen("b", 1)),
    ],
    ids=["nobody", "one", "one person, two questions", "another version", "another stage"],
)
def test_no_permit_to_read_the_register_without_two_people(by: tuple[Determination, ...]) -> None:
    with pytest.raises(Impossible):
        permit(*by)


@pytest.mark.parametrize("items", [frozenset(), frozenset({DataItem.NAME, DataItem.DIAGNOSIS})])
def test_no_permit_lets_out_nothing_or_anything_clinical(items: frozenset[DataItem]) -> None:
    with pytest.raises(Impossible):
        permit(view("a", True), view("b", True), items=items)


@pytest.mark.parametrize(
    "by", [(), (chosen("a", 1),), (chosen("a", 1), chosen("a", 1)), (view("a", True), view("b", True))]
)
def test_no_permit_to_disclose_without_two_people(by: tuple[Determination, ...]) -> None:
    with pytest.raises(Impossible):
        Approved(purpose=permit(view("a", True), view("b", True)), person=PersonId(1), by=by)


def decided(*, agreed: Sequence[Agreed], permitted: bool) -> ApprovedPurpose | Refused:
    return decide_purpose(
        case=CASE,
        requester=OrganisationId("kent-police"),
        version=VERSION,
        items=frozenset({DataItem.NAME}),
        clauses=CLAUSES,
        refusing=CLAUSES,
        agreed=agreed,
        permitted=permitted,
    )


def test_a_decision_needs_the_agreement_and_the_people() -> None:
    views = (view("a", True), view("b", True))
    agreed = Agreed(answer=True, choice=None, by=views)
    approved = decided(agreed=[agreed], permitted=True)
    assert isinstance(approved, ApprovedPurpose)
    assert approved.by == views
    assert decided(agreed=[agreed], permitted=False) == Refused(case=CASE, clauses=CLAUSES, in_public_interest=True)
    assert decided(agreed=[], permitted=True) == Refused(case=CASE, clauses=CLAUSES, in_public_interest=False)


def test_an_identity_is_the_record_two_people_named_or_nobody() -> None:
    purpose = permit(view("a", True), view("b", True))
    named, nobody = (chosen("a", 7), chosen("b", 7)), (chosen("a", None), chosen("b", None))
    approved = decide_identity(purpose, Agreed(answer=True, choice=PersonId(7), by=named))
    assert isinstance(approved, Approved)
    assert approved.person == 7
    assert decide_identity(purpose, Agreed(answer=False, choice=None, by=nobody)) == NotIdentified(case=CASE)


def test_pasted_reasons_are_noticed_and_own_words_are_not() -> None:
    reasons = "The offence is grave, the usual sources are spent, and the intrusion is slight against it."
    turned = "The usual sources are spent; the offence is grave -- and the intrusion is slight against it."
    for pasted in (reasons.upper() + "  ", reasons.replace("slight", "small"), turned):
        assert looks_copied(reasons, pasted)
        assert looks_copied(pasted, reasons)
    own = "What is alleged rests on one anonymous letter; patients' trust weighs more."
    assert not looks_copied(reasons, own)
    assert not looks_copied(reasons, f"{reasons} {own}"), "whoever adds as much again has written something"
    assert not looks_copied("The offence is grave enough here.", "The offence is a minor one here.")
    assert looks_copied("?" * SHORTEST_REASONS, "?" * SHORTEST_REASONS)
    assert not looks_copied("?" * SHORTEST_REASONS, reasons)


def test_every_factor_has_words_and_a_side() -> None:
    assert len({factor.words for factor in Factor}) == len(Factor)
    assert {factor.speaks_for for factor in Factor} == {True, False}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcg"), st.sampled_from([OFFICER, GUARDIAN]), st.sampled_from([None, 1, 2])),
        max_size=6,
    )
)
def test_whoever_speaks_when_it_is_their_turn_never_ends_in_a_mistake(said: list[tuple[str, Role, int | None]]) -> None:
    views: list[Determination] = []
    for who, role, choice in said:
        if may_determine(views, StaffId(who), role):
            views.append(chosen(who, choice, role=role))
        match consult(views):
            case Agreed(by=by, answer=answer, choice=settled):
                assert len({each.staff_id for each in by}) == len(by) >= 2
                assert (by[-1].answer, by[-1].choice) == (answer, settled)
            case Divided(by=by):
                assert len({(each.answer, each.choice) for each in by}) == 2
            case Waiting(done=done):
                assert len(done) == len(views) < 2
