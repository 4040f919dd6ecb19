"""One at a time: whoever writes a whole register file, or lays one out, keeps others from beginning."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privity.errors import Unavailable


@contextmanager
def alone(register: Path) -> Iterator[None]:
    """Keep the turn on a register file while it is written or laid out. A crash gives the turn back.

    Raises: Unavailable: somebody else has it. OSError: the disk refused.
    """
    mark = register.with_name(register.name + ".turn")
    with mark.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken() from None
        if not mark.exists() or not os.path.samestat(os.fstat(held.fileno()), mark.stat()):
            raise _taken()
        try:
            yield
        finally:
            mark.unlink()


def _taken() -> Unavailable:
    return Unavailable(
        "the register was not written",
        why="it is being imported or laid out at this moment",
        next_step="wait until that is done, then look whether it is still needed; nothing was changed",
    )
