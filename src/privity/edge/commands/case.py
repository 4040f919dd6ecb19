"""`privity case …`: the desk's queue, one case, and the acts upon it, for a terminal."""

import argparse
import json
from datetime import UTC, datetime

from privity.casework.case_file import CaseFile
from privity.casework.desk import SORTS, QueueFilter
from privity.casework.lifecycle import Status
from privity.casework.listed import listed_as_csv
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import read_case_reference
from privity.edge.commands import case_acts, case_custody
from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import Instance, open_instance

ON_THE_MACHINE = Officer(
    staff_id=StaffId("console"), name="Console", organisation=OrganisationId("custodian"), role=Role.DISCLOSURE_OFFICER
)
"""Whoever can read the data directory can read its cases: the console looks, and decides nothing."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    words = ("list", "show", *case_acts.ACTS, *case_custody.ON_NO_CASE)
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join(words))
    listing = acts.add_parser("list", help="open cases, oldest due first; names nobody")
    listing.add_argument(
        "--view", default="open", choices=["open", "unassigned", "overdue", "with-requester", "closed"]
    )
    listing.add_argument("--page", type=int, default=1)
    listing.add_argument("--requester", default="", metavar="ORG", help="of one requester, by its short name")
    listing.add_argument("--status", default="", choices=[one.value for one in Status], help="in one status")
    listing.add_argument("--officer", default="", metavar="STAFF-ID", help="that one person is in charge of")
    listing.add_argument("--sort", default="due", choices=SORTS, help="default: due first")
    listing.add_argument("--csv", action="store_true", help="every case that fits, for a spreadsheet")
    show = acts.add_parser("show", help="one case: clauses, history, where it stands; names nobody")
    show.add_argument("reference", metavar="PRV-…")
    for act in (listing, show):
        add_data(act)
        add_json(act)
    case_acts.configure(acts)


def run(arguments: argparse.Namespace) -> int:
    """List or show.

    Raises: Mistaken: there is no such case, or no instance.
    """
    instance = open_instance(arguments.data)
    if arguments.act in case_acts.ACTS:
        return case_acts.run(instance, arguments)
    if arguments.act in case_custody.ON_NO_CASE:
        return case_custody.run(instance, arguments)
    if arguments.act == "show":
        return _show(instance.store.case(read_case_reference(arguments.reference)), as_json=arguments.json)
    return _list(instance, arguments)


def _list(instance: Instance, arguments: argparse.Namespace) -> int:
    asked = QueueFilter(
        view=arguments.view,
        page=arguments.page,
        organisation=arguments.requester,
        status=arguments.status,
        officer=arguments.officer,
        sort=arguments.sort,
    )
    if arguments.csv:
        text = listed_as_csv(instance.desk.whole_queue(asked, by=ON_THE_MACHINE, at=datetime.now(UTC)))
        print(json.dumps({"csv": text}) if arguments.json else text, end="\n" if arguments.json else "")
        return 0
    queue = instance.desk.queue(asked, by=ON_THE_MACHINE, at=datetime.now(UTC))
    if arguments.json:
        lines = [
            {
                "case": line.reference,
                "organisation": line.organisation,
                "status": line.status.value,
                "due": line.due.isoformat() if line.due else None,
                "working_days_left": line.working_days_left,
            }
            for line in queue.lines
        ]
        print(json.dumps({"cases": lines, "total": queue.total, "page": queue.page, "pages": queue.pages}))
        return 0
    print(
        f"{queue.open} open, {queue.overdue} overdue, {queue.due_soon} due within a week, {queue.unassigned} unassigned"
    )
    for line in queue.lines:
        due = f"due {line.due.isoformat()}" if line.due else "clock stopped"
        print(f"  {line.reference}  {due:16}  {line.status.words:32}  {line.organisation}")
    return 0


def _show(file: CaseFile, *, as_json: bool) -> int:
    findings = json.loads(file.assessment.findings) if file.assessments else []
    if as_json:
        print(
            json.dumps(
                {
                    "case": file.reference,
                    "organisation": file.organisation,
                    "status": file.status.value,
                    "version": file.state.version,
                    "due": file.state.due or None,
                    "findings": findings,
                    "history": [
                        {"at": line.at, "kind": line.kind, "status": line.status, "words": line.words}
                        for line in file.history
                    ],
                }
            )
        )
        return 0
    print(f"{file.reference}  {file.status.words}")
    print(f"  from {file.organisation}, received {file.opening.received_on}, due {file.state.due or 'not running'}")
    print(f"  under {file.state.version or 'no agreement'}")
    for found in findings:
        print(f"  {found['answer']:8}  {found['clause']}: {found['says']}")
    for line in file.history:
        print(f"  {line.at}  {line.words}")
    return 0
