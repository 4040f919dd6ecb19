"""An agreement as the public register of information-sharing agreements lists it: 18 fields.

Source: DEAREG (domain.md 3): the register under the Digital Economy Act 2017 has these fields. Ours is an
export in the same shape, not an entry in it.
"""

from privity.agreement.in_force import Held, InForce, NoAgreement, governing
from privity.agreement.lifecycle import governs_from
from privity.agreement.version import Effect, Family, PartyRole, Version
from privity.definitions.item import DataItem

FIELDS = (
    "information-sharing-agreement",
    "name",
    "purpose",
    "information-sharing-benefits",
    "legal-power-disclosure",
    "disclosed-information",
    "controllers",
    "controllers-names",
    "information-sharing-method",
    "processors",
    "processors-names",
    "retention-period",
    "start-date",
    "end-date",
    "review-date",
    "contact",
    "areas",
    "areas-names",
)
"""The fields in the order of the register."""


def register_entry(family: Family, version: Version) -> dict[str, str]:
    """Return one version in the fields of the register; what was never recorded is empty, never invented."""
    words = [row.says for row in version.clauses if row.effect is Effect.PERMIT]
    controllers = [row.words for row in version.parties if row.role is not PartyRole.DEPARTMENT]
    start = governs_from(version)
    values = (
        version.reference,
        version.title,
        " ".join(words),
        version.register.benefits,
        "; ".join(row.what for row in version.legal_basis),
        "; ".join(item.words for item in DataItem if item in version.items),
        str(len(controllers)),
        "; ".join(controllers),
        version.transport,
        str(len(version.register.processors)),
        "; ".join(version.register.processors),
        version.retention.words,
        "" if start is None else start.date().isoformat(),
        _end(family, version),
        "" if version.register.review_on is None else version.register.review_on.isoformat(),
        version.register.contact,
        str(len(version.register.areas)),
        "; ".join(version.register.areas),
    )
    return dict(zip(FIELDS, values, strict=True))


def _end(family: Family, version: Version) -> str:
    """Return the day a version ended: by its own term, by withdrawal, or by the next version."""
    start = governs_from(version)
    if start is None:
        return ""
    ends = [
        row.effective_from
        for row in family.instruments
        if row.kind.value == "withdrawal" and row.effective_from >= start
    ]
    ends += [later for row in family.versions if (later := governs_from(row)) is not None and later > start]
    ends += [] if version.effective_to is None else [version.effective_to]
    for end in sorted(ends):
        match governing(family, end):
            case InForce(version=found) | Held(version=found) if found.reference == version.reference:
                continue
            case InForce() | Held() | NoAgreement():
                return end.date().isoformat()
    return ""
