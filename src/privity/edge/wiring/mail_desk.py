"""The mails of an instance, read from the store: by state for administrators, by case for the desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.mail_desk import OURS, PAGE, CaseMail, MailLine, MailPage, MailState, Reached
from privity.casework.notification_words import template_named
from privity.definitions.language import ENGLISH
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.notification_rows import Mail, Told
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.notifying import MOST_ATTEMPTS, Notifier
from privity.errors import Mistaken

FILTERS: Mapping[MailState, Mapping[str, Any]] = {
    MailState.REFUSED: {"sent_at": None, "attempts__gte": MOST_ATTEMPTS},
    MailState.AGAIN: {"sent_at": None, "attempts__gt": 0, "attempts__lt": MOST_ATTEMPTS},
    MailState.WAITING: {"sent_at": None, "attempts": 0},
    MailState.SENT: {"sent_at__isnull": False},
}


@dataclass(frozen=True, slots=True)
class InstanceMailDesk:
    """Shows the mails of one instance, and has refused ones tried again."""

    store: Store
    notifier: Notifier

    def mails(self, *, state: str, page: int, by: Officer, at: datetime) -> MailPage:
        """Return a page of mails: those that need somebody first, then the newest."""
        must_be_allowed(Operation.KEEP_CONTACTS, by)
        counts = {one: Mail.objects.filter(**wanted).count() for one, wanted in FILTERS.items()}
        chosen = FILTERS.get(MailState(state), {}) if state in set(MailState) else {}
        total = counts[MailState(state)] if chosen else sum(counts.values())
        pages = max(-(-total // PAGE), 1)
        number = min(max(page, 1), pages)
        rows = _in_order(Mail.objects.filter(**chosen))[(number - 1) * PAGE : number * PAGE]
        return MailPage(lines=tuple(self._lines(list(rows))), counts=counts, page=number, pages=pages)

    def of_case(self, reference: CaseReference, *, by: Officer, at: datetime) -> Sequence[CaseMail]:
        """Return what was told about a case, oldest first."""
        must_be_allowed(Operation.READ_CASE, by, self.store.case(reference))
        told = list(Told.objects.filter(reference=reference).select_related("mail").order_by("id"))
        lines = {line.name: line for line in self._lines(list({row.mail.pk: row.mail for row in told}.values()))}
        return [
            CaseMail(
                mail=lines[row.mail.pk],
                says=template_named(row.template).one,
                day=row.day,
                day_is=template_named(row.template).day,
            )
            for row in told
        ]

    def try_again(self, name: str, *, by: Officer, at: datetime) -> None:
        """Have a refused mail go with the next pass."""
        must_be_allowed(Operation.KEEP_CONTACTS, by)
        self._again(Mail.objects.filter(pk=name), at)

    def try_case_again(self, reference: CaseReference, name: str, *, by: Officer, at: datetime) -> None:
        """Have a refused mail about a case go with the next pass."""
        must_be_allowed(Operation.SEND_MAIL_AGAIN, by, self.store.case(reference))
        self._again(Mail.objects.filter(pk=name, pk__in=Told.objects.filter(reference=reference).values("mail")), at)

    def reached(self, *, by: Officer) -> Sequence[Reached]:
        """Return how every organisation is reached: those that belong here first, then by name."""
        must_be_allowed(Operation.KEEP_CONTACTS, by)
        words: dict[str, str] = dict(Organisation.objects.order_by("words").values_list("reference", "words"))
        words = OURS | words
        contacts = {one.reference: one for one in self.notifier.contacts()}
        chosen = {one.organisation: one for one in self.notifier.languages.chosen()}
        return [
            Reached(
                organisation=name,
                words=said,
                contact=contacts.get(name),
                language=chosen[name].language if name in chosen else ENGLISH,
                untranslated=chosen[name].of - chosen[name].translated if name in chosen else 0,
            )
            for name, said in words.items()
        ]

    def languages(self) -> Sequence[tuple[str, str]]:
        """Return the languages there are, by code and own name."""
        return self.notifier.languages.known()

    def set_mailbox(self, organisation: str, address: str, *, by: Officer, at: datetime) -> None:
        """Set an organisation's mailbox; an empty address ends it."""
        self.notifier.set_contact(organisation, address, by=by, at=at)

    def choose_language(self, organisation: str, code: str, *, by: Officer, at: datetime) -> None:
        """Choose the language an organisation is written to in."""
        self.notifier.languages.choose(organisation, code, by=by, at=at)

    def _again(self, found: "QuerySet[Mail]", at: datetime) -> None:
        if not found.filter(sent_at=None).update(attempts=0, not_before=at):
            raise Mistaken(
                "the mail does not go again",
                why="there is none of that name that was not sent",
                next_step="look at the list again: it may have gone meanwhile",
            )

    def _lines(self, mails: Sequence[Mail]) -> list[MailLine]:
        words: dict[str, str] = dict(Organisation.objects.values_list("reference", "words"))
        words |= OURS
        told: dict[str, Counter[str]] = {mail.pk: Counter() for mail in mails}
        for mail, template in Told.objects.filter(mail__in=mails).values_list("mail", "template"):
            told[mail][template] += 1
        return [_line(mail, words.get(mail.organisation, mail.organisation), told[mail.pk]) for mail in mails]


def _in_order(mails: "QuerySet[Mail]") -> "QuerySet[Mail]":
    needs = Case(
        When(sent_at=None, attempts__gte=MOST_ATTEMPTS, then=Value(0)),
        When(sent_at=None, attempts__gt=0, then=Value(1)),
        When(sent_at=None, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return mails.order_by(needs, "-made_at", "pk")


def _line(mail: Mail, organisation: str, told: Counter[str]) -> MailLine:
    state = _state(mail)
    headings = [(template_named(name), count) for name, count in sorted(told.items())]
    return MailLine(
        name=mail.pk,
        organisation=organisation,
        state=state,
        tells=tuple((template.one if count == 1 else template.many, count) for template, count in headings),
        made_at=mail.made_at,
        sent_at=mail.sent_at,
        attempts=mail.attempts,
        again_at=mail.not_before if state is MailState.AGAIN else None,
        why=mail.reason if state in (MailState.AGAIN, MailState.REFUSED) else "",
    )


def _state(mail: Mail) -> MailState:
    if mail.sent_at is not None:
        return MailState.SENT
    if mail.attempts >= MOST_ATTEMPTS:
        return MailState.REFUSED
    return MailState.AGAIN if mail.attempts else MailState.WAITING
