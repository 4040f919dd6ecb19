"""The words of the mails, by version: what a mail said can be shown for as long as its version is known.

Rules of the module:
- Words are never changed under a version: a better sentence is a further version, and the newest is used.
- A mail is the same, letter for letter, however often it is written from the same lines.
- Nothing is filled into the words but counts, days and random references.
- Every word goes through `say`, in the language the organisation is written to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from privity.casework.notifications import EventKind
from privity.definitions.language import Translate, as_written, spoken_day
from privity.definitions.reference import CaseReference
from privity.errors import Impossible

LINE = 76
MOST_LISTED = 100
"""References listed under one heading; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The words for one kind of event.

    Args: one, many: the heading for one case and for several. says: what it means. do: what the reader does next.
          day: what the day beside a reference is.
    """

    kind: EventKind
    version: int
    one: str
    many: str
    says: str
    do: str
    day: str

    @property
    def name(self) -> str:
        """Return the template's name, as a mail cites it."""
        return f"{self.kind.value}/{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event as a mail tells it."""

    template: str
    case: CaseReference
    day: date


TEMPLATES: Sequence[Template] = (
    Template(
        kind=EventKind.QUESTION,
        version=1,
        one="A question waits for you",
        many="Questions wait for you",
        says="The custodian asks you something. The clock stands still until you answer.",
        do="Sign in, open the request and answer.",
        day="asked on",
    ),
    Template(
        kind=EventKind.DECISION,
        version=1,
        one="A request has been decided",
        many="Requests have been decided",
        says="What was decided, and why, is shown only to whoever signs in.",
        do="Sign in and open the request: collect the sealed answer, or read the reasons.",
        day="decided on",
    ),
    Template(
        kind=EventKind.DESTRUCTION_OVERDUE,
        version=1,
        one="A destruction is not confirmed",
        many="Destructions are not confirmed",
        says="The day by which you undertook to destroy what you received has passed, and we have no confirmation.",
        do="Destroy it with every copy, then sign in and confirm. The department is told if this stays open.",
        day="was to be destroyed by",
    ),
    Template(
        kind=EventKind.DESTRUCTION_SOON,
        version=1,
        one="Something you received is to be destroyed soon",
        many="Answers you received are to be destroyed soon",
        says="The time for which you may keep what you received ends within a week.",
        do="Destroy it with every copy, then sign in and confirm.",
        day="to be destroyed by",
    ),
    Template(
        kind=EventKind.OVERDUE,
        version=1,
        one="A reply is overdue",
        many="Replies are overdue",
        says="The day on which the custodian's reply was due has passed.",
        do="Sign in to see where the request stands.",
        day="was due on",
    ),
    Template(
        kind=EventKind.DUE_SOON,
        version=1,
        one="A reply is due soon",
        many="Replies are due soon",
        says="The reply to the requester is due within a week.",
        do="Sign in and see whose turn it is.",
        day="due on",
    ),
    Template(
        kind=EventKind.DUE_MOVED,
        version=1,
        one="A due date has moved",
        many="Due dates have moved",
        says="The list of bank holidays changed, so the reply is due on another day.",
        do="Nothing need be done. The request's page shows how the new day was made.",
        day="now due on",
    ),
    Template(
        kind=EventKind.RECEIVED,
        version=1,
        one="A request was received",
        many="Requests were received",
        says="It is with the custodian. Sign in to see the day a reply is due and how it was made.",
        do="Nothing need be done now.",
        day="received on",
    ),
    Template(
        kind=EventKind.ESCALATED,
        version=1,
        one="A destruction has long been unconfirmed",
        many="Destructions have long been unconfirmed",
        says="A requester has not confirmed that what it received is destroyed, after repeated reminders.",
        do="Sign in to see which requester and since when.",
        day="was to be destroyed by",
    ),
)
"""Every template there has ever been, each kind's newest version last."""
NEWEST: Mapping[EventKind, Template] = {template.kind: template for template in TEMPLATES}
_BY_NAME: Mapping[str, Template] = {template.name: template for template in TEMPLATES}
_WHY = (
    "This message names nobody, on purpose. It was sent because your organisation gave this mailbox "
    "to be told at. Do not reply to it with personal data."
)
_MANY = "%(words)s (%(count)s)"
_SUBJECT, _SUBJECT_AND_MORE = "Privity: %(words)s", "Privity: %(words)s, and %(count)s more"
_LISTED, _MORE = "%(case)s  %(what)s %(day)s", "and %(count)s more"
_DO, _SIGN_IN, _TEMPLATES = "What to do: %(what)s", "Sign in at %(address)s", "Templates: %(names)s"
SENTENCES = (
    *(words for one in TEMPLATES for words in (one.one, one.many, one.says, one.do, one.day)),
    *(_WHY, _MANY, _SUBJECT, _SUBJECT_AND_MORE, _LISTED, _MORE, _DO, _SIGN_IN, _TEMPLATES),
)
"""What a translator translates of the mails."""


def template_named(name: str) -> Template:
    """Return a template by the name mails cite it by.

    Raises: Impossible: there never was one of that name.
    """
    if name not in _BY_NAME:
        raise Impossible("the mail was not read", why="it cites a template nobody knows", next_step="report this")
    return _BY_NAME[name]


def subject(lines: Sequence[Line], say: Translate = as_written) -> str:
    """Return the subject: what comes first, and how much else there is."""
    first, *others = _sections(lines)
    template, cases = first
    rest = sum(len(cases) for _, cases in others)
    sentence = _SUBJECT_AND_MORE if rest else _SUBJECT
    return say(sentence) % {"words": _heading(template, len(cases), say), "count": str(rest)}


def body(lines: Sequence[Line], *, address: str, say: Translate = as_written) -> str:
    """Return the words of a mail, in short lines.

    Args: address: where one signs in, or empty where the custodian gave none.
    """
    written: list[str] = []
    for template, cases in _sections(lines):
        heading = _heading(template, len(cases), say)
        written += [heading, "-" * len(heading), say(template.says), ""]
        for line in cases[:MOST_LISTED]:
            filled = {"case": line.case, "what": say(template.day), "day": spoken_day(line.day, say)}
            written.append("  " + say(_LISTED) % filled)
        if len(cases) > MOST_LISTED:
            written.append("  " + say(_MORE) % {"count": str(len(cases) - MOST_LISTED)})
        written += ["", say(_DO) % {"what": say(template.do)}, ""]
    if address:
        written += [say(_SIGN_IN) % {"address": address}, ""]
    names = ", ".join(template.name for template, _ in _sections(lines))
    written += [say(_WHY), "", say(_TEMPLATES) % {"names": names}]
    folded = (part for line in written for part in wrap(line, LINE, subsequent_indent=_indent(line)) or [""])
    return "".join(f"{line}\r\n" for line in folded)


def _heading(template: Template, cases: int, say: Translate) -> str:
    return say(template.one) if cases == 1 else say(_MANY) % {"words": say(template.many), "count": str(cases)}


def _indent(line: str) -> str:
    return "  " if line.startswith("  ") else ""


def _sections(lines: Sequence[Line]) -> list[tuple[Template, list[Line]]]:
    """Return the lines by template, in the order of the kinds, each in the order of its days.

    Raises: Impossible: a line cites a template that is not known, or there are no lines.
    """
    if not lines or any(line.template not in _BY_NAME for line in lines):
        raise Impossible("the mail was not written", why="a line has no template", next_step="report this")
    found = {template: [line for line in lines if line.template == template.name] for template in TEMPLATES}
    order = list(EventKind)
    return [
        (template, sorted(cases, key=lambda line: (line.day, line.case)))
        for template, cases in sorted(found.items(), key=lambda pair: (order.index(pair[0].kind), pair[0].version))
        if cases
    ]
