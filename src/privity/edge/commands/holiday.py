"""`privity holiday proclaim | take-back | list`: a bank holiday proclaimed after the list was published.

Whoever proclaims signs in as an administrator; open cases move at once, and each says so in its history.
"""

import argparse
import json
from datetime import UTC, date, datetime

from privity.definitions.party import Role
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken

DEFAULT_CALENDAR = "england-and-wales"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="proclaim|take-back|list")
    proclaim = acts.add_parser("proclaim", help="put a bank holiday on record; every open case moves")
    proclaim.add_argument("day", metavar="YYYY-MM-DD")
    proclaim.add_argument("--name", required=True, help="as it was proclaimed")
    back = acts.add_parser("take-back", help="take back what was proclaimed by mistake; every open case moves")
    back.add_argument("day", metavar="YYYY-MM-DD")
    listed = acts.add_parser("list", help="the bank holidays of the coming year, and what was proclaimed late")
    for act in (proclaim, back, listed):
        act.add_argument("--calendar", default=DEFAULT_CALENDAR, help="default: %(default)s")
        add_data(act)
        add_json(act)
    for act in (proclaim, back):
        add_signature(act)


def run(arguments: argparse.Namespace) -> int:
    """Do it and say how many cases moved.

    Raises: Mistaken: the sign-in or the day is refused; nothing is recorded.
    """
    instance = open_instance(arguments.data)
    if arguments.act == "list":
        _tell_list(instance, arguments.calendar, as_json=arguments.json)
        return 0
    day = _day(arguments.day)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    at = datetime.now(UTC)
    book = instance.calendars
    if arguments.act == "proclaim":
        moved = book.proclaim(arguments.calendar, day, arguments.name, by=by, at=at)
    else:
        moved = book.take_back(arguments.calendar, day, by=by, at=at)
    if arguments.json:
        print(json.dumps({"day": day.isoformat(), "calendar": arguments.calendar, "moved": moved}))
    else:
        done = "is a bank holiday now" if arguments.act == "proclaim" else "is a working day again"
        print(f"{day.isoformat()} {done} ({arguments.calendar}); {counted(moved, 'open case')} moved")
    return 0


def _tell_list(instance: Instance, calendar: str, *, as_json: bool) -> None:
    coming = instance.calendars.coming(calendar, datetime.now(UTC))
    if as_json:
        lines = [{"day": day.isoformat(), "name": name} for day, name in coming]
        print(json.dumps({"calendar": calendar, "holidays": lines}))
        return
    for day, name in coming:
        print(f"{day.isoformat()}  {name}")
    print(f"{counted(len(coming), 'bank holiday')} in the coming year ({calendar})")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Mistaken(
            "nothing was done", why=f"`{text[:20]}` is no day", next_step="write it as 2022-09-19"
        ) from wrong
