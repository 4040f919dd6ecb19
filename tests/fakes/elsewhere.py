"""Another process at the same instance, which asks and tries to release whenever it is told to.

python -m tests.fakes.elsewhere DIR CASE     answers each line on its input with one line of JSON, until the input ends
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.in_force import InForce
from privity.casework.release import intend
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.wiring.instance import open_instance

BY = Officer(
    staff_id=StaffId("elsewhere"), name="", organisation=OrganisationId("custodian"), role=Role.DISCLOSURE_OFFICER
)


def answer(root: Path, reference: str) -> None:
    """Say how the police's agreement stands, what the first page says, and what became of a release."""
    instance = open_instance(root)
    for asked in sys.stdin:
        at = datetime.now(UTC)  # noqa: TID251  as a served process reads its clock
        line = next(one for one in instance.desk.situation(at).lines if one.family == "police")
        told = {
            "in_force": isinstance(instance.agreements.governing(AgreementFamily("police"), at), InForce),
            "standing": line.standing,
            "sentence": line.sentence,
        }
        if asked.strip() == "release":
            with instance.store.unit() as unit:
                intend(unit, instance.agreements, CaseReference(reference), by=BY, at=at)
            told["status"] = instance.store.case(CaseReference(reference)).status.value
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer(Path(sys.argv[1]), sys.argv[2])
