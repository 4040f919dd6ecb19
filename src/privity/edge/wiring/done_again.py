"""Doing again what took something away after a backup and came undone with it: accounts, roles, systems, certificates.

Rules of the module:
- Only what a later export of the former log says was done, and only where it is not so already.
- It stands under the acknowledgement, in its transaction: from the first act of the new log on it is so.
- It takes away and gives nothing. Where a password and second factor were made void, new ones are put forward by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.casework import certificates, officers
from privity.casework.account_records import Standing
from privity.casework.officers import Reason
from privity.casework.ports import Act
from privity.casework.restored import Loss, Missing
from privity.definitions.party import Officer, OrganisationId
from privity.edge.store.unit_of_work import Unit
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.programs import ProgramBook
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneAgain:
    """Does again, in the name of whoever acknowledges."""

    accounts: AccountBook
    programs: ProgramBook

    def everything(self, unit: Unit, missing: Sequence[Missing], *, by: Officer, at: datetime) -> None:
        """Do everything again that can be done without anybody's further word."""
        for one in missing:
            if one.loss is not Loss.DONE_AGAIN or not one.about:
                continue
            match one.kind:
                case EntryKind.PROGRAM_REVOKED:
                    self._system(unit, one, by, at)
                case EntryKind.CERTIFICATE_REVOKED:
                    _certificate(unit, one, by, at)
                case _:
                    self._person(unit, one, by, at)

    def _person(self, unit: Unit, one: Missing, by: Officer, at: datetime) -> None:
        standing = officers.enrolled(unit, one.about).standing
        reason = next((known for known in Reason if known.value == one.reason), Reason.MISTAKE)
        if one.kind is EntryKind.OFFICER_CLOSED and standing != Standing.CLOSED:
            self.accounts.follow(officers.close(unit, one.about, reason=reason, by=by, at=at))
        elif one.kind is EntryKind.ROLE_REVOKED and standing == Standing.OPEN:
            self.accounts.follow(officers.revoke(unit, one.about, reason=reason, by=by, at=at))
        elif one.kind is EntryKind.FACTOR_RESET:
            self.accounts.follow(officers.reset(unit, one.about, by=by, at=at))
            self.accounts.make_void(one.about)

    def _system(self, unit: Unit, one: Missing, by: Officer, at: datetime) -> None:
        self.programs.revoke(one.about)
        whose = OrganisationId(one.organisation)
        unit.write(Act(kind=EntryKind.PROGRAM_REVOKED, at=at, by=by, key=f"program:{one.about}", organisation=whose))


def _certificate(unit: Unit, one: Missing, by: Officer, at: datetime) -> None:
    """Revoke a certificate again, unless it came after the backup as well and so is not here."""
    whose = OrganisationId(one.organisation)
    here = any(held.sha256 == one.about and not held.revoked_at for held in unit.certificates(whose))
    if here:
        certificates.revoke(unit, whose, one.about, reason=one.reason or "lost", by=by, at=at)
