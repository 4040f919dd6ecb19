"""Has my data been disclosed? Codes, the wait, the guardian's answer, and what its form must not tell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes import golden
from tests.fakes.agreements import shipped
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor
from tests.fakes.guarded_register import TWO, candidate, found
from tests.fakes.people import with_account
from tests.fakes.visitor import field
from tests.integration.test_people_protected import practice

from privity.agreement.version import Version
from privity.casework.answer_patient import (
    Delay,
    Proofing,
    answer_question,
    ask_or_read,
    give_code,
    readable,
    until_asked,
)
from privity.casework.instance_records import SubjectQuestionRecord
from privity.casework.lifecycle import Status
from privity.casework.public_desk import Disclosure, PublicUnit
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.person import NhsNumber, PersonId
from privity.definitions.reference import VersionName
from privity.edge.demonstration.setting_up import publish_until
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.published import PublishedAgreements

NUMBER = NhsNumber("9434765919")
REASONS = "Telling it now would warn a suspect who has not been found yet."
DISCLOSED = Disclosure(
    case="PRV-1", to="Kent Police", on=date(2017, 2, 2), items=("name",), purpose="to investigate a serious crime"
)


def asked(corridor: Corridor, digest: str = "ab" * 32) -> SubjectQuestionRecord:
    """Give a code and ask with it."""
    corridor.do(
        lambda unit, at: give_code(
            cast(PublicUnit, unit), NUMBER, digest, Proofing.SEEN_AT_PRACTICE, by=practice(), at=at
        )
    )
    return corridor.do(lambda unit, at: ask_or_read(cast(PublicUnit, unit), digest, at=at))


def answered(
    corridor: Corridor,
    question: SubjectQuestionRecord,
    disclosures: tuple[Disclosure, ...],
    *delays: Delay,
    by: Officer = GUARDIAN,
) -> SubjectQuestionRecord:
    return corridor.do(
        lambda unit, at: answer_question(cast(PublicUnit, unit), question.reference, disclosures, delays, by=by, at=at)
    )


def delay(corridor: Corridor, days: int = 60, case: str = "PRV-1", reasons: str = REASONS) -> Delay:
    return Delay(case=case, until=civil_day(corridor.now) + timedelta(days=days), reasons=reasons)


def test_nobody_reads_an_answer_before_its_day_and_its_day_is_the_same_for_all(corridor: Corridor) -> None:
    question = asked(corridor)
    answer_on = date.fromisoformat(question.answer_on)
    assert (answer_on - civil_day(corridor.now)).days == 21
    kept = answered(corridor, question, (DISCLOSED,))
    assert readable(kept, answer_on - timedelta(days=1)).told is None
    assert readable(kept, answer_on).told == (DISCLOSED,)


def test_an_answer_that_leaves_everything_out_is_equal_to_one_with_nothing_to_tell(corridor: Corridor) -> None:
    nothing = answered(corridor, asked(corridor, "aa" * 32), ())
    withheld = answered(corridor, asked(corridor, "bb" * 32), (DISCLOSED,), delay(corridor))
    day = date.fromisoformat(withheld.answer_on)
    assert readable(nothing, day) == readable(withheld, day)


def test_a_delay_ends_on_the_day_after_its_review_unless_decided_anew(corridor: Corridor) -> None:
    question = asked(corridor)
    decided = delay(corridor)
    kept = answered(corridor, question, (DISCLOSED,), decided)
    assert readable(kept, decided.until).told == ()
    assert readable(kept, decided.until + timedelta(days=1)).told == (DISCLOSED,)
    corridor.now += timedelta(days=50)
    renewed = answered(corridor, question, (DISCLOSED,), delay(corridor, days=90))
    assert readable(renewed, decided.until + timedelta(days=1)).told == ()


def test_only_the_guardian_delays_and_only_with_reasons_and_a_review_within_ninety_days(corridor: Corridor) -> None:
    question = asked(corridor)
    with pytest.raises(Mistaken, match="only the guardian"):
        answered(corridor, question, (DISCLOSED,), by=FIRST)
    for wrong, why in (
        (delay(corridor, days=91), "more than 90 days"),
        (delay(corridor, days=0), "not ahead"),
        (delay(corridor, reasons="no"), "no reasons"),
        (delay(corridor, case="PRV-2"), "names no disclosure"),
    ):
        with pytest.raises(Mistaken, match=why):
            answered(corridor, question, (DISCLOSED,), wrong)


def test_a_wrong_code_and_an_old_one_get_the_same_words_and_ask_nothing(corridor: Corridor) -> None:
    corridor.do(
        lambda unit, at: give_code(cast(PublicUnit, unit), NUMBER, "cc" * 32, Proofing.CUSTODIAN, by=GUARDIAN, at=at)
    )
    corridor.now += timedelta(days=91)
    said = []
    for digest in ("cc" * 32, "dd" * 32):
        with pytest.raises(Mistaken) as refused:
            corridor.do(lambda unit, at, digest=digest: ask_or_read(cast(PublicUnit, unit), digest, at=at))  # type: ignore[misc]
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert EntryKind.SUBJECT_ASKED not in {entry.kind for entry in corridor.entries()}


def test_what_was_disclosed_after_somebody_asked_belongs_to_another_question(corridor: Corridor) -> None:
    question = asked(corridor)
    later = replace(DISCLOSED, case="PRV-2", on=civil_day(corridor.now) + timedelta(days=1))
    assert until_asked((DISCLOSED, later), question) == (DISCLOSED,)
    with pytest.raises(Mistaken, match="after the person asked"):
        answered(corridor, question, (DISCLOSED, later))
    assert answered(corridor, question, (replace(DISCLOSED, on=civil_day(corridor.now)),)).answer != "[]"


def test_asking_and_answering_are_in_the_ledger_once_each_and_name_nobody(corridor: Corridor) -> None:
    question = asked(corridor)
    corridor.do(lambda unit, at: ask_or_read(cast(PublicUnit, unit), question.reference, at=at))
    answered(corridor, question, ())
    kinds = [entry.kind for entry in corridor.entries()][-3:]
    assert kinds == [EntryKind.SUBJECT_CODE_GIVEN, EntryKind.SUBJECT_ASKED, EntryKind.SUBJECT_ANSWERED]
    assert not any(entry.facts for entry in corridor.entries()[-3:])


def test_what_was_sealed_about_a_person_is_found_by_whom_two_people_named(corridor: Corridor) -> None:
    from privity.edge.wiring.public_disclosed import disclosures_about

    shelf = cast("PublishedAgreements", Shelf())
    reference = corridor.sealed()
    about = disclosures_about(PersonId(1), shelf, corridor.read)
    assert [(each.case, each.to) for each in about] == [(reference, "Kent-Police")]
    assert about[0].items
    assert disclosures_about(PersonId(2), shelf, corridor.read) == ()


def test_whom_an_answer_is_about_is_whom_people_named_for_that_answer_and_not_under_terms_before(
    corridor: Corridor,
) -> None:
    from privity.edge.wiring.public_disclosed import disclosures_about

    corridor.register.finds = TWO
    reference = corridor.approved()
    corridor.trace(reference)
    for who, choice in ((FIRST, 1), (SECOND, 2), (GUARDIAN, 1)):
        corridor.name_record(reference, who, choice)
    police = corridor.agreements.families["police"]
    begins = corridor.now + timedelta(days=1)
    last = police.versions[-1]
    following = replace(last, name=VersionName("2017-03"), effective_from=begins, published_at=begins, sha256="3" * 64)
    corridor.agreements.families["police"] = replace(police, versions=(last, following))
    corridor.now += timedelta(days=2)
    corridor.intend(reference)
    for who in (FIRST, SECOND):
        corridor.view(reference, who, True)
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, 2)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED
    shelf = cast("PublishedAgreements", Shelf())
    assert disclosures_about(PersonId(1), shelf, corridor.read) == (), "another person's answer is not told to them"
    assert [each.case for each in disclosures_about(PersonId(2), shelf, corridor.read)] == [reference]


class Shelf:
    """The shipped versions, as a gateway that has published all of them would name them."""

    def version(self, family: str, name: str) -> Version:
        return shipped(family).version(VersionName(name)) or shipped(family).versions[-1]


@pytest.fixture
def visitor(instance: "Instance") -> "Iterator[Client]":
    """Return somebody at the pages of this test's instance, with accounts for a practice and the guardian."""
    from django.test import Client

    from privity.edge.web import door, public_door
    from privity.edge.wiring.public_desk import public_desk

    for name, role in (
        ("practice", Role.GP_PRACTICE),
        ("guardian", Role.GUARDIAN),
        ("officer", Role.DISCLOSURE_OFFICER),
    ):
        works_at = "dr-abbas" if role is Role.GP_PRACTICE else "custodian"
        who = Officer(staff_id=name, name=name.title(), organisation=works_at, role=role)  # type: ignore[arg-type]
        with_account(instance, who)
    door.open_with(instance.desk)
    public_door.open_public_with(public_desk(instance))
    yield Client(SERVER_NAME="127.0.0.1")
    door._DESK.desk, public_door._DESK.desk = None, None


def sign_in(visitor: "Client", name: str) -> None:
    from privity.edge.store.account import Account

    visitor.force_login(Account.objects.get(staff_id=name))


def test_a_patient_is_protected_and_answered_over_the_pages(visitor: "Client", instance: "Instance") -> None:
    sign_in(visitor, "practice")
    sent = {"nhs": "943 476 5919", "flag": "yes", "asked_by": "person", "reason": "She fears him.", "effects": "yes"}
    assert visitor.post("/practice/protect/", {**sent, "effects": ""}).status_code == 422
    assert visitor.post("/practice/protect/", sent).status_code == 302
    assert "943 476 5919: hidden" in visitor.get("/practice/protect/").content.decode()
    given = visitor.post("/practice/code/", {"nhs": "9434765919"}).content.decode()
    code = given.split("<strong>")[1].split("</strong>")[0] if "The code is" in given else ""
    assert len(code) == 19
    visitor.logout()
    assert "was not accepted" in visitor.post("/disclosed/", {"code": "0000-0000-0000-0000"}).content.decode()
    page = visitor.post("/disclosed/", {"code": code.lower().replace("-", " ")})
    assert "not ready yet" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    kinds = [indexed.entry.kind for indexed in instance.log.entries()]
    assert EntryKind.SUBJECT_ASKED in kinds


def disclosed(corridor: Corridor) -> str:
    """Have the details of the person who asks given out, and return the case."""
    person = int(NUMBER.digits)
    corridor.register.finds = found(candidate(person, 0.98))
    corridor.register.people[person] = replace(golden.demographics(), person=PersonId(person), nhs_number=NUMBER)
    corridor.trace(reference := corridor.approved())
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, person)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    return reference


def test_nothing_is_told_that_the_guardian_was_not_shown_and_what_is_delayed_stays_so(
    corridor: Corridor, visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.store.public_rows import SubjectQuestion
    from privity.edge.web import door

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(door, "now", corridor.tick)
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    corridor.agreements, corridor.now = instance.agreements, now  # type: ignore[assignment]  # the published ones
    sign_in(visitor, "practice")
    given = visitor.post("/practice/code/", {"nhs": NUMBER.digits}).content.decode()
    visitor.post("/disclosed/", {"code": given.split("<strong>")[1].split("</strong>")[0]})
    sign_in(visitor, "guardian")
    page = f"/disclosed/questions/{SubjectQuestion.objects.get().reference}/"
    first = disclosed(corridor)
    shown = visitor.get(page)
    second = disclosed(corridor)
    until = (civil_day(now) + timedelta(days=60)).isoformat()
    later = {f"tell-{first}": "later", f"until-{first}": until, f"reasons-{first}": REASONS}
    later |= {"answered_before": field(shown, "answered_before")}
    refused = visitor.post(page, later)
    assert (refused.status_code, SubjectQuestion.objects.get().answered_at) == (422, ""), "the second was not shown"
    assert second in refused.content.decode()
    assert visitor.post(page, {**later, f"tell-{second}": "now"}).status_code == 302
    again = visitor.get(page).content.decode()
    assert f'id="later-{first}" value="later" checked' in again, "the form says what was decided"
    assert f'value="{until}"' in again
    assert REASONS in again
    stale = visitor.post(page, {f"tell-{first}": "now", f"tell-{second}": "now", "answered_before": ""})
    assert stale.status_code == 422, "somebody answered since this form was opened"
    assert first in SubjectQuestion.objects.get().delays


def test_an_answer_says_that_what_is_destroyed_can_no_longer_be_told(visitor: "Client") -> None:
    sign_in(visitor, "practice")
    given = visitor.post("/practice/code/", {"nhs": "9434765919"}).content.decode()
    code = given.split("<strong>")[1].split("</strong>")[0]
    visitor.logout()
    visitor.post("/disclosed/", {"code": code})
    from privity.edge.store.public_rows import SubjectQuestion

    SubjectQuestion.objects.update(answered_at="2017-03-01T09:00:00Z", answer="[]", answer_on="2017-03-02")
    page = visitor.post("/disclosed/", {"code": code}).content.decode()
    assert "There is nothing that we can tell you" in page
    assert "What was given out in a request that is destroyed can no longer be told" in page


def test_the_pages_of_practice_and_guardian_are_theirs_alone(visitor: "Client") -> None:
    for path, mine in (
        ("/practice/protect/", "practice"),
        ("/disclosed/questions/", "guardian"),
        ("/protections/", "guardian"),
    ):
        assert visitor.get(path).status_code == 302, "nobody is signed in"
        for name in ("practice", "guardian", "officer"):
            sign_in(visitor, name)
            assert visitor.get(path).status_code == (200 if name == mine else 403), (path, name)
        visitor.logout()


def test_a_question_is_opened_by_the_guardian_alone_and_the_register_is_not_read_for_it(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.wiring.public_desk import public_desk

    question, desk, before = asked(corridor), public_desk(instance), instance.log.size()
    with pytest.raises(Mistaken, match="was not found"):
        desk.question(question.reference, by=FIRST)
    with pytest.raises(Mistaken, match="nobody asked it"):
        desk.question("cd" * 32, by=GUARDIAN)
    assert desk.question(question.reference, by=GUARDIAN).disclosures == ()
    assert (instance.register.permits_used, instance.register.reads) == (0, 0)
    assert instance.log.size() == before


def test_after_twenty_wrong_codes_none_is_looked_at_and_another_network_is_not_held_up(visitor: "Client") -> None:
    sign_in(visitor, "practice")
    given = visitor.post("/practice/code/", {"nhs": "9434765919"}).content.decode()
    code = given.split("<strong>")[1].split("</strong>")[0]
    visitor.logout()
    for _ in range(20):
        assert visitor.post("/disclosed/", {"code": "0000"}).status_code == 422
    for tried in ("0000", code):
        shut = visitor.post("/disclosed/", {"code": tried})
        assert (shut.status_code, shut["Retry-After"]) == (429, "900")
        assert "too many wrong codes" in shut.content.decode()
    elsewhere = visitor.post("/disclosed/", {"code": code}, REMOTE_ADDR="192.0.2.7")
    assert "not ready yet" in elsewhere.content.decode()


def test_wrong_codes_are_counted_by_network_and_a_header_a_visitor_wrote_counts_for_nothing(
    visitor: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from django.test import RequestFactory

    from privity.edge.web.people import network_of

    ask = RequestFactory().get
    assert network_of(ask("/", REMOTE_ADDR="2001:db8::1")) == network_of(ask("/", REMOTE_ADDR="2001:db8::ffff"))
    assert network_of(ask("/", REMOTE_ADDR="2001:db8::1")) != network_of(ask("/", REMOTE_ADDR="2001:db8:0:1::1"))
    forged = ask("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.5")
    assert network_of(forged) == "192.0.2.1", "nothing stands in front of the gateway"
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    assert network_of(forged) == "203.0.113.5", "what the proxy saw stands last"
    mapped = [
        ask("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=address)
        for address in ("::ffff:192.0.2.1", "::ffff:192.0.2.2")
    ]
    assert [network_of(each) for each in mapped] == ["192.0.2.1", "192.0.2.2"], "version 4 at a version 6 address"


def test_the_guardian_finds_and_lifts_a_protection_on_a_page_and_a_practice_ends_an_address(visitor: "Client") -> None:
    sign_in(visitor, "practice")
    letters = {"lines": "The Refuge", "postcode": "LS1 4AP", "place": "charity"}
    sent = {"nhs": "9434765919", "flag": "yes", "asked_by": "person", "reason": "She fears him.", "effects": "yes"}
    assert visitor.post("/practice/protect/", {**sent, **letters}).status_code == 302
    alone = visitor.post("/practice/protect/", sent)
    assert alone.status_code == 422, "letters would go home again, and nobody said so"
    assert "letters would go home again" in alone.content.decode()
    assert "letters to another address" in visitor.get("/practice/protect/").content.decode()
    ending = {"act": "end-letters", "nhs": "9434765919", "asked_by": "person", "reason": "She moved away."}
    assert visitor.post("/practice/protect/", ending).status_code == 422, "the effects were not explained"
    assert visitor.post("/practice/protect/", {**ending, "effects": "yes"}).status_code == 302
    assert "letters to another address" not in visitor.get("/practice/protect/").content.decode()
    assert visitor.get("/protections/").status_code == 403

    sign_in(visitor, "guardian")
    found_before = visitor.post("/protections/", {"act": "find", "nhs": "943 476 5919"})
    shown = found_before.content.decode()
    assert "Registered by dr-abbas" in shown
    assert "Speak to the person alone" in shown
    lifted = {"act": "lift", "nhs": "9434765919", "practice": "dr-abbas", "flag": "yes", "asked_by": "person"}
    lifted |= {"seen": field(found_before, "seen")}
    sign_in(visitor, "practice")
    again = {**sent, "reason": "He has found out where she works."}
    assert visitor.post("/practice/protect/", again).status_code == 302
    sign_in(visitor, "guardian")
    stale = visitor.post("/protections/", {**lifted, "reason": "She asked, alone.", "effects": "yes"})
    assert stale.status_code == 422
    assert "registered something else since you looked" in stale.content.decode()
    assert "He has found out where she works." in stale.content.decode()
    lifted |= {"seen": field(stale, "seen")}
    kept = visitor.post("/protections/", {**lifted, "reason": "short", "effects": "yes"})
    assert kept.status_code == 422
    assert "Registered by dr-abbas" in kept.content.decode()
    assert visitor.post("/protections/", {**lifted, "reason": "She asked, alone.", "effects": "yes"}).status_code == 302
    assert "No practice has registered anything" in (
        visitor.post("/protections/", {"act": "find", "nhs": "9434765919"}).content.decode()
    )
