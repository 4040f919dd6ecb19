"""Everything that somebody can come to by links, as a browser without JavaScript, and what its forms answer."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

from tests.functional.browsing import PASSWORD
from tests.functional.pseudo_language import CODE
from tests.functional.visiting import Answer, Visitor

KIND = re.compile(r"PRV-[0-9A-Z]{26}|[0-9a-f]{32,64}|\d{4}-\d{2}(?:-[a-z]+)?|\d+|(?<=agreements/)[a-z-]+")
"""What differs between two pages of one kind."""
NO_PAGES = (".csv", ".json", ".pdf", ".txt", "/export/", "/checkpoint", "/tile/", "/sign-out/", "/static/", "/healthz")
STARTS = (
    "/",
    "/your-role/",
    "/requests/",
    "/cases/",
    "/practice/protect/",
    "/practice/code/",
    "/debts/",
    "/not-there/",
)
LINK = re.compile(r'href="(/[^"#]*)"')
NEVER_SENT = ("/sign-out/", "/language/", "/export/")


ONLY_WRONGLY = (
    "/take-away/",
    "/suspension/",
    "/sign-out-everywhere/",
    "/password/",
    "/your-account/",
    "/sign-in/",
    "/confirm/",
)
"""Forms that would end what the walk needs if they were filled in well."""


class Manner(StrEnum):
    """How somebody fills a form in."""

    FIRST = "first"
    """Everything, and the first of every choice."""
    LAST = "last"
    """Everything, and the last of every choice."""
    WRONGLY = "wrongly"
    """Every field with what it cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form: what it is called, its kind, and what it can be where that is a closed list."""

    name: str
    kind: str
    values: list[str]

    def filled(self, manner: Manner) -> list[str]:
        """Return what is sent for it. Letters are capitals, so that no page's own words can be taken for them."""
        if self.kind == "hidden":
            return self.values
        if manner is Manner.WRONGLY:
            return (
                ["NOTHING THAT IS OFFERED"] if self.kind in CHOICES else ["9" * 40 if self.kind == "number" else LONG]
            )
        if self.kind in CHOICES:
            there = [value for value in self.values if value]
            return there if self.kind == "checkbox" else there[:1] if manner is Manner.FIRST else there[-1:]
        return [next((typed for part, typed in TYPED.items() if part in self.name), TYPED_ELSE[self.kind == "number"])]


UNAVAILABLE = 503
"""The world did not answer, and the page says what: no certificate to seal to, say."""
CHOICES = ("radio", "select", "checkbox", "submit")
LONG = "ZYX " * 4_000
"""Longer than any field takes."""
TYPED = {
    "day": "12", "month": "2", "year": "1984", "email": "A@B.EXAMPLE", "address_line": "1 QX ROAD",
    "address": "A@B.EXAMPLE", "postcode": "QX1 1AA", "nhs": "943 476 5919",
    "date": "1984-02-12", "staff": "q.xx", "code": "QMJX-H247-7BE6-DJFQ",
    "destroyed": "2026-11-20", "from": "2026-11-20", "until": "2027-11-20", "discovered": "2026-11-20T09:30",
}  # fmt: skip
"""What is typed, by a part of the field's name."""
TYPED_ELSE = ("QX 17, SECTION 3, AND EVERYTHING THAT SPEAKS AGAINST IT: NOTHING.", "1")
"""What is typed otherwise: into a field for text, and for a number."""


class Forms(HTMLParser):
    """The forms of a page that are sent, each with where it goes and its fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Field]]] = []
        self._inside = False
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
            if self._inside:
                self.found.append((given.get("action", ""), {}))
        if not self._inside:
            return
        name = given.get("name", "")
        match tag:
            case "input":
                self._has(name, given.get("type", "text"), given.get("value", "on"))
            case "textarea":
                self._has(name, "text")
            case "button":
                self._has(name, "submit", given.get("value", ""))
            case "select":
                self._select = name
                self._has(name, "select")
            case "option" if self._select:
                self._has(self._select, "select", given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._select = "" if tag == "select" else self._select

    def _has(self, name: str, kind: str, value: str | None = None) -> None:
        if name and name != "csrfmiddlewaretoken":
            field = self.found[-1][1].setdefault(name, Field(name=name, kind=kind, values=[]))
            field.values.extend([] if value is None else [value])


def reader(address: str, staff_id: str = "") -> Visitor:
    """Return somebody who reads in the made-up language; whoever has no name has not signed in."""
    visitor = Visitor(address)
    if staff_id:
        assert visitor.sign_in(staff_id, PASSWORD).status == 302
    visitor.get("/")
    assert visitor.post("/language/", {"language": CODE, "next": "/"}).status == 302
    return visitor


def walked(visitor: Visitor, most: int) -> Iterator[tuple[str, Answer]]:
    """Yield the pages a visitor comes to by links, at most so many of a kind."""
    waiting, seen, kinds = list(STARTS), set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        kind = KIND.sub("*", path.partition("?")[0])
        if path in seen or kinds[kind] >= most:
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = visitor.get(path)
        assert answer.status in (200, 302, 403, 404, 422), (path, answer.status)
        if answer.status == 302:
            waiting.append(answer.headers["Location"])
        elif "text/html" in answer.headers.get("content-type", ""):
            yield path, answer
            links = dict.fromkeys(LINK.findall(answer.html.replace("&amp;", "&")))
            waiting += [link for link in links if not any(word in link for word in NO_PAGES)]


def sent_empty(visitor: Visitor, path: str, page: Answer) -> Iterator[tuple[str, Answer]]:
    """Yield what the forms of a page answer to whoever fills in nothing."""
    for where, fields in _forms(path, page):
        visitor.get(path)
        answer = visitor.post(where, {one.name: one.values for one in fields if one.kind == "hidden"})
        yield from _said(where, answer)


def sent_filled(visitor: Visitor, path: str, page: Answer, manner: Manner) -> Iterator[tuple[str, Answer]]:
    """Yield what the forms of a page answer to whoever fills them in, and where an act leads."""
    for number, (where, _) in enumerate(_forms(path, page)):
        if manner is not Manner.WRONGLY and any(word in where for word in ONLY_WRONGLY):
            continue
        # What the form carries unasked may be of a moment: it is loaded again.
        forms = list(_forms(path, visitor.get(path)))
        if len(forms) <= number or forms[number][0] != where:
            continue
        answer = visitor.post(where, {one.name: one.filled(manner) for one in forms[number][1]})
        yield from _said(f"{where} ({manner})", answer)
        if answer.status == 302 and answer.headers["Location"].startswith("/"):
            yield from _said(f"{where} ({manner}), then", visitor.get(answer.headers["Location"]))


def _forms(path: str, page: Answer) -> Iterator[tuple[str, list[Field]]]:
    for action, fields in Forms(page.html).found:
        where = (action or path).replace("&amp;", "&")
        if not any(word in where for word in NEVER_SENT):
            yield where, list(fields.values())


def _said(where: str, answer: Answer) -> Iterator[tuple[str, Answer]]:
    assert answer.status < 500 or answer.status == UNAVAILABLE, (where, answer.status)
    if answer.status != 302 and "text/html" in answer.headers.get("content-type", ""):
        yield where, answer
