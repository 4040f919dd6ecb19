"""`privity incident …`: errors and near misses on record, reported in time, put right with the requester."""

import argparse
import json
import sys
from datetime import UTC, datetime

from privity.casework.incident import (
    LONGEST_WORDS,
    Cause,
    Gravity,
    Occurrence,
    close_incident,
    open_incident,
    report_incident,
    send_notice,
)
from privity.casework.records import IncidentRecord
from privity.definitions.party import Role
from privity.definitions.reference import read_case_reference
from privity.disclosure.notice import NoticeKind
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken

MAY = (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
CALENDAR = "england-and-wales"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="open|report|close|correct|recall")
    opening = acts.add_parser("open", help="put an incident on record; what happened is read from standard input")
    opening.add_argument("reference", metavar="PRV-…")
    opening.add_argument("--gravity", required=True, choices=[one.value for one in Gravity])
    opening.add_argument("--cause", required=True, choices=[one.value for one in Cause])
    opening.add_argument("--people", type=int, default=1, help="how many people were affected (default: 1)")
    opening.add_argument("--discovered", default="", metavar="2026-11-21T09:30Z", help="when (default: now)")
    for word, does in (("report", "record that it was reported"), ("close", "record that all is done")):
        act = acts.add_parser(word, help=does)
        act.add_argument("reference", metavar="PRV-…")
        act.add_argument("number", type=int)
    for kind in NoticeKind:
        act = acts.add_parser("correct" if kind is NoticeKind.CORRECTION else "recall", help=f"seal a {kind.value}")
        act.add_argument("reference", metavar="PRV-…")
    for act in acts.choices.values():
        add_data(act)
        add_json(act)
        add_signature(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked.

    Raises: Mistaken: not this person, not this case, or nothing said. Unavailable: no certificate is fit.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, MAY)
    reference, now = read_case_reference(arguments.reference), datetime.now(UTC)
    if arguments.act in ("correct", "recall"):
        kind = NoticeKind.CORRECTION if arguments.act == "correct" else NoticeKind.RECALL
        with instance.store.unit() as unit:
            notice = send_notice(unit, instance.sealer, reference, kind, by=by, at=now)
        told = f"a {kind.value} was sealed ({notice.sha256[:16]}…) and goes with the next run of the outbox"
        print(json.dumps({"notice": notice.reference, "sha256": notice.sha256}) if arguments.json else told)
        return 0
    with instance.store.unit() as unit:
        if arguments.act == "open":
            file = open_incident(
                unit,
                reference,
                instance.agreements.calendar(CALENDAR),
                Occurrence(
                    gravity=Gravity(arguments.gravity),
                    cause=Cause(arguments.cause),
                    people=arguments.people,
                    words=sys.stdin.read(LONGEST_WORDS + 1),
                    discovered_at=_moment(arguments.discovered) if arguments.discovered else now,
                ),
                by=by,
                at=now,
            )
            incident = file.incidents[-1]
        elif arguments.act == "report":
            file = report_incident(unit, reference, arguments.number, by=by, at=now)
            incident = file.incidents[arguments.number - 1]
        else:
            file = close_incident(unit, reference, arguments.number, by=by, at=now)
            incident = file.incidents[arguments.number - 1]
    _tell(incident, file.history[-1].words, as_json=arguments.json)
    return 0


def _moment(text: str) -> datetime:
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Mistaken(
            "the incident was not recorded",
            why="the moment of discovery is no moment with a zone",
            next_step="write it as `2026-11-21T09:30Z`",
        )
    return found


def _tell(incident: IncidentRecord, words: str, *, as_json: bool) -> None:
    if as_json:
        told = {"number": incident.number, "gravity": incident.gravity, "report_by": incident.report_by or None}
        print(json.dumps(told | {"reported_at": incident.reported_at or None, "closed_at": incident.closed_at or None}))
        return
    print(f"Incident {incident.number}: {words}")
    if incident.report_by and not incident.reported_at:
        print(f"It must be reported by {incident.report_by}; `privity breach-pack` has what the report needs.")
