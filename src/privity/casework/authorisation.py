"""Who may do what: one table of role, operation, relation to the case and status. It is data, and it is the law here.

Rules of the table:
- What no line allows is refused. There is no line for everybody and no line that takes away.
- Whoever may not read a case may not learn that it is there: the answer is the same as for no case at all.
- The table says who may try; the acts still say whether it can be done (two people, officers before the guardian).
- Nothing that shows or names a person is open to the department, the auditor or the administrator.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from privity.casework.lifecycle import (
    AFTER_TRACE,
    ASKABLE,
    IDENTITY_STATUSES,
    PURPOSE_STATUSES,
    READY,
    SCREENED,
    WITHDRAWABLE,
    Status,
)
from privity.definitions.party import GATEWAY, Officer, Role
from privity.errors import Mistaken
from privity.judgement.determination import Stage

if TYPE_CHECKING:
    from privity.casework.case_file import CaseFile


class Operation(StrEnum):
    """Everything a person or a requester's system can ask the gateway to do beyond what is public."""

    READ_QUEUE = "read-queue"
    """See which cases are open and when they are due; it names nobody sought."""
    READ_CASE = "read-case"
    """Open a case at the custodian's desk."""
    READ_CANDIDATES = "read-candidates"
    """See the candidates' records beside the particulars; each time is on record."""
    TAKE = "take"
    """Take charge of a case."""
    SEND_MAIL_AGAIN = "send-mail-again"
    """Have a mail about a case tried again that was refused."""
    NOTE = "note"
    """Write a note into a case's history, whether or not the clock stands still."""
    ASK = "ask"
    """Put a question to the requester."""
    CHASE = "chase"
    """Remind the requester of a question; the clock stands still all the while."""
    END_CASE = "end-case"
    """End a case that nobody at the requester follows any more."""
    ASSIGN = "assign"
    """Put somebody else in charge of a case, and see who has how much to do."""
    HOLD = "hold"
    """Keep a case from being destroyed for a court, a complaint, an incident or the person; or no longer."""
    INCIDENT = "incident"
    """Put an error or near miss on record, report it, close it."""
    REVIEW = "review"
    """Read a closed case that a sample drew, and say what was found."""
    DETERMINE_PURPOSE = "determine-purpose"
    """Give a view on a question reserved to people, before anybody is looked up."""
    TRACE = "trace"
    """Have the person of an approved case traced."""
    SET_TRACE_ASIDE = "set-trace-aside"
    """Set aside what a trace found, with everything said about it, so that the person is traced again."""
    DETERMINE_IDENTITY = "determine-identity"
    """Say which candidate, if any, is the person."""
    CLOSE_PROTECTED = "close-protected"
    """Decide on a case whose record is protected."""
    SCREEN = "screen"
    """Take the safety screen before a release: the record and its household are looked at once more."""
    DRAFT_LETTER = "draft-letter"
    """Write the letter that is forwarded instead of an address, or give the case back to the guardian."""
    FORWARD_LETTER = "forward-letter"
    """Read a colleague's letter, see the envelope, and post it."""
    RELEASE = "release"
    """Seal the answer."""
    LIST_OWN = "list-own"
    """List the requests of one's own organisation."""
    CHECK = "check"
    """Ask which clauses a request would fail, before it is sent."""
    SUBMIT = "submit"
    """Write and send a request, or a file of them."""
    COUNTERSIGN = "countersign"
    """Countersign a colleague's request before it is sent."""
    READ_OWN = "read-own"
    """See where a request of one's own organisation stands."""
    ANSWER = "answer"
    """Answer a question the custodian put."""
    WITHDRAW = "withdraw"
    """Take a request back."""
    COLLECT = "collect"
    """Fetch the sealed answer and say that one has it."""
    CONFIRM_DESTRUCTION = "confirm-destruction"
    """Say that what was received is destroyed."""
    CHALLENGE = "challenge"
    """Challenge a refusal, or go on with a challenge."""
    REPLY = "reply"
    """Reply to a challenge for the custodian, or broker it for the department."""
    GUARD = "guard"
    """Draw samples, see where the guardian's word stood against an officer's, suspend an agreement."""
    OVERSEE = "oversee"
    """See volumes, timeliness and incidents: counts and references, never a person's particulars."""
    READ_TRACER = "read-tracer"
    """See how the tracer stands under its certificate."""
    CERTIFY_TRACER = "certify-tracer"
    """Put a certificate of the tracer in force."""
    SUSPEND_TRACER = "suspend-tracer"
    """Stop automatic proposals."""
    RESUME_TRACER = "resume-tracer"
    """Let automatic proposals go on."""
    READ_ALERTS = "read-alerts"
    """See the alerts about fishing, and the approaches without an agreement; they name nobody sought."""
    ANSWER_ALERT = "answer-alert"
    """Say what an alert about fishing was."""
    REPORT_APPROACH = "report-approach"
    """Put on record that a body without an agreement asked, and was refused."""
    LIST_CHALLENGES = "list-challenges"
    """List the challenges there are."""
    READ_CHALLENGE = "read-challenge"
    """Read a challenge with the clauses of the refusal; it shows no particulars."""
    KEEP_CALENDAR = "keep-calendar"
    """Proclaim a bank holiday, or take a proclamation back."""
    READ_HEALTH_WORDS = "read-health-words"
    """See which words are kept out of debts."""
    ADD_HEALTH_WORD = "add-health-word"
    """Keep a word of the custodian's own out of debts."""
    TAKE_BACK_HEALTH_WORD = "take-back-health-word"
    """Let a word of the custodian's own pass again."""
    KEEP_CONTACTS = "keep-contacts"
    """Say at which mailbox an organisation is told that something waits."""

    LIST_DEBTS = "list-debts"
    """See the debts a trust reports, where each stands, and one of them whole."""
    TAKE_DEBTS = "take-debts"
    """Take in a file of debts from the finance system, or corrections."""
    SETTLE_DEBTS = "settle-debts"
    """Say that debts are settled, or should not have been reported."""
    CHECK_DEBT = "check-debt"
    """Give a view on a debt or a settlement, before it goes out."""
    COLLATE_DEBTS = "collate-debts"
    """Run a month: seal what is ready, and take back what is settled."""
    RECEIPT_FOR_DEBT = "receipt-for-debt"
    """Give the patient a receipt that a report was taken back."""
    LIST_COLLATIONS = "list-collations"
    """List the monthly runs: how many went out and came back, and nobody's name."""
    COLLECT_COLLATION = "collect-collation"
    """Fetch a month's sealed collation at the organisation that collates, and say that one has it."""

    READ_PEOPLE = "read-people"
    """See who has an account, with which role."""
    READ_PROPOSALS = "read-proposals"
    """See what waits for a second person; the guardian sees publications only."""
    PROPOSE = "propose"
    """Put forward what a second person has to confirm, or take it back."""
    CONFIRM = "confirm"
    """Confirm a person, role, reset, link or system that somebody else put forward."""
    CONFIRM_PUBLICATION = "confirm-publication"
    """Confirm that a version or instrument of an agreement is published."""
    TAKE_AWAY = "take-away"
    """Take a role, account, session or system away, alone and at once."""
    KEEP_ORGANISATIONS = "keep-organisations"
    """List organisations and make another known."""
    KEEP_CERTIFICATES = "keep-certificates"
    """List certificates, put one forward, or approve what somebody else put forward."""
    REVOKE_CERTIFICATE = "revoke-certificate"
    """Take a certificate away at once."""
    READ_SHELF = "read-shelf"
    """See which versions lie on the shelf, published or not."""
    READ_ENTRIES = "read-entries"
    """Read the ledger's entries one by one; they name nobody."""
    TAKE_REGISTER = "take-register"
    """Take a register in, or put people into it; with a second person where it moves further than the limits."""
    CONFIRM_REGISTER = "confirm-register"
    """Be one of the two who confirm a register that moves further than the limits."""
    READ_RESTORE = "read-restore"
    """See what a restore may have lost: counts, references and days, never a person sought."""
    ACKNOWLEDGE_RESTORE = "acknowledge-restore"
    """Be one of the two who say that what a restore may have lost is understood."""
    READ_READINGS = "read-readings"
    """See how often and for which case the register was read; being shown it is on record."""
    EXPORT_LEDGER = "export-ledger"
    """Take the whole ledger away, to check it elsewhere."""
    VERIFY_LEDGER = "verify-ledger"
    """Have the whole ledger checked here, entry by entry."""

    @property
    def is_on_a_case(self) -> bool:
        """Return whether the operation is done to one case."""
        return self not in _OF_NO_CASE


_OF_NO_CASE = frozenset(
    {
        Operation.READ_QUEUE,
        Operation.LIST_OWN,
        Operation.CHECK,
        Operation.SUBMIT,
        Operation.COUNTERSIGN,
        Operation.READ_TRACER,
        Operation.CERTIFY_TRACER,
        Operation.SUSPEND_TRACER,
        Operation.RESUME_TRACER,
        Operation.READ_ALERTS,
        Operation.ANSWER_ALERT,
        Operation.REPORT_APPROACH,
        Operation.LIST_CHALLENGES,
        Operation.GUARD,
        Operation.OVERSEE,
        Operation.LIST_DEBTS,
        Operation.TAKE_DEBTS,
        Operation.SETTLE_DEBTS,
        Operation.CHECK_DEBT,
        Operation.COLLATE_DEBTS,
        Operation.RECEIPT_FOR_DEBT,
        Operation.LIST_COLLATIONS,
        Operation.COLLECT_COLLATION,
        Operation.KEEP_CALENDAR,
        Operation.READ_HEALTH_WORDS,
        Operation.ADD_HEALTH_WORD,
        Operation.TAKE_BACK_HEALTH_WORD,
        Operation.KEEP_CONTACTS,
        Operation.READ_PEOPLE,
        Operation.READ_PROPOSALS,
        Operation.PROPOSE,
        Operation.CONFIRM,
        Operation.CONFIRM_PUBLICATION,
        Operation.TAKE_AWAY,
        Operation.KEEP_ORGANISATIONS,
        Operation.KEEP_CERTIFICATES,
        Operation.REVOKE_CERTIFICATE,
        Operation.READ_SHELF,
        Operation.READ_ENTRIES,
        Operation.READ_READINGS,
        Operation.READ_RESTORE,
        Operation.ACKNOWLEDGE_RESTORE,
        Operation.TAKE_REGISTER,
        Operation.CONFIRM_REGISTER,
        Operation.EXPORT_LEDGER,
        Operation.VERIFY_LEDGER,
    }
)


class Relation(StrEnum):
    """What somebody is to the case, or to the question on it, that the operation is about."""

    NONE = "none"
    """The operation is on no case."""
    CUSTODIAN = "custodian"
    """Works at the custodian, and has given no view on the question asked."""
    JUDGED = "own-determination"
    """Works at the custodian, and has given a view on the question asked."""
    SENDER = "own-case"
    """Sent the request."""
    COLLEAGUE = "own-organisation"
    """Belongs to the organisation whose request it is, and did not send it."""
    OVERSEER = "overseer"
    """Works at the department that oversees and brokers."""
    STRANGER = "other-organisation"
    """Belongs to another organisation."""


class Permission(StrEnum):
    """What the table answers."""

    ALLOWED = "allowed"
    """It may be tried."""
    REFUSED = "refused"
    """Not for this person, or not as the case stands."""
    UNSEEN = "unseen"
    """For this person there is no such case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One line of the table. `statuses` is empty where the operation is on no case."""

    operation: Operation
    role: Role
    relations: frozenset[Relation]
    statuses: frozenset[Status] = frozenset()


_EVERY = frozenset(Status)
_OPEN = frozenset(status for status in Status if not status.is_closed)
_CLOSED = frozenset(status for status in Status if status.is_closed)
_AT_THE_DESK = (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
_WHO_SEES_THE_TRACER = (*_AT_THE_DESK, Role.ADMINISTRATOR, Role.AUDITOR, Role.DEPARTMENT)
_DESK = (Relation.CUSTODIAN, Relation.JUDGED)
_OWN = (Relation.SENDER, Relation.COLLEAGUE)
_ANSWERED = (Status.SEALED, Status.SENT, Status.COLLECTED, Status.UNTRACED)
_GUARDIANS = frozenset({Status.IDENTITY_DIVIDED, Status.PROTECTED, Status.HARM_REVIEW, Status.UNIDENTIFIED})
_O = Operation


def _grants(
    operation: Operation, roles: Iterable[Role], relations: Iterable[Relation], statuses: Iterable[Status] = ()
) -> Iterator[Grant]:
    for role in roles:
        yield Grant(operation=operation, role=role, relations=frozenset(relations), statuses=frozenset(statuses))


TABLE: tuple[Grant, ...] = (
    *_grants(_O.READ_QUEUE, _AT_THE_DESK, (Relation.NONE,)),
    *_grants(_O.READ_CASE, _AT_THE_DESK, _DESK, _EVERY),
    *_grants(_O.READ_CANDIDATES, (Role.DISCLOSURE_OFFICER,), _DESK, IDENTITY_STATUSES),
    *_grants(_O.READ_CANDIDATES, (Role.GUARDIAN,), _DESK, (*IDENTITY_STATUSES, Status.PROTECTED)),
    *_grants(_O.TAKE, _AT_THE_DESK, _DESK, _OPEN),
    *_grants(_O.NOTE, _AT_THE_DESK, _DESK, _EVERY),
    *_grants(_O.SEND_MAIL_AGAIN, _AT_THE_DESK, _DESK, _EVERY),
    *_grants(_O.ASK, _AT_THE_DESK, _DESK, ASKABLE),
    *_grants(_O.CHASE, _AT_THE_DESK, _DESK, (Status.WITH_REQUESTER,)),
    *_grants(_O.END_CASE, (Role.GUARDIAN,), _DESK, WITHDRAWABLE),
    *_grants(_O.ASSIGN, _AT_THE_DESK, _DESK, _OPEN),
    *_grants(_O.HOLD, _AT_THE_DESK, _DESK, _EVERY),
    *_grants(_O.INCIDENT, _AT_THE_DESK, _DESK, _EVERY),
    *_grants(_O.REVIEW, (Role.GUARDIAN,), _DESK, _CLOSED),
    *_grants(_O.GUARD, (Role.GUARDIAN,), (Relation.NONE,)),
    *_grants(_O.OVERSEE, (Role.GUARDIAN, Role.DEPARTMENT), (Relation.NONE,)),
    *_grants(_O.DETERMINE_PURPOSE, _AT_THE_DESK, (Relation.CUSTODIAN,), PURPOSE_STATUSES),
    *_grants(_O.TRACE, _AT_THE_DESK, _DESK, (Status.APPROVED,)),
    *_grants(_O.SET_TRACE_ASIDE, (Role.DISCLOSURE_OFFICER,), _DESK, set(AFTER_TRACE) - _GUARDIANS),
    *_grants(_O.SET_TRACE_ASIDE, (Role.GUARDIAN,), _DESK, AFTER_TRACE),
    *_grants(_O.DETERMINE_IDENTITY, _AT_THE_DESK, (Relation.CUSTODIAN,), IDENTITY_STATUSES),
    *_grants(_O.CLOSE_PROTECTED, (Role.GUARDIAN,), _DESK, (Status.PROTECTED,)),
    *_grants(_O.SCREEN, (Role.DISCLOSURE_OFFICER,), _DESK, (Status.IDENTIFIED,)),
    *_grants(_O.SCREEN, (Role.GUARDIAN,), _DESK, SCREENED),
    *_grants(_O.DRAFT_LETTER, _AT_THE_DESK, _DESK, (Status.FORWARDING,)),
    *_grants(_O.FORWARD_LETTER, _AT_THE_DESK, _DESK, (Status.FORWARDING,)),
    *_grants(_O.RELEASE, _AT_THE_DESK, _DESK, READY),
    *_grants(_O.LIST_OWN, (Role.REQUESTING_OFFICER,), (Relation.NONE,)),
    *_grants(_O.CHECK, (Role.REQUESTING_OFFICER,), (Relation.NONE,)),
    *_grants(_O.SUBMIT, (Role.REQUESTING_OFFICER,), (Relation.NONE,)),
    *_grants(_O.COUNTERSIGN, (Role.REQUESTING_OFFICER,), (Relation.NONE,)),
    *_grants(_O.READ_OWN, (Role.REQUESTING_OFFICER,), _OWN, _EVERY),
    *_grants(_O.ANSWER, (Role.REQUESTING_OFFICER,), _OWN, (Status.WITH_REQUESTER,)),
    *_grants(_O.WITHDRAW, (Role.REQUESTING_OFFICER,), _OWN, WITHDRAWABLE),
    *_grants(_O.COLLECT, (Role.REQUESTING_OFFICER,), _OWN, _ANSWERED),
    *_grants(_O.CONFIRM_DESTRUCTION, (Role.REQUESTING_OFFICER,), _OWN, (Status.SENT, Status.COLLECTED)),
    *_grants(_O.CHALLENGE, (Role.REQUESTING_OFFICER,), _OWN, (Status.REFUSED,)),
    *_grants(_O.REPLY, (Role.GUARDIAN,), _DESK, (Status.REFUSED,)),
    *_grants(_O.REPLY, (Role.DEPARTMENT,), (Relation.OVERSEER,), (Status.REFUSED,)),
    *_grants(_O.READ_TRACER, _WHO_SEES_THE_TRACER, (Relation.NONE,)),
    *_grants(_O.CERTIFY_TRACER, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.SUSPEND_TRACER, _AT_THE_DESK, (Relation.NONE,)),
    *_grants(_O.RESUME_TRACER, (Role.GUARDIAN,), (Relation.NONE,)),
    *_grants(_O.READ_ALERTS, (Role.GUARDIAN, Role.DEPARTMENT), (Relation.NONE,)),
    *_grants(_O.ANSWER_ALERT, (Role.GUARDIAN,), (Relation.NONE,)),
    *_grants(_O.REPORT_APPROACH, (*_AT_THE_DESK, Role.GP_PRACTICE), (Relation.NONE,)),
    *_grants(_O.LIST_CHALLENGES, (Role.GUARDIAN, Role.DEPARTMENT), (Relation.NONE,)),
    *_grants(_O.LIST_DEBTS, (*_AT_THE_DESK, Role.OVERSEAS_VISITOR_OFFICER), (Relation.NONE,)),
    *_grants(_O.TAKE_DEBTS, (Role.OVERSEAS_VISITOR_OFFICER,), (Relation.NONE,)),
    *_grants(_O.SETTLE_DEBTS, (Role.OVERSEAS_VISITOR_OFFICER,), (Relation.NONE,)),
    *_grants(_O.CHECK_DEBT, _AT_THE_DESK, (Relation.NONE,)),
    *_grants(_O.COLLATE_DEBTS, (Role.OVERSEAS_VISITOR_OFFICER, Role.SYSTEM), (Relation.NONE,)),
    *_grants(_O.RECEIPT_FOR_DEBT, (Role.OVERSEAS_VISITOR_OFFICER,), (Relation.NONE,)),
    *_grants(_O.LIST_COLLATIONS, (*_AT_THE_DESK, Role.OVERSEAS_VISITOR_OFFICER), (Relation.NONE,)),
    *_grants(_O.COLLECT_COLLATION, (Role.REQUESTING_OFFICER,), (Relation.NONE,)),
    *_grants(_O.READ_CHALLENGE, (Role.GUARDIAN,), _DESK, (Status.REFUSED,)),
    *_grants(_O.READ_CHALLENGE, (Role.DEPARTMENT,), (Relation.OVERSEER,), (Status.REFUSED,)),
    *_grants(_O.KEEP_CALENDAR, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.READ_HEALTH_WORDS, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.ADD_HEALTH_WORD, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.TAKE_BACK_HEALTH_WORD, (Role.GUARDIAN,), (Relation.NONE,)),
    *_grants(_O.KEEP_CONTACTS, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.READ_PEOPLE, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.READ_PROPOSALS, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.PROPOSE, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.CONFIRM, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.CONFIRM_PUBLICATION, (Role.GUARDIAN,), (Relation.NONE,)),
    *_grants(_O.TAKE_AWAY, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.KEEP_ORGANISATIONS, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.KEEP_CERTIFICATES, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.REVOKE_CERTIFICATE, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.READ_SHELF, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.READ_ENTRIES, (Role.AUDITOR,), (Relation.NONE,)),
    *_grants(_O.TAKE_REGISTER, (Role.ADMINISTRATOR,), (Relation.NONE,)),
    *_grants(_O.CONFIRM_REGISTER, (Role.ADMINISTRATOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.READ_RESTORE, (*_AT_THE_DESK, Role.ADMINISTRATOR), (Relation.NONE,)),
    *_grants(_O.ACKNOWLEDGE_RESTORE, (*_AT_THE_DESK, Role.ADMINISTRATOR), (Relation.NONE,)),
    *_grants(_O.READ_READINGS, (Role.AUDITOR, Role.GUARDIAN), (Relation.NONE,)),
    *_grants(_O.EXPORT_LEDGER, (Role.AUDITOR,), (Relation.NONE,)),
    *_grants(_O.VERIFY_LEDGER, (Role.AUDITOR,), (Relation.NONE,)),
)
"""Everything that is allowed."""

_READING = (_O.READ_CASE, _O.READ_OWN, _O.READ_CHALLENGE)
_ALLOWED = frozenset(
    (grant.operation, grant.role, relation, status)
    for grant in TABLE
    for relation in grant.relations
    for status in (grant.statuses or (None,))
)


def permission(operation: Operation, role: Role, relation: Relation, status: Status | None) -> Permission:
    """Return what the table says.

    Args: status: where the case stands, or None for an operation on no case.
    """
    if (operation, role, relation, status) in _ALLOWED:
        return Permission.ALLOWED
    if status is None:
        return Permission.REFUSED
    knows = operation not in _READING and any((reading, role, relation, status) in _ALLOWED for reading in _READING)
    return Permission.REFUSED if knows else Permission.UNSEEN


def relation_of(by: Officer, file: "CaseFile", *, stage: str = "", question: str = "") -> Relation:
    """Return what somebody is to a case.

    Args: stage, question: the question an answer is about, where the operation is to give one.
    """
    if by.role is Role.DEPARTMENT:
        return Relation.OVERSEER
    if by.organisation == file.organisation:
        return Relation.SENDER if file.history and file.history[0].staff_id == by.staff_id else Relation.COLLEAGUE
    if by.organisation != GATEWAY.organisation:
        return Relation.STRANGER
    judged = bool(stage) and any(
        (view.staff_id, view.version) == (by.staff_id, file.state.version)
        for view in file.given(Stage(stage), question)
    )
    return Relation.JUDGED if judged else Relation.CUSTODIAN


def must_be_allowed(
    operation: Operation, by: Officer, file: "CaseFile | None" = None, *, stage: str = "", question: str = ""
) -> None:
    """Raise unless the table allows it. Every way to an act passes here, whatever page or program it came by.

    Raises: Mistaken: not allowed; `NoSuchCase` where the person may not learn that there is such a case.
    """
    relation = relation_of(by, file, stage=stage, question=question) if file else Relation.NONE
    match permission(operation, by.role, relation, file.status if file else None):
        case Permission.ALLOWED:
            return
        case Permission.UNSEEN:
            raise NoSuchCase
        case Permission.REFUSED:
            # The requester must not learn more about where a case stands than its own page says.
            why = "your role does not allow it, or it cannot be done as the case stands now"
            raise NotAllowed(
                "nothing was done", why=why, next_step="look at the case again, or ask somebody whose turn it is"
            )


class NotAllowed(Mistaken):
    """Not for this person, or not now."""


class NoSuchCase(Mistaken):
    """There is no such case, or none that this person may know of: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "the case was not found",
            why="no case has that reference, or it is not yours to see",
            next_step="copy the reference from the acknowledgement",
        )
