"""From the trace to the destruction, walked over both units of work: nothing read, sealed or sent out of turn."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from tests.fakes import golden
from tests.fakes.corridor import (
    FIRST,
    GUARDIAN,
    HOME_OFFICE,
    KENT,
    SECOND,
    THIRD,
    Corridor,
    home_office_request,
    police_request,
    reasons_of,
)
from tests.fakes.guarded_register import NOBODY, ONE, PROTECTED, TWO, candidate, found
from tests.fakes.shelf import ShelfAgreements
from tests.fakes.standing import stand_everywhere

from privity.agreement.version import InstrumentKind
from privity.casework.case_file import CaseFile
from privity.casework.judge import PROTECTED_QUESTION, close_protected
from privity.casework.lifecycle import Status
from privity.casework.permits import AFTER_APPROVAL, identity_permit, purpose_permit
from privity.casework.screen import Parked
from privity.casework.trace import show_candidates
from privity.definitions.item import DataItem
from privity.definitions.party import Officer
from privity.definitions.person import Demographics
from privity.definitions.reference import CaseReference, Slug
from privity.disclosure.pack import Outcome
from privity.errors import Mistaken, Unavailable

GUARDED = "Nothing of this record may leave, and here is why."


def shown(corridor: Corridor, reference: CaseReference, by: Officer = FIRST) -> tuple[Demographics, ...]:
    return corridor.do(lambda unit, at: show_candidates(unit, corridor.register, reference, by=by, at=at))


def guard(corridor: Corridor, reference: CaseReference, by: Officer = GUARDIAN, reasons: str = GUARDED) -> CaseFile:
    return corridor.do(lambda unit, at: close_protected(unit, reference, reasons=reasons, by=by, at=at))


def answered(corridor: Corridor, reference: CaseReference) -> CaseFile:
    corridor.intend(reference)
    corridor.release(reference)
    return corridor.read(reference)


def test_the_register_is_read_for_a_case_that_waits_for_its_trace_and_for_no_other(corridor: Corridor) -> None:
    cases = stand_everywhere(corridor)
    assert set(cases) == set(Status)
    waiting = cases.pop(Status.APPROVED)
    read, told = len(corridor.register.read_for), len(corridor.entries())
    for status, reference in cases.items():
        with pytest.raises(Mistaken, match="the register was not read"):
            corridor.trace(reference)
        if status not in AFTER_APPROVAL:
            with pytest.raises(Mistaken, match="the register was not read"):
                shown(corridor, reference)
            with pytest.raises(Mistaken):
                purpose_permit(corridor.read(reference))
        with pytest.raises(Mistaken, match="nothing was released"):
            corridor.release(reference)
    assert len(corridor.register.read_for) == read
    assert len(corridor.entries()) == told
    corridor.agreements = ShelfAgreements()  # nothing is suspended in it
    assert corridor.trace(waiting).status is Status.PROTECTED


def test_no_case_causes_a_reading_before_its_approval(corridor: Corridor) -> None:
    for request in (police_request(), police_request(countersigned=""), police_request(offence="theft")):
        reference = corridor.received(request)
        corridor.read(reference)
    refused = corridor.received(police_request(reference="KP/9"))
    corridor.view(refused, FIRST, False)
    corridor.view(refused, SECOND, False)
    assert corridor.register.read_for == []


def test_a_trace_is_on_record_with_its_reading_and_puts_the_candidates_to_people(corridor: Corridor) -> None:
    reference = corridor.approved()
    file = corridor.trace(reference)
    assert file.status is Status.JUDGING_IDENTITY
    assert [entry.kind.value for entry in corridor.entries_of(reference)][-2:] == ["register.read", "trace.finished"]
    assert corridor.entries_of(reference)[-2].facts["reads"] == 11
    (candidate_shown,) = file.candidates()
    assert (candidate_shown.person, candidate_shown.probability, candidate_shown.weight_bits) == (1, 0.98, 12.5)
    assert file.traces[0].probability_absent == "0.020000"
    kept = file.traces[0].candidates
    assert not [word for word in golden.GOLDEN_WORDS if word in kept], "a trace copies no particulars"


def test_nobody_found_needs_nobody_to_judge(corridor: Corridor) -> None:
    corridor.register.finds = NOBODY
    reference = corridor.approved()
    assert corridor.trace(reference).status is Status.UNIDENTIFIED
    assert corridor.read(reference).candidates() == ()


def test_two_that_resemble_are_put_to_people_and_nobody_guesses(corridor: Corridor) -> None:
    corridor.register.finds = TWO
    reference = corridor.approved()
    file = corridor.trace(reference)
    assert len(file.candidates()) == 2
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, None)
    assert corridor.read(reference).status is Status.UNIDENTIFIED


@pytest.mark.parametrize("finds", [PROTECTED, found(candidate(1, 0.9), candidate(9, 0.06, sensitive=True))])
def test_a_protected_record_goes_to_the_guardian_even_when_it_is_not_the_likeliest(
    corridor: Corridor, finds: object
) -> None:
    corridor.register.finds = finds  # type: ignore[assignment]  # a parameter has no type of its own
    reference = corridor.approved()
    assert corridor.trace(reference).status is Status.PROTECTED
    for who in (FIRST, SECOND):
        with pytest.raises(Mistaken, match="waits for something else"):
            corridor.name_record(reference, who, 9)
        with pytest.raises(Mistaken, match="for the guardian"):
            guard(corridor, reference, who)
        with pytest.raises(Mistaken, match="guardian's"):
            shown(corridor, reference, who)
    assert len(corridor.register.read_for) == 1
    assert 9 in {record.person for record in shown(corridor, reference, GUARDIAN)}
    with pytest.raises(Mistaken, match="with reasons"):
        guard(corridor, reference, reasons="no")
    file = guard(corridor, reference)
    assert file.status is Status.UNIDENTIFIED
    assert file.determinations[-1].question == PROTECTED_QUESTION
    assert answered(corridor, reference).status is Status.UNTRACED


def test_a_protected_record_that_is_hardly_likely_disturbs_nobody(corridor: Corridor) -> None:
    corridor.register.finds = found(candidate(1, 0.9), candidate(9, 0.01, sensitive=True))
    file = corridor.trace(corridor.approved())
    assert file.status is Status.JUDGING_IDENTITY
    assert [each.person for each in file.candidates()] == [1]


def test_every_way_of_not_being_traced_reads_the_same_to_the_requester(corridor: Corridor) -> None:
    for finds in (NOBODY, PROTECTED, TWO, ONE):
        corridor.register.finds = finds
        reference = corridor.approved()
        status = corridor.trace(reference).status
        if status is Status.PROTECTED:
            guard(corridor, reference)
        elif status is Status.JUDGING_IDENTITY:
            for who in (FIRST, SECOND):
                corridor.name_record(reference, who, None)
        assert answered(corridor, reference).status is Status.UNTRACED
    anonymous = {repr(replace(pack, case=CaseReference("one"))) for pack in corridor.sealer.packs}
    fields = {(pack.answer.outcome, pack.answer.items, pack.clauses, pack.purpose) for pack in corridor.sealer.packs}
    assert len(corridor.sealer.packs) == 4
    assert len(anonymous) == len(fields) == 1


def test_the_candidates_are_shown_on_record_to_whoever_judges(corridor: Corridor) -> None:
    reference = corridor.approved()
    corridor.trace(reference)
    before = len(corridor.entries())
    (record,) = shown(corridor, reference, SECOND)
    assert record.person == 1
    assert len(corridor.entries()) == before + 1
    assert corridor.read(reference).history[-1].staff_id == "second"


def test_the_identity_is_judged_by_two_blind_to_each_other_and_settled_by_the_guardian(corridor: Corridor) -> None:
    corridor.register.finds = TWO
    reference = corridor.approved()
    corridor.trace(reference)
    corridor.name_record(reference, FIRST, 1)
    for who, error in ((FIRST, "given your view"), (GUARDIAN, "given your view")):
        with pytest.raises(Mistaken, match=error):
            corridor.name_record(reference, who, 1)
    with pytest.raises(Mistaken, match="not among the candidates"):
        corridor.name_record(reference, SECOND, 77)
    assert corridor.name_record(reference, SECOND, 2).status is Status.IDENTITY_DIVIDED
    with pytest.raises(Mistaken, match="given your view"):
        corridor.name_record(reference, THIRD, 1)
    assert corridor.name_record(reference, GUARDIAN, 2).status is Status.IDENTIFIED
    permit = identity_permit(corridor.read(reference), Slug("which-record"))
    assert permit.person == 2
    assert {view.staff_id for view in permit.by} == {"first", "second", "guardian"}


def test_nothing_is_sealed_before_the_intent_is_on_record(corridor: Corridor) -> None:
    reference = corridor.ready()
    read = len(corridor.register.read_for)
    with pytest.raises(Mistaken, match="record the intent first"):
        corridor.release(reference)
    assert corridor.sealer.packs == []
    assert len(corridor.register.read_for) == read
    corridor.intend(reference)
    assert corridor.sealer.packs == []
    corridor.release(reference)
    assert corridor.kinds(reference)[-3:] == ["disclosure.intended", "pack.sealed", "destruction.due"]


def test_the_least_is_sealed_to_the_certificate_two_people_approved(corridor: Corridor) -> None:
    items = frozenset({DataItem.NAME, DataItem.DATE_OF_BIRTH, DataItem.EMAIL, DataItem.DIAGNOSIS})
    reference = corridor.sealed(police_request(items=items))
    file, (pack,) = corridor.read(reference), corridor.sealer.packs
    assert file.status is Status.SEALED
    assert pack.answer.outcome is Outcome.DISCLOSED
    assert {item.item for item in pack.answer.items} == {DataItem.NAME, DataItem.DATE_OF_BIRTH}
    assert (pack.requester, pack.requester_reference, pack.agreement) == (KENT, "KP/1", "police@2017-01")
    assert file.pack is not None
    assert file.outbox is not None
    assert file.destruction is not None
    sealed = corridor.sealed_bytes(reference)
    assert file.pack.sha256 == file.outbox.sha256 == sha256(sealed).hexdigest()
    assert (file.pack.size, file.outbox.state, file.pack.recipient_sha256) == (len(sealed), "sealed", f"{1:064x}")
    assert file.pack.destroy_by == file.destruction.due == (corridor.now.date() + timedelta(days=180)).isoformat()
    assert set(json.loads(file.pack.items)) == {"name", "date_of_birth"}
    assert corridor.entries_of(reference)[-1].facts["pack_digest"] == file.pack.sha256


def test_one_approval_is_one_pack(corridor: Corridor) -> None:
    reference = corridor.sealed()
    for again in (corridor.intend, corridor.release):
        with pytest.raises(Mistaken, match="nothing was released"):
            again(reference)
    assert len(corridor.sealer.packs) == 1


def test_without_a_fit_certificate_the_release_parks_and_can_be_tried_again(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    before = corridor.read(reference), len(corridor.entries())
    corridor.sealer.refuses = True
    with pytest.raises(Unavailable, match="no certificate is fit"):
        corridor.release(reference)
    assert (corridor.read(reference), len(corridor.entries())) == before
    corridor.sealer.refuses = False
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED


def test_a_suspension_between_approval_and_release_holds_the_case(corridor: Corridor) -> None:
    reference = corridor.ready()
    lifted = corridor.now + timedelta(days=30)
    corridor.intend(reference)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    assert corridor.release(reference) == Parked(status=Status.HELD)
    assert corridor.sealer.packs == []
    with pytest.raises(Mistaken, match="nothing was released"):
        corridor.intend(reference)
    corridor.now = lifted
    assert corridor.assess(reference).status is Status.IDENTIFIED
    with pytest.raises(Mistaken, match="record the intent first"):
        corridor.release(reference)
    with pytest.raises(Mistaken, match="no safety screen stands"):
        corridor.intend(reference)
    corridor.screen(reference)
    assert answered(corridor, reference).status is Status.SEALED


def test_a_suspension_before_the_intent_holds_an_untraced_case_too(corridor: Corridor) -> None:
    corridor.register.finds = NOBODY
    reference = corridor.approved()
    corridor.trace(reference)
    lifted = corridor.now + timedelta(days=3)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    assert corridor.intend(reference) == Parked(status=Status.HELD)
    corridor.now = lifted
    assert corridor.assess(reference).status is Status.UNIDENTIFIED
    assert answered(corridor, reference).status is Status.UNTRACED


def test_a_suspended_case_that_was_only_approved_is_traced_when_it_is_lifted(corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, True)
    lifted = corridor.now + timedelta(days=3)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    held = corridor.view(reference, SECOND, True)
    assert (held.status, len(held.determinations)) == (Status.HELD, 1), "nobody judges while it is suspended"
    corridor.now = lifted
    assert corridor.assess(reference).status is Status.JUDGING_PURPOSE
    corridor.view(reference, SECOND, True)
    assert corridor.trace(reference).status is Status.JUDGING_IDENTITY


def test_a_withdrawn_agreement_refuses_what_it_had_approved(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.agreements.lay(InstrumentKind.WITHDRAWAL, "police", corridor.now)
    assert corridor.intend(reference) == Parked(status=Status.REFUSED)
    assert corridor.entries_of(reference)[-1].outcome == "refused-no-agreement"
    assert corridor.sealer.packs == []


def test_a_home_office_case_approved_in_may_2018_never_left(corridor: Corridor) -> None:
    corridor.now = datetime(2018, 5, 8, 9, tzinfo=UTC)
    reference = corridor.ready(home_office_request())
    corridor.intend(reference)
    corridor.now = datetime(2018, 5, 9, 9, tzinfo=UTC)
    assert corridor.release(reference) == Parked(status=Status.HELD)
    corridor.now = datetime(2018, 11, 9, 9, tzinfo=UTC)
    assert corridor.assess(reference).status is Status.REFUSED
    assert corridor.sealer.packs == []


def test_a_record_protected_since_its_screen_is_the_guardians_and_answered_as_no_trace(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    corridor.release(reference)
    file = corridor.read(reference)
    assert (file.status, corridor.sealer.packs) == (Status.PROTECTED, [])
    guard(corridor, reference)
    with pytest.raises(Mistaken, match="record the intent first"):
        corridor.release(reference)
    assert answered(corridor, reference).status is Status.UNTRACED
    assert corridor.sealer.packs[0].answer.outcome is Outcome.NO_TRACE


def test_sending_is_marked_once_and_a_repeat_changes_nothing(corridor: Corridor) -> None:
    reference = corridor.sealed()
    sent = corridor.send(reference)
    assert (sent.status, sent.outbox and sent.outbox.state) == (Status.SENT, "sent")
    entries = len(corridor.entries())
    assert corridor.send(reference) == sent
    assert len(corridor.entries()) == entries


def test_nothing_is_sent_or_collected_that_is_not_there(corridor: Corridor) -> None:
    with pytest.raises(Mistaken, match="nothing is sealed"):
        corridor.send(corridor.identified())
    reference = corridor.sealed()
    with pytest.raises(Mistaken, match="receipt was not recorded"):
        corridor.collect(reference)
    corridor.send(reference)
    with pytest.raises(Mistaken, match="receipt was not recorded"):
        corridor.collect(reference, HOME_OFFICE)
    assert corridor.collect(reference).status is Status.COLLECTED
    with pytest.raises(Mistaken, match="receipt was not recorded"):
        corridor.collect(reference)


def test_an_answer_of_no_trace_is_sent_and_collected_and_stays_untraced(corridor: Corridor) -> None:
    corridor.register.finds = NOBODY
    reference = corridor.approved()
    corridor.trace(reference)
    answered(corridor, reference)
    assert corridor.send(reference).status is Status.UNTRACED
    assert corridor.collect(reference).status is Status.UNTRACED
    outbox = corridor.read(reference).outbox
    assert outbox is not None
    assert outbox.state == "collected"


@pytest.mark.parametrize("collected", [True, False])
def test_destruction_is_confirmed_by_the_requester_for_what_was_sent(corridor: Corridor, collected: bool) -> None:
    reference = corridor.sealed()
    today = corridor.now.date()
    with pytest.raises(Mistaken, match="nothing the requester holds is due"):
        corridor.destroyed(reference, on=today)
    corridor.send(reference)
    if collected:
        corridor.collect(reference)
    for on, method, organisation in (
        (today + timedelta(days=1), "shredded", KENT),
        (today, "  ", KENT),
        (today, "shredded", HOME_OFFICE),
    ):
        with pytest.raises(Mistaken, match="destruction was not recorded"):
            corridor.destroyed(reference, on=on, method=method, organisation=organisation)
    file = corridor.destroyed(reference, on=today)
    assert file.status is Status.DESTROYED
    assert file.destruction is not None
    assert (file.destruction.confirmed_on, file.destruction.method) == (today.isoformat(), "shredded")
    told = corridor.entries_of(reference)[-1].facts
    assert told["statement_digest"] == file.destruction.statement_sha256
    with pytest.raises(Mistaken, match="destruction was not recorded"):
        corridor.destroyed(reference, on=today)


def test_what_people_wrote_is_kept_and_never_told_in_history_or_ledger(corridor: Corridor) -> None:
    reference = corridor.sealed()
    file = corridor.read(reference)
    assert file.determinations[0].reasons == reasons_of(FIRST, True)
    said = repr(corridor.entries_of(reference)) + "".join(line.words for line in file.history)
    for private in (*golden.GOLDEN_WORDS, "The words of", "murder"):
        assert private not in said


def test_every_line_of_history_is_one_entry(corridor: Corridor) -> None:
    for reference in stand_everywhere(corridor).values():
        file, told = corridor.read(reference), corridor.entries_of(reference)
        assert [line.kind for line in file.history] == [entry.kind.value for entry in told]
        assert [line.number for line in file.history] == list(range(1, len(file.history) + 1))
        assert [line.status for line in file.history] == [entry.facts["status"] for entry in told]
        assert file.history[-1].status == file.state.status


def test_a_refused_act_is_no_act(corridor: Corridor) -> None:
    reference = corridor.approved()
    before = corridor.read(reference), len(corridor.entries())
    corridor.register.finds = ONE
    for act in (corridor.intend, corridor.release, corridor.send, corridor.collect, corridor.ask, corridor.assess):
        with pytest.raises((Mistaken, Unavailable)):
            act(reference)
    assert (corridor.read(reference), len(corridor.entries())) == before
