"""The shipped agreements, and one small agreement between a university and a police force to break things on."""

from collections.abc import Mapping
from functools import lru_cache

from privity.agreement.assessment import Asked, Assessment
from privity.agreement.cases import read_cases
from privity.agreement.reading import read_family
from privity.agreement.version import Family, Version
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.person import Particulars
from privity.definitions.reference import AgreementFamily, Slug, VersionName
from privity.edge.settings.shelf import default_shelf, shelf_files
from privity.request.tracing_request import Countersignature, FactValue, TracingRequest

FAMILIES = (
    "coroner",
    "court-order",
    "debt-reporting",
    "home-office",
    "letter-forwarding",
    "national-crime-agency",
    "police",
)
GOLDEN_NAME = "Zebedee-Canary"


@lru_cache(maxsize=1)
def shipped_files() -> Mapping[str, Mapping[str, str]]:
    """Return the files of every shipped family."""
    return shelf_files(default_shelf())


@lru_cache(maxsize=16)
def shipped(name: str) -> Family:
    """Return a shipped family."""
    return read_family(shipped_files()[name])


def shipped_version(reference: str) -> Version:
    """Return a shipped version by `family@version`."""
    name, _, wanted = reference.partition("@")
    found = shipped(name).version(VersionName(wanted))
    assert found is not None, f"{reference} is shipped"
    return found


def every_version() -> tuple[Version, ...]:
    """Return every shipped version."""
    return tuple(version for name in FAMILIES for version in shipped(name).versions)


@lru_cache(maxsize=16)
def case_asked(family: str) -> Mapping[str, Asked]:
    """Return what each worked case of a shipped family asks."""
    return {case.name: case.asked for case in read_cases(shipped(family)).requests}


def clauses(assessment: Assessment) -> set[str]:
    """Return our names of the clauses an assessment cites."""
    return {clause.ref.clause for clause in assessment.cited}


def overstay_request(
    *,
    facts: Mapping[str, FactValue] | None = None,
    items: frozenset[DataItem] = frozenset({DataItem.LAST_KNOWN_ADDRESS}),
    declarations: frozenset[Slug] | None = None,
    countersignature: Countersignature | None = None,
    urgency: str = "",
    family: str = "home-office",
) -> TracingRequest:
    """Return worked case 1 as a request about a golden person."""
    every = frozenset(row.name for row in shipped("home-office").vocabulary.declarations)
    stated: dict[str, FactValue] = {
        "offence": Slug("ia1971-s24-1-b-i"),
        "citizenship": Slug("not-british"),
        "lost_contact": True,
    }
    return TracingRequest(
        requester=OrganisationId("home-office"),
        family=AgreementFamily(family),
        requester_reference="HO/1",
        officer_name="An Officer",
        purpose=Slug("immigration-offence"),
        items=items,
        particulars=Particulars(family_name=GOLDEN_NAME),
        facts=stated | dict(facts or {}),
        declarations=every if declarations is None else declarations,
        countersignature=countersignature,
        urgency=urgency,
    )


SMALL_VOCABULARY = """\
family: university
organisations:
  police-force: [greater-manchester-police]
purposes:
  missing-student: to find a missing student
items:
  core: [name, last_known_address]
offences: [theft]
facts:
  missing_days:
    type: whole-number
    words: For how many days has nobody seen the student?
    required_for: all
  offence:
    type: offence
    words: Which offence, if any?
  earlier_requests:
    type: whole-number
    stated_by: gateway
    words: How often the same force asked this month.
derived:
  longest_term:
    maximum_term_of: offence
    at_least_months: 12
    words: whether the longest sentence reaches a year
declared:
  asked_the_family:
    words: The family has been asked.
    required_for: all
judged:
  welfare:
    kind: judgement
    by: [disclosure-officer]
    words: whether the student's welfare calls for it
    ask: Does the student's welfare call for disclosure?
  adult_consents:
    kind: ruling
    by: [guardian]
    words: whether an adult's silence is consent
    ask: Is the silence of an adult consent?
"""
SMALL_AGREEMENT = """\
version: 2024-09
title: Missing students
summary: A force may ask for the address of a missing student.
state: written
parties:
  - {role: custodian, words: the university}
  - {role: requester, words: the police force}
legal_basis:
  - what: Illustrative
sources:
  - what: Illustrative
effective_from: 2024-09-01T00:00:00+01:00
published_at: 2024-08-01T00:00:00+01:00
making:
  consulted: {on: 2024-06-03}
  data_protection: {on: 2024-07-01}
  equality: {on: 2024-07-01}
clock:
  working_days: 5
  urgent_working_days: 1
  calendar: england-and-wales
retention:
  days: 30
  words: Thirty days.
  verified: yes
transport: secure mail
decided_by: a disclosure officer
statutes_as_at: 2024-09-01
items: core
"""
SMALL_POLICY = """\
@id("gateway.missing")
@clause("1")
@says("A force may ask about a missing student.")
permit (principal in OrgGroup::"police-force", action == Action::"Disclose", resource in ItemClass::"core")
when { context.purpose == Purpose::"missing-student" };

@id("closed-list")
@clause("2")
@says("Only listed items leave.")
@consequence("refuse")
forbid (principal, action, resource)
unless { resource in ItemClass::"core" };

@id("missing-long-enough")
@clause("3")
@says("Nobody has seen the student for three days.")
@consequence("refuse")
@cure("Say for how many days nobody has seen the student.")
forbid (principal, action, resource)
unless { context has missing_days && context.missing_days >= 3 };

@id("family-asked")
@clause("4")
@says("The family has been asked.")
@consequence("return")
forbid (principal, action, resource)
unless { context.declared.asked_the_family };

@id("not-too-often")
@clause("5")
@says("A force that asked five times this month waits.")
@consequence("refuse")
forbid (principal, action, resource)
when { context has earlier_requests && context.earlier_requests >= 5 };

@id("welfare")
@clause("6")
@says("The student's welfare calls for it.")
@consequence("refuse")
forbid (principal, action, resource)
unless { context.judged.welfare };
"""
SMALL_TEXT = "# Missing students\n" + "".join(f"## Clause {number} {{#c{number}}}\n" for number in range(1, 7))
SMALL_INVARIANTS = """\
@id("never-clinical")
@clause("1")
@says("No clinical information leaves.")
@consequence("refuse")
forbid (principal, action, resource in ItemClass::"clinical");
"""


def small_files(**changed: str | None) -> dict[str, str]:
    """Return the files of the small family; a keyword replaces one (None takes it away).

    Keywords: vocabulary, agreement, policy, text, invariants, cases, offences, instrument, forbid.
    """
    files: dict[str, str | None] = {
        "vocabulary.yaml": changed.get("vocabulary", SMALL_VOCABULARY),
        "2024-09/agreement.yaml": changed.get("agreement", SMALL_AGREEMENT),
        "2024-09/policy.cedar": changed.get("policy", SMALL_POLICY),
        "2024-09/text.md": changed.get("text", SMALL_TEXT),
        "invariants.cedar": changed.get("invariants", SMALL_INVARIANTS),
        "cases.yaml": changed.get("cases"),
        "../offences.yaml": changed.get("offences", shipped_files()["police"]["../offences.yaml"]),
        "instruments/2025-01-01-act/instrument.yaml": changed.get("instrument"),
        "instruments/2025-01-01-act/forbid.cedar": changed.get("forbid"),
        "instruments/2025-01-01-act/text.md": "An act." if changed.get("instrument") else None,
    }
    return {path: text for path, text in files.items() if text is not None}


def small_version(**changed: str | None) -> Version:
    """Return the only version of the small family."""
    return read_family(small_files(**changed)).versions[0]


def small_asked(
    *,
    facts: Mapping[str, FactValue] | None = None,
    declarations: frozenset[Slug] = frozenset({Slug("asked_the_family")}),
    items: frozenset[DataItem] = frozenset({DataItem.NAME}),
    judged: Mapping[Slug, bool] | None = None,
    urgency: str = "",
) -> Asked:
    """Return a request under the small family that only a judgement stands in the way of."""
    stated: Mapping[str, FactValue] = {"missing_days": 4} if facts is None else facts
    return Asked(
        requester=OrganisationId("greater-manchester-police"),
        family=AgreementFamily("university"),
        purpose=Slug("missing-student"),
        items=items,
        facts=frozenset((name, value.__class__, value) for name, value in stated.items()),
        declarations=declarations,
        judged=frozenset((judged or {}).items()),
        urgency=urgency,
    )
