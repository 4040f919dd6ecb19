"""What registrations of practices say of one person, beyond that a record is hidden today: signs, and nobody's words.

Rules of the module:
- A sign says that something was registered, which kind of body asked for it, and whether it lies ahead or behind.
  The reason a practice wrote, and where the letters go, do not leave the protection room by this door.
- A protection that was taken away is a sign for as long as the registration is kept: whoever threatens somebody may be
  the one who had it lifted.
- A protection that begins on a coming day is a sign today: what leaves before that day cannot be called back.

Source: domain.md 2.2 (who asks for a flag: the person, the practice, the police, social services; for witnesses,
adopted and trafficked children, domestic abuse); 7 (welfare flags before a release). Which signs there are is ours.
"""

from dataclasses import dataclass
from datetime import date

from privity.definitions.person import NhsNumber
from privity.protection.registration import AskedBy, Registration

FEARED_FOR_BY = frozenset({AskedBy.PRACTICE, AskedBy.POLICE, AskedBy.SOCIAL_SERVICES})
"""Bodies that ask for a protection because they fear for somebody. The person may have other reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What practices registered for one person, as it stands on one day.

    `hidden`: one hides the record. `letters`: one sends letters elsewhere. `feared_for`: a body that fears for the
    person asked for either. `ended`: a hiding was taken away or has run out. `coming`: one begins on a coming day.
    """

    hidden: bool = False
    letters: bool = False
    feared_for: bool = False
    ended: bool = False
    coming: bool = False


def signs(registrations: tuple[Registration, ...], number: NhsNumber, day: date) -> Signs:
    """Return what is registered for the person of an NHS number, as it stands on `day`.

    Args: registrations: the newest of each practice; those for other people count for nothing.
    """
    theirs = [one for one in registrations if one.nhs_number == number]
    now = [one for one in theirs if one.protects and one.period.covers(day)]
    return Signs(
        hidden=any(one.flagged for one in now),
        letters=any(one.correspondence is not None for one in now),
        feared_for=any(one.asked_by in FEARED_FOR_BY for one in now),
        ended=any(_has_ended(one, day) for one in theirs),
        coming=any(one.flagged and one.period.first is not None and one.period.first > day for one in theirs),
    )


def _has_ended(one: Registration, day: date) -> bool:
    """Return whether a registration no longer hides somebody whom it, or one before it, hid."""
    has_run_out = one.period.last is not None and one.period.last < day
    return (one.flagged and has_run_out) or (one.hid_before and not one.flagged)
