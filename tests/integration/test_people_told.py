"""A person who asked is told that there is something to read: when the answer is there, and when a delay has ended."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes.corridor import Corridor
from tests.integration.test_people_asking import DISCLOSED, answered, asked, delay
from tests.integration.test_people_asking import visitor as visitor  # noqa: PLC0414  the fixture is theirs

from privity.casework.instance_records import SubjectWishRecord
from privity.casework.ports import NotTaken
from privity.casework.public_desk import PublicUnit
from privity.casework.tell_person import MOST_REFUSALS, wish
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

MAILBOX = "somebody@mail.example"


@dataclass
class Relay:
    """A relay that keeps what it was handed, and refuses while told to."""

    taken: list[bytes] = field(default_factory=list)
    refuses: bool = False

    def tell(self, mail: bytes, address: str) -> None:
        assert address == MAILBOX
        if self.refuses:
            raise NotTaken("the mail was not taken", why="the relay said so", next_step="try again")
        self.taken.append(mail)


def wished(corridor: Corridor, reference: str, address: str = MAILBOX) -> SubjectWishRecord | None:
    return corridor.do(lambda unit, at: wish(cast(PublicUnit, unit), reference, address, at=at))


def kept(reference: str) -> str:
    from privity.edge.store.public_rows import SubjectWish

    return str(SubjectWish.objects.get(reference=reference).address)


def tell(instance: "Instance", relay: Relay, corridor: Corridor, days: int = 0) -> int:
    from privity.edge.wiring.telling_people import tell_people

    corridor.now += timedelta(days=days)
    told = tell_people(
        instance.store,
        instance.languages,
        relay,
        sender="gateway@custodian.example",
        gateway="https://gateway.example/",
        at=corridor.now,
    )
    return told.told


def test_everybody_who_left_a_mailbox_is_told_on_the_day_of_the_answer_and_once(
    corridor: Corridor, instance: "Instance"
) -> None:
    relay = Relay()
    nothing, withheld = asked(corridor, "aa" * 32), asked(corridor, "bb" * 32)
    for question in (nothing, withheld):
        wished(corridor, question.reference)
    answered(corridor, nothing, ())
    corridor.tick()
    answered(corridor, withheld, (DISCLOSED,), delay(corridor))
    assert tell(instance, relay, corridor, days=20) == 0, "nobody is told before the day"
    assert tell(instance, relay, corridor, days=2) == 2
    dates = {line for mail in relay.taken for line in mail.split(b"\r\n") if line.startswith(b"Date:")}
    assert len(dates) == 1, "nor when it was answered"
    bodies = {mail.partition(b"\r\n\r\n")[2] for mail in relay.taken}
    assert len(bodies) == 1, "a mail does not tell which answer it is about"
    assert b"https://gateway.example/disclosed/" in bodies.pop()
    assert tell(instance, relay, corridor, days=1) == 0
    assert kept(nothing.reference) == "", "nothing is left to tell, so the mailbox is forgotten"
    assert kept(withheld.reference) == MAILBOX


def test_when_a_delay_has_ended_the_person_is_told_again_and_then_forgotten(
    corridor: Corridor, instance: "Instance"
) -> None:
    relay = Relay()
    question = asked(corridor)
    wished(corridor, question.reference)
    answered(corridor, question, (DISCLOSED,), delay(corridor, days=60))
    assert tell(instance, relay, corridor, days=30) == 1
    assert tell(instance, relay, corridor, days=30) == 0, "the day of the review itself is still a day of the delay"
    assert tell(instance, relay, corridor, days=1) == 1
    assert kept(question.reference) == ""
    assert relay.taken[0].split(b"Message-ID")[1][:60] != relay.taken[1].split(b"Message-ID")[1][:60]
    kinds = [entry.kind for entry in corridor.entries()]
    assert kinds.count(EntryKind.SUBJECT_TOLD) == 2
    assert not any(entry.facts for entry in corridor.entries() if entry.kind is EntryKind.SUBJECT_TOLD)


def test_a_mailbox_left_again_when_all_is_told_is_forgotten_and_one_that_waits_is_kept(
    corridor: Corridor, instance: "Instance"
) -> None:
    relay = Relay()
    nothing, withheld = asked(corridor, "aa" * 32), asked(corridor, "bb" * 32)
    answered(corridor, nothing, ())
    answered(corridor, withheld, (DISCLOSED,), delay(corridor))
    for question in (nothing, withheld):
        wished(corridor, question.reference)
    assert tell(instance, relay, corridor, days=22) == 2
    for question in (nothing, withheld):
        wished(corridor, question.reference)
        assert kept(question.reference) == MAILBOX, "to the person it is the same"
    assert tell(instance, relay, corridor) == 0
    assert (kept(nothing.reference), kept(withheld.reference)) == ("", MAILBOX)


def test_a_delay_that_the_guardian_ends_early_is_told_at_once(corridor: Corridor, instance: "Instance") -> None:
    relay = Relay()
    question = asked(corridor)
    wished(corridor, question.reference)
    answered(corridor, question, (DISCLOSED,), delay(corridor, days=60))
    assert tell(instance, relay, corridor, days=30) == 1
    answered(corridor, question, (DISCLOSED,))
    assert tell(instance, relay, corridor) == 1
    assert kept(question.reference) == ""


def test_a_delay_that_is_decided_anew_tells_nothing_meanwhile(corridor: Corridor, instance: "Instance") -> None:
    relay = Relay()
    question = asked(corridor)
    wished(corridor, question.reference)
    answered(corridor, question, (DISCLOSED,), delay(corridor, days=60))
    assert tell(instance, relay, corridor, days=50) == 1
    answered(corridor, question, (DISCLOSED,), delay(corridor, days=60))
    assert tell(instance, relay, corridor, days=40) == 0
    assert tell(instance, relay, corridor, days=21) == 1


def test_a_relay_that_refuses_is_asked_again_and_in_the_end_the_mailbox_is_forgotten(
    corridor: Corridor, instance: "Instance"
) -> None:
    relay = Relay(refuses=True)
    question = asked(corridor)
    wished(corridor, question.reference)
    answered(corridor, question, ())
    assert tell(instance, relay, corridor, days=22) == 0
    assert kept(question.reference) == MAILBOX
    for _ in range(MOST_REFUSALS - 1):
        assert tell(instance, relay, corridor) == 0
    assert kept(question.reference) == ""
    relay.refuses = False
    assert tell(instance, relay, corridor) == 0


def test_no_mail_address_is_refused_and_an_empty_one_changes_nothing(corridor: Corridor) -> None:
    question = asked(corridor)
    for wrong in ("nobody", "a@b@c.example", "x@y..example", "é@mail.example", "a@mail.example\r\nBcc: b@c.example"):
        with pytest.raises(Mistaken, match="no mail address"):
            wished(corridor, question.reference, wrong)
    assert wished(corridor, question.reference, " ") is None
    with pytest.raises(Mistaken, match="nobody asked"):
        wished(corridor, "ee" * 32)


def test_a_person_leaves_a_mailbox_on_the_page_and_takes_it_back_with_the_same_code(
    visitor: "Client", instance: "Instance"
) -> None:
    from privity.definitions.party import Officer, OrganisationId, Role, StaffId
    from privity.definitions.person import NhsNumber
    from privity.edge.store.public_rows import SubjectWish
    from privity.edge.web import door
    from privity.edge.wiring.public_desk import public_desk

    desk = Officer(
        staff_id=StaffId("practice"), name="P", organisation=OrganisationId("dr-abbas"), role=Role.GP_PRACTICE
    )
    code = public_desk(instance).give_code(NhsNumber("9434765919"), by=desk, at=door.now())
    wrong = visitor.post("/disclosed/", {"code": code, "tell": "nobody"})
    assert wrong.status_code == 422
    assert "no mail address" in wrong.content.decode()
    assert (
        "You will be told by e-mail." in visitor.post("/disclosed/", {"code": code, "tell": MAILBOX}).content.decode()
    )
    assert [row.address for row in SubjectWish.objects.all()] == [MAILBOX]
    ended = visitor.post("/disclosed/", {"code": code, "act": "no-mail"}).content.decode()
    assert "Nobody writes to you any more." in ended
    assert [row.address for row in SubjectWish.objects.all()] == [""]
