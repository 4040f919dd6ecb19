"""The certified tracer at work, over both units of work: put in force, counted, suspended, let go on."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, SECOND, Corridor, police_request
from tests.fakes.guarded_register import IN_USE, NOBODY, ONE, PROTECTED, TWO, a_certificate

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status
from privity.casework.trace import compared_mark
from privity.casework.tracer import TRACER, Standing, put_in_force, resume, standing, suspend
from privity.definitions.person import PersonId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.trace.certificate import Certificate
from privity.trace.monitor import FEWEST, evidence_after, evidence_of
from privity.trace.outcome import TraceResult
from privity.trace.standing import Hindrance, Suspended

REASONS = "The department has asked for it while its own figures are looked at."


def certified(corridor: Corridor, certificate: Certificate | None = None) -> Standing:
    wanted = certificate or a_certificate()
    return corridor.do(lambda unit, at: put_in_force(unit, wanted, IN_USE, by=ADMINISTRATORS[0], at=at))


def stands(corridor: Corridor) -> Standing:
    with corridor.open_unit() as unit:
        return standing(unit)


def traced(corridor: Corridor, finds: TraceResult) -> CaseReference:
    corridor.register.finds = finds
    reference = corridor.approved(police_request(reference="KP/1"))
    corridor.trace(reference)
    return reference


def of_tracer(corridor: Corridor) -> list[EntryKind]:
    return [entry.kind for entry in corridor.entries() if entry.kind.value.startswith("tracer.")]


def decided(corridor: Corridor, choice: int | None, *, somebody_else: bool = False) -> CaseFile:
    from privity.casework import judge
    from privity.definitions.person import PersonId

    reference = traced(corridor, replace(ONE, candidates=(*ONE.candidates, *TWO.candidates[1:])))
    for who in (FIRST, SECOND):
        corridor.do(
            lambda unit, at, who=who: judge.determine_identity(  # type: ignore[misc]  # binds the loop's name
                unit,
                corridor.agreements,
                reference,
                choice=None if choice is None else PersonId(choice),
                reasons=f"Looked at by {who.staff_id}, side by side.",
                by=who,
                at=at,
                somebody_else=somebody_else,
            )
        )
    return corridor.read(reference)


def test_without_a_certificate_nobody_is_proposed_and_people_still_judge(corridor: Corridor) -> None:
    reference = traced(corridor, ONE)
    assert corridor.register.under == [None]
    found = corridor.read(reference)
    assert (found.traces[-1].outcome, found.traces[-1].hindered) == ("review", "uncertified")
    assert found.status is Status.JUDGING_IDENTITY
    assert len(found.candidates()) == 1
    assert of_tracer(corridor) == []


def test_a_certificate_is_on_record_with_its_public_facts_and_the_tracer_proposes_under_it(corridor: Corridor) -> None:
    certificate = a_certificate()
    certified(corridor, certificate)
    (entry,) = [entry for entry in corridor.entries() if entry.kind is EntryKind.TRACER_CERTIFIED]
    assert dict(entry.facts) == dict(certificate.ledger_facts())
    assert entry.facts["model_digest"] == IN_USE.model_digest
    reference = traced(corridor, ONE)
    assert corridor.register.under == [certificate]
    found = corridor.read(reference).traces[-1]
    assert (found.outcome, found.hindered, found.register_rows) == ("proposed", "", IN_USE.register_rows)
    assert of_tracer(corridor) == [EntryKind.TRACER_CERTIFIED, EntryKind.TRACER_WATCHED]
    finished = [entry for entry in corridor.entries() if entry.kind is EntryKind.TRACE_FINISHED]
    assert finished[-1].facts["model_digest"] == IN_USE.model_digest


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (a_certificate(model_digest="f" * 64), "another model"),
        (a_certificate(rows=1_000), "50,000 people"),
    ],
)
def test_a_certificate_of_another_model_or_size_is_not_put_in_force(
    corridor: Corridor, certificate: Certificate, why: str
) -> None:
    before = len(corridor.entries())
    with pytest.raises(Mistaken, match=why):
        certified(corridor, certificate)
    assert len(corridor.entries()) == before
    assert stands(corridor).hindrance(IN_USE) is Hindrance.UNCERTIFIED


def test_a_register_that_outgrows_its_certificate_is_proposed_from_no_more(corridor: Corridor) -> None:
    certified(corridor)
    now = stands(corridor)
    assert now.hindrance(IN_USE) is None
    assert now.hindrance(replace(IN_USE, register_rows=50_001)) is Hindrance.OTHER_SIZE
    assert now.hindrance(replace(IN_USE, model_digest="9" * 64)) is Hindrance.OTHER_MODEL


def test_too_many_traces_without_a_proposal_suspend_proposals_by_themselves(corridor: Corridor) -> None:
    certified(corridor)
    for _ in range(FEWEST):
        traced(corridor, NOBODY)
    now = stands(corridor)
    assert now.suspended is Suspended.SHARE
    assert now.record is not None
    assert "100% of the last 40 traces" in now.record.words
    assert of_tracer(corridor)[-1] is EntryKind.TRACER_SUSPENDED
    suspended = [entry for entry in corridor.entries() if entry.kind is EntryKind.TRACER_SUSPENDED]
    assert (suspended[0].facts["unproposed"], suspended[0].facts["reason"]) == (FEWEST, "share")
    reference = traced(corridor, ONE)
    assert corridor.register.under[-1] is None
    assert corridor.read(reference).traces[-1].hindered == "share"
    assert corridor.read(reference).status is Status.JUDGING_IDENTITY, "officers judge by hand"
    assert of_tracer(corridor)[-1] is EntryKind.TRACER_SUSPENDED, "while suspended nothing is counted"
    corridor.do(lambda unit, at: resume(unit, reasons=REASONS, by=GUARDIAN, at=at))
    assert stands(corridor).suspended is None
    assert stands(corridor).recent.unproposed == ()
    traced(corridor, ONE)
    assert corridor.register.under[-1] == a_certificate()


def test_a_protected_record_is_counted_in_public_like_any_other_that_nobody_was_proposed_for(
    corridor: Corridor,
) -> None:
    certified(corridor)
    for finds in (PROTECTED, replace(PROTECTED, candidates=(replace(PROTECTED.candidates[0], sensitive=False),))):
        traced(corridor, finds)
    assert stands(corridor).recent.unproposed == (True, True)
    facts = [dict(one.facts) for one in corridor.entries() if one.kind is EntryKind.TRACER_WATCHED]
    assert [(one["traces"], one["unproposed"]) for one in facts] == [(1, 1), (2, 2)]


def test_what_officers_decide_about_proposals_is_evidence_and_only_what_they_are_sure_of(corridor: Corridor) -> None:
    certified(corridor)
    decided(corridor, 1)
    decided(corridor, None)
    record = stands(corridor).record
    assert record is not None
    assert (record.determined, record.wrong, record.left_open) == (1, 0, 1)
    evidence = stands(corridor).evidence
    assert evidence is not None
    assert evidence.against < 1


@pytest.mark.parametrize("wrong", [lambda c: decided(c, 2), lambda c: decided(c, None, somebody_else=True)])
def test_a_refuted_promise_suspends_and_no_word_and_no_old_certificate_lifts_it(
    corridor: Corridor, wrong: Callable[[Corridor], CaseFile]
) -> None:
    certified(corridor)
    for _ in range(3):
        decided(corridor, 1)
    wrong(corridor)
    assert stands(corridor).suspended is Suspended.EVIDENCE
    assert [one.facts["wrong"] for one in corridor.entries() if one.kind is EntryKind.TRACER_SUSPENDED] == [1]
    with pytest.raises(Mistaken, match="refuted the certificate"):
        corridor.do(lambda unit, at: resume(unit, reasons=REASONS, by=GUARDIAN, at=at))
    with pytest.raises(Mistaken, match="refuted it here"):
        certified(corridor)
    another = replace(a_certificate(), threshold=0.999)
    certified(corridor, another)
    assert stands(corridor).suspended is None
    with pytest.raises(Mistaken, match="refuted it here"):
        certified(corridor)


def test_one_person_may_stop_proposals_and_reasons_are_needed_to_stop_and_to_go_on(corridor: Corridor) -> None:
    with pytest.raises(Mistaken, match="no certificate"):
        corridor.do(lambda unit, at: suspend(unit, reasons=REASONS, by=FIRST, at=at))
    certified(corridor)
    for act in (suspend, resume):
        with pytest.raises(Mistaken, match="nothing was changed"):
            corridor.do(lambda unit, at, act=act: act(unit, reasons="because", by=GUARDIAN, at=at))  # type: ignore[misc]  # binds the loop's name
    corridor.do(lambda unit, at: suspend(unit, reasons=REASONS, by=FIRST, at=at))
    assert stands(corridor).suspended is Suspended.PERSON
    with pytest.raises(Mistaken, match="suspended already"):
        corridor.do(lambda unit, at: suspend(unit, reasons=REASONS, by=FIRST, at=at))
    corridor.do(lambda unit, at: resume(unit, reasons=REASONS, by=GUARDIAN, at=at))
    assert of_tracer(corridor)[-2:] == [EntryKind.TRACER_SUSPENDED, EntryKind.TRACER_RESUMED]


def test_evidence_by_counts_is_evidence_by_determinations() -> None:
    certificate = a_certificate()
    one_by_one = evidence_of(certificate, (False,) * 30 + (True,) + (False,) * 20)
    by_counts = evidence_after(certificate, right=50, wrong=1)
    assert by_counts.against == pytest.approx(one_by_one.against)
    assert (by_counts.determined, by_counts.wrong) == (51, 1)
    assert not evidence_after(certificate, right=100, wrong=1).is_broken, "one wrong of 101 proves little"
    assert evidence_after(certificate, right=1_000, wrong=8).is_broken


def test_every_record_compared_stands_behind_the_trace_and_its_count_in_the_ledger(corridor: Corridor) -> None:
    reference = traced(corridor, ONE)
    found = corridor.read(reference).traces[-1]
    marks = corridor.do(lambda unit, _at: [compared_mark(unit, reference, PersonId(number)) for number in range(1, 12)])
    assert json.loads(found.compared) == marks
    assert len(set(marks)) == 11
    (read,) = [entry for entry in corridor.entries_of(reference) if entry.kind is EntryKind.REGISTER_READ]
    assert read.facts["reads"] == found.touched == 11
    finished = corridor.entries_of(reference)[-1]
    assert f"{found.table}/{found.number}.compared" in finished.commitments
    assert TRACER not in str(finished.commitments)
