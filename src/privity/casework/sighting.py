"""A digest of an address, so that a change is noticed without a copy of it being kept."""

import hashlib

from privity.casework.record import canonical
from privity.definitions.person import Address
from privity.definitions.reference import CaseReference
from privity.protection.correspondence_address import fingerprint


def address_digest(reference: CaseReference, home: Address | None) -> str:
    """Return a digest of an address that means nothing in another case; empty for no address."""
    if home is None:
        return ""
    return hashlib.sha256(canonical([reference, *fingerprint(home)]).encode()).hexdigest()
