"""`privity request check | submit | generate`: what would fail, submitting, and made-up particulars to try it on."""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.assessment import Answer, Assessment
from privity.agreement.evaluation import assess
from privity.agreement.in_force import InForce, governing
from privity.agreement.reading import read_family
from privity.agreement.vocabulary import request_form
from privity.casework.assess import assess_case
from privity.casework.receive import close_batch, take_rows
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import AgreementFamily, BatchReference, CaseReference
from privity.edge.commands import request_generate
from privity.edge.commands.counted import counted
from privity.edge.commands.files import content_of
from privity.edge.commands.options import add_data, add_json
from privity.edge.settings.shelf import default_shelf, shelf_files
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken
from privity.request.completeness import missing
from privity.request.csv_lines import LARGEST_FILE
from privity.request.form import RequestForm
from privity.request.intake import Reading, batch_reference, read_csv, read_json
from privity.request.intake_row import IntakeRow

SUBMISSIONS = "privity.edge.wiring.submissions"
"""Loaded by name: the rows can be imported only once the instance is open."""
TOGETHER = 20
"""Rows in one transaction: a long file never keeps others waiting for long."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check|submit|generate")
    check = acts.add_parser("check", help="which clauses would fail, before submitting")
    check.add_argument("file", type=Path, metavar="FILE.json|FILE.csv")
    check.add_argument("--family", required=True, help="the agreement, e.g. `police`")
    check.add_argument("--as", dest="organisation", required=True, metavar="ORG", help="the asking body")
    add_json(check)
    submit = acts.add_parser("submit", help="submit requests; one row error and nothing is taken")
    submit.add_argument("file", type=Path, metavar="FILE.json|FILE.csv")
    submit.add_argument("--as", dest="organisation", required=True, metavar="ORG", help="the asking body")
    submit.add_argument(
        "--idempotency-key",
        default="",
        metavar="K",
        help="the same again with the same file; another is refused",
    )
    add_data(submit)
    add_json(submit)
    generate = acts.add_parser("generate", help="write made-up particulars and their truth")
    request_generate.configure(generate)
    add_json(generate)


def run(arguments: argparse.Namespace) -> int:
    """Check, submit or generate.

    Raises: Mistaken: the file, the agreement or the organisation is refused. Unavailable: it cannot be read.
    """
    if arguments.act == "generate":
        return request_generate.run(arguments)
    content = content_of(arguments.file, most=LARGEST_FILE)
    return _check(arguments, content) if arguments.act == "check" else _submit(arguments, content)


def _read(path: Path, content: bytes, form: RequestForm, organisation: OrganisationId) -> Reading:
    reader = read_json if path.suffix.lower() == ".json" else read_csv
    return reader(content, form, organisation)


def _told(reading: Reading, *, as_json: bool) -> int:
    """Print the row errors and return the exit code of a refused file."""
    if as_json:
        errors = [
            {"row": error.row, "column": error.column, "what": error.what, "next": error.next_step}
            for error in reading.errors
        ]
        print(json.dumps({"taken": 0, "errors": errors}))
    for error in reading.errors:
        print(f"privity: {error}", file=sys.stderr)
    print(f"privity: nothing was taken: {counted(len(reading.errors), 'error')} in the file", file=sys.stderr)
    return Mistaken.exit_code


def _check(arguments: argparse.Namespace, content: bytes) -> int:
    shelf = shelf_files(default_shelf())
    if arguments.family not in shelf:
        known = ", ".join(f"`{name}`" for name in sorted(shelf))
        raise Mistaken("nothing was checked", why="there is no such agreement", next_step=f"use one of {known}")
    family = read_family(shelf[arguments.family])
    form = request_form(family.vocabulary)
    reading = _read(arguments.file, content, form, OrganisationId(arguments.organisation))
    if reading.errors:
        return _told(reading, as_json=arguments.json)
    stands = governing(family, datetime.now(UTC))
    if not isinstance(stands, InForce):
        raise Mistaken(
            "nothing was checked",
            why="no agreement with this body is in force today",
            next_step="see `privity agreement timeline` for what happened to it",
        )
    fails = 0
    for row in reading.rows:
        assessment = assess(stands.version, row.request)
        lacking = [field.words for field in missing(row.request, form)]
        fails += _tell_check(row, assessment, lacking, as_json=arguments.json)
    return 1 if fails else 0


def _tell_check(row: IntakeRow, assessment: Assessment, lacking: list[str], *, as_json: bool) -> int:
    """Print what was found on one request and return 1 where it would not get as far as a person."""
    unmet = [finding for finding in assessment.findings if finding.answer is Answer.NOT_MET]
    if as_json:
        print(
            json.dumps(
                {
                    "reference": row.request.requester_reference,
                    "standing": assessment.standing.value,
                    "unmet": [
                        {"clause": one.clause.ref.clause, "says": one.clause.says, "cure": one.cure} for one in unmet
                    ],
                    "missing": lacking,
                }
            )
        )
    else:
        print(f"row {row.row}, {row.request.requester_reference}: {assessment.standing.value}")
        for one in unmet:
            print(f"  not met  {one.clause.ref}: {one.clause.says}" + (f" {one.cure}" if one.cure else ""))
        for words in lacking:
            print(f"  missing  {words}")
        for question in assessment.open_questions:
            print(f"  a person decides: {question.words}")
    return int(bool(unmet or lacking))


def _submit(arguments: argparse.Namespace, content: bytes) -> int:
    instance = open_instance(arguments.data)
    organisation = OrganisationId(arguments.organisation)
    with instance.store.unit() as unit:
        family = AgreementFamily(unit.organisation(organisation).family)
    reading = _read(arguments.file, content, instance.agreements.form(family), organisation)
    if reading.errors:
        return _told(reading, as_json=arguments.json)
    batch, key = batch_reference(content, organisation), arguments.idempotency_key
    before = _answer_before(instance, organisation, key, content)
    submissions = importlib.import_module(SUBMISSIONS)
    if key and before is None:
        submissions.claim_key(instance.store, organisation, key, content, datetime.now(UTC))
    taken = _take(instance, reading, batch, organisation) if before is None else []
    if key and before is None:
        # All of the file's cases, also those of a first try that was cut off.
        before = submissions.cases_of(batch)
        submissions.remember_answer(instance.store, organisation, key, content, before)
    again = len(reading.rows) - len(taken)
    if arguments.json:
        cases = taken if before is None else list(before)
        print(json.dumps({"taken": len(taken), "already_taken": again, "cases": cases, "errors": []}))
        return 0
    print(f"{counted(len(taken), 'request')} taken" + (f", {again} had been taken before" if again else ""))
    for reference in taken[:20]:
        clock = instance.store.case(CaseReference(reference)).state
        print(f"  {reference}  {clock.status}" + (f", due {clock.due}" if clock.due else ""))
    if len(taken) > 20:
        print(f"  and {len(taken) - 20} more (--json lists all)")
    return 0


def _answer_before(
    instance: Instance, organisation: OrganisationId, key: str, content: bytes
) -> Sequence[CaseReference] | None:
    """Return the cases this file was taken as under this key, or None where there is no key or it is new.

    Raises: Mistaken: the key was used for another file.
    """
    if not key:
        return None
    found: Sequence[CaseReference] | None = importlib.import_module(SUBMISSIONS).told_before(
        instance.store, organisation, key, content
    )
    return found


def _take(
    instance: Instance, reading: Reading, batch: BatchReference, organisation: OrganisationId
) -> list[CaseReference]:
    by = Officer(
        staff_id=StaffId(f"desk@{organisation}"),
        name="Requests desk",
        organisation=organisation,
        role=Role.REQUESTING_OFFICER,
    )
    taken: list[CaseReference] = []
    for start in range(0, len(reading.rows), TOGETHER):
        with instance.store.unit() as unit:
            at = datetime.now(UTC)
            part = take_rows(unit, reading.rows[start : start + TOGETHER], batch=batch, at=at, by=by)
            for reference in part:
                assess_case(unit, instance.agreements, reference, at=at)
            if part and start + TOGETHER >= len(reading.rows):
                close_batch(unit, reading.rows, batch=batch, at=at, by=by)
            taken.extend(part)
    return taken
