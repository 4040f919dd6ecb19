"""A pack in the forms that travel: for programs, for mail, for a browser, and the words a PDF is set from.

Rules of the module:
- All of them say the same. `answer.json` is canonical: sorted keys, no spaces, UTF-8, no floats.
- Text and page end their lines as mail does (CRLF) and keep them short, so that mail carries them unchanged.
- Whatever came from the register is shown, never obeyed: control characters are replaced, markup is escaped.
- The page loads nothing and sends nothing: no style, script, image or link.
"""

import json
from datetime import date
from html import escape
from textwrap import wrap
from typing import Final

from privity.definitions.item import DataItem
from privity.disclosure.pack import Outcome, Pack
from privity.disclosure.release import ReleasedItem
from privity.request.due import british

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


def answer_text(pack: Pack) -> bytes:
    """Return the pack as plain text: the body a mail program shows."""
    lines = [f"Answer to your request {pack.requester_reference}", f"Case {pack.case}", ""]
    lines += _answer_lines(pack)
    lines += ["", f"Released on {british(pack.released_on)} to {pack.requester}."]
    lines += [f"May be used only for: {pack.purpose}"]
    lines += [f"Destroy by {british(pack.destroy_by)}. {_CERTIFY}"]
    lines += [f"- {condition}" for condition in pack.conditions]
    lines += ["", f"Under {pack.agreement}:"]
    lines += [f"- {cited.ref}: {cited.says}" for cited in pack.clauses]
    folded = (part for line in lines for part in wrap(_shown(line), LINE, break_on_hyphens=False) or [""])
    return "".join(f"{line}\r\n" for line in folded).encode()


def answer_html(pack: Pack) -> bytes:
    """Return the pack as one accessible page that stands alone."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        f"<title>Answer to request {_html(pack.requester_reference)}</title>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>Answer to request {_html(pack.requester_reference)}</h1>",
        f"<p>Case {_html(pack.case)}</p>",
        *_answer_html(pack),
        "<h2>Terms</h2>",
        "<dl>",
        *_term("Released on", british(pack.released_on)),
        *_term("Released to", pack.requester),
        *_term("May be used only for", pack.purpose),
        *_term("Destroy by", british(pack.destroy_by)),
        "</dl>",
        f"<p>{_CERTIFY}</p>",
        *_list(pack.conditions),
        f"<h2>Under {_html(pack.agreement)}</h2>",
        *_list(tuple(f"{cited.ref}: {cited.says}" for cited in pack.clauses)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def answer_headings(pack: Pack) -> dict[str, object]:
    """Return what a page of the answer says, as headings, terms, lines and points: what the PDF is set from."""
    answer: dict[str, object] = {"heading": "Answer", "terms": [], "lines": [], "points": []}
    if pack.answer.outcome in _SAID:
        answer["lines"] = [_SAID[pack.answer.outcome]]
    else:
        given = [[_heading(item.item), _shown(", ".join(_spoken(item)))] for item in pack.answer.items]
        answer["terms"] = given + [[_heading(item), "not given"] for item in pack.answer.not_given]
    terms = [
        ["Released on", british(pack.released_on)],
        ["Released to", _shown(pack.requester)],
        ["May be used only for", _shown(pack.purpose)],
        ["Destroy by", british(pack.destroy_by)],
    ]
    cited = [_shown(f"{clause.ref}: {clause.says}") for clause in pack.clauses]
    return {
        "title": _shown(f"Answer to request {pack.requester_reference}"),
        "lines": [f"Case {pack.case}"],
        "parts": [
            answer,
            {
                "heading": "Terms",
                "terms": terms,
                "lines": [_CERTIFY],
                "points": [_shown(words) for words in pack.conditions],
            },
            {"heading": f"Under {_shown(pack.agreement)}", "terms": [], "lines": [], "points": cited},
        ],
    }


def _answer_lines(pack: Pack) -> list[str]:
    if pack.answer.outcome in _SAID:
        return [_SAID[pack.answer.outcome]]
    lines = [f"{_heading(given.item)}: {', '.join(_spoken(given))}" for given in pack.answer.items]
    lines += [f"{_heading(item)}: not given" for item in pack.answer.not_given]
    return lines


def _answer_html(pack: Pack) -> list[str]:
    if pack.answer.outcome in _SAID:
        return ["<h2>Answer</h2>", f"<p>{_html(_SAID[pack.answer.outcome])}</p>"]
    given = [line for item in pack.answer.items for line in _term(_heading(item.item), *_spoken(item))]
    missing = [line for item in pack.answer.not_given for line in _term(_heading(item), "not given")]
    return ["<h2>Answer</h2>", "<dl>", *given, *missing, "</dl>"]


def _term(name: str, *values: str) -> list[str]:
    return [f"<dt>{_html(name)}</dt>", *(f"<dd>{_html(value)}</dd>" for value in values)]


def _list(texts: tuple[str, ...]) -> list[str]:
    return ["<ul>", *(f"<li>{_html(text)}</li>" for text in texts), "</ul>"] if texts else []


def _heading(item: DataItem) -> str:
    return item.words[0].upper() + item.words[1:]


def _spoken(given: ReleasedItem) -> tuple[str, ...]:
    """Return the values as a person reads them: days in British form."""
    if given.item in _DAYS:
        return tuple(british(date.fromisoformat(value)) for value in given.values)
    return given.values


def _html(text: str) -> str:
    """Return `text` for a page, folded so that no line of it grows long."""
    return "\r\n".join(wrap(escape(_shown(text)), LINE, break_on_hyphens=False, break_long_words=False))


def _shown(text: str) -> str:
    """Return `text` with everything replaced that a terminal or browser might obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
