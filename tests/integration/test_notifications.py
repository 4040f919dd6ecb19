"""Organisations are told by e-mail that something waits: each event once, over verified TLS, and nobody is named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, asker, police_request
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.guarded_register import PROTECTED
from tests.fakes.peers import LOCALHOST
from tests.fakes.relay import Relay

from privity.casework.holidays import move_due
from privity.casework.notifications import events
from privity.casework.ports import NotTaken
from privity.casework.watch_clock import do_task, tasks
from privity.casework.writing import write_act
from privity.definitions.reference import CaseReference
from privity.edge.transports.secure_mail import SecureMail
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind
from privity.request.due import british

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

SENDER = "gateway@custodian.example"
MAILBOXES = {
    KENT: "tracing@kent.example",
    "custodian": "desk@custodian.example",
    "department": "oversight@department.example",
}
GATEWAY = "https://gateway.example/"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    running = Relay(tmp_path_factory.mktemp("relay"))
    yield running
    running.running.stop()


class Letterbox:
    """What arrives at the relay in one test, by whom it is for."""

    def __init__(self, relay: Relay, instance: "Instance", corridor: Corridor) -> None:
        self.relay, self.instance, self.corridor = relay, instance, corridor
        self.seen = len(relay.mails)
        self.carrier = SecureMail(
            host=LOCALHOST, port=relay.port, sender=SENDER, authorities=relay.machine.authority, seconds=5
        )

    def tell(self) -> dict[str, str]:
        """Let one pass run and return what arrived, by mailbox: subject and words."""
        self.instance.notifier.send(self.carrier, sender=SENDER, gateway=GATEWAY, at=self.corridor.tick())
        arrived, self.seen = self.relay.mails[self.seen :], len(self.relay.mails)
        assert not any(word.encode() in mail for mail in arrived for word in GOLDEN_WORDS)
        read = [message_from_bytes(mail) for mail in arrived]
        assert len({one["To"] for one in read}) == len(read), "one mail an organisation and pass"
        return {one["To"]: f"{one['Subject']}\n{one.get_payload()}" for one in read}


@pytest.fixture
def letterbox(relay: Relay, instance: "Instance", corridor: Corridor) -> Letterbox:
    """Return the letterbox of an instance whose three organisations are told."""
    for organisation, address in MAILBOXES.items():
        instance.notifier.set_contact(organisation, address, by=ADMINISTRATORS[0], at=corridor.tick())
    return Letterbox(relay, instance, corridor)


def sections(told: str) -> list[str]:
    """Return the templates a mail was written from."""
    return told.split("Templates: ")[1].strip().split(", ")


def test_a_request_is_told_of_when_received_asked_about_and_decided_and_each_time_once(
    letterbox: Letterbox, corridor: Corridor
) -> None:
    reference = corridor.received()
    told = letterbox.tell()
    assert list(told) == [MAILBOXES[KENT]]
    assert told[MAILBOXES[KENT]].startswith("Privity: A request was received\n")
    assert reference in told[MAILBOXES[KENT]]
    assert GATEWAY in told[MAILBOXES[KENT]]
    assert letterbox.tell() == {}
    corridor.ask(reference)
    assert sections(letterbox.tell()[MAILBOXES[KENT]]) == ["question/1"]
    corridor.answer(reference)
    assert letterbox.tell() == {}
    corridor.ask(reference, "And which street?")
    assert sections(letterbox.tell()[MAILBOXES[KENT]]) == ["question/1"], "a second question is told of as the first"
    corridor.answer(reference)
    corridor.view(reference, FIRST, False)
    corridor.view(reference, SECOND, False)
    assert sections(letterbox.tell()[MAILBOXES[KENT]]) == ["decision/1"]
    assert letterbox.tell() == {}


def test_whatever_was_decided_the_mail_says_the_same(letterbox: Letterbox, corridor: Corridor) -> None:
    told = []
    for found in (True, False):
        reference = corridor.approved(police_request(reference=f"KP/{found}"))
        letterbox.tell()
        corridor.trace(reference)
        corridor.name_record(reference, FIRST, 1 if found else None)
        corridor.name_record(reference, SECOND, 1 if found else None)
        if found:
            corridor.screen(reference)
        corridor.intend(reference)
        corridor.release(reference)
        told.append(letterbox.tell()[MAILBOXES[KENT]].replace(reference, "PRV"))
    refused = corridor.received(police_request(reference="KP/refused"))
    letterbox.tell()
    corridor.view(refused, FIRST, False)
    corridor.view(refused, SECOND, False)
    told.append(letterbox.tell()[MAILBOXES[KENT]].replace(refused, "PRV"))
    assert told[0] == told[1] == told[2]


def test_a_protected_record_is_told_of_like_any_other(letterbox: Letterbox, corridor: Corridor) -> None:
    seen = []
    for protected in (False, True):
        if protected:
            corridor.register.finds = PROTECTED
        reference = corridor.approved(police_request(reference=f"KP/{protected}"))
        corridor.trace(reference)
        seen.append({(one.kind, one.to) for one in events(corridor.read(reference), corridor.now)})
    assert seen[0] == seen[1]


def test_due_soon_goes_to_the_desk_and_overdue_to_both_sides(letterbox: Letterbox, corridor: Corridor) -> None:
    reference = corridor.received()
    letterbox.tell()
    corridor.now += timedelta(days=24)
    told = letterbox.tell()
    assert list(told) == [MAILBOXES["custodian"]]
    assert sections(told[MAILBOXES["custodian"]]) == ["due-soon/1"]
    assert reference in told[MAILBOXES["custodian"]]
    assert letterbox.tell() == {}
    corridor.now += timedelta(days=10)
    told = letterbox.tell()
    assert {name: sections(words) for name, words in told.items()} == {
        MAILBOXES["custodian"]: ["overdue/1"],
        MAILBOXES[KENT]: ["overdue/1"],
    }
    assert letterbox.tell() == {}


def test_destruction_is_told_of_a_week_before_at_every_reminder_and_to_the_department_at_last(
    letterbox: Letterbox, corridor: Corridor
) -> None:
    reference = corridor.sealed()
    corridor.send(reference)
    corridor.collect(reference)
    letterbox.tell()
    due = corridor.read(reference).destruction
    assert due is not None
    day = datetime.fromisoformat(f"{due.due}T09:00:00+00:00")
    corridor.now = day - timedelta(days=5)
    assert sections(letterbox.tell()[MAILBOXES[KENT]]) == ["destruction-soon/1"]
    for late in (1, 9, 35):
        corridor.now = day + timedelta(days=late)
        for task in tasks(corridor.read(reference), corridor.now):
            if task.kind.is_an_act:
                corridor.do(lambda unit, at, task=task: do_task(unit, task, at=at))  # type: ignore[misc]  # binds the loop's name
        told = letterbox.tell()
        assert sections(told[MAILBOXES[KENT]]) == ["destruction-overdue/1"]
        assert (MAILBOXES["department"] in told) == (late == 35)
    assert letterbox.tell() == {}


def test_a_due_date_that_moved_is_told_of_once_with_the_new_day(
    letterbox: Letterbox, corridor: Corridor, instance: "Instance"
) -> None:
    reference = corridor.received()
    letterbox.tell()
    before = date.fromisoformat(corridor.read(reference).state.due)
    moved = replace(corridor.read(reference).state, due=(before - timedelta(days=1)).isoformat())
    with instance.store.unit() as unit:
        # As a case stands whose day was kept before a holiday was proclaimed.
        write_act(
            unit,
            unit.case(reference),
            EntryKind.NOTE_ADDED,
            at=corridor.tick(),
            by=FIRST,
            words="A note.",
            records=(moved,),
        )
    corridor.do(lambda unit, at: move_due(unit, corridor.agreements, reference, at=at))
    told = letterbox.tell()[MAILBOXES[KENT]]
    assert sections(told) == ["due-moved/1"]
    assert british(before) in told
    assert letterbox.tell() == {}


def test_a_file_of_requests_is_one_mail(letterbox: Letterbox, corridor: Corridor) -> None:
    references = [corridor.received(police_request(reference=f"KP/{number}")) for number in range(120)]
    told = letterbox.tell()[MAILBOXES[KENT]]
    assert told.startswith("Privity: Requests were received (120)\n")
    assert "and 20 more" in told
    assert sum(reference in told for reference in references) == 100
    assert all(len(line) <= 78 for line in told.splitlines())


def test_a_mail_that_was_not_marked_goes_again_letter_for_letter(
    letterbox: Letterbox, corridor: Corridor, relay: Relay
) -> None:
    from privity.edge.store.notification_rows import Mail

    corridor.received()
    letterbox.tell()
    first = relay.mails[-1]
    # As after a crash between the relay's 250 and the mark.
    Mail.objects.update(sent_at=None)
    letterbox.tell()
    assert relay.mails[-1] == first
    assert len(relay.mails) >= 2


def test_a_silent_relay_loses_nothing_and_a_mailbox_that_is_gone_holds_up_nobody(
    letterbox: Letterbox, corridor: Corridor, instance: "Instance"
) -> None:
    reference = corridor.received()
    nobody = SecureMail(host=LOCALHOST, port=1, sender=SENDER, seconds=2, read_seconds=2)
    with pytest.raises(Unavailable):
        instance.notifier.send(nobody, sender=SENDER, gateway="", at=corridor.tick())
    assert reference in letterbox.tell()[MAILBOXES[KENT]]
    instance.notifier.set_contact("custodian", "gone@custodian.example", by=ADMINISTRATORS[0], at=corridor.tick())
    corridor.now += timedelta(days=34)
    told = letterbox.tell()
    assert list(told) == [MAILBOXES[KENT]]
    instance.notifier.set_contact("custodian", MAILBOXES["custodian"], by=ADMINISTRATORS[0], at=corridor.tick())
    corridor.now += timedelta(minutes=5)
    assert sections(letterbox.tell()[MAILBOXES["custodian"]]) == ["overdue/1"], "told once the mailbox is mended"


def test_after_ten_refusals_a_person_must_look(letterbox: Letterbox, corridor: Corridor, instance: "Instance") -> None:
    class Refuses:
        def tell(self, mail: bytes, address: str) -> None:
            raise NotTaken("a notification was not taken", why="it answered `550`", next_step="look")

    corridor.received()
    for _ in range(12):
        corridor.now += timedelta(hours=13)
        done = instance.notifier.send(Refuses(), sender=SENDER, gateway="", at=corridor.now)
    assert (done.sent, done.given_up) == (0, 1)


def test_nobody_is_told_of_what_happened_before_they_gave_a_mailbox(
    instance: "Instance", corridor: Corridor, relay: Relay
) -> None:
    corridor.received()
    corridor.now += timedelta(hours=1)
    instance.notifier.set_contact(KENT, MAILBOXES[KENT], by=ADMINISTRATORS[0], at=corridor.now)
    assert Letterbox(relay, instance, corridor).tell() == {}
    assert instance.notifier.gather(corridor.tick()) == 0


def test_whoever_ends_their_mailbox_is_told_no_more(
    letterbox: Letterbox, corridor: Corridor, instance: "Instance"
) -> None:
    instance.notifier.set_contact(KENT, "", by=ADMINISTRATORS[0], at=corridor.tick())
    corridor.received()
    assert letterbox.tell() == {}
    with pytest.raises(Mistaken, match="no mailbox is set"):
        instance.notifier.set_contact(KENT, "", by=ADMINISTRATORS[0], at=corridor.tick())


@pytest.mark.parametrize(
    "address",
    ["kent", "a@b\r\nBcc: all@press.example", "a b@c.example", "ä@kent.example", "a@" + "b" * 260, "a@b..c", "@b.c"],
)
def test_what_is_no_single_mailbox_is_refused(instance: "Instance", corridor: Corridor, address: str) -> None:
    with pytest.raises(Mistaken, match="no mail address"):
        instance.notifier.set_contact(KENT, address, by=ADMINISTRATORS[0], at=corridor.tick())


def test_only_an_administrator_says_where_an_enrolled_organisation_is_told(
    instance: "Instance", corridor: Corridor
) -> None:
    for who in (FIRST, asker(KENT)):
        with pytest.raises(Mistaken, match="your role"):
            instance.notifier.set_contact(KENT, MAILBOXES[KENT], by=who, at=corridor.tick())
    with pytest.raises(Mistaken, match="enrolled"):
        instance.notifier.set_contact("atlantis", MAILBOXES[KENT], by=ADMINISTRATORS[0], at=corridor.tick())


def test_what_was_told_goes_with_the_case(letterbox: Letterbox, corridor: Corridor) -> None:
    from django.db import transaction

    from privity.edge.store.notification_rows import Told
    from privity.edge.store.shred import shred_case

    reference = corridor.received()
    letterbox.tell()
    assert Told.objects.filter(reference=reference).exists()
    with transaction.atomic():
        shred_case(CaseReference(reference))
    assert not Told.objects.filter(reference=reference).exists()


def test_the_ledger_says_that_a_mailbox_was_set_and_not_which(letterbox: Letterbox, instance: "Instance") -> None:
    told = [one.entry for one in instance.log.entries() if one.entry.kind.value == "organisation.told-at"]
    assert {one.organisation for one in told} == set(MAILBOXES)
    assert not any("@" in repr(one.facts) for one in told)
