"""Two people press at the same moment: one act is done, the other is told what happened, and nothing is done twice.

python -m tests.fakes.at_once DIR
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway
from privity.casework.requester_desk import RequesterDesk
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.errors import Mistaken, Unavailable
from tests.fakes.corridor import FIRST, KENT, SECOND, Corridor, asker
from tests.fakes.corridors import stored_corridor
from tests.fakes.working import about_somebody
from tests.integration.test_outbox import Carrier

if TYPE_CHECKING:
    from privity.edge.wiring.desk import InstanceDesk
    from privity.edge.wiring.instance import Instance

ROUNDS = 4
REASONS = "What weighs for and against, in words of one's own."
Act = Callable[["Two", CaseReference, Officer], None]


@dataclass
class Two:
    """The desks two people sit at."""

    corridor: Corridor
    instance: "Instance"
    desk: "InstanceDesk"
    requester: RequesterDesk
    carriers: Iterator[int] = field(default_factory=count)

    seen: dict[CaseReference, int] = field(default_factory=dict)
    """What each case stood at when both looked at it."""


def sat_down(instance: "Instance", corridor: Corridor) -> Two:
    """Return two people at the desks of an instance, who judge by a corridor's agreements and trace in its register."""
    from privity.edge.wiring.desk import InstanceDesk
    from privity.edge.wiring.requester import InstanceRequesterDesk

    joined, asked, shelf = instance.desk, instance.requester_desk, corridor.agreements
    assert isinstance(joined, InstanceDesk)
    assert isinstance(asked, InstanceRequesterDesk)
    gateway = Gateway(agreements=shelf, register=corridor.register, sealer=corridor.sealer)
    desk = replace(joined, agreements=shelf, register=corridor.register, gateway=gateway)  # type: ignore[arg-type]  # the shelf in place of what is published
    requester = replace(asked, agreements=shelf, gateway=gateway)  # type: ignore[arg-type]  # the shelf here too
    outbox = replace(instance.outbox, agreements=shelf, gateway=gateway)
    return Two(corridor=corridor, instance=replace(instance, outbox=outbox), desk=desk, requester=requester)


def traces(two: Two, reference: CaseReference, who: Officer) -> None:
    two.desk.trace(reference, revision=two.seen[reference], by=who, at=two.corridor.now)


def names(two: Two, reference: CaseReference, who: Officer) -> None:
    two.desk.determine_identity(
        reference, choice=1, reasons=REASONS, revision=two.seen[reference], by=who, at=two.corridor.now
    )


def names_twice(two: Two, reference: CaseReference, who: Officer) -> None:
    return names(two, reference, FIRST)


def sets_aside(two: Two, reference: CaseReference, who: Officer) -> None:
    two.desk.set_trace_aside(reference, reasons=REASONS, revision=two.seen[reference], by=who, at=two.corridor.now)


def screens(two: Two, reference: CaseReference, who: Officer) -> None:
    from privity.edge.wiring.custody import custody_desks

    custody_desks(two.desk).safety.screen(
        reference,
        course=Course.GO_ON,
        answers=dict.fromkeys(SafetyQuestion, SafetyAnswer.NO),
        reasons=REASONS,
        seen="",
        revision=two.seen[reference],
        by=who,
        at=two.corridor.now,
    )


def releases(two: Two, reference: CaseReference, who: Officer) -> None:
    two.desk.release(reference, revision=two.seen[reference], by=who, at=two.corridor.now)


def withdraws(two: Two, reference: CaseReference, who: Officer) -> None:
    own = two.requester.own(reference, by=asker(KENT), at=two.corridor.now)
    two.requester.withdraw(reference, tag=own.tag, by=asker(KENT), at=two.corridor.now)


def fetches(two: Two, reference: CaseReference, who: Officer) -> None:
    two.requester.sealed(reference, by=asker(KENT), at=two.corridor.now)


def sends(two: Two, reference: CaseReference, who: Officer) -> None:
    two.instance.outbox.send(at=two.corridor.now, transport=Carrier(numbers_before=next(two.carriers) * 100))


def collects(two: Two, reference: CaseReference, who: Officer) -> None:
    own = two.requester.own(reference, by=asker(KENT), at=two.corridor.now)
    two.requester.collected(reference, tag=own.tag, by=asker(KENT), at=two.corridor.now)


def judged(corridor: Corridor, number: int) -> CaseReference:
    corridor.trace(reference := corridor.approved(about_somebody(number)))
    return reference


def approved(corridor: Corridor, number: int) -> CaseReference:
    return corridor.approved(about_somebody(number))


def identified(corridor: Corridor, number: int) -> CaseReference:
    return corridor.identified(about_somebody(number))


def ready(corridor: Corridor, number: int) -> CaseReference:
    return corridor.ready(about_somebody(number))


def sealed(corridor: Corridor, number: int) -> CaseReference:
    return corridor.sealed(about_somebody(number))


def sent(corridor: Corridor, number: int) -> CaseReference:
    corridor.send(reference := sealed(corridor, number))
    return reference


ONCE = ("trace.finished", "safety.screened", "pack.sealed", "pack.sent", "pack.collected", "case.withdrawn")


PAIRS: tuple[tuple[Callable[[Corridor, int], CaseReference], Act, Act], ...] = (
    (approved, traces, traces),
    (judged, names, names),
    (judged, names_twice, names_twice),
    (judged, names, sets_aside),
    (identified, screens, screens),
    (ready, releases, releases),
    (ready, releases, withdraws),
    (ready, releases, sets_aside),
    (sealed, fetches, fetches),
    (sealed, fetches, sends),
    (sent, collects, collects),
)
"""To where a case is walked, and what two people then do to it at once."""


def both_at_once(two: Two, walk: Callable[[Corridor, int], CaseReference], one: Act, other: Act, number: int) -> None:
    """Let two people act at the same moment, and look at what came of it."""
    reference = walk(two.corridor, number)
    two.corridor.tick()
    two.seen[reference] = two.corridor.read(reference).state.revision
    both = Barrier(2)

    def act(what: Act, who: Officer) -> str:
        try:
            both.wait()
            what(two, reference, who)
        except (Mistaken, Unavailable) as refused:
            return str(refused)
        finally:
            two.instance.store.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(act, what, who) for what, who in ((one, FIRST), (other, SECOND))]
        said = [each.result(timeout=30) for each in told]
    file = two.corridor.read(reference)
    kinds = [line.kind for line in file.history]
    assert "" in said, said
    assert kinds == two.corridor.kinds(reference)
    assert all(kinds.count(kind) <= 1 for kind in ONCE), kinds
    assert file.status is not Status.WITHDRAWN or file.pack is None
    assert all("; " in one for one in said if one), "whoever is refused is told what to do next"


def nothing_is_altered(two: Two) -> None:
    from privity.edge.store.audit import Tally, audit_rows

    assert list(audit_rows(two.instance.log, Tally())) == []


def main(root: Path) -> None:
    """Walk every pair on a fresh instance in a folder, over whatever database it is told to use."""
    from privity.edge.wiring.instance import make_instance

    instance = make_instance(root)
    two = sat_down(instance, stored_corridor(instance))
    for number, (walk, one, other) in enumerate(PAIRS * ROUNDS):
        both_at_once(two, walk, one, other, number)
    nothing_is_altered(two)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
