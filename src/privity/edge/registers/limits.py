"""What makes a new register suspicious beside the one it replaces: too many gone, too many unprotected.

Rules of the room:
- Only counts are told, never who.
- A file beyond a limit is refused, unless two different people confirm it.
- Protection that falls away is counted by person: as many new ones elsewhere do not make up for it.
- Nobody whom a practice protects may go unseen: a protection is registered under a number, and does not follow whoever
  comes back under another.
"""

from dataclasses import dataclass

import numpy as np

from privity.edge.registers.columns import Flags, Numbers
from privity.errors import Mistaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a register may move in one import, as shares of the register in place; a few are always allowed."""

    gone: float = 0.01
    new: float = 0.05
    unprotected: float = 0.02
    protected: float = 0.10
    always: int = 10


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What one import would change: records gone and new, and records that lose or gain protection."""

    before: int
    after: int
    protected_before: int
    gone: int
    new: int
    unprotected: int
    protected: int
    left_behind: int = 0
    """People whom a practice protects, who are in place and would be gone."""


@dataclass(frozen=True, slots=True)
class People:
    """The NHS numbers of a register, and which of them are protected."""

    numbers: Numbers
    sensitive: Flags


NOBODY: Numbers = np.zeros(0, np.int64)


def movement(before: People, after: People, kept: Numbers = NOBODY) -> Movement:
    """Return what an import would change.

    Args: kept: the NHS numbers that practices protect.
    """
    was, now = before.numbers[before.sensitive], after.numbers[after.sensitive]
    still_there = np.isin(was, after.numbers)
    return Movement(
        before=len(before.numbers),
        after=len(after.numbers),
        protected_before=len(was),
        gone=int((~np.isin(before.numbers, after.numbers)).sum()),
        new=int((~np.isin(after.numbers, before.numbers)).sum()),
        unprotected=int((~np.isin(was, now) & still_there).sum()) + int((~still_there).sum()),
        protected=int((~np.isin(now, was)).sum()),
        left_behind=int((np.isin(kept, before.numbers) & ~np.isin(kept, after.numbers)).sum()),
    )


def suspicious(moved: Movement, limits: Limits = LIMITS) -> tuple[str, ...]:
    """Return what about an import is beyond the limits, in words; nothing for an ordinary one."""
    told = []
    for count, of, most, words in (
        (moved.gone, moved.before, limits.gone, "records would be gone"),
        (moved.new, moved.before, limits.new, "records would be new"),
        (moved.unprotected, moved.protected_before, limits.unprotected, "protected records would lose protection"),
        (moved.protected, moved.protected_before, limits.protected, "records would become protected"),
    ):
        if count > max(limits.always, of * most):
            told.append(f"{count:,} {words}, of {of:,}: more than {most:.0%}")
    if moved.left_behind:
        told.append(f"{moved.left_behind:,} whom a practice protects would be gone, and no protection follows a number")
    return tuple(told)


def refuse_suspicious(moved: Movement, confirmed_by: tuple[str, ...], limits: Limits = LIMITS) -> None:
    """Refuse an import beyond the limits that two different people have not confirmed.

    Raises: Mistaken: it is beyond a limit.
    """
    told = suspicious(moved, limits)
    if told and len({name.strip().casefold() for name in confirmed_by if name.strip()}) < 2:
        raise Mistaken(
            "the register was not accepted",
            why="; ".join(told),
            next_step="check the source; two people may confirm it with `--confirmed-by` each; nothing was taken",
        )
