"""A gateway as a requester's program sees it. Every call is one HTTP request; nothing is kept but the token.

A token is fetched when there is none that is good.
"""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

LONGEST_WAIT_SECONDS = 30
LARGEST_ANSWER = 64 * 1024 * 1024
RECEIVED = "received"
LOOK_AGAIN_SECONDS = 0.5
EARLY_SECONDS = 30
"""A token is fetched anew so long before it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with what was sent."""

    row: int
    field: str
    what: str
    next_step: str


class Refused(Exception):
    """The gateway did not do it, and says why in its own words; nothing of a person is in them."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{problem.get('title', 'refused')}: {problem.get('detail', '')} ({status})")
        self.status = status
        self.kind = str(problem.get("type", "")).rpartition(":")[2]
        self.next_step = str(problem.get("next_step", ""))
        self.faults = tuple(Fault(**fault) for fault in problem.get("errors", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """That a request is taken, and by when it is answered at the latest. `fresh` is false where the key was known."""

    reference: str
    due: date | None
    due_steps: tuple[str, ...]
    fresh: bool
    ledger_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it stands; `etag` is what an act on it can be bound to. `case` is the answer's JSON."""

    etag: str
    progress: str
    due: date | None
    may: frozenset[str]
    case: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Gateway:
    """A gateway at an address, spoken to as one program. The representation hides the secret."""

    address: str
    client_id: str
    client_secret: str = field(repr=False)
    _token: str = field(default="", repr=False)
    _good_until: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        if urllib.parse.urlsplit(self.address).scheme not in ("https", "http"):
            raise ValueError("the address must begin with https:// (or http:// on this machine)")
        self.address = self.address.rstrip("/")

    def precheck(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return which clauses a request would fail. Nothing is kept.

        Raises: Refused: the request cannot be read.
        """
        return cast(Mapping[str, Any], self._json("POST", "/precheck", request))

    def submit(self, request: Mapping[str, Any], *, key: str) -> Acknowledgement:
        """Send a request; it is acknowledged unread. With the same key and request it is safe to send it again.

        Raises: Refused: it does not have the shape, or the key was used for another.
        """
        status, told, headers = self._call("POST", "/requests", request, {"Idempotency-Key": key})
        return Acknowledgement(
            reference=told["reference"],
            due=_day(told["due"]),
            due_steps=tuple(told["due_steps"]),
            fresh=status == 201,
            ledger_index=int(headers["Privity-Ledger-Index"]),
        )

    def submit_file(self, content: bytes, *, key: str) -> Sequence[str]:
        """Send a CSV file of requests; returns the references of its cases, in the order of its rows.

        Raises: Refused: a row cannot be read; nothing of the file is taken.
        """
        headers = {"Idempotency-Key": key, "Content-Type": "text/csv"}
        return list(json.loads(self._sent("POST", "/batches", content, headers)[1])["references"])

    def see(self, reference: str, *, known: str = "") -> Seen | None:
        """Return where a request stands, or None where nothing changed since the `known` etag.

        Raises: Refused: there is no such request of this organisation.
        """
        status, told, headers = self._call("GET", f"/requests/{_part(reference)}", None, {"If-None-Match": known})
        if status == 304:
            return None
        return Seen(
            etag=headers["ETag"],
            progress=told["progress"],
            due=_day(told["due"]),
            may=frozenset(told["may"]),
            case=told,
        )

    def see_read(self, reference: str, *, longest_seconds: float = 30.0) -> Seen:
        """Return where a request stands once it has been read: within seconds of its acknowledgement.

        Look at `progress`: `unreadable` says in `case["errors"]` what to mend, `refused` and `returned` say in
        `case["reasons"]` which clauses were not met; `case["repeats"]` names an earlier request that asked the same.
        Where it takes longer than `longest_seconds`, what stands then is returned, `received` still.
        Raises: Refused: there is no such request of this organisation.
        """
        until = time.monotonic() + longest_seconds
        while True:
            seen = self.see(reference)
            assert seen is not None, "nothing is known before"
            if seen.progress != RECEIVED or time.monotonic() >= until:
                return seen
            time.sleep(LOOK_AGAIN_SECONDS)

    def listing(self, page: int = 1) -> Mapping[str, Any]:
        """Return a page of the organisation's requests, newest first."""
        return cast(Mapping[str, Any], self._json("GET", f"/requests?page={int(page)}", None))

    def changes(self, since: int = -1) -> tuple[Sequence[Mapping[str, Any]], int]:
        """Return everything that changed after a ledger entry, earliest first, and where to ask on from.

        Keep the number and pass it the next time: that is all there is to polling.
        """
        found: list[Mapping[str, Any]] = []
        while True:
            told = self._json("GET", f"/changes?since={int(since)}", None)
            found += told["changed"]
            since = int(told["next_since"])
            if not told["more"]:
                return found, since

    def form(self) -> Mapping[str, Any]:
        """Return what a request can state: purposes, facts, declarations, ranks."""
        return cast(Mapping[str, Any], self._json("GET", "/form", None))

    def questions(self, reference: str) -> Sequence[Mapping[str, Any]]:
        """Return the custodian's questions and their answers."""
        return cast(Sequence[Mapping[str, Any]], self._json("GET", f"/requests/{_part(reference)}/questions", None))

    def thread(self, reference: str) -> Sequence[Mapping[str, Any]]:
        """Return the thread about a refusal."""
        return cast(Sequence[Mapping[str, Any]], self._json("GET", f"/requests/{_part(reference)}/challenge", None))

    def withdrawal(self, reference: str) -> Mapping[str, Any]:
        """Return whether a request has been taken back, and whether it still can be."""
        return cast(Mapping[str, Any], self._json("GET", f"/requests/{_part(reference)}/withdrawal", None))

    def receipt(self, reference: str) -> Mapping[str, Any]:
        """Return whether the answer has been received."""
        return cast(Mapping[str, Any], self._json("GET", f"/requests/{_part(reference)}/receipt", None))

    def destruction(self, reference: str) -> Mapping[str, Any]:
        """Return until when what was received may be kept, and what was confirmed."""
        return cast(Mapping[str, Any], self._json("GET", f"/requests/{_part(reference)}/destruction", None))

    def agreements(self) -> Sequence[Mapping[str, Any]]:
        """Return what every agreement lets leave today."""
        return cast(Sequence[Mapping[str, Any]], self._json("GET", "/agreements", None))

    def versions(self, family: str) -> Sequence[Mapping[str, Any]]:
        """Return everything that happened to an agreement, earliest first.

        Raises: Refused: there is no such agreement.
        """
        return cast(Sequence[Mapping[str, Any]], self._json("GET", f"/agreements/{_part(family)}", None)["versions"])

    def agreement(self, family: str, version: str) -> Mapping[str, Any]:
        """Return the words and rules of a published version.

        Raises: Refused: there is no such version.
        """
        return cast(Mapping[str, Any], self._json("GET", f"/agreements/{_part(family)}/{_part(version)}", None))

    def statistics(self, year: int | None = None) -> Mapping[str, Any]:
        """Return the public figures of a year; the newest where none is given.

        Raises: Refused: there are none of that year.
        """
        asked = f"/statistics?year={int(year)}" if year is not None else "/statistics"
        return cast(Mapping[str, Any], self._json("GET", asked, None))

    def answer(self, reference: str, words: str, *, etag: str = "") -> int:
        """Answer the open question; returns the number of its entry."""
        return self._act(reference, "questions", {"words": words}, etag)

    def withdraw(self, reference: str, *, etag: str = "") -> int:
        """Take a request back; returns the number of its entry."""
        return self._act(reference, "withdrawal", None, etag)

    def challenge(self, reference: str, words: str, *, etag: str = "") -> int:
        """Challenge a refusal, or write on; returns the number of its entry."""
        return self._act(reference, "challenge", {"words": words}, etag)

    def response(self, reference: str) -> tuple[bytes, str]:
        """Return the sealed answer and the proof that the ledger tells of it, for `privity open`.

        Raises: Refused: it is not there yet, or leaves by another route.
        """
        pack = self._sent("GET", f"/requests/{_part(reference)}/response", None, {})[1]
        proof = self._json("GET", f"/requests/{_part(reference)}/proof", None)["proof"]
        return pack, str(proof)

    def acknowledge(self, reference: str, *, etag: str = "") -> int:
        """Say that the answer has been received; returns the number of its entry."""
        return self._act(reference, "receipt", None, etag)

    def confirm_destruction(self, reference: str, *, on: date, method: str, etag: str = "") -> int:
        """Say that what was received is destroyed; returns the number of its entry.

        Args: method: `clear`, `purge`, `keys-erased` or `destroyed`.
        """
        return self._act(reference, "destruction", {"destroyed_on": on.isoformat(), "method": method}, etag)

    def _act(self, reference: str, what: str, body: Mapping[str, Any] | None, etag: str) -> int:
        headers = {"If-Match": etag} if etag else {}
        told = self._call("POST", f"/requests/{_part(reference)}/{what}", body, headers)[1]
        return int(told["ledger_index"])

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        return self._call(method, path, body, {})[1]

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[int, Any, Mapping[str, str]]:
        sent = json.dumps(body).encode() if body is not None else None
        status, content, got = self._sent(method, path, sent, {"Content-Type": "application/json", **headers})
        return status, json.loads(content) if content else None, got

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        if time.monotonic() >= self._good_until:
            self._fetch_token()
        return self._open(method, path, body, {**headers, "Authorization": f"Bearer {self._token}"})

    def _fetch_token(self) -> None:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        told = json.loads(self._open("POST", "/token", urllib.parse.urlencode(fields).encode(), form)[1])
        self._token = told["access_token"]
        self._good_until = time.monotonic() + told["expires_in"] - EARLY_SECONDS

    def _open(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        asked = urllib.request.Request(  # noqa: S310  the scheme is checked when the gateway is made
            f"{self.address}/api/v1{path}",
            data=body,
            method=method,
            headers={name: value for name, value in headers.items() if value},
        )
        try:
            with urllib.request.urlopen(asked, timeout=LONGEST_WAIT_SECONDS) as got:  # noqa: S310  as above
                return got.status, got.read(LARGEST_ANSWER), cast(Mapping[str, str], got.headers)
        except urllib.error.HTTPError as refused:
            with refused:
                if refused.code == 304:
                    return 304, b"", cast(Mapping[str, str], refused.headers)
                raise Refused(refused.code, _problem(refused.read(LARGEST_ANSWER))) from None


def _problem(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _part(reference: str) -> str:
    return urllib.parse.quote(reference, safe="")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
