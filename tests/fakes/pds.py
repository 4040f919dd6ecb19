"""A double of PDS for adapters to be tried against, written from its public specification (domain.md 2.2).

Application-restricted: one unique match or none. A restricted patient is never found by postcode or practice,
and comes without address. History is searched where it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from privity.edge.registers.pds import Answer


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One patient of the double."""

    number: str
    family: str
    given: tuple[str, ...]
    born: date
    earlier_families: tuple[str, ...] = ()
    postcode: str = ""
    lines: tuple[str, ...] = ()
    letters: str = ""
    restricted: bool = False
    replaced_by: str = ""
    invalidated: bool = False
    died: str = ""


@dataclass
class PdsDouble:
    """Answers like PDS; `asked` keeps what it was asked."""

    patients: Sequence[Patient]
    busy: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def get(self, path: str, query: Mapping[str, str]) -> Answer:
        self.asked.append((path, dict(query)))
        if self.busy:
            return Answer(429, outcome("TOO_MANY_REQUESTS", "throttled"))
        if path == "/Patient":
            return self._search(query)
        return self._retrieve(path.rsplit("/", 1)[1])

    def _search(self, query: Mapping[str, str]) -> Answer:
        if "family" not in query or "birthdate" not in query:
            return Answer(400, outcome("MISSING_VALUE", "required"))
        found = [one for one in self.patients if not one.invalidated and not one.replaced_by and fits(one, query)]
        if len(found) > 1:
            return Answer(200, outcome("TOO_MANY_MATCHES", "multiple-matches"))
        entries = [{"search": {"score": 1.0}, "resource": resource(one)} for one in found]
        return Answer(200, {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": entries})

    def _retrieve(self, number: str) -> Answer:
        for one in self.patients:
            if one.number == number:
                if one.invalidated:
                    return Answer(404, outcome("INVALIDATED_RESOURCE", "processing"))
                return self._retrieve(one.replaced_by) if one.replaced_by else Answer(200, resource(one))
        return Answer(404, outcome("RESOURCE_NOT_FOUND", "not-found"))


def fits(one: Patient, query: Mapping[str, str]) -> bool:
    families = {one.family.casefold()}
    if query.get("_history") == "true":
        families |= {name.casefold() for name in one.earlier_families}
    if one.restricted and ("address-postalcode" in query or "general-practitioner" in query):
        return False
    if query["family"].casefold() not in families or query["birthdate"] != f"eq{one.born.isoformat()}":
        return False
    given = query.get("given", "").casefold()
    if given.endswith("*"):
        return any(name.casefold().startswith(given[:-1]) for name in one.given)
    return not given or given in {name.casefold() for name in one.given}


def resource(one: Patient) -> dict[str, Any]:
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": one.number,
        "meta": {"versionId": "2", "security": [{"code": "R" if one.restricted else "U"}]},
        "name": [
            {"use": "old", "family": name, "given": list(one.given)} for name in one.earlier_families
        ] + [{"use": "usual", "family": one.family, "given": list(one.given)}],
        "gender": "female",
        "birthDate": one.born.isoformat(),
    }  # fmt: skip
    if one.died:
        patient["deceasedDateTime"] = f"{one.died}T00:00:00+00:00"
    if not one.restricted:
        patient["generalPractitioner"] = [{"type": "Organization", "identifier": {"value": "Z00001"}}]
        patient["address"] = [
            {"use": "home", "line": ["", *one.lines], "postalCode": one.postcode, "period": {"start": "2001-01-01"}},
            {"use": "home", "line": ["9 Old Row"], "postalCode": "QV9 9ZZ", "period": {"end": "2000-12-31"}},
        ]
        if one.letters:
            patient["address"].append({"use": "billing", "line": ["Care of"], "postalCode": one.letters})
    return patient


def outcome(code: str, issue: str) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": issue, "details": {"coding": [{"code": code}]}}],
    }
