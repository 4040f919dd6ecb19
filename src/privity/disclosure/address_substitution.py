"""Which address may stand for `last known address`, if any. Never one in place of another.

Source: domain.md 8 case 38 (never label a practice address as residence), 2.2 (the leak by way of a
temporary address).
"""

from privity.definitions.person import Address, Demographics, Particulars
from privity.disclosure.release import WithheldBecause
from privity.protection.correspondence_address import fingerprint, sought_elsewhere


def address_to_release(record: Demographics, sought: Particulars) -> Address | WithheldBecause:
    """Return the residence, or why no address leaves.

    A residence that is the correspondence address under another name is no residence: two uses of one place
    mean that somebody entered the letters' address twice.
    """
    residence, letters = record.residence, record.correspondence
    if residence is None:
        return WithheldBecause.NOT_ON_RECORD if letters is None else WithheldBecause.CORRESPONDENCE_ONLY
    if letters is not None:
        if fingerprint(residence) == fingerprint(letters):
            return WithheldBecause.CORRESPONDENCE_ONLY
        if sought_elsewhere(sought, residence, (letters,)):
            return WithheldBecause.SOUGHT_BY_OTHER_ADDRESS
    if not any(line.strip() for line in (*residence.lines, residence.postcode)):
        return WithheldBecause.NOT_ON_RECORD
    return residence
