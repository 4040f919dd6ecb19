"""Permits read back from a case's own records: nothing but recorded determinations can open the register."""

import json

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status
from privity.definitions.clause import CitedClause, ClauseRef
from privity.definitions.item import DataItem
from privity.definitions.reference import AgreementFamily, Slug, VersionName
from privity.errors import Mistaken
from privity.judgement.decision import Approved, ApprovedPurpose, Refused, decide_identity, decide_purpose
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Agreed

ORDERED = "ordered"
PERMITTED = "permitted"
AFTER_APPROVAL = frozenset(
    {
        Status.APPROVED,
        Status.JUDGING_IDENTITY,
        Status.IDENTITY_DIVIDED,
        Status.PROTECTED,
        Status.IDENTIFIED,
        Status.HARM_REVIEW,
        Status.FORWARDING,
        Status.FORWARDED,
        Status.UNIDENTIFIED,
    }
)
"""The statuses in which the purpose stands approved and nothing has left."""
LEAVING = frozenset({Status.SEALED, Status.SENT})
"""The statuses in which what was sealed leaves, or leaves once more."""
AFTER_IDENTITY = frozenset({Status.IDENTIFIED, Status.HARM_REVIEW, Status.FORWARDING}) | LEAVING
"""The statuses in which the record two people identified may be read."""


def open_questions(file: CaseFile) -> frozenset[Slug]:
    """Return the reserved questions the newest assessment leaves to people."""
    return frozenset(Slug(question["name"]) for question in json.loads(file.assessment.questions))


def purpose_clauses(file: CaseFile) -> tuple[CitedClause, ...]:
    """Return the clauses the newest assessment cites, with their words."""
    family, _, version = file.assessment.version.partition("@")
    return tuple(
        CitedClause(
            ref=ClauseRef(family=AgreementFamily(family), version=VersionName(version), clause=cited["clause"]),
            says=cited["says"],
        )
        for cited in json.loads(file.assessment.cited)
    )


def purpose_permit(file: CaseFile) -> ApprovedPurpose:
    """Return the permit to read the register for a case.

    Raises: Mistaken: the purpose is not approved. Impossible: the records do not bear the approval out.
    """
    if file.status not in AFTER_APPROVAL or file.assessment.standing not in (ORDERED, PERMITTED):
        raise Mistaken(
            "the register was not read",
            why=f"the purpose of the case is not approved (it is `{file.status.value}`)",
            next_step="decide the purpose first",
        )
    return _approved_purpose(file)


def _approved_purpose(file: CaseFile) -> ApprovedPurpose:
    """Return the permit that the newest assessment and the determinations under it amount to."""
    assessment = file.assessment
    questions = {record.question for record in file.determinations if record.stage == Stage.PURPOSE.value}
    agreed = [
        settled
        for question in sorted(questions)
        if isinstance(settled := file.consulted(Stage.PURPOSE, question, assessment.version), Agreed)
    ]
    decided = decide_purpose(
        case=file.reference,
        requester=file.organisation,
        version=assessment.version,
        items=frozenset(
            DataItem(found["item"]) for found in json.loads(assessment.items) if found["outcome"] == PERMITTED
        ),
        clauses=purpose_clauses(file),
        refusing=(),
        agreed=agreed,
        permitted=True,
    )
    if isinstance(decided, Refused):
        raise Mistaken(
            "the register was not read",
            why="nobody's determinations stand behind the approval",
            next_step="decide the purpose first",
        )
    return decided


def identity_permit(file: CaseFile, question: Slug) -> Approved:
    """Return the permit to disclose the record two people identified.

    Raises: Mistaken: nobody has been identified.
    """
    settled = file.consulted(Stage.IDENTITY, question, file.state.version)
    if isinstance(settled, Agreed) and file.status in AFTER_IDENTITY:
        decided = decide_identity(_approved_purpose(file), settled)
        if isinstance(decided, Approved):
            return decided
    raise Mistaken(
        "nothing was released",
        why=f"two people have not identified anybody (the case is `{file.status.value}`)",
        next_step="judge the identity first",
    )
