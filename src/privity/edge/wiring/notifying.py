"""Telling organisations by e-mail that something waits: gathered from the cases, each event once, sent until taken.

Steps of one pass: 1 find the cases that may have news; 2 put what nobody has been told into one mail an organisation,
durably; 3 hand over every mail that has not been taken. A crash after 3 hands over the same letters under the same
Message-ID again, and never loses one.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import Max

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.contacts import set_contact
from privity.casework.instance_records import ContactRecord
from privity.casework.notification_words import NEWEST, Line, body, subject
from privity.casework.notifications import CUSTODIAN, DEPARTMENT, SOON, Event, events
from privity.casework.ports import NotTaken
from privity.casework.record import read_moment
from privity.definitions.day import civil_day
from privity.definitions.language import Tongue
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Destruction, History, State
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.notification_rows import Contact, Mail, Reading, Told
from privity.edge.store.standstill import must_go_on
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, read_cases
from privity.edge.wiring.languages import Languages
from privity.edge.wiring.plain_mail import plain_mail
from privity.errors import Mistaken

TOGETHER = 200
"""Cases read in one go."""
OVERLAP = 1_000
"""History lines read a second time: transactions side by side may not end in the order their lines were counted in."""
MOST_ATTEMPTS = 10
LONGEST_REASON = 200
LONGEST_REST = timedelta(hours=12)
_READER = "notifications"


class Messenger(Protocol):
    """Hands mails to a relay."""

    def tell(self, mail: bytes, address: str) -> None:
        """Hand over one mail.

        Raises: NotTaken: this one is refused. Unavailable: the relay cannot be used now.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass did. `waiting` mails go again later; `given_up` ones need a person to look at the mailbox."""

    made: int
    sent: int
    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells the organisations of one instance."""

    store: Store
    languages: Languages

    def contacts(self) -> tuple[ContactRecord, ...]:
        """Return where organisations are told, those that no longer are left out."""
        names = sorted(Contact.objects.exclude(address="").values_list("reference", flat=True))
        return tuple(one for one in read_rows(ContactRecord, names, "default") if isinstance(one, ContactRecord))

    def set_contact(self, organisation: str, address: str, *, by: Officer, at: datetime) -> ContactRecord:
        """Record where an organisation is told; an empty address ends it.

        Raises: Mistaken: the organisation is not known, it is no mail address, or the person may not.
        """
        must_be_allowed(Operation.KEEP_CONTACTS, by)
        known = organisation in (CUSTODIAN, DEPARTMENT)
        if not known and not Organisation.objects.filter(reference=organisation).exists():
            raise Mistaken(
                "no mailbox was set",
                why="no organisation of that name is enrolled",
                next_step=f"enrol it first; `{CUSTODIAN}` and `{DEPARTMENT}` are always known",
            )
        with self.store.unit() as unit:
            return set_contact(unit, OrganisationId(organisation), address, by=by, at=at)

    def gather(self, at: datetime) -> int:
        """Put what nobody has been told into one mail an organisation, and return how many mails were made."""
        contacts = {one.reference: one for one in self.contacts()}
        if not contacts:
            return 0
        upto = History.objects.aggregate(newest=Max("id"))["newest"] or 0
        try:
            with transaction.atomic(using=self.store.alias, durable=True):
                found = self._untold(contacts, at)
                for organisation, news in found.items():
                    mail = Mail.objects.create(
                        id=os.urandom(16).hex(), organisation=organisation, made_at=at, not_before=at
                    )
                    Told.objects.bulk_create(_told(one, mail) for one in news)
                Reading.objects.update_or_create(name=_READER, defaults={"upto": upto})
        except IntegrityError:
            # Another process has told the same meanwhile; what is left is found at the next pass.
            return 0
        return len(found)

    def send(self, messenger: Messenger, *, sender: str, gateway: str, at: datetime) -> Pass:
        """Gather, then hand over every mail that is due to go.

        Args:   sender: the custodian's mailbox. gateway: where one signs in; may be empty.
        Raises: Unavailable: the relay cannot be used now; what it took before is marked, the rest goes again.
        """
        must_go_on("nobody was told")
        made, sent = self.gather(at), 0
        addresses = {one.reference: one.address for one in self.contacts()}
        due = Mail.objects.filter(sent_at=None, not_before__lte=at, attempts__lt=MOST_ATTEMPTS)
        for mail in due.order_by("made_at", "id"):
            address = addresses.get(mail.organisation)
            lines = _lines(mail)
            if address is None or not lines:
                # Nobody is told there any more, or its cases are gone: there is nothing left to say.
                mail.delete()
                continue
            try:
                tongue = self.languages.of_mail(mail.organisation, mail.made_at)
                messenger.tell(_written(mail, lines, tongue, sender=sender, address=address, gateway=gateway), address)
            except NotTaken as refused:
                rests = min(timedelta(minutes=2**mail.attempts), LONGEST_REST)
                Mail.objects.filter(id=mail.id).update(
                    attempts=mail.attempts + 1, not_before=at + rests, reason=refused.why[:LONGEST_REASON]
                )
            else:
                Mail.objects.filter(id=mail.id).update(sent_at=at)
                sent += 1
        left = Mail.objects.filter(sent_at=None)
        given_up = left.filter(attempts__gte=MOST_ATTEMPTS).count()
        return Pass(made=made, sent=sent, waiting=left.count() - given_up, given_up=given_up)

    def _untold(self, contacts: Mapping[str, ContactRecord], at: datetime) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = defaultdict(list)
        for share in self._shares(at):
            files = read_cases(share, self.store.alias)
            rows = Told.objects.filter(reference__in=share).values_list("reference", "organisation", "event")
            told = set(rows)
            for reference in share:
                for one in events(files[reference], at) if reference in files else ():
                    contact = contacts.get(one.to)
                    known = (one.case, one.to, one.key) in told
                    if contact is not None and not known and one.at >= read_moment(contact.since):
                        found[one.to].append(one)
        return found

    def _shares(self, at: datetime) -> Iterator[list[CaseReference]]:
        """Yield the cases that may have news: those acted on since the last pass, and those a day comes near for."""
        soon = (civil_day(at) + SOON).isoformat()
        read = Reading.objects.filter(name=_READER).values_list("upto", flat=True).first() or 0
        acted = History.objects.filter(id__gt=max(read - OVERLAP, 0)).values_list("reference", flat=True)
        due = State.objects.filter(closed_on="", due__lte=soon).exclude(due="").values_list("reference", flat=True)
        gone = Destruction.objects.filter(confirmed_on="", due__lte=soon).values_list("reference", flat=True)
        names = [CaseReference(one) for one in sorted({*acted, *due, *gone})]
        for start in range(0, len(names), TOGETHER):
            yield names[start : start + TOGETHER]


def _told(event: Event, mail: Mail) -> Told:
    return Told(
        reference=event.case,
        organisation=event.to,
        event=event.key,
        template=NEWEST[event.kind].name,
        day=event.day,
        mail=mail,
    )


def _lines(mail: Mail) -> Sequence[Line]:
    return [
        Line(template=row.template, case=CaseReference(row.reference), day=row.day)
        for row in Told.objects.filter(mail=mail).order_by("id")
    ]


def _written(mail: Mail, lines: Sequence[Line], tongue: Tongue, *, sender: str, address: str, gateway: str) -> bytes:
    """Return the mail: the same letters at every attempt."""
    return plain_mail(
        subject(lines, tongue.say),
        body(lines, address=gateway, say=tongue.say),
        language=tongue.code,
        called=f"notification-{mail.id}",
        made_at=mail.made_at,
        sender=sender,
        address=address,
    )
