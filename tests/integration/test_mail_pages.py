"""Mails as people see them: whether they went, why not, and how they are tried again; and nobody is named."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, Corridor, officer, police_request
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text

from privity.casework.ports import NotTaken
from privity.definitions.party import Role
from privity.edge.demonstration.setting_up import publish_until

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

KEEPER = officer("keeper", Role.ADMINISTRATOR)
CONSTABLE = officer("constable", Role.REQUESTING_OFFICER, KENT)
SENDER, MAILBOX = "gateway@custodian.example", "tracing@kent.example"


class Relay:
    """Takes every mail, or refuses every mail."""

    def __init__(self) -> None:
        self.refuses = False
        self.carried: list[bytes] = []

    def tell(self, mail: bytes, address: str) -> None:
        if self.refuses:
            raise NotTaken("a notification was not taken", why="it answered `550`", next_step="look at the mailbox")
        self.carried.append(mail)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with its pages open, three accounts and one mailbox."""
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(hours=2)  # noqa: TID251  as the served pages do
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    door.open_with(instance.desk, requester_desk=instance.requester_desk, letters=instance.letters, made_up=True)
    open_inner_doors(instance)
    for who in (KEEPER, FIRST, CONSTABLE):
        with_account(instance, who)
    instance.notifier.set_contact(KENT, MAILBOX, by=ADMINISTRATORS[0], at=corridor.tick())
    return instance


def run(desk: "Instance", relay: Relay, corridor: Corridor, times: int = 1) -> None:
    from privity.edge.store.notification_rows import Mail

    for _ in range(times):
        Mail.objects.filter(sent_at=None).update(not_before=corridor.tick())
        desk.notifier.send(relay, sender=SENDER, gateway="", at=corridor.tick())


def name_of_the_mail() -> str:
    from privity.edge.store.notification_rows import Mail

    return str(Mail.objects.order_by("-made_at").first().pk)  # type: ignore[union-attr]  # a mail was made


def test_an_administrator_sees_what_went_what_was_refused_and_why_and_no_case(
    desk: "Instance", corridor: Corridor, relay: Relay
) -> None:
    keeper = at_the_pages(KEEPER)
    assert "No mail has been made yet" in text(keeper.get("/administration/mails/"))
    first = corridor.received()
    run(desk, relay, corridor)
    relay.refuses = True
    second = corridor.received(police_request(reference="KP/2"))
    run(desk, relay, corridor)
    page = text(keeper.get("/administration/mails/"))
    assert "A request was received" in page
    assert "Refused, and tried again by itself" in page
    assert "1 attempt: it answered `550`" in page
    assert page.index("Refused, and") < page.rindex("Sent"), "what needs somebody stands first"
    for reference in (first, second):
        assert reference not in page
    shown = page.split("How it stands")[1]
    assert [word for word in GOLDEN_WORDS if word in shown] == []
    table = text(keeper.get("/administration/mails/?state=sent")).split("How it stands")[1].split("Who is told")[0]
    assert "Refused" not in table


def test_a_mail_that_was_given_up_is_told_of_first_thing_and_goes_again_when_somebody_says_so(
    desk: "Instance", corridor: Corridor, relay: Relay
) -> None:
    relay.refuses = True
    corridor.received()
    run(desk, relay, corridor, times=10)
    keeper = at_the_pages(KEEPER)
    assert "Given up: refused too often (1)" in text(keeper.get("/administration/mails/"))
    relay.refuses = False
    run(desk, relay, corridor)
    assert relay.carried == [], "nobody tries any more"
    done = keeper.post("/administration/mails/", {"what": "again", "mail": name_of_the_mail()}, follow=True)
    assert "goes with the next pass" in text(done)
    run(desk, relay, corridor)
    assert len(relay.carried) == 1
    assert "Given up: refused too often (0)" in text(keeper.get("/administration/mails/"))
    late = keeper.post("/administration/mails/", {"what": "again", "mail": name_of_the_mail()})
    assert (late.status_code, "it may have gone meanwhile" in text(late)) == (422, True)


def test_an_officer_sees_the_mails_of_a_case_and_has_a_refused_one_tried_again(
    desk: "Instance", corridor: Corridor, relay: Relay
) -> None:
    reference, other = corridor.received(), corridor.received(police_request(reference="KP/2"))
    corridor.ask(reference)
    relay.refuses = True
    run(desk, relay, corridor, times=10)
    at_desk = at_the_pages(FIRST)
    page = text(at_desk.get(f"/cases/{reference}/"))
    assert "Mails about this case" in page
    assert "A question waits for you" in page
    assert "it answered `550`" in page
    assert MAILBOX not in page
    wrong = at_desk.post(f"/cases/{other}/mails/again/", {"mail": "0" * 32}, follow=True)
    assert "There is none of that name" in text(wrong)
    at_desk.post(f"/cases/{reference}/mails/again/", {"mail": name_of_the_mail()})
    relay.refuses = False
    run(desk, relay, corridor)
    assert len(relay.carried) == 1
    assert "sent" in text(at_desk.get(f"/cases/{reference}/")).split("Mails about this case")[1]


def test_mailboxes_and_languages_are_set_on_the_page_and_wrong_ones_are_refused(
    desk: "Instance", corridor: Corridor
) -> None:
    keeper = at_the_pages(KEEPER)
    set_one = {"what": "mailbox", "organisation": "department"}
    done = keeper.post("/administration/mails/", {**set_one, "address": "oversight@department.example"}, follow=True)
    assert "The mailbox is set" in text(done)
    assert "oversight@department.example" in text(done)
    wrong = keeper.post("/administration/mails/", {**set_one, "address": "nobody"})
    assert (wrong.status_code, "It is no mail address" in text(wrong)) == (422, True)
    unknown = keeper.post("/administration/mails/", {"what": "language", "organisation": KENT, "language": "tlh"})
    assert (unknown.status_code, "There is no translation into it here" in text(unknown)) == (422, True)


def test_nobody_else_sees_the_page_of_mails(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.received()
    for who in (FIRST, CONSTABLE):
        assert at_the_pages(who).get("/administration/mails/").status_code == 403
    assert at_the_pages(CONSTABLE).post(f"/cases/{reference}/mails/again/", {"mail": "x"}).status_code == 403
    assert at_the_pages(KEEPER).post(f"/cases/{reference}/mails/again/", {"mail": "x"}).status_code == 403
