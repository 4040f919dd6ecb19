"""What a stranger finds who signs in as department or guardian: a challenge that lives, and a disclosure gone wrong."""

import re
import sqlite3

from tests.functional.browsing import PASSWORD
from tests.functional.test_demo import Demo
from tests.functional.visiting import Visitor

from privity.edge.demonstration.disputes import ENDED, GOES_ON, LAST_WORD, NEAR_MISS, WRONG_PERSON


def signed_in(address: str, staff_id: str) -> Visitor:
    visitor = Visitor(address)
    assert visitor.sign_in(staff_id, PASSWORD).status == 302
    return visitor


def threads(visitor: Visitor) -> list[str]:
    """Return what stands in every thread this person can open, newest first."""
    listed = visitor.get("/challenges/")
    found = list(dict.fromkeys(re.findall(r'href="(/challenges/PRV-[^"]+)"', listed.html)))
    return [visitor.get(path).text for path in found]


def test_the_department_finds_a_challenge_it_brokers_and_one_that_has_ended(world: tuple[str, Demo]) -> None:
    address, _demo = world
    for staff_id in ("d.oversight", "g.hale"):
        told = threads(signed_in(address, staff_id))
        (living,) = [text for text in told if GOES_ON[0][1] in text]
        assert [words for _, words in GOES_ON if words not in living] == []
        assert living.index(GOES_ON[0][1]) < living.index(GOES_ON[-1][1])
        (ended,) = [text for text in told if LAST_WORD in text]
        assert [words for _, words in ENDED if words not in ended] == []
        assert "The challenge has ended: a new request is worth sending." in ended


def test_the_72_hours_of_a_wrong_disclosure_run_and_the_requester_was_sent_a_correction(
    world: tuple[str, Demo],
) -> None:
    address, demo = world
    department, guardian = signed_in(address, "d.oversight"), signed_in(address, "g.hale")
    seen = department.get("/oversight/").text
    assert "Another person’s data stood in the answer" in seen
    assert re.search(r"\b5[12] of 72 hours left", seen), "twenty of the seventy-two are gone"
    assert WRONG_PERSON not in seen, "the department sees what went wrong, and not the words about it"
    case = re.findall(r'href="(/cases/PRV-[^"]+/incidents/)"', guardian.get("/incidents/").html)
    pages = [guardian.get(path).text for path in dict.fromkeys(case)]
    assert any(WRONG_PERSON in page and "The 72 hours end on" in page for page in pages)
    assert any(NEAR_MISS in page and "Closed on" in page for page in pages)
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        notices = database.execute("SELECT kind, state FROM notice").fetchall()
    assert notices == [("correction", "sent")]
    assert (demo.data / "outbox").exists()
