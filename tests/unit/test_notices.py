"""Notices: what they say, what they repeat (nothing), and the published shape."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.fakes.packs import CANARIES, disclosed_pack

from privity.disclosure.notice import Notice, NoticeKind, notice_html, notice_json, notice_text
from privity.errors import Impossible

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "notice.schema.json"


def notice(kind: NoticeKind = NoticeKind.RECALL, reference: str = "HO/2017/0042") -> Notice:
    return Notice(
        case=disclosed_pack().case,
        requester=disclosed_pack().requester,
        requester_reference=reference,
        kind=kind,
        pack_sha256="ab" * 32,
        issued_on=date(2017, 3, 1),
        act_by=date(2017, 3, 3),
    )


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_json_has_exactly_the_published_keys(kind: NoticeKind) -> None:
    schema, told = json.loads(SCHEMA.read_text()), json.loads(notice_json(notice(kind)))
    assert set(told) == set(schema["required"]) == set(schema["properties"])
    assert told["kind"] in schema["properties"]["kind"]["enum"]
    assert told["format"] == schema["properties"]["format"]["const"]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_form_says_what_to_do_and_by_when_and_repeats_nothing(kind: NoticeKind) -> None:
    for form in (notice_text(notice(kind)), notice_html(notice(kind))):
        words = " ".join(form.decode().split())
        assert "3 March 2017" in words
        assert "ab" * 32 in words
        assert not any(word in words for word in CANARIES)
    assert kind.words.split(".")[0] in " ".join(notice_text(notice(kind)).decode().split())


def test_a_reference_with_markup_or_control_characters_is_shown_and_not_obeyed() -> None:
    hostile = notice(reference="<script>\x1b[2J")
    assert b"<script>" not in notice_html(hostile)
    assert b"\x1b" not in notice_text(hostile)


def test_a_notice_leaves_time_to_act() -> None:
    with pytest.raises(Impossible):
        replace(notice(), act_by=date(2017, 2, 28))
