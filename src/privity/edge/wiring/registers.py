"""The one way to the register: with a permit in hand, and counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from privity.definitions.day import civil_day
from privity.definitions.person import Demographics, Particulars, PersonId
from privity.edge.registers.sqlite import SqliteRegister, mark_of
from privity.edge.store.standstill import must_go_on
from privity.edge.wiring.protected_register import (
    ProtectedReader,
    Registrations,
    nothing_registered,
    registered_for,
)
from privity.errors import Impossible, Unavailable
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.protection.household import Household, household
from privity.protection.registration import flagged_on
from privity.protection.signs import Signs, signs
from privity.trace.certificate import Certificate
from privity.trace.model import Model, with_certificate
from privity.trace.outcome import TraceResult
from privity.trace.standing import TracerInUse
from privity.trace.tracer import trace

NOT_READ = "the register was not read"


def this_day() -> date:
    """Return today, in London."""
    return civil_day(datetime.now(UTC))


@dataclass(slots=True)
class GuardedRegister:
    """The register of an instance. Opened when first needed; every reading needs a permit and is counted.

    `permits_used` counts the permits shown; the register itself counts its reads. A request that was not
    approved shows none and causes none.
    """

    path: Path
    model: Callable[[], Model]
    registrations: Registrations = nothing_registered
    today: Callable[[], date] = this_day
    permits_used: int = 0
    _register: SqliteRegister | None = field(default=None)
    _mark: tuple[int, int] = field(default=(0, 0))
    """Which file the open register is, so that another in its place is noticed."""
    _model: Model | None = field(default=None)

    def tracer_in_use(self) -> TracerInUse:
        """Return the model and the register in use. Reads nobody's record."""
        register, model = self._open(), self._model_in_use()
        # The digest first: asking for it notices what has changed, and the size is of the same state then.
        digest = register.digest
        return TracerInUse(
            model=model.label,
            model_digest=model.digest,
            register_rows=register.size,
            register_digest=digest,
        )

    def trace(self, permit: ApprovedPurpose, particulars: Particulars, *, under: Certificate | None) -> TraceResult:
        """Return what the tracer finds for an approved purpose; nobody is proposed without a certificate in force."""
        self._show(permit)
        bare = self._model_in_use()
        model = bare if under is None else with_certificate(bare, under)
        return trace(particulars, self._protected(), model, may_propose=under is not None)

    def record(self, permit: Approved) -> Demographics:
        """Return the one record two people identified."""
        self._show(permit)
        return self._protected().seen(self._open().demographics(permit.person))

    def household(self, permit: Approved, record: Demographics) -> Household | None:
        """Return who else is registered at a record's home, with protections of today, or None where nobody can say."""
        self._show(permit)
        if record.residence is None or not record.residence.postcode:
            return None
        residents = self._open().residents(record.residence.postcode)
        flagged = flagged_on(self.registrations([one.nhs_number.digits for one in residents]), self.today())
        laid_over = [replace(one, sensitive=True) if one.nhs_number in flagged else one for one in residents]
        return household(record.person, record.residence, laid_over, self.today())

    def signs(self, permit: Approved, record: Demographics) -> Signs:
        """Return what practices registered for a record's person, as it stands today. Reads no record."""
        self._show(permit)
        return signs(registered_for(self.registrations, record), record.nhs_number, self.today())

    def candidate(self, permit: ApprovedPurpose, person: PersonId) -> Demographics:
        """Return one candidate's record, for the people who judge the identity."""
        self._show(permit)
        return self._protected().seen(self._open().demographics(person))

    def not_borne(self, numbers: Sequence[str]) -> frozenset[str]:
        """Return which of the NHS numbers nobody on the register bears. Reads nobody's record."""
        return self._open().not_borne(numbers)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the register as it was imported."""
        return self._open().digest

    @property
    def reads(self) -> int:
        """Return how often the register has been read since it was opened."""
        return self._register.reads if self._register else 0

    def _model_in_use(self) -> Model:
        """Return the model without any certificate: which one is in force is the ledger's to say."""
        if self._model is None:
            self._model = replace(self.model(), certificate=None)
        return self._model

    def _protected(self) -> ProtectedReader:
        """Return the register with the protections of this day laid over it, read anew each time."""
        return ProtectedReader(register=self._open(), registrations=self.registrations, day=self.today())

    def _show(self, permit: ApprovedPurpose | Approved) -> None:
        if not isinstance(permit, ApprovedPurpose | Approved):
            raise _without_permit()
        must_go_on(NOT_READ)
        self.permits_used += 1

    def _open(self) -> SqliteRegister:
        """Return the register that lies there now: one taken in meanwhile is read from its first day."""
        try:
            mark = mark_of(self.path)
        except FileNotFoundError:
            raise Unavailable(
                NOT_READ,
                why="no register has been imported into this instance",
                next_step="run `privity register import` first",
            ) from None
        if self._register is None or mark != self._mark:
            self._register, self._mark = SqliteRegister.open(self.path), mark
        return self._register


def _without_permit() -> Impossible:
    return Impossible(
        NOT_READ,
        why="there is no permit",
        next_step="report this: nothing has left",
    )
