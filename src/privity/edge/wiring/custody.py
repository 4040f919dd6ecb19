"""The custodian's desks of an instance, joined to its store."""

from privity.casework.custody_desks import CustodyDesks
from privity.edge.wiring.broker_desk import InstanceBrokerDesk
from privity.edge.wiring.desk import InstanceDesk
from privity.edge.wiring.guardian_desk import InstanceGuardianDesk
from privity.edge.wiring.safety_desk import InstanceSafetyDesk
from privity.edge.wiring.upkeep_desk import InstanceUpkeepDesk


def custody_desks(desk: InstanceDesk) -> CustodyDesks:
    """Return the desks of officers, guardian and department over what the first desk stands on."""
    return CustodyDesks(
        safety=InstanceSafetyDesk(store=desk.store, gateway=desk.gateway),
        upkeep=InstanceUpkeepDesk(store=desk.store, agreements=desk.agreements),
        guardian=InstanceGuardianDesk(store=desk.store, log=desk.log, agreements=desk.agreements),
        broker=InstanceBrokerDesk(store=desk.store, agreements=desk.agreements),
    )
