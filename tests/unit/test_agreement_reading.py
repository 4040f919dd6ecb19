"""Reading an agreement: every fault names its file and its line, and says what next."""

import pytest
from tests.fakes.agreements import (
    SMALL_AGREEMENT,
    SMALL_INVARIANTS,
    SMALL_POLICY,
    SMALL_TEXT,
    SMALL_VOCABULARY,
    small_files,
    small_version,
)

from privity.agreement.anchors import drift
from privity.agreement.reading import read_family
from privity.agreement.version import OUR_LADDER, InstrumentKind
from privity.agreement.written import Unreadable
from privity.errors import Mistaken


def _line_of(text: str, found: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if found in line)


def _fault(**changed: str | None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_family(small_files(**changed))
    return caught.value


def test_the_small_family_reads_well() -> None:
    family = read_family(small_files())
    assert [version.reference for version in family.versions] == ["university@2024-09"]
    assert family.versions[0].retention_days == 30
    assert family.versions[0].retention.ladder == OUR_LADDER


def test_two_readings_of_the_same_texts_are_the_same_version_and_one_changed_letter_makes_another() -> None:
    assert small_version() == small_version()
    assert small_version(policy=SMALL_POLICY.replace(">= 3", ">= 4")) != small_version()
    assert small_version(agreement=SMALL_AGREEMENT.replace("days: 30", "days: 31")) != small_version()
    assert small_version(text=SMALL_TEXT + "More words.\n") != small_version()


POLICY_FAULTS = {
    "no-id": ('@id("closed-list")\n', "", "a statement has no @id"),
    "no-clause-number": ('@clause("2")\n', "", "a statement has no @clause"),
    "no-words": ('@says("Only listed items leave.")\n', "", "a statement has no @says"),
    "unknown-annotation": ('@clause("4")', '@clause("4")\n@colour("red")', "@colour is not known"),
    "two-of-one-name": ('@id("welfare")', '@id("family-asked")', "the id `family-asked` stands twice"),
    "no-consequence": (
        '@says("The family has been asked.")\n@consequence("return")\n',
        '@says("The family has been asked.")\n',
        "`` is no consequence",
    ),
    "strange-consequence": ('@consequence("return")', '@consequence("ignore")', "`ignore` is no consequence"),
    "unpublished-fact": ("context.missing_days >= 3", "context.days >= 3", "`days` is no fact of the vocabulary"),
    "unpublished-declaration": (
        "context.declared.asked_the_family",
        "context.declared.asked_them",
        "`asked_them` is no declaration",
    ),
    "unpublished-question": ("context.judged.welfare", "context.judged.mercy", "`mercy` is no reserved question"),
    "mistyped-purpose": (
        'Purpose::"missing-student"',
        'Purpose::"mising-student"',
        '`Purpose::"mising-student"` is not in the catalogue',
    ),
    "mistyped-organisation-group": (
        'OrgGroup::"police-force"',
        'OrgGroup::"polise-force"',
        '`OrgGroup::"polise-force"` is not in the catalogue',
    ),
    "two-conditions-in-one": (
        "unless { context.declared.asked_the_family };",
        "unless { context.declared.asked_the_family && context.judged.welfare };",
        "its `unless` holds more than one condition",
    ),
    "judgement-in-when": (
        "unless { context.judged.welfare };",
        "when { context.judged.welfare };",
        "a judgement or declaration stands in `when`",
    ),
    "ruling-that-refuses": (
        "unless { context.judged.welfare };",
        "unless { context.judged.adult_consents };",
        "only a ruling refers, and a ruling always does",
    ),
    "judgement-that-returns": (
        '@consequence("refuse")\nforbid (principal, action, resource)\nunless { context.judged.welfare };',
        '@consequence("return")\nforbid (principal, action, resource)\nunless { context.judged.welfare };',
        "a judgement answered no must refuse",
    ),
    "gateway-with-a-condition": (
        'when { context.purpose == Purpose::"missing-student" };',
        'when { context.purpose == Purpose::"missing-student" && context.judged.welfare };',
        "a gateway holds a condition that belongs into a clause of its own",
    ),
    "gateway-without-a-purpose": (
        'when { context.purpose == Purpose::"missing-student" };',
        ";",
        "a gateway names no purpose",
    ),
    "item-clause-with-another-condition": (
        'unless { resource in ItemClass::"core" };',
        'when { resource in ItemClass::"core" }\nunless { context.judged.welfare };',
        "a clause that tells data items apart holds another condition too",
    ),
    "bar-that-only-returns": (
        '@consequence("refuse")\nforbid (principal, action, resource)\nwhen { context has earlier_requests',
        '@consequence("return")\nforbid (principal, action, resource)\nwhen { context has earlier_requests',
        "nothing could complete the request",
    ),
    "cleverness": (
        "context has missing_days && context.missing_days >= 3",
        "context has missing_days && context.missing_days + 1 >= 3",
        "`+` is not used in agreements",
    ),
    "whole-record-of-answers": (
        "unless { context.judged.welfare };",
        "unless { context.judged == context.judged };",
        "it reads a whole record of answers",
    ),
}


@pytest.mark.parametrize("name", POLICY_FAULTS)
def test_a_policy_that_breaks_the_house_style_is_refused_with_file_and_line(name: str) -> None:
    old, new, why = POLICY_FAULTS[name]
    assert old in SMALL_POLICY
    fault = _fault(policy=SMALL_POLICY.replace(old, new))
    assert fault.file == "2024-09/policy.cedar"
    assert fault.line >= 1
    assert why in str(fault)


def test_the_line_of_a_policy_fault_is_the_line_of_its_clause() -> None:
    policy = SMALL_POLICY.replace("context.judged.welfare", "context.judged.mercy")
    assert _fault(policy=policy).line == _line_of(policy, '@id("welfare")')


def test_a_policy_that_does_not_parse_is_refused_with_the_line_of_its_statement() -> None:
    policy = SMALL_POLICY.replace("context.declared.asked_the_family", "context.declared.asked_the_family =")
    assert _fault(policy=policy).line == _line_of(policy, '@id("family-asked")')


def test_a_comparison_of_the_wrong_type_is_found_by_the_schema() -> None:
    policy = SMALL_POLICY.replace("context.missing_days >= 3", 'context.missing_days >= Purpose::"missing-student"')
    fault = _fault(policy=policy)
    assert fault.line == _line_of(policy, '@id("missing-long-enough")')


def test_a_number_read_without_asking_whether_it_is_there_is_refused() -> None:
    policy = SMALL_POLICY.replace("context has missing_days && context.missing_days >= 3", "context.missing_days >= 3")
    assert "missing_days" in str(_fault(policy=policy))


def test_a_template_is_refused() -> None:
    policy = SMALL_POLICY.replace('principal in OrgGroup::"police-force"', "principal == ?principal")
    assert "template" in str(_fault(policy=policy))


def test_a_clause_without_a_heading_in_the_text_is_refused() -> None:
    assert "clause `3` (missing-long-enough) has no heading" in str(_fault(text=SMALL_TEXT.replace("{#c3}", "")))


def test_a_heading_without_a_clause_is_refused_with_its_line() -> None:
    fault = _fault(text=SMALL_TEXT + "## More {#c9}\n")
    assert (fault.file, fault.line) == ("2024-09/text.md", 8)


VOCABULARY_FAULTS = {
    "purpose-too-long-for-the-ledger": (
        "  missing-student: to find",
        "  a-purpose-that-takes-more-words-than-it-should: to find",
        "is longer than 40 letters",
    ),
    "unknown-key": ("purposes:", "purpose:", "`purpose` is not a key of this place"),
    "key-twice": (
        "  missing-student: to find a missing student",
        "  missing-student: to find\n  missing-student: again",
        "the key `missing-student` stands twice",
    ),
    "unknown-item": ("[name, last_known_address]", "[name, shoe_size]", "`shoe_size` is no data item"),
    "unknown-offence": ("offences: [theft]", "offences: [jaywalking]", "`jaywalking` is not in the table of offences"),
    "unknown-type": (
        "type: whole-number\n    words: For",
        "type: number\n    words: For",
        "`number` is no type of fact",
    ),
    "department-may-not-answer": (
        "by: [disclosure-officer]",
        "by: [department]",
        "`department` may not answer a reserved question",
    ),
    "reserved-word": (
        "  missing_days:\n",
        "  judged:\n",
        "`judged` cannot name a fact",
    ),
    "choices-missing": (
        "    type: whole-number\n    words: For",
        "    type: one-of\n    words: For",
        "its choices do not fit",
    ),
    "value-of-silence-as-a-choice": (
        "    type: whole-number\n    words: For",
        "    type: one-of\n    choices: {not-stated: nothing}\n    words: For",
        "`not-stated` is kept for a value that was not given",
    ),
    "purpose-not-published": (
        "    required_for: all\n  offence",
        "    required_for: [other]\n  offence",
        "a purpose that is not published",
    ),
    "anchor": ("  missing-student: to find", "  missing-student: &a to find", "anchors, aliases and tags are not used"),
    "not-yaml": ("purposes:", "purposes: [", "was not understood"),
    "kind-of-question": ("kind: judgement", "kind: hunch", "`hunch` is no kind of question"),
    "another-name-than-the-folder": ("core: [name", "clinical: [name", "`clinical` is a class of its own already"),
}


@pytest.mark.parametrize("name", VOCABULARY_FAULTS)
def test_a_vocabulary_that_cannot_be_is_refused_with_file_and_line(name: str) -> None:
    old, new, why = VOCABULARY_FAULTS[name]
    assert old in SMALL_VOCABULARY
    fault = _fault(vocabulary=SMALL_VOCABULARY.replace(old, new))
    assert fault.file == "vocabulary.yaml"
    assert fault.line >= 1
    assert why in str(fault)


def test_the_line_of_a_vocabulary_fault_is_where_the_word_stands() -> None:
    vocabulary = SMALL_VOCABULARY.replace("by: [disclosure-officer]", "by: [department]")
    assert _fault(vocabulary=vocabulary).line == _line_of(vocabulary, "by: [department]")


AGREEMENT_FAULTS = {
    "wrong-folder": ("version: 2024-09", "version: 2024-10", "it is not the name of the folder"),
    "no-offset": ("effective_from: 2024-09-01T00:00:00+01:00", "effective_from: 2024-09-01T00:00:00", "no offset"),
    "no-instant": ("effective_from: 2024-09-01T00:00:00+01:00", "effective_from: noon", "`noon` is no instant"),
    "hasty-reminders": ("days: 30", "days: 30\n  remind_every_days: 0", "`remind_every_days` is too short or too long"),
    "endless-keeping": ("days: 30", "days: 30\n  kept_here_days: 7306", "`kept_here_days` is too short or too long"),
    "endless-clock": ("working_days: 5", "working_days: 500", "the clock is too short or too long"),
    "no-number": ("working_days: 5", "working_days: five", "`five` is not a whole number"),
    "unknown-role": ("role: custodian", "role: owner", "`owner` is no role"),
    "unknown-class-of-items": ("items: core", "items: everything", "`everything` is no class of items"),
    "unknown-state": ("state: written", "state: hoped", "`hoped` is no state"),
    "missing-key": ("transport: secure mail\n", "", "`transport` is missing"),
    "neither-yes-nor-no": ("verified: yes", "verified: perhaps", "`perhaps` is neither yes nor no"),
}


@pytest.mark.parametrize("name", AGREEMENT_FAULTS)
def test_an_agreement_that_cannot_be_is_refused_with_file_and_line(name: str) -> None:
    old, new, why = AGREEMENT_FAULTS[name]
    assert old in SMALL_AGREEMENT
    fault = _fault(agreement=SMALL_AGREEMENT.replace(old, new))
    assert fault.file == "2024-09/agreement.yaml"
    assert why in str(fault)


def test_a_character_that_no_text_has_is_refused_with_its_line() -> None:
    words = SMALL_VOCABULARY.replace("purposes:", "purposes: \x00")
    fault = _fault(vocabulary=words)
    assert (fault.file, fault.line) == ("vocabulary.yaml", _line_of(words, "\x00"))


def test_anchors_that_lack_a_digest_are_refused_with_their_line() -> None:
    family = read_family({**small_files(), "2024-09/anchors.yaml": "# read\nparties: {words: 1}\n"})
    with pytest.raises(Unreadable, match="`rule` is missing") as caught:
        list(drift(family.versions[0]))
    assert (caught.value.file, caught.value.line) == ("2024-09/anchors.yaml", 2)


def test_a_version_without_its_policy_is_refused() -> None:
    assert "`2024-09/policy.cedar` is missing" in str(_fault(policy=None))


def test_a_family_without_a_vocabulary_or_a_version_is_refused() -> None:
    with pytest.raises(Mistaken, match=r"`vocabulary\.yaml` is missing"):
        read_family(small_files(vocabulary=None))
    with pytest.raises(Mistaken, match="it has no version"):
        read_family(small_files(agreement=None))


def test_invariants_that_permit_are_refused() -> None:
    permitting = SMALL_POLICY.split(";")[0] + ";\n"
    assert "it permits something" in str(_fault(invariants=SMALL_INVARIANTS + permitting))


INSTRUMENT = """\
kind: prohibition
title: Prohibition of January 2025
says: Addresses are barred from now on.
effective_from: 2025-01-01T00:00:00+00:00
sources: [{what: Illustrative}]
"""
PROHIBITION = """\
@id("no-address")
@clause("1")
@says("Addresses do not leave.")
@consequence("refuse")
forbid (principal, action, resource)
when { resource == DataItem::"last_known_address" };
"""


def test_a_prohibition_is_read_with_its_forbids() -> None:
    (instrument,) = read_family(small_files(instrument=INSTRUMENT, forbid=PROHIBITION)).instruments
    assert instrument.kind is InstrumentKind.PROHIBITION


def test_a_prohibition_that_permits_is_refused() -> None:
    permitting = SMALL_POLICY.split(";")[0].replace("gateway.missing", "gateway.more") + ";\n"
    assert "it permits something" in str(_fault(instrument=INSTRUMENT, forbid=permitting))


def test_a_prohibition_without_forbids_and_a_queue_with_them_are_refused() -> None:
    assert "only a prohibition" in str(_fault(instrument=INSTRUMENT))
    queue = INSTRUMENT.replace("kind: prohibition", "kind: queue")
    assert "only a prohibition" in str(_fault(instrument=queue, forbid=PROHIBITION))


def test_a_prohibition_that_takes_the_name_of_a_clause_is_refused_when_read_and_not_when_needed() -> None:
    clash = PROHIBITION.replace("no-address", "welfare")
    assert "the id `welfare` stands twice" in str(_fault(instrument=INSTRUMENT, forbid=clash))
