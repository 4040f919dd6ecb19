"""People with accounts on an instance of a test: enrolled under the ledger, as two administrators would."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from privity.casework.enrol import enrol_officer
from privity.definitions.party import Officer
from tests.fakes.corridor import ADMINISTRATORS

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

PASSWORD = "correct horse battery staple"
BEGINS = datetime(2017, 1, 2, tzinfo=UTC)


def with_account(instance: "Instance", who: Officer, *, password: str = PASSWORD, rank: str = "") -> Officer:
    """Enrol somebody and give them an account with a password, and return them."""
    from privity.edge.store.ledger_rows import LogCheckpoint

    first, second = ADMINISTRATORS[:2]
    newest = LogCheckpoint.objects.order_by("-id").first()
    with instance.store.unit() as unit:
        at = newest.signed_at if newest else BEGINS  # so that what follows may lie before the machine's own clock
        enrol_officer(unit, who, by=first, seconded_by=second, at=at, rank=rank)
        instance.accounts.add(who, password=password, rank=rank)
    return who
