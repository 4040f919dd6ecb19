"""The words of the mails: every kind has some, they name nobody, and under a version they never change."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.casework.notification_words import NEWEST, TEMPLATES, Line, Template, body, subject
from privity.casework.notifications import EventKind
from privity.definitions.reference import case_reference
from privity.errors import Impossible

KNOWN = {
    "question/1": "ea700f85f9eba6a3",
    "decision/1": "931b83c81d0c2fd2",
    "destruction-overdue/1": "d888060e81f31563",
    "destruction-soon/1": "ccdf225a7eb66192",
    "overdue/1": "27337085eed12bcb",
    "due-soon/1": "8de8aca33a0dd204",
    "due-moved/1": "b4d1e49432c887d1",
    "received/1": "f7ccba2f01ccf8e3",
    "escalated/1": "11effb14b1b02fbe",
}
"""The digest of every template's words. A template that is in here is never changed: add a version instead."""


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def line(template: str, number: int = 1) -> Line:
    return Line(template=template, case=case_reference(number.to_bytes(16, "big")), day=date(2026, 11, 2))


def test_every_kind_of_event_has_words_and_no_version_is_given_twice() -> None:
    assert set(NEWEST) == set(EventKind)
    names = [template.name for template in TEMPLATES]
    assert len(set(names)) == len(names)


def test_under_a_version_words_never_change() -> None:
    found = {one.name: digest("|".join((one.one, one.many, one.says, one.do, one.day))) for one in TEMPLATES}
    assert found == KNOWN


@given(st.lists(st.tuples(st.sampled_from(TEMPLATES), st.integers(0, 200)), min_size=1, max_size=150))
def test_every_mail_is_plain_letters_in_short_lines_with_what_waits_first(
    told: list[tuple[Template, int]],
) -> None:
    lines = [line(template.name, number) for template, number in told]
    written = body(lines, address="https://gateway.example/")
    assert written.isascii()
    assert all(len(one) <= 76 for one in written.split("\r\n"))
    assert len(subject(lines)) <= 78
    assert subject(lines).isprintable()
    assert body(list(reversed(lines)), address="https://gateway.example/") == written, "the order of telling is no part"


def test_what_waits_for_the_reader_stands_first() -> None:
    told = subject([line("received/1"), line("question/1", 2), line("received/1", 3)])
    assert told == "Privity: A question waits for you, and 2 more"


def test_a_line_without_a_template_is_a_defect_and_nothing_is_written() -> None:
    with pytest.raises(Impossible):
        body([line("greeting/1")], address="")
    with pytest.raises(Impossible):
        subject([])
