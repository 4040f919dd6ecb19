"""The desks of the custodian's people beside the queue and the case: one place that holds them all."""

from dataclasses import dataclass

from privity.casework.safety_desk import SafetyDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDesks:
    """What stands behind the pages of officers, guardian and department, each for its own work."""

    safety: SafetyDesk
