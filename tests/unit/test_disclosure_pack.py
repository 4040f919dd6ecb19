"""The pack in its three forms: canonical, escaped, on one page, and silent about everything else."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.fakes.packs import CANARIES, CLAUSES, disclosed_pack, golden_person, pack_with, released

from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem, ItemClass
from privity.disclosure.pack import LONGEST_TERMS, NO_TRACE, Answer, Outcome, Pack, answer_from
from privity.disclosure.release import ReleasedItem
from privity.disclosure.renderings import answer_html, answer_json, answer_text
from privity.disclosure.retention import destroy_by
from privity.errors import Impossible, Mistaken

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/pack.schema.json").read_bytes())
PACKS = [disclosed_pack(), pack_with(NO_TRACE)]
RENDERINGS = [answer_json, answer_text, answer_html]
KEYWORDS = {
    *("$schema", "title", "description", "type", "const", "enum", "pattern", "required", "properties"),
    *("additionalProperties", "items", "minItems", "minLength"),
}
TYPES = {"object": dict, "array": list, "string": str}


def faults(schema: dict[str, object], value: object, where: str = "$") -> list[str]:
    """Return where `value` does not fit `schema`; a keyword this does not know is itself a fault."""
    found = [f"{where}: unknown keyword {word}" for word in set(schema) - KEYWORDS]
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: not the constant")
    if isinstance(allowed := schema.get("enum"), list) and value not in allowed:
        found.append(f"{where}: not in the list")
    if "type" in schema and not isinstance(value, TYPES[str(schema["type"])]):
        return [*found, f"{where}: wrong type"]
    if isinstance(value, str) and not re.search(str(schema.get("pattern", "")), value):
        found.append(f"{where}: wrong form")
    if isinstance(value, str) and len(value) < int(str(schema.get("minLength", 0))):
        found.append(f"{where}: too short")
    if isinstance(value, list):
        if len(value) < int(str(schema.get("minItems", 0))):
            found.append(f"{where}: too few")
        inner = schema["items"]
        assert isinstance(inner, dict)
        found += [fault for at, one in enumerate(value) for fault in faults(inner, one, f"{where}[{at}]")]
    if isinstance(value, dict):
        properties, required = schema["properties"], schema["required"]
        assert isinstance(properties, dict)
        assert isinstance(required, list)
        assert schema["additionalProperties"] is False
        found += [f"{where}: {name} missing" for name in required if name not in value]
        found += [f"{where}: {name} not expected" for name in value if name not in properties]
        for name in value.keys() & properties.keys():
            found += faults(properties[name], value[name], f"{where}.{name}")
    return found


@pytest.mark.parametrize("pack", PACKS)
def test_the_answer_for_programs_fits_its_published_schema(pack: Pack) -> None:
    assert faults(SCHEMA, json.loads(answer_json(pack))) == []


def test_the_schema_refuses_what_is_not_an_answer() -> None:
    answer = json.loads(answer_json(disclosed_pack()))
    for name in answer:
        assert faults(SCHEMA, {key: value for key, value in answer.items() if key != name})
        assert faults(SCHEMA, answer | {name: None})
    assert faults(SCHEMA, answer | {"probability": 1})


def test_the_schema_lists_every_item_that_may_leave_and_no_clinical_one() -> None:
    listed = SCHEMA["properties"]["items"]["items"]["properties"]["item"]["enum"]
    assert listed == [item.value for item in DataItem if item.item_class is ItemClass.DEMOGRAPHIC]
    assert listed == SCHEMA["properties"]["not_given"]["items"]["enum"]


@pytest.mark.parametrize("pack", PACKS)
def test_the_answer_for_programs_has_one_spelling(pack: Pack) -> None:
    written = answer_json(pack)
    again = json.dumps(json.loads(written), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert written == again.encode()
    assert written == answer_json(replace(pack))


@pytest.mark.parametrize("pack", PACKS)
def test_text_and_page_say_everything_the_answer_for_programs_says(pack: Pack) -> None:
    text = " ".join(answer_text(pack).decode().split())
    page = Words.of(answer_html(pack).decode())
    for shown in (text, page):
        assert pack.case in shown
        assert pack.requester_reference in shown
        assert "28 August 2017" in shown
        assert all(condition in shown for condition in pack.conditions)
        assert all(clause.says in shown and str(clause.ref) in shown for clause in pack.clauses)
        for item in pack.answer.items:
            spoken = ("17 August 1979",) if item.item is DataItem.DATE_OF_BIRTH else item.values
            spoken = ("6 April 1999",) if item.item is DataItem.NHS_REGISTRATION_DATE else spoken
            assert all(value in shown for value in spoken)


def test_no_trace_says_that_it_does_not_say_whether_there_is_such_a_person() -> None:
    assert b"does not say that there is no such person" in answer_text(pack_with(NO_TRACE))
    assert json.loads(answer_json(pack_with(NO_TRACE)))["items"] == []


@pytest.mark.parametrize("render", RENDERINGS)
def test_nothing_of_the_person_is_in_an_answer_of_no_trace(render: object) -> None:
    assert callable(render)
    written = render(pack_with(NO_TRACE)).decode()
    assert not [canary for canary in CANARIES if canary in written]


class Words(HTMLParser):
    """The words of a page, and the order of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @classmethod
    def of(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        return " ".join(" ".join(reader.words).split())


def test_the_page_has_language_title_and_headings_in_order_and_loads_nothing() -> None:
    reader = Words()
    reader.feed(answer_html(disclosed_pack()).decode())
    tags = [tag for tag, _ in reader.tags]
    assert reader.tags[0] == ("html", {"lang": "en-GB"})
    assert [tag for tag in tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2", "h2"]
    assert "title" in tags
    assert "main" in tags
    assert not {"script", "img", "link", "style", "iframe", "form", "a"} & set(tags)
    assert not any({"src", "href", "style", "onload"} & set(attributes) for _, attributes in reader.tags)


def hostile_pack() -> Pack:
    item = ReleasedItem(
        item=DataItem.NAME,
        values=("<img src=x onerror=alert(1)>", "Bobby\r\n\x1b[2JTables & \u202eSons"),
        why="agreed",
    )
    return pack_with(Answer(outcome=Outcome.DISCLOSED, items=(item,)))


def test_markup_and_control_characters_from_the_register_are_shown_and_never_obeyed() -> None:
    reader = Words()
    reader.feed(answer_html(hostile_pack()).decode())
    assert "img" not in [tag for tag, _ in reader.tags]
    assert "<img src=x onerror=alert(1)>" in " ".join(" ".join(reader.words).split())
    text = answer_text(hostile_pack()).decode()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "Bobby\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[2JTables" in text
    assert json.loads(answer_json(hostile_pack()))["items"][0]["values"][1].startswith("Bobby\r\n\x1b")


@pytest.mark.parametrize("render", [answer_text, answer_html])
def test_lines_are_short_and_end_as_mail_ends_them(render: object) -> None:
    assert callable(render)
    written = render(disclosed_pack())
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 200


def test_no_representation_shows_what_is_in_a_pack() -> None:
    pack = disclosed_pack()
    for shown in (repr(pack), repr(pack.answer), repr(pack.answer.items), repr(released(golden_person()))):
        assert not [canary for canary in CANARIES if canary in shown]


def test_terms_too_long_for_one_seal_are_refused_before_anything_is_sealed() -> None:
    wordy = CitedClause(ref=CLAUSES[0].ref, says="w" * LONGEST_TERMS)
    with pytest.raises(Mistaken, match="its terms take"):
        pack_with(NO_TRACE, clauses=(wordy,))


def test_a_refusal_of_too_long_values_does_not_repeat_them() -> None:
    item = ReleasedItem(item=DataItem.NAME, values=("Xylophanta" * 200,), why="agreed")
    with pytest.raises(Mistaken, match="released values take 2016 bytes") as refused:
        pack_with(Answer(outcome=Outcome.DISCLOSED, items=(item,)))
    assert "Xylophanta" not in str(refused.value)


def test_a_pack_that_would_be_destroyed_before_it_is_released_is_not_made() -> None:
    with pytest.raises(Impossible, match="destroyed before it was released"):
        replace(disclosed_pack(), destroy_by=date(2017, 3, 1))


def test_retention_counts_calendar_days_from_the_day_of_release() -> None:
    assert destroy_by(date(2017, 3, 1), 180) == date(2017, 8, 28)
    assert destroy_by(date(2016, 2, 28), 1) == date(2016, 2, 29)


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_retention_that_is_no_limit_is_refused(days: int) -> None:
    with pytest.raises(Mistaken, match="correct the retention"):
        destroy_by(date(2017, 3, 1), days)


def test_protected_untraced_and_empty_handed_answers_are_equal_byte_for_byte() -> None:
    nothing = replace(released(golden_person()), items=())
    for render in RENDERINGS:
        assert render(pack_with(answer_from(nothing))) == render(pack_with(NO_TRACE))
