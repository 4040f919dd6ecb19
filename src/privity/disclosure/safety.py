"""The safety screen: what is looked at once more before anything leaves, and who may then decide what.

Rules of the module:
- What was found is a `Sight`: flags and counts of one moment. It holds nobody's particulars, so it can be kept.
- The screen is true for what it saw. Where anything it looked at has changed, or a day has passed, it is taken again.
- Doubt goes to the guardian: a household nobody can count, a protected person at the address, a `yes` or `cannot tell`.
- A protected record is never released, by nobody.
- What could not be told to a requester safely can still be turned into a letter: the address stays here.

Source: domain.md 7 (safety screen before release: household risk, protected record, welfare flags; refuse or redirect;
an address changed after the request is checked again), 2.1 (letter forwarding, where the address never leaves). The
questions, and that a screen lasts a day, are ours.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from privity.definitions.party import Role
from privity.protection.household import Household
from privity.protection.signs import Signs

FRESH_FOR = timedelta(hours=24)
"""How long a screen stands. After it, it is taken again even where nothing has changed."""


class Demand(StrEnum):
    """What a concern asks for."""

    ANSWERS = "answers"
    """Whoever screens answers the questions with it in mind, and gives reasons."""
    GUARDIAN = "guardian"
    """Only the guardian may let it go on."""
    NEVER = "never"
    """Nobody may let it go on."""
    FIRST = "first"
    """Something must be mended first; then the screen is taken again."""


class Origin(StrEnum):
    """Where the screen has a concern from."""

    REGISTER = "register"
    """The record itself, or a count of those registered at its address."""
    PRACTICE = "practice"
    """What a GP practice registered here."""
    REQUEST = "request"
    """What the requester stated."""
    OFFICER = "officer"
    """What an officer of the custodian weighed on this case."""
    GATEWAY = "gateway"
    """What the gateway keeps: certificates, agreements, what was seen before."""

    @property
    def words(self) -> str:
        """Return the origin as the page shows it."""
        return _FROM[self]


_FROM = {
    Origin.REGISTER: "From the register",
    Origin.PRACTICE: "From a GP practice",
    Origin.REQUEST: "From the request",
    Origin.OFFICER: "From an officer’s view on this case",
    Origin.GATEWAY: "From what is kept here",
}


class Concern(StrEnum):
    """Something the screen found."""

    PROTECTED = "protected"
    """The record is protected now."""
    PROTECTED_BY_PRACTICE = "protected-by-practice"
    """A practice hides the record now."""
    PROTECTED_NEIGHBOUR = "protected-neighbour"
    """Somebody else at the address is protected."""
    COMMUNAL = "communal"
    """So many are registered at the address that it may be a refuge or a hostel."""
    REFUGE_LIKE = "refuge-like"
    """People of many family names are registered at the address, children among them."""
    UNRELATED = "unrelated"
    """People of many family names are registered at the address."""
    FEARED_FOR = "feared-for"
    """A body that fears for the person asked for a protection."""
    PROTECTION_ENDED = "protection-ended"
    """The record was hidden and no longer is."""
    PROTECTION_COMING = "protection-coming"
    """The record will be hidden from a coming day."""
    UNCOUNTED = "uncounted"
    """Nobody can say who else is at the address."""
    ADDRESS_CHANGED = "address-changed"
    """The address is another than the one seen when the record was identified."""
    ADDRESS_UNSEEN = "address-unseen"
    """Nobody who identified the record saw its address, so nobody can say whether it changed."""
    SHARED = "shared"
    """Others are registered at the address."""
    CHILDREN = "children"
    """Children are registered at the address."""
    CHILD = "child"
    """The person is under 18."""
    DECEASED = "deceased"
    """The register says that the person has died."""
    LETTERS_ELSEWHERE = "letters-elsewhere"
    """The person's letters go to another address."""
    LETTERS_BY_PRACTICE = "letters-by-practice"
    """A practice had the person's letters sent to another address."""
    NO_HOME = "no-home"
    """The register has no home of the person, at most an address for letters."""
    HARM_NAMED = "harm-named"
    """An officer weighed that the person or their household may come to harm."""
    WELFARE = "welfare"
    """The request says that a victim, a witness or a missing person is sought, or for somebody's welfare."""
    WELFARE_WEIGHED = "welfare-weighed"
    """An officer weighed that a child or a vulnerable person is concerned."""
    CERTIFICATE_REVOKED = "certificate-revoked"
    """A certificate of the requester was revoked since the record was identified."""
    NO_CERTIFICATE = "no-certificate"
    """The requester has no certificate that anything may be sealed to."""
    AGREEMENT_CHANGED = "agreement-changed"
    """The agreement in force no longer says what it said at approval."""

    @property
    def words(self) -> str:
        """Return the concern as the page shows it."""
        return _WORDS[self]

    @property
    def demand(self) -> Demand:
        """Return what it asks for."""
        return _DEMANDS.get(self, Demand.ANSWERS)

    @property
    def origin(self) -> Origin:
        """Return where the screen has it from."""
        return _ORIGINS.get(self, Origin.REGISTER)


_WORDS = {
    Concern.PROTECTED: "This record is protected now. Nothing of it may leave.",
    Concern.PROTECTED_BY_PRACTICE: "A GP practice hides this record now. Nothing of it may leave.",
    Concern.PROTECTED_NEIGHBOUR: "Somebody else at this address is protected.",
    Concern.COMMUNAL: "Many people are registered at this address. It may be a refuge, a hostel or a home.",
    Concern.REFUGE_LIKE: "People of many family names live at this address, with children. It may be a refuge.",
    Concern.UNRELATED: "People of many family names live at this address. It may be a shared house or a refuge.",
    Concern.FEARED_FOR: "The practice, the police or social services asked for a protection: they fear for the person.",
    Concern.PROTECTION_ENDED: "A practice hid this record, and it is hidden no longer. Find out who wanted that.",
    Concern.PROTECTION_COMING: "A practice hides this record from a coming day. What leaves before stays out.",
    Concern.UNCOUNTED: "The register cannot say who else is at this address.",
    Concern.ADDRESS_CHANGED: "The address has changed since two people identified the record.",
    Concern.ADDRESS_UNSEEN: "Nobody saw the address when the record was identified, so a change cannot be noticed.",
    Concern.SHARED: "Others are registered at this address.",
    Concern.CHILDREN: "Children are registered at this address.",
    Concern.CHILD: "The person is under 18.",
    Concern.DECEASED: "The register says that the person has died.",
    Concern.LETTERS_ELSEWHERE: "The person’s letters go to another address, so somebody may have feared for them.",
    Concern.LETTERS_BY_PRACTICE: "A GP practice had the person’s letters sent to another address.",
    Concern.NO_HOME: "No home is on record. An address for letters never leaves as where the person lives.",
    Concern.HARM_NAMED: "An officer weighed that the person or their household may come to harm.",
    Concern.WELFARE: "A victim, a witness or a missing person is sought, or somebody’s welfare is the purpose.",
    Concern.WELFARE_WEIGHED: "An officer weighed that a child or a vulnerable person is concerned.",
    Concern.CERTIFICATE_REVOKED: "A certificate of the requester was revoked since the record was identified.",
    Concern.NO_CERTIFICATE: "The requester has no certificate in force. Nothing can be sealed to it.",
    Concern.AGREEMENT_CHANGED: "The agreement now in force does not say what it said at approval.",
}
_DEMANDS = {
    Concern.PROTECTED: Demand.NEVER,
    Concern.PROTECTED_BY_PRACTICE: Demand.NEVER,
    Concern.PROTECTED_NEIGHBOUR: Demand.GUARDIAN,
    Concern.COMMUNAL: Demand.GUARDIAN,
    Concern.REFUGE_LIKE: Demand.GUARDIAN,
    Concern.FEARED_FOR: Demand.GUARDIAN,
    Concern.PROTECTION_ENDED: Demand.GUARDIAN,
    Concern.PROTECTION_COMING: Demand.GUARDIAN,
    Concern.UNCOUNTED: Demand.GUARDIAN,
    Concern.NO_CERTIFICATE: Demand.FIRST,
    Concern.AGREEMENT_CHANGED: Demand.FIRST,
}


_ORIGINS = {
    Concern.PROTECTED_BY_PRACTICE: Origin.PRACTICE,
    Concern.FEARED_FOR: Origin.PRACTICE,
    Concern.PROTECTION_ENDED: Origin.PRACTICE,
    Concern.PROTECTION_COMING: Origin.PRACTICE,
    Concern.LETTERS_BY_PRACTICE: Origin.PRACTICE,
    Concern.HARM_NAMED: Origin.OFFICER,
    Concern.WELFARE: Origin.REQUEST,
    Concern.WELFARE_WEIGHED: Origin.OFFICER,
    Concern.ADDRESS_CHANGED: Origin.GATEWAY,
    Concern.ADDRESS_UNSEEN: Origin.GATEWAY,
    Concern.CERTIFICATE_REVOKED: Origin.GATEWAY,
    Concern.NO_CERTIFICATE: Origin.GATEWAY,
    Concern.AGREEMENT_CHANGED: Origin.GATEWAY,
}

GUARDIANS_ONLY = frozenset(
    {Concern.PROTECTED_NEIGHBOUR, Concern.FEARED_FOR, Concern.PROTECTION_ENDED, Concern.PROTECTION_COMING}
)
"""What officers are not told. That a neighbour is protected is the neighbour's; who asked for a protection, and that
one ended or comes, can tell of a witness or an adoption. Officers see that the case is the guardian's, and not why."""


class SafetyQuestion(StrEnum):
    """What whoever screens must say. Each is put so that `no` is the safe answer."""

    DANGER_AT_HOME = "danger-at-home"
    """Whether the person may live with, or be controlled by, somebody who harms them."""
    OTHERS_AT_RISK = "others-at-risk"
    """Whether somebody else there may come to harm."""
    CHANGE_UNEXPLAINED = "change-unexplained"
    """Whether something about the record or the requester is not as it was and not understood."""

    @property
    def words(self) -> str:
        """Return the question as it is put."""
        return _ASKED[self]


_ASKED = {
    SafetyQuestion.DANGER_AT_HOME: (
        "Could the person live with, or be under the control of, somebody who harms them or would harm them if the "
        "requester came to the door?"
    ),
    SafetyQuestion.OTHERS_AT_RISK: (
        "Could somebody else there come to harm: a child, another victim, a witness, somebody in hiding?"
    ),
    SafetyQuestion.CHANGE_UNEXPLAINED: (
        "Is anything about the record, the address or the requester not as it was, or not understood?"
    ),
}


class SafetyAnswer(StrEnum):
    """What can be said to a question of the screen."""

    NO = "no"
    """Looked at, and nothing points to it."""
    YES = "yes"
    """Something points to it."""
    UNSURE = "unsure"
    """Cannot be told from what is here: counted like yes."""


class Course(StrEnum):
    """What becomes of a case after its screen."""

    GO_ON = "go-on"
    """The least data may be released."""
    GUARDIAN = "guardian"
    """Back to the guardian, who decides."""
    LETTER = "letter"
    """A letter is forwarded instead; the address stays here."""
    WITHHOLD = "withhold"
    """Nothing is given; the requester is told what no trace is told. The guardian's to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the screen saw at one moment: flags, counts and digests, nobody's particulars.

    `address` is a digest under the case's own reference. `household` is None where it could not be counted;
    `whereabouts` says whether the agreement lets anything leave that says where the person is.
    """

    whereabouts: bool
    protected: bool
    household: Household | None
    address: str
    seen_addresses: tuple[str, ...]
    child: bool
    deceased: bool
    letters_elsewhere: bool
    harm_named: bool
    welfare: bool
    welfare_weighed: bool
    certificates: tuple[str, ...]
    revoked_since: bool
    agreement_stands: bool
    letter_only: bool
    signs: Signs
    no_home: bool

    def digest(self) -> str:
        """Return the SHA-256 of everything seen: another one means that something has changed."""
        spelt = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(spelt.encode()).hexdigest()


def concerns(sight: Sight) -> tuple[Concern, ...]:
    """Return everything a sight gives cause to think about, in the order of `Concern`."""
    home = sight.household
    where = sight.whereabouts
    found = {
        Concern.PROTECTED: sight.protected and not sight.signs.hidden,
        Concern.PROTECTED_BY_PRACTICE: sight.signs.hidden,
        Concern.PROTECTED_NEIGHBOUR: where and home is not None and home.protected > 0,
        Concern.COMMUNAL: where and home is not None and home.is_communal,
        Concern.REFUGE_LIKE: where and home is not None and home.is_of_strangers and home.children > 0,
        Concern.UNRELATED: where and home is not None and home.is_of_strangers and not home.children,
        Concern.FEARED_FOR: sight.signs.feared_for,
        Concern.PROTECTION_ENDED: sight.signs.ended,
        Concern.PROTECTION_COMING: sight.signs.coming,
        Concern.UNCOUNTED: where and home is None,
        Concern.ADDRESS_CHANGED: any(seen != sight.address for seen in sight.seen_addresses),
        Concern.ADDRESS_UNSEEN: where and not sight.seen_addresses,
        Concern.SHARED: where and home is not None and home.others > 0,
        Concern.CHILDREN: where and home is not None and home.children > 0,
        Concern.CHILD: sight.child,
        Concern.DECEASED: sight.deceased,
        Concern.LETTERS_ELSEWHERE: sight.letters_elsewhere and not sight.signs.letters,
        Concern.LETTERS_BY_PRACTICE: sight.signs.letters,
        Concern.NO_HOME: where and sight.no_home,
        Concern.HARM_NAMED: sight.harm_named,
        Concern.WELFARE: sight.welfare,
        Concern.WELFARE_WEIGHED: sight.welfare_weighed,
        Concern.CERTIFICATE_REVOKED: sight.revoked_since,
        Concern.NO_CERTIFICATE: not sight.certificates,
        Concern.AGREEMENT_CHANGED: not sight.agreement_stands,
    }
    return tuple(concern for concern in Concern if found[concern])


def courses(sight: Sight, role: Role) -> tuple[Course, ...]:
    """Return what somebody in a role may choose on a sight, whatever they answer."""
    demands = {concern.demand for concern in concerns(sight)}
    guardian = role is Role.GUARDIAN
    may_go = not demands & {Demand.NEVER, Demand.FIRST} and not sight.letter_only
    may_go = may_go and (guardian or Demand.GUARDIAN not in demands)
    may_write = not sight.protected and not sight.deceased and sight.agreement_stands
    may_write = may_write and (guardian or not GUARDIANS_ONLY & set(concerns(sight)))
    offered = {
        Course.GO_ON: may_go,
        Course.LETTER: may_write,
        Course.GUARDIAN: not guardian,
        Course.WITHHOLD: guardian,
    }
    return tuple(course for course in Course if offered[course])


def may_take(course: Course, sight: Sight, answers: Mapping[SafetyQuestion, SafetyAnswer], role: Role) -> bool:
    """Return whether somebody in a role may take a course on a sight with these answers.

    Every question is answered. Only the guardian lets a case go on against a `yes` or `cannot tell`.
    """
    if set(answers) != set(SafetyQuestion) or course not in courses(sight, role):
        return False
    safe = all(answer is SafetyAnswer.NO for answer in answers.values())
    return course is not Course.GO_ON or safe or role is Role.GUARDIAN


def needs_reasons(course: Course, sight: Sight, answers: Mapping[SafetyQuestion, SafetyAnswer]) -> bool:
    """Return whether a screen is only complete with reasons: unless nothing was found and it simply goes on."""
    plain = all(answer is SafetyAnswer.NO for answer in answers.values()) and not concerns(sight)
    return not (plain and course is Course.GO_ON)
