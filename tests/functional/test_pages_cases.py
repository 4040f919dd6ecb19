"""The desk: the queue, a case, and every act on it, as people with different roles meet them."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from tests.fakes.cases import FIRST_REASONS, SECOND_REASONS, reference_of
from tests.functional.serving import served
from tests.functional.visiting import Answer, Visitor, signed_in

from privity.casework.lifecycle import Status

REASONS = "The offence is grave, and nobody else can say where the suspect lives."
PURPOSE = "questions/public_interest/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("desk")) as where:
        yield where


@pytest.fixture(scope="module")
def first(address: str) -> Visitor:
    return signed_in(address, "okafor")


@pytest.fixture(scope="module")
def second(address: str) -> Visitor:
    return signed_in(address, "rahman")


@pytest.fixture(scope="module")
def guardian(address: str) -> Visitor:
    return signed_in(address, "lindqvist")


def case(name: str, further: str = "") -> str:
    return f"/cases/{reference_of(name)}/{further}"


def status_of(visitor: Visitor, name: str) -> str:
    html = visitor.get(case(name)).html.split('class="desk-identity__clock"')[1]
    return html.split("</strong>")[0].rpartition(">")[2]


def problems(page: Answer) -> str:
    assert page.status == 422
    return page.html.split("nhsuk-error-summary__body")[1].split("</ul>")[0]


@pytest.mark.parametrize("staff_id", ["asker", "overseer", "reader", "keeper"])
def test_other_roles_see_no_case_and_are_told_what_they_can_see(address: str, staff_id: str) -> None:
    visitor = Visitor(address)
    first_pages = {"asker": "/requests/", "reader": "/audit/", "keeper": "/administration/"}
    first_page = first_pages.get(staff_id, "/your-role/")
    assert visitor.sign_in(staff_id).headers["Location"] == first_page
    assert "Signed in as" in visitor.get("/your-role/").text
    for path in ("/cases/", case("approved"), case("to-approve", PURPOSE), case("identity-one", "identity/")):
        page = visitor.get(path)
        assert page.status == 403
        assert "This page is not for your role" in page.text
        assert "Goldenquist" not in page.html
    assert visitor.post(case("to-trace", "trace/"), {"revision": "7"}).status == 403


def test_nothing_a_signed_in_person_is_shown_is_stored(first: Visitor) -> None:
    for path in ("/", "/cases/", case("approved"), case("to-approve", PURPOSE), "/nothing-here/"):
        assert first.get(path).headers["Cache-Control"] == "no-store", path


def test_the_queue_shows_the_oldest_due_first_and_fifty_a_page(first: Visitor) -> None:
    page = first.get("/cases/")
    rows = page.html.split("<tbody")[1].split("</tbody>")[0].split("<tr ")[1:]
    due = [row.rsplit('<span class="desk-whole">', 1)[1].split("</span>")[0] for row in rows]
    days = [datetime.strptime(day, "%d %B %Y") for day in due]  # noqa: DTZ007  days have no zone
    assert len(rows) == 50
    assert days == sorted(days)
    assert "working days late" in rows[0]
    assert "?view=open&amp;page=2" in page.html
    after = first.get("/cases/?page=2")
    assert "page 2 of 2" in after.text
    assert 'href="?view=open" rel="prev"' in after.html


def test_the_queue_narrows_to_a_view_a_requester_and_a_status(first: Visitor) -> None:
    mine = first.get("/cases/?view=mine").html.split("<tbody")[1]
    assert "okafor" in mine
    assert "rahman" not in mine
    court = first.get("/cases/?organisation=court").html.split("<tbody")[1]
    assert ">Court</span></td>" in court
    assert ">Police</span></td>" not in court
    assert "Closed: 1 case" in first.get("/cases/?view=closed&status=refused").text
    assert "No case fits." in first.get("/cases/?status=withdrawn").text
    assert first.get("/cases/?page=-4&view=odd&status=odd").status == 200


def test_the_queue_leads_straight_to_a_case_whose_reference_is_known(first: Visitor) -> None:
    reference = reference_of("approved")
    assert first.get(f"/cases/?reference={reference.lower()}").headers["Location"] == f"/cases/{reference}/"
    wrong = first.get("/cases/?reference=PRV-1")
    assert "copy the reference from the acknowledgement" in problems(wrong)


def test_back_from_a_case_leads_to_the_queue_the_officer_came_from(address: str) -> None:
    visitor = signed_in(address, "okafor")
    visitor.get("/cases/?view=unassigned&organisation=police")
    assert 'href="/cases/?view=unassigned&amp;organisation=police"' in visitor.get(case("approved")).html


@pytest.mark.parametrize("status", list(Status))
def test_a_case_in_every_status_has_a_page_with_one_next_step(
    first: Visitor, guardian: Visitor, status: Status
) -> None:
    for visitor in (first, guardian):
        page = visitor.get(case(status.value))
        assert page.status == 200
        assert page.html.count('id="next-name"') == 1
        assert status.words in page.text
        assert "Goldenquist" in page.text


def test_what_a_requester_wrote_is_shown_as_letters_and_never_run(first: Visitor) -> None:
    for path in (case("approved"), case("to-approve", PURPOSE)):
        page = first.get(path)
        assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page.html
        assert "<script>alert" not in page.html


def test_a_case_explains_its_due_date_step_by_step(first: Visitor) -> None:
    text = first.get(case("judging-purpose")).text
    assert "that is day zero." in text
    assert "does not count: Made-up Monday." in text


def test_what_can_be_released_and_what_never_can_is_told_apart(first: Visitor) -> None:
    html = first.get(case("judging-purpose")).html.split('id="items-name"')[1].split("</ul>")[0]
    released, stays, never = (html.index(words) for words in ("Can be released", "Stays here", "Never"))
    assert stays < html.index("Date of birth") < released < html.index("Last known address") < never
    assert never < html.index("Next appointment")


def test_nobody_sees_the_first_view_before_the_second_is_in(first: Visitor, second: Visitor, guardian: Visitor) -> None:
    assert FIRST_REASONS in first.get(case("half-judged")).text
    for visitor in (second, guardian):
        assert "Zinnia" not in visitor.get(case("half-judged")).html
    assert "Zinnia" not in second.get(case("half-judged", PURPOSE)).html
    assert "Your view is recorded. Waiting for the second officer" in first.get(case("half-judged")).text
    assert first.get(case("half-judged", PURPOSE)).status == 404


def test_once_both_views_differ_both_are_read_and_the_guardian_has_the_last_word(
    first: Visitor, guardian: Visitor
) -> None:
    for visitor in (first, guardian):
        text = visitor.get(case("purpose-divided")).text
        assert FIRST_REASONS in text
        assert SECOND_REASONS in text
    assert "Yours is the last word" in guardian.get(case("purpose-divided", PURPOSE)).text
    assert "Waiting for the guardian" in first.get(case("purpose-divided")).text


def test_two_officers_who_agree_approve_the_purpose(first: Visitor, second: Visitor) -> None:
    view = {"answer": "yes", "reasons": REASONS, "factors": ["serious-crime", "trust-in-care"]}
    for visitor in (first, second):
        assert visitor.fill_in(case("to-approve", PURPOSE), view).headers["Location"] == case("to-approve")
        assert "Your view is recorded." in visitor.get(case("to-approve")).text
    assert status_of(first, "to-approve") == "Approved for tracing"
    assert "the offence is serious; people may stay away from care" in first.get(case("to-approve")).text


def test_only_the_public_interest_has_a_checklist_of_factors(first: Visitor) -> None:
    assert "What speaks for it?" in first.get(case("to-divide", PURPOSE)).text
    ruling = first.get(case("referred", "questions/offence-is-covered/"))
    assert "A ruling on a term" in ruling.text
    assert "What speaks for it?" not in ruling.text


def test_whoever_judges_has_what_was_declared_and_stated_beside_the_question(first: Visitor) -> None:
    page = first.get(case("short", PURPOSE))
    assert "To aid the investigation of a criminal offence" in page.text
    assert page.text.index("Declarations") < page.text.index("Your reasons")
    asked = first.get(case("short"))
    assert "Family name" in asked.text
    assert "Family name" not in page.text, "who is sought weighs nothing here"


def test_where_nothing_waits_for_somebody_the_next_case_is_in_the_same_place(first: Visitor) -> None:
    page = first.get(case("refused"))
    (box,) = re.findall(r'(?s)<section class="desk-next.*?</section>', page.html)
    assert f'href="{case("refused", "next/")}"' in box
    (theirs,) = re.findall(r'(?s)<section class="desk-next.*?</section>', first.get(case("short")).html)
    assert "next/" not in theirs


def test_a_finding_leads_to_its_rule_beside_its_words(first: Visitor) -> None:
    findings = first.get(case("judging-purpose")).html.split('id="findings-name"')[1]
    assert 'href="/agreements/police/2017-01/#gateway.crime"' in findings
    assert 'id="gateway.crime"' in first.get("/agreements/police/2017-01/").html


def test_an_empty_form_says_what_is_missing_and_keeps_what_was_chosen(first: Visitor) -> None:
    path = case("to-divide", PURPOSE)
    told = first.fill_in(path, {"reasons": "  ", "answer": "no", "factors": ["weak-evidence"]})
    assert '<a href="#reasons">Write your reasons</a>' in problems(told)
    assert 'value="no" checked' in told.html
    assert 'value="weak-evidence" checked' in told.html
    told = first.fill_in(path, {"reasons": REASONS})
    assert '<a href="#answer">Choose yes or no</a>' in problems(told)
    assert f">{REASONS}</textarea>" in told.html
    assert "at least 20 characters" in problems(first.fill_in(path, {"reasons": "too short", "answer": "no"}))
    assert "Error: " in told.html.split("<title")[1].split("</title>")[0]


def test_a_form_filled_in_before_somebody_else_acted_is_refused_and_keeps_the_reasons(
    first: Visitor, second: Visitor
) -> None:
    old = first.get(case("stale", PURPOSE))
    view = {"answer": "yes", "reasons": REASONS}
    assert second.fill_in(case("stale", PURPOSE), view).status == 302
    told = first.post(case("stale", PURPOSE), {**view, "revision": old.revision})
    assert "Somebody else acted on this case while you had it open." in problems(told)
    assert f">{REASONS}</textarea>" in told.html
    assert told.revision != old.revision
    assert first.post(case("stale", PURPOSE), {**view, "revision": told.revision}).status == 302


def test_a_form_the_case_has_outrun_leads_to_the_case_with_the_reasons_kept(first: Visitor, second: Visitor) -> None:
    old = first.get(case("gone", PURPOSE))
    question = {"reasons": "Which sources did you use?"}
    assert second.fill_in(case("gone", "ask/"), question).status == 302
    told = first.post(case("gone", PURPOSE), {"answer": "no", "reasons": REASONS, "revision": old.revision})
    assert "Nothing was recorded." in problems(told)
    assert REASONS in told.text
    assert status_of(first, "gone") == "Waiting for the requester"


def test_a_double_click_records_one_view(first: Visitor) -> None:
    page = first.get(case("twice", PURPOSE))
    view = {"answer": "yes", "reasons": REASONS, "revision": page.revision}
    assert first.post(case("twice", PURPOSE), view).status == 302
    assert first.post(case("twice", PURPOSE), view).status == 422
    assert "1 view" in second_view(first)


def second_view(visitor: Visitor) -> str:
    """Return what a case says of the views that are in, to somebody who gave none."""
    return signed_in(visitor.address, "rahman").get(case("twice")).text


def test_the_identity_form_puts_none_of_these_first_and_tells_the_chance_of_absence(first: Visitor) -> None:
    page = first.get(case("identity-none", "identity/"))
    assert page.html.index("None of these") < page.html.index("Candidate 1 is the person")
    assert "The person is not on the register at all: 8.3%" in page.text
    assert "Speaks for: the same given name, a rare one (+9.4 bits)" in page.text
    assert "Speaks against: another given name (-6.5 bits)" in page.text
    assert "Locked: protected record" in page.text
    assert "3 Gilded Row" not in page.text


def test_two_officers_who_agree_identify_the_person_or_nobody(first: Visitor, second: Visitor) -> None:
    for name, answer, after in (
        ("identity-none", "none", "No trace: ready to answer"),
        ("identity-one", "7001", "Ready to release"),
    ):
        for visitor in (first, second):
            view = {"answer": answer, "reasons": REASONS}
            assert visitor.fill_in(case(name, "identity/"), view).status == 302
        assert status_of(first, name) == after


def test_a_record_that_is_no_candidate_cannot_be_chosen(first: Visitor) -> None:
    told = first.fill_in(case("identity-tampered", "identity/"), {"answer": "1", "reasons": REASONS})
    assert "Choose a candidate, or none of these" in problems(told)
    assert f">{REASONS}</textarea>" in told.html


def test_a_protected_record_is_for_the_guardian_alone(first: Visitor, guardian: Visitor) -> None:
    assert first.get(case("to-guard", "protected/")).status == 404
    assert "Waiting for the guardian" in first.get(case("to-guard")).text
    assert first.post(case("to-guard", "protected/"), {"reasons": REASONS, "revision": "7"}).status == 422
    assert guardian.fill_in(case("to-guard", "protected/"), {"reasons": REASONS}).status == 302
    assert status_of(guardian, "to-guard") == "No trace: ready to answer"


def test_a_question_goes_to_the_requester_and_the_clock_stands_still(first: Visitor) -> None:
    assert "Write your question" in problems(first.fill_in(case("to-ask", "ask/"), {"reasons": ""}))
    assert first.fill_in(case("to-ask", "ask/"), {"reasons": "Which sources did you use?"}).status == 302
    text = first.get(case("to-ask")).text
    assert "The clock stands still" in text
    assert "Which sources did you use?" in text
    assert first.get(case("to-ask", "ask/")).status == 404


def test_an_approved_case_is_traced_with_a_button_and_only_with_a_button(first: Visitor) -> None:
    assert first.get(case("to-trace", "trace/")).status == 405
    assert "Somebody else acted" in problems(first.post(case("to-trace", "trace/"), {"revision": "1"}))
    page = first.get(case("to-trace"))
    assert first.post(case("to-trace", "trace/"), {"revision": page.revision}).status == 302
    assert status_of(first, "to-trace") == "No trace: ready to answer"


def test_a_trace_is_set_aside_with_reasons_and_on_the_guardians_cases_by_the_guardian(
    first: Visitor, guardian: Visitor
) -> None:
    assert 'trace/set-aside/"' not in first.get(case("protected")).html
    assert first.get(case("protected", "trace/set-aside/")).status == 404
    assert 'trace/set-aside/"' in guardian.get(case("protected")).html
    form = case("to-set-aside", "trace/set-aside/")
    assert 'trace/set-aside/"' in first.get(case("to-set-aside")).html
    assert "Write your reasons" in problems(first.fill_in(form, {"reasons": ""}))
    assert first.fill_in(form, {"reasons": REASONS}).status == 302
    assert status_of(first, "to-set-aside") == "Approved for tracing"


def test_candidates_who_have_left_the_register_bring_one_back_to_the_case_where_the_trace_is_set_aside(
    first: Visitor,
) -> None:
    page = first.get(case("identity-gone", "identity/"))
    assert "The register holds nobody of that number any more" in problems(page)
    assert 'trace/set-aside/"' in page.html
    sent = {"answer": "nobody", "reasons": REASONS, "revision": page.revision}
    assert REASONS in first.post(case("identity-gone", "identity/"), sent).text, "what was written is not lost"


def test_a_release_shows_what_leaves_and_what_stays_before_it_seals(first: Visitor) -> None:
    page = first.get(case("to-release", "release/"))
    assert "This leaves, and nothing else: last known address" in page.text
    assert "Asked for, and stays here: date of birth and next appointment." in page.text
    assert first.post(case("to-release", "release/"), {"revision": page.revision}).status == 302
    assert status_of(first, "to-release") == "Sealed"


def test_a_case_is_taken_once_and_not_from_under_somebody(first: Visitor, second: Visitor) -> None:
    page = first.get(case("to-take"))
    assert second.post(case("to-take", "take/"), {"revision": second.get(case("to-take")).revision}).status == 302
    told = first.post(case("to-take", "take/"), {"revision": page.revision})
    assert "Somebody else acted on this case while you had it open." in problems(told)
    assert "In charge: M. Rahman" in first.get(case("to-take")).text


def test_a_case_that_is_not_there_and_a_question_that_is_not_open_are_not_found(first: Visitor) -> None:
    assert first.get(f"/cases/{reference_of('never made')}/").status == 404
    assert first.get("/cases/PRV-1/").status == 404
    assert first.get(case("approved", "questions/public_interest/")).status == 404
    assert first.get(case("approved", "release/")).status == 404


def test_documents_show_the_digest_of_what_was_sealed(first: Visitor) -> None:
    text = first.get(case("collected")).text
    assert "01234567 89abcdef" in text
    assert "To be destroyed by" in text
