"""A custodian's own register with PDS behind it: the register finds, PDS confirms and refreshes. It is never searched.

    pds.json    {"address": "https://…", "calls_per_second": 5, "authority": "relay.pem"}   the last may be left out

Rules of the module:
- What PDS does not confirm is nobody's proposal any more; nothing becomes a proposal because of PDS.
- A number that another has followed is still the person's: what is registered under either of the two holds.
- What PDS calls restricted is protected here, whatever the register says: it goes to the guardian, and the requester
  is told what no trace is told.
- What officers see and what leaves is the record as PDS holds it today; a number PDS no longer knows leaves nothing.
- PDS silent, busy or odd: nothing is traced, the case stays as it was, and somebody tries again.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from privity.casework.trace import PROTECTED_FROM
from privity.definitions.person import Demographics, Particulars, PersonId
from privity.edge.registers.models import default_model
from privity.edge.registers.pds import Confirmation, HttpsLine, Pace, PdsRegister
from privity.edge.settings.places import DataDirectory
from privity.edge.wiring.protected_register import Registrations
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Mistaken, Unavailable
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.trace.certificate import Certificate
from privity.trace.outcome import Candidate, TraceResult, TraceState

CALLS_PER_SECOND = 5.0
"""The rate an application may call at, unless it agreed otherwise (PDSAPI)."""


@dataclass(slots=True, kw_only=True)
class PdsConfirmedRegister(GuardedRegister):
    """The register of an instance whose custodian may ask PDS."""

    pds: PdsRegister

    def trace(self, permit: ApprovedPurpose, particulars: Particulars, *, under: Certificate | None) -> TraceResult:
        """Return what the tracer finds, with what PDS says of those it puts up."""
        found = GuardedRegister.trace(self, permit, particulars, under=under)
        if found.state is TraceState.UNTRACED:
            return found
        candidates = tuple(self._marked(permit, one, found.best) for one in found.candidates)
        marked = replace(found, state=_lowered(found.state, candidates), candidates=candidates)
        if marked.state is not TraceState.PROPOSED or self._confirms(permit, particulars, candidates[0]):
            return marked
        return replace(marked, state=TraceState.REVIEW)

    def candidate(self, permit: ApprovedPurpose, person: PersonId) -> Demographics:
        """Return one candidate's record as it is today; a number PDS no longer knows shows the register's."""
        held = GuardedRegister.candidate(self, permit, person)
        return self._today(held) or held

    def record(self, permit: Approved) -> Demographics:
        """Return the one record two people identified, as it is today.

        Raises: Mistaken: PDS no longer knows the number.
        """
        held = GuardedRegister.record(self, permit)
        fresh = self._today(held)
        if fresh is None:
            raise Mistaken(
                "the record was not read",
                why="PDS holds no record of that number any more",
                next_step="look at the case again: the number may have been invalidated",
            )
        return fresh

    def _today(self, held: Demographics) -> Demographics | None:
        """Return the record as PDS holds it, protected where either side says so; None where it is gone."""
        fresh = self.pds.refresh(held.nhs_number)
        if fresh is None:
            return None
        named = replace(fresh, person=held.person, registered_on=held.registered_on)
        return self._protected().seen(replace(named, sensitive=fresh.sensitive or held.sensitive))

    def _marked(self, permit: ApprovedPurpose, one: Candidate, best: Candidate | None) -> Candidate:
        """Return the candidate, protected where anybody says so today; PDS is not asked about the unlikely ones."""
        if one.sensitive or (one is not best and one.probability < PROTECTED_FROM):
            return one
        today = self._today(GuardedRegister.candidate(self, permit, one.person))
        return replace(one, sensitive=True) if today is not None and today.sensitive else one

    def _confirms(self, permit: ApprovedPurpose, particulars: Particulars, best: Candidate) -> bool:
        number = GuardedRegister.candidate(self, permit, best.person).nhs_number
        return self.pds.confirm(particulars, number) is Confirmation.CONFIRMED


def _lowered(state: TraceState, candidates: tuple[Candidate, ...]) -> TraceState:
    """Return the state once candidates are marked: a protected record is never a proposal."""
    return TraceState.REVIEW if state is TraceState.PROPOSED and candidates[0].sensitive else state


def register_of(data: DataDirectory, registrations: Registrations) -> GuardedRegister:
    """Return the register of an instance, with PDS behind it where the instance says how to ask it.

    Raises: Mistaken: what is written there cannot be read.
    """
    if not data.pds.exists():
        return GuardedRegister(path=data.register, model=default_model, registrations=registrations)
    return PdsConfirmedRegister(
        path=data.register,
        model=default_model,
        registrations=registrations,
        pds=PdsRegister(_line(data)),
    )


def _line(data: DataDirectory) -> HttpsLine:
    try:
        tree = json.loads(data.pds.read_text(encoding="utf-8"))
        address, rate = tree["address"], float(tree.get("calls_per_second", CALLS_PER_SECOND))
        authority = data.root / str(tree["authority"]) if "authority" in tree else None
        if not isinstance(address, str) or not 0 < rate <= 1_000 or set(tree) - _KNOWN:
            raise ValueError
        return HttpsLine(address, lambda: _headers(data.pds_token), Pace(rate), authority)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise Mistaken(
            "the instance was not opened",
            why="`pds.json` does not say how PDS is asked",
            next_step="give it `address`, and if need be `calls_per_second` and `authority`, or remove it",
        ) from wrong


_KNOWN = {"address", "calls_per_second", "authority"}


def _headers(token: Path) -> Mapping[str, str]:
    """Return the headers of one call. The token is read each time, so whoever keeps it fresh need not tell us.

    Raises: Unavailable: there is none.
    """
    try:
        bearer = token.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unavailable(
            "PDS was not asked", why="its token cannot be read", next_step="put a fresh one into `pds-token`"
        ) from wrong
    return {"Authorization": f"Bearer {bearer}", "X-Request-ID": str(uuid.uuid4())}
