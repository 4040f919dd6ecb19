"""The desks of the custodian's people beside the queue and the case: one place that holds them all."""

from dataclasses import dataclass

from privity.casework.broker_desk import BrokerDesk
from privity.casework.guardian_desk import GuardianDesk
from privity.casework.safety_desk import SafetyDesk
from privity.casework.upkeep_desk import UpkeepDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDesks:
    """What stands behind the pages of officers, guardian and department, each for its own work."""

    safety: SafetyDesk
    upkeep: UpkeepDesk
    guardian: GuardianDesk
    broker: BrokerDesk
