"""The custodian's desks of an instance, joined to its store."""

from privity.casework.custody_desks import CustodyDesks
from privity.edge.wiring.desk import InstanceDesk
from privity.edge.wiring.safety_desk import InstanceSafetyDesk


def custody_desks(desk: InstanceDesk) -> CustodyDesks:
    """Return the desks of officers, guardian and department over what the first desk stands on."""
    return CustodyDesks(safety=InstanceSafetyDesk(store=desk.store, gateway=desk.gateway))
