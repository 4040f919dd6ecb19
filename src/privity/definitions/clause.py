"""A clause: one numbered undertaking of one version of an agreement.

The numbers are ours. No published text of the memoranda could be obtained, so none is its own numbering
(domain.md, opening note).
"""

from dataclasses import dataclass

from privity.definitions.reference import AgreementFamily, VersionName


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ClauseRef:
    """Which clause, of which version, of which agreement."""

    family: AgreementFamily
    version: VersionName
    clause: str

    def __str__(self) -> str:
        return f"{self.family}@{self.version} {self.clause}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClause:
    """A clause with its plain words, as a letter or a page cites it."""

    ref: ClauseRef
    says: str
