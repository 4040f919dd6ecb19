"""Letters: what they say, what they never say, and that both sides get the same one as a page and as a PDF."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import (
    FIRST,
    GUARDIAN,
    HOME_OFFICE,
    KENT,
    SECOND,
    Corridor,
    asker,
    home_office_request,
    officer,
    police_request,
)
from tests.fakes.guarded_register import PROTECTED
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text

from privity.casework.letters import VERSIONS, LetterKind, in_use
from privity.casework.lifecycle import Status
from privity.casework.refusal import RefusedBy
from privity.casework.watch_clock import do_task, tasks
from privity.definitions.party import Role
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.setting_up import publish_until
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

CONSTABLE = officer("constable", Role.REQUESTING_OFFICER, KENT)
STRANGER = officer("stranger", Role.REQUESTING_OFFICER, "home-office")
KEEPER = officer("keeper", Role.ADMINISTRATOR)
OVERSEER = officer("overseer", Role.DEPARTMENT, "department")


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with every agreement published, its pages open, and four accounts."""
    from privity.edge.web import door

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(hours=2)  # noqa: TID251  as the served pages do
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    door.open_with(instance.desk, requester_desk=instance.requester_desk, letters=instance.letters, made_up=True)
    for who in (CONSTABLE, STRANGER, FIRST, KEEPER):
        with_account(instance, who)
    return instance


def refused(corridor: Corridor) -> CaseReference:
    reference = corridor.received()
    for who in (FIRST, SECOND):
        corridor.view(reference, who, False)
    return reference


def written(
    desk: "Instance", corridor: Corridor, reference: CaseReference, kind: LetterKind, organisation: str = KENT
) -> str:
    letter = desk.letters.letter(reference, kind, by=asker(organisation), at=corridor.now)
    parts = [
        (part.heading, *part.lines, *part.points, *(": ".join(pair) for pair in part.terms)) for part in letter.parts
    ]
    return "\n".join([letter.title, *(line for part in parts for line in part)])


def test_a_refusal_cites_its_clauses_and_never_what_officers_wrote(desk: "Instance", corridor: Corridor) -> None:
    reference = refused(corridor)
    for client, where in ((at_the_pages(CONSTABLE), "requests"), (at_the_pages(FIRST), "cases")):
        page = client.get(f"/{where}/{reference}/letters/refusal/")
        assert page.status_code == 200
        assert "Your request is refused" in text(page)
        assert "(rule " in text(page)
        assert "KP/1" in text(page)
        assert f"The words of {FIRST.staff_id}" not in text(page)
        assert f"/{where}/{reference}/letters/refusal/" in client.get(f"/{where}/{reference}/").content.decode()


def test_a_refusal_for_want_of_an_agreement_cites_no_clause_of_the_one_that_ended(
    instance: "Instance", corridor: Corridor
) -> None:
    from privity.edge.web import door
    from privity.edge.web.custody_door import open_custody_with
    from privity.edge.wiring.custody import custody_desks
    from privity.edge.wiring.desk import InstanceDesk

    desk, before, corridor.now = instance, datetime(2018, 5, 8, tzinfo=UTC), datetime(2018, 5, 8, 9, tzinfo=UTC)
    publish_until(instance, before, after=datetime(1, 1, 1, tzinfo=UTC))
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    door.open_with(instance.desk, requester_desk=instance.requester_desk, made_up=True)
    assert isinstance(instance.desk, InstanceDesk)
    custody = custody_desks(instance.desk)
    open_custody_with(custody)
    with_account(instance, OVERSEER)
    reference = corridor.received(home_office_request())
    corridor.view(reference, FIRST, False)
    corridor.now = datetime(2018, 11, 12, 9, tzinfo=UTC)
    publish_until(instance, corridor.now, after=before)
    assert corridor.view(reference, SECOND, True).status is Status.REFUSED
    who = asker(HOME_OFFICE)
    words = written(desk, corridor, reference, LetterKind.REFUSAL, HOME_OFFICE)
    assert "No agreement with your organisation was in force." in words
    assert "A new request can be met once an agreement is in force" in words
    assert "(rule" not in words
    assert "Two people" not in words
    assert "meet" not in words.split("What you can do")[0].replace("is not met", "")
    letter = desk.letters.letter(reference, LetterKind.REFUSAL, by=who, at=corridor.now)
    assert "Under" not in dict(letter.about)
    assert desk.requester_desk.own(reference, by=who, at=corridor.now).reasons == ()
    tag = desk.requester_desk.own(reference, by=who, at=corridor.now).tag
    desk.requester_desk.challenge(reference, words="This is about the wrong text.", tag=tag, by=who, at=corridor.now)
    seen = custody.broker.challenge(reference, by=OVERSEER)
    assert (seen.refused_by, seen.in_public_interest, seen.clauses) == (RefusedBy.NO_AGREEMENT, False, ())
    page = at_the_pages(OVERSEER).get(f"/challenges/{reference}/")
    assert "Nobody: no agreement was in force" in text(page)


def test_a_refusal_by_the_guardian_does_not_say_that_two_people_were_of_one_mind(
    desk: "Instance", corridor: Corridor
) -> None:
    reference = corridor.received()
    for who, answer in ((FIRST, True), (SECOND, False), (GUARDIAN, False)):
        corridor.view(reference, who, answer)
    words = written(desk, corridor, reference, LetterKind.REFUSAL)
    assert "guardian judged the request" in words
    assert "Two people" not in words
    assert corridor.entries_of(reference)[-1].outcome == "refused-public-interest"


def test_a_ruling_that_a_term_is_not_met_is_no_refusal_in_the_public_interest(
    desk: "Instance", corridor: Corridor
) -> None:
    reference = corridor.received(police_request(offence="theft"))
    for who in (FIRST, SECOND):
        corridor.view(reference, who, False, "serious_enough")
    assert "Two people judged the request" in written(desk, corridor, reference, LetterKind.REFUSAL)
    assert corridor.entries_of(reference)[-1].outcome == "refused-terms"


def test_a_request_sent_back_says_what_would_cure_it(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.received(police_request(countersigned=""))
    words = written(desk, corridor, reference, LetterKind.REFUSAL)
    assert words.startswith("Your request is sent back")
    assert "Have the request countersigned by an inspector or a higher rank." in words


def test_the_letter_beside_an_answer_reads_the_same_whatever_was_found(desk: "Instance", corridor: Corridor) -> None:
    told = []
    for found in (1, None):
        reference = corridor.approved()
        corridor.trace(reference)
        for who in (FIRST, SECOND):
            corridor.name_record(reference, who, found)
        if found:
            corridor.screen(reference)
        corridor.intend(reference)
        corridor.release(reference)
        words = written(desk, corridor, reference, LetterKind.DISCLOSURE)
        pack = corridor.read(reference).pack
        assert pack is not None
        told.append(words.replace(pack.sha256, "digest"))
    assert told[0] == told[1]


def test_a_protected_record_has_no_letter_that_another_case_has_not(desk: "Instance", corridor: Corridor) -> None:
    seen = []
    for protected in (False, True):
        if protected:
            corridor.register.finds = PROTECTED
        corridor.trace(reference := corridor.approved())
        seen.append(desk.requester_desk.own(reference, by=asker(KENT), at=corridor.now).letters)
    assert seen == [(), ()]


def test_a_reminder_is_there_from_a_week_before_and_counts(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.sealed()
    corridor.send(reference)
    corridor.collect(reference)
    with pytest.raises(Mistaken, match="none of that kind"):
        written(desk, corridor, reference, LetterKind.DESTRUCTION_REMINDER)
    due = corridor.read(reference).destruction
    assert due is not None
    corridor.now = datetime.fromisoformat(f"{due.due}T09:00:00+00:00") - timedelta(days=6)
    assert "is to be destroyed by" in written(desk, corridor, reference, LetterKind.DESTRUCTION_REMINDER)
    corridor.now += timedelta(days=8)
    (task,) = [one for one in tasks(corridor.read(reference), corridor.now) if one.kind.is_an_act]
    corridor.do(lambda unit, at: do_task(unit, task, at=at))
    assert "This is reminder 1." in written(desk, corridor, reference, LetterKind.DESTRUCTION_REMINDER)
    corridor.destroyed(reference, on=corridor.now.date(), method="purge")
    with pytest.raises(Mistaken, match="none of that kind"):
        written(desk, corridor, reference, LetterKind.DESTRUCTION_REMINDER)


def test_nobody_else_learns_that_there_is_a_letter(desk: "Instance", corridor: Corridor) -> None:
    reference, nothing = refused(corridor), "PRV-" + "0" * 26
    stranger = at_the_pages(STRANGER)
    for ending in ("refusal/", "refusal.pdf", "disclosure/", "no-such-kind/"):
        pages = [stranger.get(f"/requests/{name}/letters/{ending}") for name in (reference, nothing)]
        assert [page.status_code for page in pages] == [404, 404]
    assert at_the_pages(KEEPER).get(f"/cases/{reference}/letters/refusal/").status_code == 403
    assert at_the_pages(CONSTABLE).get(f"/cases/{reference}/letters/refusal/").status_code == 403
    assert at_the_pages(CONSTABLE).get(f"/requests/{reference}/letters/disclosure/").status_code == 404


def test_the_pdf_is_tagged_the_same_for_both_sides_and_obeys_nothing_typed(
    desk: "Instance", corridor: Corridor
) -> None:
    pytest.importorskip("typst", reason="typst, which makes the PDF, is not installed")
    hostile = '#panic("x") $ *b* `c` <b>'
    reference = corridor.received(replace(police_request(countersigned=""), requester_reference=hostile))
    asked = at_the_pages(CONSTABLE).get(f"/requests/{reference}/letters/refusal.pdf")
    printed = at_the_pages(FIRST).get(f"/cases/{reference}/letters/refusal.pdf")
    assert (asked.status_code, asked.headers["Content-Type"]) == (200, "application/pdf")
    assert asked.content == printed.content
    for mark in (b"%PDF-", b"/StructTreeRoot", b"en-GB", b"pdfuaid"):
        assert mark in asked.content
    page = at_the_pages(CONSTABLE).get(f"/requests/{reference}/letters/refusal/")
    assert "&lt;b&gt;" in page.content.decode()


KNOWN = {
    "refusal/1 refused": "6767670cae4b22d4",
    "refusal/1 sent back": "33712ced2709fb06",
    "disclosure/1": "47f511720fa975b5",
    "destruction-reminder/1": "fa34fe60abf9fa7e",
}
"""The digest of each letter's words, case and days taken out. Known words never change: add a version instead."""


def test_under_a_version_words_never_change(desk: "Instance", corridor: Corridor) -> None:
    sent_back = corridor.received(police_request(countersigned=""))
    sealed = corridor.sealed(police_request(reference="KP/2"))
    corridor.send(sealed)
    corridor.collect(sealed)
    due = corridor.read(sealed).destruction
    pack = corridor.read(sealed).pack
    assert due is not None
    assert pack is not None
    found = {}
    for name, reference, kind in (
        ("refusal/1 refused", refused(corridor), LetterKind.REFUSAL),
        ("refusal/1 sent back", sent_back, LetterKind.REFUSAL),
        ("disclosure/1", sealed, LetterKind.DISCLOSURE),
        ("destruction-reminder/1", sealed, LetterKind.DESTRUCTION_REMINDER),
    ):
        if kind is LetterKind.DESTRUCTION_REMINDER:
            corridor.now = datetime.fromisoformat(f"{due.due}T09:00:00+00:00")
        words = written(desk, corridor, reference, kind).replace(pack.sha256, "")
        found[name] = sha256(re.sub(r"\d+ [A-Z][a-z]+ \d{4}", "", words).encode()).hexdigest()[:16]
    assert found == KNOWN


def test_a_letter_is_written_in_the_words_of_its_own_day() -> None:
    for kind in LetterKind:
        versions = VERSIONS[kind]
        assert [one.number for one in versions] == list(range(1, len(versions) + 1))
        assert list(versions) == sorted(versions, key=lambda one: one.since)
        assert in_use(kind, versions[-1].since) is versions[-1]
        assert in_use(kind, versions[0].since - timedelta(days=1)) is versions[0], "nothing was before the first"
