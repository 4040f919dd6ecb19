"""Everything that somebody can come to by links, as a browser without JavaScript, and what its forms answer."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
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


class Forms(HTMLParser):
    """The forms of a page that are sent, each with where it goes and what it carries unasked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
            if self._inside:
                self.found.append((given.get("action", ""), {}))
        elif tag == "input" and self._inside and given.get("type") == "hidden":
            self.found[-1][1][given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


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
        assert answer.status in (200, 302, 403, 404), (path, answer.status)
        if answer.status == 302:
            waiting.append(answer.headers["Location"])
        elif "text/html" in answer.headers.get("content-type", ""):
            yield path, answer
            links = dict.fromkeys(LINK.findall(answer.html.replace("&amp;", "&")))
            waiting += [link for link in links if not any(word in link for word in NO_PAGES)]


def sent_empty(visitor: Visitor, path: str, page: Answer) -> Iterator[tuple[str, Answer]]:
    """Yield what the forms of a page answer to whoever fills in nothing."""
    for action, hidden in Forms(page.html).found:
        where = (action or path).replace("&amp;", "&")
        if any(word in where for word in NEVER_SENT):
            continue
        fields: Mapping[str, str] = {name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"}
        visitor.get(path)
        answer = visitor.post(where, fields)
        assert answer.status < 500, (where, answer.status)
        if answer.status != 302 and "text/html" in answer.headers.get("content-type", ""):
            yield where, answer
