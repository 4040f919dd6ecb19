"""What each act of a case is called on a page. The ledger's names are for machines."""

from collections.abc import Mapping

from django.utils.translation import gettext

from privity.ledger.entry_kind import EntryKind

K = EntryKind
TOLD: Mapping[EntryKind, str] = {
    K.CASE_OPENED: "Request received",
    K.CASE_ASSESSED: "Agreement asked",
    K.CASE_RETURNED: "Sent back as incomplete",
    K.CASE_REFERRED: "Referred",
    K.CASE_HELD: "Held",
    K.CASE_WITHDRAWN: "Withdrawn by the requester",
    K.CASE_CLOSED: "Closed",
    K.QUESTION_ASKED: "Question to the requester",
    K.QUESTION_ANSWERED: "Answer from the requester",
    K.PURPOSE_DETERMINED: "View on the purpose recorded",
    K.PURPOSE_DECIDED: "Purpose decided",
    K.REGISTER_READ: "Register read",
    K.TRACE_FINISHED: "Trace finished",
    K.IDENTITY_DETERMINED: "View on the identity recorded",
    K.IDENTITY_DECIDED: "Identity decided",
    K.SECOND_OFFERED: "Second view offered",
    K.QUESTION_CHASED: "Requester reminded of the question",
    K.CASE_REVIEWED: "Read by the guardian in a sample",
    K.SAFETY_SCREENED: "Safety screen taken",
    K.LETTER_DRAFTED: "Letter drafted",
    K.LETTER_FORWARDED: "Letter forwarded",
    K.DISCLOSURE_INTENDED: "Release begun",
    K.PACK_SEALED: "Answer sealed",
    K.PACK_SENT: "Answer sent",
    K.PACK_COLLECTED: "Answer collected",
    K.PACK_FAILED: "Sending failed",
    K.PACK_CLAIMED: "Unsigned receipt came in",
    K.NOTICE_SEALED: "Notice sealed",
    K.NOTICE_SENT: "Notice sent",
    K.NOTICE_FAILED: "Correction or recall not delivered",
    K.NOTICE_COLLECTED: "Notice collected",
    K.DESTRUCTION_DUE: "Destruction due",
    K.DESTRUCTION_CONFIRMED: "Destruction confirmed",
    K.DESTRUCTION_OVERDUE: "Destruction overdue",
    K.DESTRUCTION_REFUSED: "Confirmation of destruction refused",
    K.DESTRUCTION_ESCALATED: "Department told of overdue destruction",
    K.DESTRUCTION_ALLOWED: "Destruction here allowed by one of two",
    K.HOLD_PLACED: "Kept beyond its time",
    K.HOLD_LIFTED: "No longer kept beyond its time",
    K.INCIDENT_OPENED: "Incident opened",
    K.INCIDENT_REPORTED: "Incident reported",
    K.INCIDENT_CLOSED: "Incident closed",
    K.KEY_DESTROYED: "Key of the case destroyed",
    K.CHALLENGE_RAISED: "Decision challenged",
    K.CHALLENGE_ANSWERED: "Challenge answered",
    K.SUBJECT_CODE_GIVEN: "The person was given a code to ask with",
    K.SUBJECT_ASKED: "The person asked what was disclosed",
    K.SUBJECT_ANSWERED: "The person was answered",
    K.SUBJECT_WISHED: "Where the person is told was set",
    K.SUBJECT_TOLD: "The person was told that there is something to read",
    K.ASSIGNMENT_CHANGED: "Person in charge changed",
    K.DUE_MOVED: "Due date moved",
    K.NOTE_ADDED: "Note added",
    K.DEBT_TAKEN: "Debt taken in",
    K.DEBT_ASSESSED: "Agreement asked about the debt",
    K.DEBT_JUDGED: "One person checked it",
    K.DEBT_CANCELLED: "Dropped before it was reported",
    K.DEBT_SETTLED: "Settlement recorded",
    K.DEBT_REPORTED: "Reported in the monthly run",
    K.DEBT_RETRACTED: "Report taken back in the monthly run",
    K.DEBT_ACKNOWLEDGED: "Taking back acknowledged",
    K.DEBT_RECEIPT_GIVEN: "Receipt given to the patient",
}
"""The acts that can stand in a case's history."""
TOLD_ELSEWHERE: Mapping[EntryKind, str] = {
    K.INSTANCE_OPENED: "Instance opened",
    K.REGISTER_IMPORTED: "Register taken in",
    K.ORGANISATION_ENROLLED: "Organisation made known",
    K.ORGANISATION_TOLD_AT: "Mailbox of an organisation set",
    K.ORGANISATION_WRITTEN_TO: "Language of an organisation chosen",
    K.OFFICER_ENROLLED: "Enrolled",
    K.ROLE_GRANTED: "Trusted with a role",
    K.ROLE_REVOKED: "Role taken away",
    K.OFFICER_CLOSED: "Account closed",
    K.OFFICER_SIGNED_OUT: "Every session ended",
    K.OFFICER_LINKED: "Linked to a sign-on",
    K.FACTOR_ENROLLED: "Second proof enrolled",
    K.FACTOR_RESET: "Credentials made void",
    K.PROPOSAL_MADE: "Something put forward",
    K.PROPOSAL_ENDED: "A proposal decided",
    K.PROGRAM_ADDED: "Requester’s system added",
    K.PROGRAM_REVOKED: "Requester’s system revoked",
    K.CERTIFICATE_ENROLLED: "Certificate put forward",
    K.CERTIFICATE_APPROVED: "Certificate approved",
    K.CERTIFICATE_REVOKED: "Certificate revoked",
    K.AGREEMENT_PUBLISHED: "Agreement published",
    K.AGREEMENT_SUSPENDED: "Agreement suspended",
    K.AGREEMENT_RESUMED: "Agreement resumed",
    K.AGREEMENT_WITHDRAWN: "Agreement withdrawn",
    K.BATCH_TAKEN: "File of requests taken in",
    K.LEDGER_PADDING: "Nothing happened (padding)",
}
"""The acts of the instance that administrators and auditors read of."""


def act_words(kind: str) -> str:
    """Return what an act is called; one without words of its own keeps the ledger's name, readably."""
    told = next((words for known, words in {**TOLD, **TOLD_ELSEWHERE}.items() if known == kind), "")
    return gettext(told) if told else kind.replace(".", ": ").replace("-", " ").capitalize()
