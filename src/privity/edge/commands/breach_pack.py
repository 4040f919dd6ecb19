"""`privity breach-pack CASE`: who, what, when and how many, for a notification, with the 72 hours shown."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from privity.casework.incident import Breach, breach_pack
from privity.definitions.party import Role
from privity.definitions.reference import read_case_reference
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance

MAY = (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("reference", metavar="PRV-…")
    parser.add_argument("--incident", type=int, default=1, metavar="N", help="which incident of the case (default: 1)")
    add_data(parser)
    add_json(parser)
    add_signature(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show everything a notification asks for.

    Raises: Mistaken: no such case or incident, or not for this person.
    """
    instance = open_instance(arguments.data)
    signed_by(arguments, instance, MAY)
    reference = read_case_reference(arguments.reference)
    file = instance.store.case(reference)
    breach = breach_pack(file, arguments.incident, instance.watcher.notices_about(reference), now=datetime.now(UTC))
    print(json.dumps(asdict(breach)) if arguments.json else in_words(breach))
    return 0


def in_words(breach: Breach) -> str:
    """Return the pack for a person to read, or to send on."""
    left = f"{breach.hours_left} hours left" if breach.hours_left > 0 else f"over {-breach.hours_left} hours ago"
    when = f"sealed {breach.sealed_at or '-'}, sent {breach.sent_at or '-'}, collected {breach.collected_at or '-'}"
    gone = f"to be destroyed by {breach.destroy_by or '-'}, confirmed {breach.destroyed_on or 'not yet'}"
    lines = [
        f"Case {breach.case}: {breach.gravity}, {breach.cause}",
        f"  72 hours end      {breach.notify_by} ({left})",
        f"  report within     five working days of discovery: {breach.report_by or 'not reportable'}"
        + (f", reported {breach.reported_at}" if breach.reported_at else ""),
        f"  discovered        {breach.discovered_at}",
        f"  people affected   {breach.people}",
        f"  what happened     {breach.words}",
        f"  who has it        {breach.organisation}",
        f"  what left         {', '.join(breach.disclosed_items) or 'nothing'}",
        f"  when              {when}",
        f"  which pack        {breach.pack_sha256 or '-'}",
        f"  under             {breach.version}; {gone}",
        f"  decided by        {', '.join(breach.decided_by) or '-'}",
        *(f"  put right         {line}" for line in breach.notices),
        "  every act:",
        *(f"    {at}  {role}: {words}" for at, role, words in breach.acts),
    ]
    return "\n".join(lines)
