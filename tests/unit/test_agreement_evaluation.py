"""Assessing a request: exact, remembered, and no decision at all where the engine is not clean."""

from collections.abc import Mapping
from dataclasses import fields, replace
from importlib.metadata import version as installed_version
from types import SimpleNamespace
from typing import Any

import cedarpy
import pytest
from tests.fakes.agreements import (
    GOLDEN_NAME,
    SMALL_POLICY,
    SMALL_VOCABULARY,
    clauses,
    overstay_request,
    shipped_version,
    small_asked,
    small_version,
)

from privity.agreement.assessment import Answer, Asked, Assessment, Standing
from privity.agreement.evaluation import ENGINE, EvaluationFailed, assess, assess_afresh, assess_asked
from privity.agreement.shown import asked_of
from privity.agreement.version import Consequence
from privity.definitions.item import DataItem
from privity.definitions.reference import AgreementFamily, Slug
from privity.errors import Mistaken
from privity.request.tracing_request import Countersignature, FactValue

HOME_OFFICE = shipped_version("home-office@2017-01")
PUBLIC_INTEREST = Slug("public_interest")


def test_the_engine_stamped_on_assessments_is_the_engine_installed() -> None:
    assert ENGINE.startswith(f"cedarpy {installed_version('cedarpy')} ")


def test_an_agreement_never_sees_the_person() -> None:
    asked = asked_of(overstay_request())
    assert GOLDEN_NAME not in repr(asked)
    assert {field.name for field in fields(Asked)}.isdisjoint({"particulars", "statement", "officer_name"})


def test_a_complete_request_waits_for_the_judgement_and_passes_once_it_is_made() -> None:
    request = overstay_request()
    open_still = assess(HOME_OFFICE, request)
    granted = assess(HOME_OFFICE, request, judged={PUBLIC_INTEREST: True})
    refused = assess(HOME_OFFICE, request, judged={PUBLIC_INTEREST: False})
    assert (open_still.standing, granted.standing, refused.standing) == (
        Standing.NEEDS_JUDGEMENT,
        Standing.PERMITTED,
        Standing.REFUSED,
    )
    assert granted.permitted_items == request.items
    assert refused.permitted_items == frozenset()
    assert clauses(refused) == {"public-interest"}


def test_a_reserved_finding_carries_the_question_word_for_word() -> None:
    (finding,) = [row for row in assess(HOME_OFFICE, overstay_request()).findings if row.answer is Answer.RESERVED]
    assert finding.question is not None
    assert finding.question.ask.endswith("is it in the public interest to disclose the items listed?")


def test_rulings_are_asked_before_the_judgement() -> None:
    assessment = assess(HOME_OFFICE, overstay_request(facts={"citizenship": Slug("not-known")}))
    assert assessment.standing is Standing.NEEDS_RULING
    assert [question.name for question in assessment.open_questions] == ["citizenship_is_settled", "public_interest"]


def test_a_ruling_in_favour_leaves_the_judgement_and_one_against_refuses() -> None:
    request = overstay_request(facts={"citizenship": Slug("not-known")})
    settled = Slug("citizenship_is_settled")
    assert assess(HOME_OFFICE, request, judged={settled: True}).standing is Standing.NEEDS_JUDGEMENT
    assert clauses(assess(HOME_OFFICE, request, judged={settled: False})) == {"citizenship-in-doubt"}


def test_a_refusal_outweighs_what_is_missing_and_what_is_missing_outweighs_a_ruling() -> None:
    nothing_declared: frozenset[Slug] = frozenset()
    held = overstay_request(facts={"lost_contact": False}, declarations=nothing_declared)
    doubtful = overstay_request(facts={"citizenship": Slug("not-known")}, declarations=nothing_declared)
    assert assess(HOME_OFFICE, held).standing is Standing.REFUSED
    assert assess(HOME_OFFICE, doubtful).standing is Standing.INCOMPLETE


def test_clauses_that_do_not_apply_are_not_reported() -> None:
    found = {row.clause.ref.clause: row for row in assess(HOME_OFFICE, overstay_request()).findings}
    assert "vulnerable" not in found
    assert found["lost-contact"].answer is Answer.MET
    assert found["gateway.offence"].answer is Answer.MET


def test_a_fact_that_was_not_stated_sends_back_and_says_what_follows() -> None:
    request = replace(overstay_request(), facts={"citizenship": Slug("not-british"), "lost_contact": True})
    assessment = assess(HOME_OFFICE, request)
    (finding,) = [row for row in assessment.findings if row.clause.ref.clause == "listed-offence"]
    assert (assessment.standing, finding.consequence) == (Standing.INCOMPLETE, Consequence.RETURN)
    assert assessment.unstated == {"offence"}
    assert assessment.cures == ("Name the offence under section 24 or 24A.",)


def test_grounds_the_agreement_lists_shorten_the_clock_and_others_do_not() -> None:
    small = small_version(vocabulary=SMALL_VOCABULARY + "exceptional:\n  risk-to-life: a risk to life\n")
    listed = assess_asked(small, small_asked(urgency="risk-to-life")).urgency
    other = assess_asked(small, small_asked(urgency="impatience")).urgency
    assert (listed.accepted, listed.working_days, listed.sooner) == (True, 1, False)
    assert (other.accepted, other.working_days) == (False, 5)


def test_where_no_number_was_published_a_shorter_clock_is_owed_without_a_number() -> None:
    urgency = assess(HOME_OFFICE, overstay_request(urgency="wellbeing-of-a-child")).urgency
    assert (urgency.accepted, urgency.working_days, urgency.sooner) == (True, 20, True)


STRANGE: Mapping[str, tuple[dict[str, Any], str]] = {
    "purpose": ({"purpose": Slug("curiosity")}, "its purpose is not one the agreement publishes"),
    "fact": ({"facts": {"shoe_size": 9}}, "`shoe_size` is no fact of the agreement"),
    "type": ({"facts": {"lost_contact": Slug("yes")}}, "the value of `lost_contact` is not one it can have"),
    "truth-for-a-number": ({"facts": {"sentence_months": True}}, "the value of `sentence_months`"),
    "choice": ({"facts": {"offence": Slug("jaywalking")}}, "the value of `offence`"),
    "declaration": ({"declarations": frozenset({Slug("cross_my_heart")})}, "`cross_my_heart` is no declaration"),
    "no-items": ({"items": frozenset()}, "it asks for no data item"),
    "family": ({"family": AgreementFamily("police")}, "it was made under `police`"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_word_that_is_not_published_is_a_mistake_and_not_a_refusal(name: str) -> None:
    changes, why = STRANGE[name]
    with pytest.raises(Mistaken, match=why):
        assess(HOME_OFFICE, replace(overstay_request(), **changes))


def test_an_answer_to_a_question_nobody_asks_is_a_mistake() -> None:
    with pytest.raises(Mistaken, match="`mood` is no declaration or question"):
        assess(HOME_OFFICE, overstay_request(), judged={Slug("mood"): True})


def test_a_rank_that_is_not_published_is_a_mistake_where_ranks_matter() -> None:
    police = shipped_version("police@2017-01")
    signature = Countersignature(name="C", rank=Slug("generalissimo"))
    request = replace(
        overstay_request(family="police", countersignature=signature),
        purpose=Slug("criminal-investigation"),
        facts={},
        declarations=frozenset(),
    )
    with pytest.raises(Mistaken, match="the rank of the countersignature"):
        assess(police, request)


def test_only_the_gateway_states_what_the_gateway_has_seen() -> None:
    small = small_version()
    request = replace(
        overstay_request(),
        family=small.family,
        purpose=Slug("missing-student"),
        facts={"missing_days": 4},
        declarations=frozenset({Slug("asked_the_family")}),
        requester=small_asked().requester,
    )
    often: Mapping[str, FactValue] = {"earlier_requests": 5}
    assert assess(small, request).standing is Standing.NEEDS_JUDGEMENT
    assert clauses(assess(small, request, gateway=often)) == {"not-too-often"}
    with pytest.raises(Mistaken, match="it states a fact that only the gateway states"):
        assess(small, replace(request, facts={"missing_days": 4, "earlier_requests": 0}))
    with pytest.raises(Mistaken, match="`missing_days` is not a fact the gateway states"):
        assess(small, request, gateway={"missing_days": 9})


def test_an_assessment_is_the_same_whether_remembered_or_computed_again() -> None:
    asked = asked_of(overstay_request())
    again: Assessment = assess_afresh(HOME_OFFICE, asked)
    assert again == assess_asked(HOME_OFFICE, asked)
    assert again is not assess_asked(HOME_OFFICE, asked)
    assert assess_asked(HOME_OFFICE, asked) is assess_asked(HOME_OFFICE, asked)


def _answering(errors: tuple[str, ...], decision: object) -> Any:
    def batch(requests: list[object], *_: object) -> list[object]:
        diagnostics = SimpleNamespace(errors=list(errors), reasons=["gateway.missing"])
        return [
            SimpleNamespace(diagnostics=diagnostics, decision=decision, allowed=decision == cedarpy.Decision.Allow)
            for _ in requests
        ]

    return batch


@pytest.mark.parametrize(
    ("errors", "decision"),
    [((), cedarpy.Decision.NoDecision), (("a clause erred",), cedarpy.Decision.Allow)],
    ids=["no-decision", "allowed-with-an-error"],
)
def test_an_unclean_answer_of_the_engine_is_no_decision(
    monkeypatch: pytest.MonkeyPatch, errors: tuple[str, ...], decision: object
) -> None:
    monkeypatch.setattr(cedarpy, "is_authorized_batch", _answering(errors, decision))
    with pytest.raises(EvaluationFailed, match="nothing leaves"):
        assess_afresh(small_version(), small_asked())


def test_a_refusal_that_no_clause_explains_is_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = cedarpy.is_authorized_batch

    def without_reasons(*arguments: Any) -> list[object]:
        silent = SimpleNamespace(errors=[], reasons=[])
        return [
            found if found.allowed else SimpleNamespace(diagnostics=silent, decision=found.decision, allowed=False)
            for found in answers(*arguments)
        ]

    monkeypatch.setattr(cedarpy, "is_authorized_batch", without_reasons)
    with pytest.raises(EvaluationFailed, match="do not explain the answer"):
        assess_afresh(small_version(), small_asked())


def test_a_policy_that_says_more_than_its_clauses_tell_is_no_decision() -> None:
    version = small_version()
    stricter = version.policy.replace(
        "unless { context.judged.welfare };", "unless { context.judged.welfare && context.judged.adult_consents };"
    )
    tampered = replace(version, policy=stricter, sha256="tampered")
    with pytest.raises(EvaluationFailed, match="do not agree among themselves"):
        assess_afresh(tampered, small_asked())


def test_a_number_that_overflows_the_engine_never_reaches_it() -> None:
    with pytest.raises(Mistaken, match="the value of `missing_days`"):
        assess_asked(small_version(), small_asked(facts={"missing_days": 2**63}))


def test_a_request_no_gateway_fits_is_refused_by_the_gateways_themselves() -> None:
    without_list = SMALL_POLICY.replace(
        'when { context.purpose == Purpose::"missing-student" };',
        'when { context.purpose == Purpose::"missing-student" && context.offence == Offence::"theft" };',
    )
    assessment = assess_asked(small_version(policy=without_list), small_asked())
    assert assessment.standing is Standing.REFUSED
    assert clauses(assessment) == {"gateway.missing"}


def test_items_the_policy_cannot_tell_apart_get_the_same_answer_as_asked_one_by_one() -> None:
    every = frozenset(DataItem)
    together = assess(HOME_OFFICE, overstay_request(items=every))
    for finding in together.items:
        (alone,) = assess(HOME_OFFICE, overstay_request(items=frozenset({finding.item}))).items
        assert (alone.outcome, alone.cited) == (finding.outcome, finding.cited)
