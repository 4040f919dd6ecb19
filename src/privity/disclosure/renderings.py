"""A pack in the forms that travel: for programs, for mail, for a browser, and the words a PDF is set from.

Rules of the module:
- All of them say the same. `answer.json` is canonical: sorted keys, no spaces, UTF-8, no floats.
- Text and page end their lines as mail does (CRLF) and keep them short, so that mail carries them unchanged.
- Whatever came from the register is shown, never obeyed: control characters are replaced, markup is escaped.
- Text, page and PDF speak the language the requester is written to; what the agreement says is quoted as it was agreed,
  and the names and values of `answer.json` are the same in every language. Once sealed, the bytes are what they are.
- The page loads nothing and sends nothing: no style, script, image or link.
"""

import json
from datetime import date
from html import escape
from textwrap import wrap
from typing import Final

from privity.definitions.item import DataItem
from privity.definitions.language import IN_ENGLISH, Tongue, Translate, spoken_day
from privity.disclosure.pack import Outcome, Pack
from privity.disclosure.release import ReleasedItem
from privity.disclosure.standalone_page import opening_tag

FORMAT: Final = "privity.answer"
LINE: Final = 100
_DAYS = frozenset({DataItem.DATE_OF_BIRTH, DataItem.NHS_REGISTRATION_DATE})
_NO_TRACE = "Nothing can be given for this request. This does not say that there is no such person."
_FORWARDED = (
    "A letter was sent on to the person instead of their details. Where it went is not said. "
    "Whether they answer is theirs to decide."
)
_SAID = {Outcome.NO_TRACE: _NO_TRACE, Outcome.FORWARDED: _FORWARDED}
"""What an answer without any item says."""
_CERTIFY = "Confirm the destruction to the custodian, with the digest of this pack, by that day."
_TITLE = "Answer to request %(reference)s"
_OPENING = "Answer to your request %(reference)s"
_CASE = "Case %(case)s"
_RELEASED = "Released on %(day)s to %(requester)s."
_USE = "May be used only for: %(purpose)s"
_DESTROY = "Destroy by %(day)s."
_UNDER = "Under %(agreement)s"
_ANSWER, _TERMS, _NOT_GIVEN = "Answer", "Terms", "not given"
_ON, _TO, _ONLY_FOR, _BY = "Released on", "Released to", "May be used only for", "Destroy by"
SENTENCES = (
    *(_NO_TRACE, _FORWARDED, _CERTIFY, _TITLE, _OPENING, _CASE, _RELEASED, _USE, _DESTROY, _UNDER),
    *(_ANSWER, _TERMS, _NOT_GIVEN, _ON, _TO, _ONLY_FOR, _BY),
    *(item.words for item in DataItem),
)
"""What a translator translates of an answer."""


def answer_json(pack: Pack) -> bytes:
    """Return the pack as canonical JSON. Shape: docs/reference/pack.schema.json."""
    whole = {
        "v": 1,
        "format": FORMAT,
        "case": pack.case,
        "requester": pack.requester,
        "requester_reference": pack.requester_reference,
        "agreement": pack.agreement,
        "clauses": [{"clause": str(cited.ref), "says": cited.says} for cited in pack.clauses],
        "purpose": pack.purpose,
        "conditions": list(pack.conditions),
        "released_on": pack.released_on.isoformat(),
        "destroy_by": pack.destroy_by.isoformat(),
        "outcome": pack.answer.outcome.value,
        "items": [{"item": given.item.value, "values": list(given.values)} for given in pack.answer.items],
        "not_given": [item.value for item in pack.answer.not_given],
    }
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def answer_text(pack: Pack, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the pack as plain text: the body a mail program shows."""
    say = tongue.say
    lines = [say(_OPENING) % {"reference": pack.requester_reference}, say(_CASE) % {"case": pack.case}, ""]
    lines += _answer_lines(pack, say)
    day = spoken_day(pack.released_on, say)
    lines += ["", say(_RELEASED) % {"day": day, "requester": pack.requester}]
    lines += [say(_USE) % {"purpose": pack.purpose}]
    lines += [f"{say(_DESTROY) % {'day': spoken_day(pack.destroy_by, say)}} {say(_CERTIFY)}"]
    lines += [f"- {say(condition)}" for condition in pack.conditions]
    lines += ["", f"{say(_UNDER) % {'agreement': pack.agreement}}:"]
    lines += [f"- {cited.ref}: {cited.says}" for cited in pack.clauses]
    folded = (part for line in lines for part in wrap(_shown(line), LINE, break_on_hyphens=False) or [""])
    return "".join(f"{line}\r\n" for line in folded).encode()


def answer_html(pack: Pack, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the pack as one accessible page that stands alone."""
    say = tongue.say
    title = say(_TITLE) % {"reference": pack.requester_reference}
    lines = [
        "<!DOCTYPE html>",
        opening_tag(tongue),
        "<head>",
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        f"<title>{_html(title)}</title>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_html(title)}</h1>",
        f"<p>{_html(say(_CASE) % {'case': pack.case})}</p>",
        *_answer_html(pack, say),
        f"<h2>{_html(say(_TERMS))}</h2>",
        "<dl>",
        *_term(say(_ON), spoken_day(pack.released_on, say)),
        *_term(say(_TO), pack.requester),
        *_term(say(_ONLY_FOR), pack.purpose),
        *_term(say(_BY), spoken_day(pack.destroy_by, say)),
        "</dl>",
        f"<p>{_html(say(_CERTIFY))}</p>",
        *_list(tuple(say(condition) for condition in pack.conditions)),
        f"<h2>{_html(say(_UNDER) % {'agreement': pack.agreement})}</h2>",
        *_list(tuple(f"{cited.ref}: {cited.says}" for cited in pack.clauses)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def answer_headings(pack: Pack, tongue: Tongue = IN_ENGLISH) -> dict[str, object]:
    """Return what a page of the answer says, as headings, terms, lines and points: what the PDF is set from."""
    say = tongue.say
    answer: dict[str, object] = {"heading": say(_ANSWER), "terms": [], "lines": [], "points": []}
    if pack.answer.outcome in _SAID:
        answer["lines"] = [say(_SAID[pack.answer.outcome])]
    else:
        given = [[_heading(item.item, say), _shown(", ".join(_spoken(item, say)))] for item in pack.answer.items]
        answer["terms"] = given + [[_heading(item, say), say(_NOT_GIVEN)] for item in pack.answer.not_given]
    terms = [
        [say(_ON), spoken_day(pack.released_on, say)],
        [say(_TO), _shown(pack.requester)],
        [say(_ONLY_FOR), _shown(pack.purpose)],
        [say(_BY), spoken_day(pack.destroy_by, say)],
    ]
    cited = [_shown(f"{clause.ref}: {clause.says}") for clause in pack.clauses]
    return {
        "language": tongue.code.partition("-")[0],
        "direction": tongue.direction,
        "title": _shown(say(_TITLE) % {"reference": pack.requester_reference}),
        "lines": [say(_CASE) % {"case": pack.case}],
        "parts": [
            answer,
            {
                "heading": say(_TERMS),
                "terms": terms,
                "lines": [say(_CERTIFY)],
                "points": [_shown(say(words)) for words in pack.conditions],
            },
            {
                "heading": _shown(say(_UNDER) % {"agreement": pack.agreement}),
                "terms": [],
                "lines": [],
                "points": cited,
            },
        ],
    }


def _answer_lines(pack: Pack, say: Translate) -> list[str]:
    if pack.answer.outcome in _SAID:
        return [say(_SAID[pack.answer.outcome])]
    lines = [f"{_heading(given.item, say)}: {', '.join(_spoken(given, say))}" for given in pack.answer.items]
    lines += [f"{_heading(item, say)}: {say(_NOT_GIVEN)}" for item in pack.answer.not_given]
    return lines


def _answer_html(pack: Pack, say: Translate) -> list[str]:
    heading = f"<h2>{_html(say(_ANSWER))}</h2>"
    if pack.answer.outcome in _SAID:
        return [heading, f"<p>{_html(say(_SAID[pack.answer.outcome]))}</p>"]
    given = [line for item in pack.answer.items for line in _term(_heading(item.item, say), *_spoken(item, say))]
    missing = [line for item in pack.answer.not_given for line in _term(_heading(item, say), say(_NOT_GIVEN))]
    return [heading, "<dl>", *given, *missing, "</dl>"]


def _term(name: str, *values: str) -> list[str]:
    return [f"<dt>{_html(name)}</dt>", *(f"<dd>{_html(value)}</dd>" for value in values)]


def _list(texts: tuple[str, ...]) -> list[str]:
    return ["<ul>", *(f"<li>{_html(text)}</li>" for text in texts), "</ul>"] if texts else []


def _heading(item: DataItem, say: Translate) -> str:
    words = say(item.words)
    return words[:1].upper() + words[1:]


def _spoken(given: ReleasedItem, say: Translate) -> tuple[str, ...]:
    """Return the values as a person reads them: days in the way of their language."""
    if given.item in _DAYS:
        return tuple(spoken_day(date.fromisoformat(value), say) for value in given.values)
    return given.values


def _html(text: str) -> str:
    """Return `text` for a page, folded so that no line of it grows long."""
    return "\r\n".join(wrap(escape(_shown(text)), LINE, break_on_hyphens=False, break_long_words=False))


def _shown(text: str) -> str:
    """Return `text` with everything replaced that a terminal or browser might obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
