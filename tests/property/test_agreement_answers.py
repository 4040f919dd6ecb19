"""Random requests under every shipped version: exactness and one-sidedness.

A naive reference asks about each item in every world of answers, from the texts, with nothing left out.
"""

import itertools
import json
from dataclasses import replace

import cedarpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.agreements import case_asked, every_version

from privity.agreement.assessment import Asked, ItemFinding, Standing
from privity.agreement.evaluation import assess_afresh, assess_asked
from privity.agreement.schema import cedar_entities, cedar_schema, entity_type
from privity.agreement.version import Version
from privity.agreement.vocabulary import NOT_COUNTERSIGNED, Fact
from privity.definitions.item import DataItem, ItemClass
from privity.definitions.party import OrganisationId
from privity.definitions.reference import Slug
from privity.request.form import FieldKind

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FAVOUR = {
    Standing.REFUSED: 0,
    Standing.INCOMPLETE: 1,
    Standing.NEEDS_RULING: 2,
    Standing.NEEDS_JUDGEMENT: 3,
    Standing.ORDERED: 4,
    Standing.PERMITTED: 4,
}


def _values(fact: Fact) -> st.SearchStrategy[object]:
    if fact.kind is FieldKind.YES_NO:
        return st.booleans()
    if fact.kind is FieldKind.WHOLE_NUMBER:
        return st.sampled_from([0, 6, 11, 12, 13, 48, 1200])
    return st.sampled_from([word for word, _ in fact.choices])


@st.composite
def scattered(draw: st.DrawFn, version: Version) -> Asked:
    """Draw a request in a version's words, complete or not: nearly always one that is refused or goes back."""
    words = version.vocabulary
    facts = {fact.name: draw(_values(fact)) for fact in words.facts if draw(st.integers(0, 9)) < 8}
    members = [member for group in words.organisations for member in group.members]
    ranks = [NOT_COUNTERSIGNED, *(rank for rank, _ in words.ranks)]
    every = [row.name for row in words.declarations]
    return Asked(
        requester=draw(st.sampled_from([*members[:3], OrganisationId("somebody-else")])),
        family=version.family,
        purpose=draw(st.sampled_from([purpose for purpose, _ in words.purposes])),
        items=draw(st.frozensets(st.sampled_from(list(DataItem)), min_size=1, max_size=4)),
        facts=frozenset((name, type(value), value) for name, value in facts.items()),  # type: ignore[misc]  # drawn by kind
        declarations=frozenset(every) if draw(st.booleans()) else draw(st.frozensets(st.sampled_from(every))),
        judged=frozenset(),
        countersigned_by=draw(st.sampled_from(ranks)),
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[Version, Asked]:
    """Draw a version and a request in its words: anything, or a worked case, as it is or with one thing changed."""
    version = draw(st.sampled_from(every_version()))
    anything = draw(scattered(version))
    worked = draw(st.sampled_from([*case_asked(version.family).values()]))
    changed = {name: getattr(anything, name) for name in ("items", "facts", "declarations", "purpose")}
    near = [worked, *(replace(worked, **{name: value}) for name, value in changed.items())]
    asked = draw(st.sampled_from([anything, *near]))
    questions = version.vocabulary.questions
    answered = draw(st.integers(0, 9))
    judged = {row.name: draw(st.booleans()) for row in questions if draw(st.integers(0, 9)) < answered}
    return version, replace(asked, judged=frozenset(judged.items()))


def _naive(version: Version, asked: Asked, item: DataItem) -> list[bool]:
    """Return whether one item may leave, in every world of answers to every open question."""
    words = version.vocabulary
    stated = {name: value for name, _, value in asked.facts}

    def entity(kind: str, word: str) -> dict[str, object]:
        return {"__entity": {"type": kind, "id": word}}

    context: dict[str, object] = {"purpose": entity("Purpose", asked.purpose)}
    for fact in words.facts:
        value = stated.get(fact.name)
        if fact.kind is FieldKind.WHOLE_NUMBER:
            context |= {} if value is None else {fact.name: value}
        elif fact.kind is FieldKind.YES_NO:
            context[fact.name] = entity("Answer", {None: "not-stated", True: "yes", False: "no"}[value])  # type: ignore[index]  # yes, no or silence
        else:
            context[fact.name] = entity(entity_type(fact.name), str(value or "not-stated"))
    for row in words.derived:
        offence = stated.get(row.offence)
        term = words.term(None if offence is None else Slug(str(offence)), row, version.statutes_as_at)
        context[row.name] = entity(entity_type(row.name), term.value)
    if words.ranks:
        context["countersigned_by"] = entity("Rank", asked.countersigned_by)
    context["declared"] = {row.name: row.name in asked.declarations for row in words.declarations}
    answered = dict(asked.judged)
    undecided = [row.name for row in words.questions if row.name not in answered]
    batch = [
        {
            "principal": f'Organisation::"{asked.requester}"',
            "action": 'Action::"Disclose"',
            "resource": f'DataItem::"{item.value}"',
            "context": context | {"judged": answered | dict(zip(undecided, answers, strict=True))},
        }
        for answers in itertools.product((False, True), repeat=len(undecided))
    ]
    entities, schema = json.dumps(cedar_entities(words)), json.dumps(cedar_schema(words))
    found = cedarpy.is_authorized_batch(batch, version.policy, entities, schema)
    assert not any(result.diagnostics.errors for result in found)
    return [bool(result.allowed) for result in found]


def _worlds_that(version: Version, asked: Asked, finding: ItemFinding) -> list[bool]:
    """Return in which worlds the sets of answers said to be needed would let an item leave."""
    undecided = [row.name for row in version.vocabulary.questions if row.name not in dict(asked.judged)]
    return [
        any(all(dict(zip(undecided, world, strict=True))[name] for name in needed) for needed in finding.needs)
        for world in itertools.product((False, True), repeat=len(undecided))
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests())
def test_outcomes_agree_with_asking_every_item_in_every_world(drawn: tuple[Version, Asked]) -> None:
    version, asked = drawn
    assessment = assess_asked(version, asked)
    for finding in assessment.items:
        worlds = _naive(version, asked, finding.item)
        could, must = any(worlds), all(worlds)
        if finding.outcome.value == "permitted":
            assert must
        elif finding.outcome.value == "refused":
            assert not could
        elif assessment.standing in (Standing.NEEDS_JUDGEMENT, Standing.NEEDS_RULING):
            assert could
            assert not must
            assert _worlds_that(version, asked, finding) == worlds
            assert finding.vetoes == tuple((question,) for question in finding.needs[0])
        else:
            assert not could


@QUICK
@given(requests())
def test_a_clinical_item_is_never_permitted_and_always_struck(drawn: tuple[Version, Asked]) -> None:
    version, asked = drawn
    everything = replace(asked, items=frozenset(DataItem))
    for finding in assess_asked(version, everything).items:
        if finding.item.item_class is ItemClass.CLINICAL:
            assert finding.struck
        if finding.item not in version.items:
            assert finding.outcome.value == "refused"


@QUICK
@given(requests(), st.data())
def test_taking_away_a_fact_or_a_declaration_never_improves_the_standing_to_permitted(
    drawn: tuple[Version, Asked], data: st.DataObject
) -> None:
    version, asked = drawn
    before = assess_asked(version, asked)
    facts = data.draw(st.frozensets(st.sampled_from(sorted(asked.facts, key=str)))) if asked.facts else frozenset()
    signed = sorted(asked.declarations)
    unsigned = data.draw(st.frozensets(st.sampled_from(signed))) if signed else frozenset()
    after = assess_asked(version, replace(asked, facts=asked.facts - facts, declarations=asked.declarations - unsigned))
    if FAVOUR[before.standing] < FAVOUR[Standing.PERMITTED]:
        assert after.standing not in (Standing.PERMITTED, Standing.ORDERED)
    assert after.permitted_items <= before.permitted_items


@QUICK
@given(requests(), st.data())
def test_an_answer_no_never_lets_more_leave_and_an_answer_yes_never_less(
    drawn: tuple[Version, Asked], data: st.DataObject
) -> None:
    version, asked = drawn
    question = data.draw(st.sampled_from(version.vocabulary.questions)).name
    rest = {pair for pair in asked.judged if pair[0] != question}
    yes, no = (assess_asked(version, replace(asked, judged=frozenset({*rest, (question, x)}))) for x in (True, False))
    waiting = assess_asked(version, replace(asked, judged=frozenset(rest)))
    assert no.permitted_items <= waiting.permitted_items <= yes.permitted_items


@QUICK
@given(requests())
def test_every_outcome_cites_a_clause_and_remembering_changes_nothing(drawn: tuple[Version, Asked]) -> None:
    version, asked = drawn
    remembered = assess_asked(version, asked)
    assert remembered.cited
    assert all(finding.cited for finding in remembered.items)
    assert remembered == assess_afresh(version, asked)


@QUICK
@given(requests())
def test_what_waits_for_a_person_names_its_questions_and_what_goes_back_names_its_cures(
    drawn: tuple[Version, Asked],
) -> None:
    assessment = assess_asked(*drawn)
    waits = assessment.standing in (Standing.NEEDS_JUDGEMENT, Standing.NEEDS_RULING)
    assert bool(assessment.open_questions) == waits
    if assessment.standing is Standing.INCOMPLETE:
        assert assessment.cures
