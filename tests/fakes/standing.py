"""One case in every status a case can stand in, each brought there by the acts themselves."""

from collections.abc import Callable

from privity.agreement.version import InstrumentKind
from privity.casework.lifecycle import Status
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import Course
from tests.fakes.corridor import FIRST, SECOND, Corridor, police_request
from tests.fakes.guarded_register import NOBODY, PROTECTED


def stand_everywhere(corridor: Corridor) -> dict[Status, CaseReference]:
    """Return one case in every status. Ends with the police agreement suspended."""
    cases: dict[Status, CaseReference] = {}

    def keep(reference: CaseReference) -> CaseReference:
        cases[corridor.read(reference).status] = reference
        return reference

    keep(corridor.receive())
    corridor.read_in(unreadable := corridor.acknowledge(date_of_birth="1979-02-31"))
    keep(unreadable)
    keep(corridor.received())
    keep(corridor.received(police_request(countersigned="")))
    keep(corridor.received(police_request(offence="theft")))
    corridor.ask(asked := corridor.received())
    keep(asked)
    corridor.withdraw(taken_back := corridor.received())
    keep(taken_back)
    for second in (True, False):
        judged = corridor.received()
        corridor.view(judged, FIRST, False)
        corridor.view(judged, SECOND, second)
        keep(judged)
    keep(corridor.approved())
    _stand_after_the_trace(corridor, keep)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now)
    keep(corridor.received())
    assert {corridor.read(reference).status: reference for reference in cases.values()} == cases
    return cases


def _stand_after_the_trace(corridor: Corridor, keep: Callable[[CaseReference], CaseReference]) -> None:
    corridor.trace(judged := corridor.approved())
    keep(judged)
    corridor.trace(divided := corridor.approved())
    corridor.name_record(divided, FIRST, 1)
    corridor.name_record(divided, SECOND, None)
    keep(divided)
    keep(corridor.identified())
    corridor.screen(reviewed := corridor.identified(), Course.GUARDIAN)
    keep(reviewed)
    corridor.screen(forwarding := corridor.identified(), Course.LETTER)
    keep(forwarding)
    keep(corridor.forwarded())
    keep(corridor.sealed())
    for acts in (1, 2, 3):
        corridor.send(sent := corridor.sealed())
        if acts > 1:
            corridor.collect(sent)
        if acts > 2:
            corridor.destroyed(sent, on=corridor.now.date())
        keep(sent)
    corridor.register.finds = NOBODY
    corridor.trace(nobody := corridor.approved())
    keep(nobody)
    corridor.trace(nobody := corridor.approved())
    corridor.intend(nobody)
    corridor.release(nobody)
    keep(nobody)
    corridor.register.finds = PROTECTED
    corridor.trace(guarded := corridor.approved())
    keep(guarded)
