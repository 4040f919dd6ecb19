"""Who is asked for the second view: offered by the system, chosen by nobody.

Rules of the module:
- Whoever gave the first view neither chooses the second nor learns who it is before both views are in.
- Of those who may, whoever has fewest offers open is asked; among equals the draw decides.
- An offer lapses, so that nobody's absence stops a case; then any other officer may give the second view.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from privity.definitions.party import StaffId

OFFER_STANDS_FOR = timedelta(days=3)
"""How long only the person asked may give the second view. Ours."""


def choose_second(open_offers: Mapping[StaffId, int], first: StaffId, draw: bytes) -> StaffId | None:
    """Return who is asked for the second view, or None where there is nobody else.

    Args: open_offers: everybody who may judge, with how many offers they have open. draw: fresh random bytes.
    """
    others = {person: load for person, load in open_offers.items() if person != first}
    if not others:
        return None
    fewest = min(others.values())
    least_asked = [person for person, load in others.items() if load == fewest]
    return min(least_asked, key=lambda person: hashlib.sha256(draw + person.encode()).digest())


def offer_stands(offered_at: datetime, now: datetime) -> bool:
    """Return whether an offer still keeps the second view for the person asked."""
    return offered_at <= now < offered_at + OFFER_STANDS_FOR
