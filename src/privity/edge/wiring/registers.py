"""The one way to the register: with a permit in hand, and counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from privity.definitions.person import Demographics, Particulars, PersonId
from privity.edge.registers.sqlite import SqliteRegister
from privity.errors import Impossible, Unavailable
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.trace.model import Model
from privity.trace.outcome import TraceResult
from privity.trace.tracer import trace


@dataclass(slots=True)
class GuardedRegister:
    """The register of an instance. Opened when first needed; every reading needs a permit and is counted.

    `permits_used` counts the permits shown; the register itself counts its reads. A request that was not
    approved shows none and causes none.
    """

    path: Path
    model: Callable[[], Model]
    permits_used: int = 0
    _register: SqliteRegister | None = field(default=None)
    _model: Model | None = field(default=None)

    def trace(self, permit: ApprovedPurpose, particulars: Particulars) -> TraceResult:
        """Return what the tracer finds for an approved purpose."""
        self._show(permit)
        if self._model is None:
            self._model = self.model()
        return trace(particulars, self._open(), self._model)

    def record(self, permit: Approved) -> Demographics:
        """Return the one record two people identified."""
        self._show(permit)
        return self._open().demographics(permit.person)

    def candidate(self, permit: ApprovedPurpose, person: PersonId) -> Demographics:
        """Return one candidate's record, for the people who judge the identity."""
        self._show(permit)
        return self._open().demographics(person)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the register as it was imported."""
        return self._open().digest

    @property
    def reads(self) -> int:
        """Return how often the register has been read since it was opened."""
        return self._register.reads if self._register else 0

    def _show(self, permit: ApprovedPurpose | Approved) -> None:
        if not isinstance(permit, ApprovedPurpose | Approved):
            raise Impossible(
                "the register was not read",
                why="there is no permit",
                next_step="report this: nothing has left",
            )
        self.permits_used += 1

    def _open(self) -> SqliteRegister:
        if self._register is None:
            if not self.path.exists():
                raise Unavailable(
                    "the register was not read",
                    why="no register has been imported into this instance",
                    next_step="run `privity register import` first",
                )
            self._register = SqliteRegister.open(self.path)
        return self._register
