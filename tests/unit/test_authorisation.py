"""Who may do what: every cell of the matrix against rules written a second time, in other words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from tests.fakes.cases import a_case, every_case
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, asker, officer

from privity.casework.authorisation import (
    NoSuchCase,
    NotAllowed,
    Operation,
    Permission,
    Relation,
    must_be_allowed,
    permission,
    relation_of,
)
from privity.casework.lifecycle import Status
from privity.definitions.party import OrganisationId, Role

TODAY = date(2026, 11, 2)
O, R, Q = Operation, Role, Relation  # noqa: E741  read beside its table
Cell = tuple[Role, Relation, str]

# The second wording: prose turned into conditions, sharing nothing with the table but the names.
CLOSED = {"unreadable", "returned", "refused", "sealed", "sent", "collected", "destroyed", "untraced", "withdrawn"}
BEFORE_THE_SEARCH = {"judging-purpose", "referred", "purpose-divided"}
WHICH_RECORD = {"judging-identity", "identity-divided"}


def works_here(role: Role, relation: Relation) -> bool:
    return role in (R.DISCLOSURE_OFFICER, R.GUARDIAN) and relation in (Q.CUSTODIAN, Q.JUDGED)


def asked_for_it(role: Role, relation: Relation) -> bool:
    return role is R.REQUESTING_OFFICER and relation in (Q.SENDER, Q.COLLEAGUE)


def fresh_eyes(role: Role, relation: Relation) -> bool:
    return works_here(role, relation) and relation is not Q.JUDGED


def keeps(role: Role, relation: Relation) -> bool:
    return relation is Q.NONE and role.value == "administrator"


def last_word(role: Role, relation: Relation) -> bool:
    return relation is Q.NONE and role.value == "guardian"


def checks(role: Role, relation: Relation) -> bool:
    return relation is Q.NONE and role.value == "auditor"


def brokers(role: Role, relation: Relation) -> bool:
    return (role is R.GUARDIAN and works_here(role, relation)) or (role is R.DEPARTMENT and relation is Q.OVERSEER)


JUDGES = (R.DISCLOSURE_OFFICER, R.GUARDIAN)
ORACLE: dict[Operation, Callable[[Role, Relation, str], bool]] = {
    O.READ_QUEUE: lambda role, to, _: to is Q.NONE and role in (R.DISCLOSURE_OFFICER, R.GUARDIAN),
    O.READ_CASE: lambda role, to, _: works_here(role, to),
    O.READ_CANDIDATES: lambda role, to, at: (
        works_here(role, to) and (at in WHICH_RECORD or (at == "protected" and role is R.GUARDIAN))
    ),
    O.TAKE: lambda role, to, at: works_here(role, to) and at not in CLOSED,
    O.SEND_MAIL_AGAIN: lambda role, to, _: works_here(role, to),
    O.NOTE: lambda role, to, _: works_here(role, to),
    O.ASK: lambda role, to, at: works_here(role, to) and at in BEFORE_THE_SEARCH,
    O.CHASE: lambda role, to, at: works_here(role, to) and at == "with-requester",
    O.END_CASE: lambda role, to, at: works_here(role, to) and role is R.GUARDIAN and at not in CLOSED,
    O.ASSIGN: lambda role, to, at: works_here(role, to) and at not in CLOSED,
    O.HOLD: lambda role, to, _: works_here(role, to),
    O.INCIDENT: lambda role, to, _: works_here(role, to),
    O.REVIEW: lambda role, to, at: works_here(role, to) and role is R.GUARDIAN and at in CLOSED,
    O.GUARD: lambda role, to, _: to is Q.NONE and role is R.GUARDIAN,
    O.OVERSEE: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.DEPARTMENT),
    O.DETERMINE_PURPOSE: lambda role, to, at: fresh_eyes(role, to) and at in BEFORE_THE_SEARCH,
    O.TRACE: lambda role, to, at: works_here(role, to) and at == "approved",
    O.SET_TRACE_ASIDE: lambda role, to, at: (
        works_here(role, to)
        and (
            at in {"judging-identity", "identified", "forwarding"}
            or (role is R.GUARDIAN and at in {"identity-divided", "protected", "harm-review", "unidentified"})
        )
    ),
    O.DETERMINE_IDENTITY: lambda role, to, at: fresh_eyes(role, to) and at in WHICH_RECORD,
    O.CLOSE_PROTECTED: lambda role, to, at: works_here(role, to) and role is R.GUARDIAN and at == "protected",
    O.SCREEN: lambda role, to, at: (
        works_here(role, to) and (at == "identified" or (at == "harm-review" and role is R.GUARDIAN))
    ),
    O.DRAFT_LETTER: lambda role, to, at: works_here(role, to) and at == "forwarding",
    O.FORWARD_LETTER: lambda role, to, at: works_here(role, to) and at == "forwarding",
    O.RELEASE: lambda role, to, at: works_here(role, to) and at in {"identified", "unidentified", "forwarded"},
    O.LIST_OWN: lambda role, to, _: to is Q.NONE and role is R.REQUESTING_OFFICER,
    O.CHECK: lambda role, to, _: to is Q.NONE and role is R.REQUESTING_OFFICER,
    O.SUBMIT: lambda role, to, _: to is Q.NONE and role is R.REQUESTING_OFFICER,
    O.COUNTERSIGN: lambda role, to, _: to is Q.NONE and role is R.REQUESTING_OFFICER,
    O.READ_OWN: lambda role, to, _: asked_for_it(role, to),
    O.ANSWER: lambda role, to, at: asked_for_it(role, to) and at == "with-requester",
    O.WITHDRAW: lambda role, to, at: asked_for_it(role, to) and at not in CLOSED,
    O.COLLECT: lambda role, to, at: asked_for_it(role, to) and at in {"sealed", "sent", "collected", "untraced"},
    O.CONFIRM_DESTRUCTION: lambda role, to, at: asked_for_it(role, to) and at in {"sent", "collected"},
    O.CHALLENGE: lambda role, to, at: asked_for_it(role, to) and at == "refused",
    O.REPLY: lambda role, to, at: brokers(role, to) and at == "refused",
    O.READ_TRACER: lambda role, to, _: (
        to is Q.NONE and role in (R.DISCLOSURE_OFFICER, R.GUARDIAN, R.ADMINISTRATOR, R.AUDITOR, R.DEPARTMENT)
    ),
    O.CERTIFY_TRACER: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.ADMINISTRATOR),
    O.SUSPEND_TRACER: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.DISCLOSURE_OFFICER),
    O.RESUME_TRACER: lambda role, to, _: to is Q.NONE and role is R.GUARDIAN,
    O.READ_ALERTS: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.DEPARTMENT),
    O.ANSWER_ALERT: lambda role, to, _: to is Q.NONE and role is R.GUARDIAN,
    O.REPORT_APPROACH: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.DISCLOSURE_OFFICER, R.GP_PRACTICE),
    O.LIST_CHALLENGES: lambda role, to, _: to is Q.NONE and role in (R.GUARDIAN, R.DEPARTMENT),
    O.READ_CHALLENGE: lambda role, to, at: brokers(role, to) and at == "refused",
    O.LIST_DEBTS: lambda role, to, _: to is Q.NONE and role in {*JUDGES, R.OVERSEAS_VISITOR_OFFICER},
    O.TAKE_DEBTS: lambda role, to, _: to is Q.NONE and role is R.OVERSEAS_VISITOR_OFFICER,
    O.SETTLE_DEBTS: lambda role, to, _: to is Q.NONE and role is R.OVERSEAS_VISITOR_OFFICER,
    O.CHECK_DEBT: lambda role, to, _: to is Q.NONE and role in JUDGES,
    O.COLLATE_DEBTS: lambda role, to, _: to is Q.NONE and role in (R.OVERSEAS_VISITOR_OFFICER, R.SYSTEM),
    O.RECEIPT_FOR_DEBT: lambda role, to, _: to is Q.NONE and role is R.OVERSEAS_VISITOR_OFFICER,
    O.LIST_COLLATIONS: lambda role, to, _: to is Q.NONE and role in {*JUDGES, R.OVERSEAS_VISITOR_OFFICER},
    O.COLLECT_COLLATION: lambda role, to, _: to is Q.NONE and role is R.REQUESTING_OFFICER,
    O.KEEP_CALENDAR: lambda role, to, _: to is Q.NONE and role is R.ADMINISTRATOR,
    O.READ_HEALTH_WORDS: lambda role, to, _: to is Q.NONE and role in (R.ADMINISTRATOR, R.GUARDIAN),
    O.ADD_HEALTH_WORD: lambda role, to, _: to is Q.NONE and role is R.ADMINISTRATOR,
    O.TAKE_BACK_HEALTH_WORD: lambda role, to, _: to is Q.NONE and role is R.GUARDIAN,
    O.KEEP_CONTACTS: lambda role, to, _: to is Q.NONE and role is R.ADMINISTRATOR,
    O.READ_PEOPLE: lambda role, to, _: keeps(role, to),
    O.READ_PROPOSALS: lambda role, to, _: keeps(role, to) or last_word(role, to),
    O.PROPOSE: lambda role, to, _: keeps(role, to),
    O.CONFIRM: lambda role, to, _: keeps(role, to),
    O.CONFIRM_PUBLICATION: lambda role, to, _: last_word(role, to),
    O.TAKE_AWAY: lambda role, to, _: keeps(role, to),
    O.KEEP_ORGANISATIONS: lambda role, to, _: keeps(role, to),
    O.KEEP_CERTIFICATES: lambda role, to, _: keeps(role, to),
    O.REVOKE_CERTIFICATE: lambda role, to, _: keeps(role, to) or last_word(role, to),
    O.READ_SHELF: lambda role, to, _: keeps(role, to) or last_word(role, to),
    O.READ_ENTRIES: lambda role, to, _: checks(role, to),
    O.TAKE_REGISTER: lambda role, to, _: keeps(role, to),
    O.CONFIRM_REGISTER: lambda role, to, _: keeps(role, to) or last_word(role, to),
    O.READ_RESTORE: lambda role, to, _: keeps(role, to) or (to is Q.NONE and role in JUDGES),
    O.ACKNOWLEDGE_RESTORE: lambda role, to, _: keeps(role, to) or (to is Q.NONE and role in JUDGES),
    O.READ_READINGS: lambda role, to, _: checks(role, to) or last_word(role, to),
    O.EXPORT_LEDGER: lambda role, to, _: checks(role, to),
    O.VERIFY_LEDGER: lambda role, to, _: checks(role, to),
}


def may_know(role: Role, relation: Relation, status: str) -> bool:
    return (
        works_here(role, relation)
        or asked_for_it(role, relation)
        or (role is R.DEPARTMENT and relation is Q.OVERSEER and status == "refused")
    )


def test_every_cell_of_the_matrix_is_as_the_rules_in_other_words_say() -> None:
    seen = 0
    for operation, role, relation in product(Operation, Role, Relation):
        for status in tuple(Status) if operation.is_on_a_case else (None,):
            found = permission(operation, role, relation, status)
            name = status.value if status else ""
            allowed = ORACLE[operation](role, relation, name)
            to_look = operation in (O.READ_CASE, O.READ_OWN, O.READ_CHALLENGE)
            unseen = not allowed and operation.is_on_a_case and (to_look or not may_know(role, relation, name))
            wanted = Permission.ALLOWED if allowed else Permission.UNSEEN if unseen else Permission.REFUSED
            assert found is wanted, (operation, role, relation, status)
            seen += 1
    assert seen > 17_900, "the whole matrix was walked"
    assert set(ORACLE) == set(Operation)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM])
def test_nobody_who_only_keeps_or_checks_sees_a_case(role: Role) -> None:
    for file in every_case(TODAY):
        with pytest.raises(NoSuchCase):
            must_be_allowed(Operation.READ_CASE, officer("keeper", role), file)


ON_CASES = [operation for operation in Operation if operation.is_on_a_case]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("operation", ON_CASES)
def test_an_administrator_and_an_auditor_do_nothing_to_any_case_whatever_they_are_to_it(
    role: Role, operation: Operation
) -> None:
    for relation in Relation:
        for status in Status:
            assert permission(operation, role, relation, status) is Permission.UNSEEN


def test_nobody_who_judges_a_case_or_keeps_people_reads_the_other_ones_desk() -> None:
    keeping = {O.READ_PEOPLE, O.PROPOSE, O.CONFIRM, O.TAKE_AWAY, O.KEEP_ORGANISATIONS, O.KEEP_CERTIFICATES}
    judging = {O.READ_QUEUE, O.LIST_OWN, O.SUBMIT, O.COUNTERSIGN, O.LIST_CHALLENGES}
    for operation in keeping:
        for role in (Role.DISCLOSURE_OFFICER, Role.GUARDIAN, Role.REQUESTING_OFFICER, Role.DEPARTMENT, Role.AUDITOR):
            assert permission(operation, role, Relation.NONE, None) is Permission.REFUSED
    for operation in judging:
        assert permission(operation, Role.ADMINISTRATOR, Relation.NONE, None) is Permission.REFUSED


def test_what_somebody_is_to_a_case_is_read_from_its_records() -> None:
    file = a_case("refused", Status.REFUSED, TODAY, age=3)
    theirs = officer("gateway", Role.REQUESTING_OFFICER, file.organisation)
    assert relation_of(theirs, file) is Relation.SENDER
    assert relation_of(officer("another", Role.REQUESTING_OFFICER, file.organisation), file) is Relation.COLLEAGUE
    assert relation_of(asker(KENT), file) is Relation.STRANGER
    assert relation_of(FIRST, file) is Relation.CUSTODIAN
    assert relation_of(officer("d", Role.DEPARTMENT, "custodian"), file) is Relation.OVERSEER
    divided = next(one for one in every_case(TODAY) if one.status is Status.PURPOSE_DIVIDED)
    judge = officer("okafor", Role.DISCLOSURE_OFFICER)
    assert relation_of(judge, divided, stage="purpose", question="public_interest") is Relation.JUDGED
    assert relation_of(judge, divided, stage="identity", question="which-record") is Relation.CUSTODIAN
    assert relation_of(GUARDIAN, divided, stage="purpose", question="public_interest") is Relation.CUSTODIAN


def test_another_organisations_case_is_answered_like_no_case_at_all() -> None:
    file = a_case("sent", Status.SENT, TODAY, age=3)
    stranger = officer("stranger", Role.REQUESTING_OFFICER, "essex-police")
    for operation in Operation:
        if operation.is_on_a_case:
            with pytest.raises(NoSuchCase):
                must_be_allowed(operation, stranger, file)
    theirs = replace(stranger, organisation=OrganisationId(file.organisation))
    must_be_allowed(Operation.READ_OWN, theirs, file)
    with pytest.raises(NotAllowed) as refused:
        must_be_allowed(Operation.WITHDRAW, theirs, file)
    assert "sent" not in str(refused.value), "a refusal says no more of the case than its own page"
