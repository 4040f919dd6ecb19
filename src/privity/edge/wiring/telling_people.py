"""Telling people who asked, by the relay that tells organisations: each when it is due, once, and nobody twice.

A mail is handed over first and marked after. A crash between the two hands over the same letters again under the same
Message-ID; it never loses one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from privity.casework.instance_records import SubjectQuestionRecord, SubjectWishRecord
from privity.casework.languages import PEOPLE
from privity.casework.ports import NotTaken
from privity.casework.tell_person import (
    SUBJECT,
    due_since,
    forget,
    is_due,
    is_idle,
    mail_words,
    mark_refused,
    mark_told,
)
from privity.definitions.day import civil_day
from privity.edge.store.public_rows import SubjectWish
from privity.edge.store.standstill import must_go_on
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.languages import Languages
from privity.edge.wiring.notifying import Messenger
from privity.edge.wiring.plain_mail import plain_mail


@dataclass(frozen=True, slots=True)
class PeopleTold:
    """What one pass did: how many were told, and how many mails the relay would not take."""

    told: int
    refused: int


def tell_people(
    store: Store, languages: Languages, messenger: Messenger, *, sender: str, gateway: str, at: datetime
) -> PeopleTold:
    """Tell everybody for whom there is something new to read.

    Args:   gateway: the address of the pages, as the mail gives it; may be empty.
    Raises: Unavailable: the relay cannot be used now; whoever was told before is marked.
    """
    must_go_on("nobody was told")
    told = refused = 0
    today = civil_day(at)
    for wished, question in _waiting():
        if is_idle(question, wished, today):
            with store.unit() as unit:
                forget(unit, wished.reference, at=at)
        if not is_due(question, wished, today):
            continue
        try:
            messenger.tell(
                _mail(wished, due_since(question, wished, today), languages, sender, gateway), wished.address
            )
        except NotTaken:
            with store.unit() as unit:
                mark_refused(unit, wished.reference, at=at)
            refused += 1
        else:
            with store.unit() as unit:
                mark_told(unit, wished.reference, at=at, today=today)
            told += 1
    return PeopleTold(told=told, refused=refused)


def _waiting() -> list[tuple[SubjectWishRecord, SubjectQuestionRecord]]:
    names = list(
        SubjectWish.objects.exclude(address="").order_by("since", "reference").values_list("reference", flat=True)
    )
    if not names:
        return []
    wishes = {row.reference: row for row in read_rows(SubjectWishRecord, names, "default")}
    questions = {row.reference: row for row in read_rows(SubjectQuestionRecord, names, "default")}
    found = []
    for name in names:
        wished, question = wishes[name], questions[name]
        assert isinstance(wished, SubjectWishRecord)
        assert isinstance(question, SubjectQuestionRecord)
        found.append((wished, question))
    return found


def _mail(wished: SubjectWishRecord, due: date, languages: Languages, sender: str, gateway: str) -> bytes:
    """Return the mail: the same letters at every attempt. Its name says nothing about the code.

    It is dated by the day on which it fell due, the same for everybody who asked on one day: the moment at which the
    guardian answered would tell whether there was something to weigh.
    """
    made_at = datetime(due.year, due.month, due.day, tzinfo=UTC)
    tongue = languages.of_mail(PEOPLE, made_at)
    name = sha256(f"{wished.reference}/{wished.since}/{wished.mails}".encode()).hexdigest()[:32]
    plain = "".join(f"{line}\r\n" for line in mail_words(gateway, tongue.say))
    return plain_mail(
        tongue.say(SUBJECT),
        plain,
        language=tongue.code,
        called=f"told-{name}",
        made_at=made_at,
        sender=sender,
        address=wished.address,
    )
