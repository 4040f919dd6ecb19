"""PDS over its FHIR API, application-restricted: to confirm and to refresh one record, not to search.

    confirm    do the particulars single out this NHS number, as PDS sees it
    refresh    the record behind an NHS number as it is today

Rules of the room:
- One unique match or nothing: PDS answers TOO_MANY_MATCHES for more, and nobody is picked.
- A restricted record is confirmed by nothing that tells a place, so no postcode is ever sent, and its places are
  dropped here should they come all the same.
- A postcode can veto a right match (DBS forum, domain.md 2.2): one more reason not to send one.
- A superseded number is answered with the record it became; an invalidated one with nobody.
- Calls are paced, and an answer of 429 is not retried in a hurry.
- No answer, header or address of PDS reaches an error message.
Source: PDSAPI (patient-search, patient-retrieve), as noted in domain.md 2.2.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from ssl import create_default_context
from time import monotonic, sleep
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from privity.definitions.person import Address, Demographics, Gender, NhsNumber, Particulars, PersonId
from privity.errors import Mistaken, Unavailable

_FHIR = "application/fhir+json"
_TIMEOUT_SECONDS = 10
_LONGEST_NAME = 35
_LEAST_BEFORE_WILDCARD = 3
_LETTERS = ("billing", "temp")
_RESTRICTED = frozenset({"R", "V", "REDACTED"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What PDS said: status and FHIR resource."""

    status: int
    resource: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Answer({self.status}, hidden)"


class Line(Protocol):
    """A way to ask PDS: the network, or a double of it."""

    def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """Return the answer to one GET.

        Raises: Unavailable: there was none.
        """
        ...


class Confirmation(StrEnum):
    """What PDS says of particulars and one NHS number."""

    CONFIRMED = "confirmed"
    """The particulars single out that number, or one that replaced it."""
    OTHER = "other"
    """They single out another number."""
    NOT_UNIQUE = "not unique"
    """They fit more than one record."""
    NOBODY = "nobody"
    """They fit no record."""


class Pace:
    """So many calls a second at most, over all threads."""

    def __init__(
        self, per_second: float, *, now: Callable[[], float] = monotonic, wait: Callable[[float], None] = sleep
    ) -> None:
        self._gap = 1 / per_second
        self._now, self._wait = now, wait
        self._lock = threading.Lock()
        self._next = 0.0

    def keep(self) -> None:
        """Wait until the next call may be made."""
        with self._lock:
            at = self._now()
            pause = max(self._next - at, 0.0)
            self._next = max(self._next, at) + self._gap
        if pause:
            self._wait(pause)


class HttpsLine:
    """PDS over HTTPS. `headers` gives those of each call: the bearer token and a fresh request identifier.

    `authority` is the certificate file to trust instead of the system's, for a custodian behind a relay of its own.
    """

    def __init__(
        self, address: str, headers: Callable[[], Mapping[str, str]], pace: Pace, authority: Path | None = None
    ) -> None:
        if not address.startswith("https://"):
            raise Mistaken("PDS was not asked", why="its address is not https", next_step="correct the setting")
        self._address, self._headers, self._pace = address.rstrip("/"), headers, pace
        self._context = create_default_context(cafile=authority)

    def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """Return the answer to one GET.

        Raises: Unavailable: no answer, or none that can be read.
        """
        self._pace.keep()
        asked = f"?{urlencode(query)}" if query else ""
        request = Request(f"{self._address}{path}{asked}", headers={"Accept": _FHIR, **self._headers()})  # noqa: S310  # https only, see above
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS, context=self._context) as answered:  # noqa: S310  # as above
                return Answer(answered.status, json.load(answered))
        except HTTPError as error:
            with error:
                return Answer(error.code, _read(error.read()))
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise _silent(type(error).__name__) from None


class PdsRegister:
    """PDS as a custodian's register: the person's number in it is the NHS number."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._reads = 0

    @property
    def reads(self) -> int:
        """Return how many calls were made: PDS keeps an access record of each."""
        with self._lock:
            return self._reads

    def confirm(self, particulars: Particulars, number: NhsNumber) -> Confirmation:
        """Return whether the particulars single out the number.

        Raises: Mistaken: no family name or no date of birth: PDS is not asked for less.
                Unavailable: PDS did not answer.
        """
        answer = self._get("/Patient", _query(particulars))
        if "TOO_MANY_MATCHES" in _codes(answer.resource):
            return Confirmation.NOT_UNIQUE
        entries = answer.resource.get("entry", [])
        if answer.status != 200 or answer.resource.get("resourceType") != "Bundle":
            raise _silent(f"status {answer.status}")
        if not entries:
            return Confirmation.NOBODY
        if len(entries) > 1:
            return Confirmation.NOT_UNIQUE
        found = str(entries[0]["resource"]["id"])
        return Confirmation.CONFIRMED if found == self._current(number) else Confirmation.OTHER

    def demographics(self, person: PersonId) -> Demographics:
        """Return the record of a number as it is today. Counts as one read.

        Raises: Mistaken: the number was invalidated or never given. Unavailable: PDS did not answer.
        """
        found = self.refresh(NhsNumber(f"{person:010d}"))
        if found is None:
            raise Mistaken(
                "the record was not read",
                why="PDS holds no record of that number",
                next_step="trace the request again: the number may have been invalidated",
            )
        return found

    def refresh(self, number: NhsNumber) -> Demographics | None:
        """Return the record behind a number, or None where PDS holds none. Counts as one read.

        Raises: Unavailable: PDS did not answer, or not as its specification says.
        """
        answer = self._get(f"/Patient/{number.digits}", {})
        if answer.status == 404:
            return None
        if answer.status != 200 or answer.resource.get("resourceType") != "Patient":
            raise _silent(f"status {answer.status}")
        try:
            return _demographics(answer.resource)
        except (KeyError, IndexError, TypeError, ValueError, Mistaken):
            raise _silent("a record that does not follow the specification") from None

    def _current(self, number: NhsNumber) -> str:
        """Return the number under which PDS holds the record now; empty for none."""
        held = self.refresh(number)
        return held.nhs_number.digits if held else ""

    def _get(self, path: str, query: Mapping[str, str]) -> Answer:
        with self._lock:
            self._reads += 1
        answer = self._line.get(path, query)
        if answer.status == 429:
            raise Unavailable(
                "PDS was not asked", why="its rate limit is reached", next_step="wait a minute and ask again"
            )
        return answer


def _query(particulars: Particulars) -> dict[str, str]:
    """Return the query for one unique match: the start of the given name, family name, date of birth, history."""
    if not particulars.family_name or particulars.date_of_birth is None:
        raise Mistaken(
            "PDS was not asked",
            why="it needs a family name and a date of birth",
            next_step="judge the record by what else agrees",
        )
    query = {
        "family": particulars.family_name[:_LONGEST_NAME],
        "birthdate": f"eq{particulars.date_of_birth.isoformat()}",
        "_history": "true",
        "_max-results": "1",
    }
    given = particulars.given_name.split(" ")[0]
    if len(given) >= _LEAST_BEFORE_WILDCARD:
        query["given"] = f"{given[:_LEAST_BEFORE_WILDCARD]}*"
    elif given:
        query["given"] = given
    return query


def _codes(resource: Mapping[str, Any]) -> set[str]:
    """Return the codes of an OperationOutcome; empty for anything else."""
    if resource.get("resourceType") != "OperationOutcome":
        return set()
    issues = resource.get("issue", [])
    return {coding.get("code", "") for issue in issues for coding in issue.get("details", {}).get("coding", [])}


def _demographics(patient: Mapping[str, Any]) -> Demographics:
    """Return a FHIR Patient as a record."""
    number = NhsNumber(str(patient["id"]))
    security = {label.get("code", "") for label in patient.get("meta", {}).get("security", [])}
    restricted = not security.isdisjoint(_RESTRICTED)
    names = patient.get("name", [])
    usual = next((name for name in names if name.get("use") == "usual"), names[0] if names else {})
    given = usual.get("given", [])
    earlier = [name["family"] for name in names if name is not usual and name.get("family")]
    addresses = [] if restricted else patient.get("address", [])
    practice = patient.get("generalPractitioner", [])
    return Demographics(
        person=PersonId(int(number.digits)),
        nhs_number=number,
        family_name=usual.get("family", ""),
        given_name=given[0] if given else "",
        other_given_names=" ".join(given[1:]),
        previous_family_names=tuple(dict.fromkeys(name for name in earlier if name != usual.get("family"))),
        date_of_birth=date.fromisoformat(patient["birthDate"]),
        gender=Gender(patient.get("gender", "unknown")),
        residence=_address(addresses, ("home",)),
        correspondence=_address(addresses, _LETTERS),
        gp_practice_code="" if restricted or not practice else practice[0]["identifier"]["value"],
        registered_on=None,
        deceased_on=_day(patient.get("deceasedDateTime", "")),
        sensitive=restricted,
    )


def _address(addresses: list[dict[str, Any]], uses: tuple[str, ...]) -> Address | None:
    """Return the first address of the uses, in their order, that has not ended.

    A temporary or billing address never stands in for the residence.
    """
    for use in uses:
        for one in addresses:
            if one.get("use") == use and not one.get("period", {}).get("end"):
                lines = tuple(line for line in one.get("line", []) if line)
                return Address(lines=lines[:5], postcode=one.get("postalCode", ""))
    return None


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _read(body: bytes) -> Mapping[str, Any]:
    """Return the resource of an answer that tells an error, empty where it is none."""
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _silent(why: str) -> Unavailable:
    return Unavailable(
        "PDS was not read", why=f"it answered with {why}", next_step="try again later; nothing was taken"
    )
