"""A person at a browser that knows no JavaScript: keeps cookies, follows nothing, fills in forms as they stand."""

import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from html import unescape
from http.cookiejar import CookieJar
from typing import IO
from urllib.parse import urlencode

from tests.functional.serving import PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_REVISION = re.compile(r'name="revision" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    html: str

    @property
    def text(self) -> str:
        """Return the page as its reader sees it: no tags, one space between words."""
        shown = re.sub(r"(?s)<(script|style|title)\b.*?</\1>", " ", self.html)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())

    @property
    def revision(self) -> str:
        """Return the revision the page's form carries."""
        found = _REVISION.search(self.html)
        assert found, "the page has no form with a revision"
        return found[1]


class _Nowhere(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing: where an act leads is part of the answer."""


class Visitor:
    """One person with one cookie jar."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Nowhere()).open
        self._token = ""

    def get(self, path: str) -> Answer:
        """Return the page at a path."""
        return self._answer(urllib.request.Request(self.address + path))

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Send a form with the token of the page seen last."""
        sent = {"csrfmiddlewaretoken": self._token, **fields}
        body = urlencode(sent, doseq=True).encode()
        return self._answer(urllib.request.Request(self.address + path, data=body, method="POST"))

    def fill_in(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Load a form and send it with the revision it carries."""
        page = self.get(path)
        assert page.status == 200, (path, page.status)
        return self.post(path, {"revision": page.revision, **fields})

    def sign_in(self, staff_id: str, password: str = PASSWORD, after: str = "") -> Answer:
        """Sign in as one of the people served."""
        self.get("/sign-in/")
        return self.post("/sign-in/", {"staff_id": staff_id, "password": password, "next": after})

    def _answer(self, request: urllib.request.Request) -> Answer:
        try:
            with self._open(request, timeout=30) as response:
                answer = Answer(status=response.status, headers=response.headers, html=response.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                answer = Answer(status=refused.code, headers=refused.headers, html=refused.read().decode())
        found = _TOKEN.search(answer.html)
        self._token = found[1] if found else self._token
        return answer


def signed_in(address: str, staff_id: str) -> Visitor:
    """Return a visitor who is signed in."""
    visitor = Visitor(address)
    assert visitor.sign_in(staff_id).status == 302
    return visitor
