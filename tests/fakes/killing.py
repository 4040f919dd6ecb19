"""Acts on an instance and dies at a chosen point, as a process does when its power is cut.

python -m tests.fakes.killing DIR POINT      POINT: inside, entries, rows, checkpoint, after, on-and-on
Prints the reference of a case only once it has been acknowledged.
"""

import os
import signal
import sys
from pathlib import Path

from privity.casework.assess import assess_case
from privity.casework.receive import receive
from privity.definitions.reference import CaseReference
from privity.edge.wiring.instance import open_instance
from tests.fakes.corridor import KENT, START, asker, police_request
from tests.fakes.shelf import ShelfAgreements


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(holder: object, name: str) -> None:
    """Let a function do its work and kill the process when it has."""
    work = getattr(holder, name)

    def last_time(*arguments: object, **named: object) -> None:
        work(*arguments, **named)
        die()

    setattr(holder, name, last_time)


def main(root: Path, point: str) -> None:
    instance = open_instance(root)
    from privity.edge.store import unit_of_work
    from privity.edge.store.log import Log

    match point:
        case "entries":
            dying_after(Log, "_grow")
        case "rows":
            dying_after(unit_of_work, "write_rows")
        case "checkpoint":
            dying_after(Log, "_sign")
    waiting = [CaseReference(one) for one, status in instance.store.statuses().items() if status == "received"]
    while True:
        with instance.store.unit() as unit:
            for reference in waiting:
                assess_case(unit, ShelfAgreements(), reference, at=START)
            made = receive(unit, police_request(), at=START, by=asker(KENT))
            if point == "inside":
                die()
        waiting = []
        sys.stdout.write(f"{made}\n")
        sys.stdout.flush()
        if point == "after":
            die()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
