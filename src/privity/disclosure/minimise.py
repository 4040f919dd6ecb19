"""The least that a permit lets out of a record: permit and record, and nothing beside.

Rules of the module:
- An item leaves only if the permit names it and the record holds it.
- There is one reader per item. An item without a reader is not on record; a new item leaves nothing until
  somebody writes down where it comes from.
- A protected record releases nothing at all.
"""

from collections.abc import Callable, Mapping

from privity.definitions.item import DataItem
from privity.definitions.person import Address, Demographics, Gender, Particulars
from privity.disclosure.address_substitution import address_to_release
from privity.disclosure.release import NothingLeaves, Release, ReleasedItem, WithheldBecause, WithheldItem
from privity.errors import Impossible
from privity.judgement.decision import Approved
from privity.protection.sensitive_flag import guardian_notice


def least(permit: Approved, record: Demographics, *, sought: Particulars) -> Release | NothingLeaves:
    """Return what may leave of `record` under `permit`, and what the custodian keeps back and why.

    Args:   sought: what the requester knew of the person: whether an address would give a home away.
    Raises: Impossible: the record is not the one the permit was given for.
    Source: domain.md 7 (fields out within agreement, request and need), 8 cases 36 and 38.
    """
    case = permit.purpose.case
    if record.person != permit.person:
        raise Impossible(
            f"nothing was released for `{case}`",
            why="the record is not the one that two people identified",
            next_step="report this: nothing has left",
        )
    notice = guardian_notice(case, record)
    if notice is not None:
        return NothingLeaves(guardian=notice)
    items: list[ReleasedItem] = []
    withheld: list[WithheldItem] = []
    for item in DataItem:
        if item in permit.purpose.items:
            found = _read(item, record, sought)
            if isinstance(found, WithheldBecause):
                withheld.append(WithheldItem(item=item, why=found))
            else:
                items.append(ReleasedItem(item=item, values=found, why=f"agreed: {permit.purpose.version}"))
    return Release(items=tuple(items), withheld=tuple(withheld))


def _read(item: DataItem, record: Demographics, sought: Particulars) -> tuple[str, ...] | WithheldBecause:
    """Return the values of one item, or why there are none."""
    if item is DataItem.LAST_KNOWN_ADDRESS:
        address = address_to_release(record, sought)
        return _address_lines(address) if isinstance(address, Address) else address
    reader = _READERS.get(item)
    values = tuple(value.strip() for value in reader(record)) if reader else ()
    return tuple(value for value in values if value) or WithheldBecause.NOT_ON_RECORD


def _address_lines(address: Address) -> tuple[str, ...]:
    lines = (line.strip() for line in (*address.lines, address.postcode))
    return tuple(line for line in lines if line)


def _name(record: Demographics) -> tuple[str, ...]:
    parts = (record.given_name, record.other_given_names, record.family_name)
    return (" ".join(part.strip() for part in parts if part.strip()),)


def _gender(record: Demographics) -> tuple[str, ...]:
    return () if record.gender is Gender.UNKNOWN else (record.gender.value,)


def _registered_on(record: Demographics) -> tuple[str, ...]:
    return () if record.registered_on is None else (record.registered_on.isoformat(),)


_READERS: Mapping[DataItem, Callable[[Demographics], tuple[str, ...]]] = {
    DataItem.NAME: _name,
    DataItem.CHANGE_OF_NAME: lambda record: record.previous_family_names,
    DataItem.DATE_OF_BIRTH: lambda record: (record.date_of_birth.isoformat(),),
    DataItem.GENDER: _gender,
    DataItem.NHS_REGISTRATION_DATE: _registered_on,
}
