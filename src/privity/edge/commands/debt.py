"""`privity debt …`: unpaid charges a trust reports: taken in from a file, checked, run monthly, and taken back.

Whoever acts signs with their own account, as on the pages; nothing here does more than the pages do.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from privity.casework.collate_again import SealedAnew
from privity.casework.debt_desk import DebtDesk, DebtsUnreadable, FileFound
from privity.casework.debt_lifecycle import DebtStanding
from privity.definitions.party import Officer, Role
from privity.disclosure.collation import pounds
from privity.disclosure.debt_receipt import receipt_html, receipt_text
from privity.edge.commands.counted import counted
from privity.edge.commands.files import content_of
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken, Unavailable
from privity.request.csv_lines import LARGEST_FILE
from privity.request.debt_report import Settlement

MAY: Mapping[str, tuple[Role, ...]] = {
    "check": (Role.OVERSEAS_VISITOR_OFFICER,),
    "submit": (Role.OVERSEAS_VISITOR_OFFICER,),
    "settle": (Role.OVERSEAS_VISITOR_OFFICER,),
    "list": (Role.OVERSEAS_VISITOR_OFFICER, Role.DISCLOSURE_OFFICER, Role.GUARDIAN),
    "show": (Role.OVERSEAS_VISITOR_OFFICER, Role.DISCLOSURE_OFFICER, Role.GUARDIAN),
    "judge": (Role.DISCLOSURE_OFFICER, Role.GUARDIAN),
    "run": (Role.OVERSEAS_VISITOR_OFFICER,),
    "runs": (Role.OVERSEAS_VISITOR_OFFICER, Role.DISCLOSURE_OFFICER, Role.GUARDIAN, Role.REQUESTING_OFFICER),
    "acknowledge": (Role.REQUESTING_OFFICER,),
    "receipt": (Role.OVERSEAS_VISITOR_OFFICER,),
}
"""Whose word each act is; the table of authorisation says the same (`privity authorisation`)."""
DONE, REFUSED = 0, 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the acts and their options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join(("columns", *MAY)))
    columns = acts.add_parser("columns", help="the columns a file of debts may have: a closed list")
    add_data(columns)
    add_json(columns)
    for word, does in (
        ("check", "what a file would do, row by row; nothing is taken"),
        ("submit", "take in a file of debts or of settlements, whole or not at all"),
    ):
        acts.add_parser(word, help=does).add_argument("file", type=Path, metavar="FILE.csv")
    settle = acts.add_parser("settle", help="say that one debt is settled, or should not have been reported")
    settle.add_argument("reference", metavar="PRV-…")
    settle.add_argument("--how", required=True, choices=[one.value for one in Settlement])
    settle.add_argument("--on", default="", metavar="2026-11-21", help="the day it was settled (default: today)")
    listing = acts.add_parser("list", help="debts, the oldest bill first; nobody is named")
    listing.add_argument("--standing", default="", choices=["", *(one.value for one in DebtStanding)])
    listing.add_argument("--page", type=int, default=1)
    acts.add_parser("show", help="one debt: what the agreement says of it and what happened to it").add_argument(
        "reference", metavar="PRV-…"
    )
    judge = acts.add_parser("judge", help="give a view on a debt or a settlement; two officers do, blind to each other")
    judge.add_argument("reference", metavar="PRV-…")
    judge.add_argument("--answer", choices=["yes", "no"], required=True)
    judge.add_argument("--reasons", required=True)
    run_month = acts.add_parser("run", help="run a month that is over: seal what is ready, take back what is settled")
    run_month.add_argument("--month", default="", metavar="2026-10", help="every month due where none is given")
    acts.add_parser("runs", help="the monthly runs, and how far each has come")
    acknowledge = acts.add_parser("acknowledge", help="for whoever collates: say that a part has arrived")
    acknowledge.add_argument("reference", metavar="PRV-…")
    receipt = acts.add_parser("receipt", help="give the patient a receipt that the report was taken back")
    receipt.add_argument("reference", metavar="PRV-…")
    receipt.add_argument("--out", type=Path, default=None, metavar="FILE.html", help="write it as a page to print")
    for word in MAY:
        add_data(acts.choices[word])
        add_json(acts.choices[word])
        add_signature(acts.choices[word])


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code.

    Raises: PrivityError: not this person, not this debt, a file that cannot be read, no fit certificate.
    """
    instance = open_instance(arguments.data)
    # Loaded by name: the rows can be imported only once the instance is open.
    desk: DebtDesk = importlib.import_module("privity.edge.wiring.debts").debt_desk(instance)
    if arguments.act == "columns":
        names = list(desk.columns())
        print(json.dumps({"columns": names}) if arguments.json else "\n".join(names))
        return DONE
    by = signed_by(arguments, instance, MAY[arguments.act])
    return _ACTS[arguments.act](desk, arguments, by, datetime.now(UTC))


def _check(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    found = desk.look(content_of(arguments.file, most=LARGEST_FILE), by=by, at=at)
    _tell_file(found, as_json=arguments.json)
    return REFUSED if found.errors else DONE


def _submit(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    content = content_of(arguments.file, most=LARGEST_FILE)
    try:
        changed = desk.take(content, by=by, at=at)
    except DebtsUnreadable as refused:
        _tell_file(FileFound(settles=False, errors=refused.errors), as_json=arguments.json)
        return REFUSED
    print(
        json.dumps({"changed": changed})
        if arguments.json
        else f"{counted(changed, 'debt')} taken in, corrected or settled"
    )
    return DONE


def _settle(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    revision = desk.debt(arguments.reference, by=by).case.state.revision
    day = _day(arguments.on) if arguments.on else at.date()
    desk.settle(arguments.reference, how=Settlement(arguments.how), settled_on=day, revision=revision, by=by, at=at)
    return _show(desk, arguments, by, at)


def _list(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, _at: datetime) -> int:
    standing = DebtStanding(arguments.standing) if arguments.standing else None
    found = desk.debts(standing=standing, page=arguments.page, by=by)
    if arguments.json:
        lines = [{**asdict(line), "billed_on": line.billed_on.isoformat()} for line in found.lines]
        print(json.dumps({"total": found.total, "page": found.page, "pages": found.pages, "debts": lines}))
        return DONE
    for line in found.lines:
        print(f"{line.reference}  {line.standing.value:20}  {pounds(line.owed_pence):>12}  {line.finance_reference}")
    print(f"{counted(found.total, 'debt')}, page {found.page} of {found.pages}")
    return DONE


def _show(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, _at: datetime) -> int:
    view = desk.debt(arguments.reference, by=by)
    if arguments.json:
        told = {
            "reference": view.case.reference,
            "stands": view.case.standing.value,
            "version": view.case.state.version,
            "question": view.case.question,
            "findings": [list(found) for found in view.findings],
            "events": [[one.kind, one.at.isoformat(), one.stands, list(one.clauses), one.index] for one in view.events],
        }
        print(json.dumps(told))
        return DONE
    print(f"{view.case.reference}  {view.case.standing.words}")
    for clause, says, answer, cure in view.findings:
        if answer != "met":
            print(f"  {clause}: {says} ({answer}){f' {cure}' if cure else ''}")
    if view.ask:
        print(f"  To be answered by two officers: {view.ask}")
    for event in view.events:
        print(f"  entry {event.index}: {event.kind}, {event.at:%Y-%m-%d %H}h, {event.role}, {event.stands}")
    return DONE


def _judge(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    revision = desk.debt(arguments.reference, by=by).case.state.revision
    desk.judge(
        arguments.reference,
        answer=arguments.answer == "yes",
        reasons=arguments.reasons,
        revision=revision,
        by=by,
        at=at,
    )
    return _show(desk, arguments, by, at)


def _run(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    anew = desk.seal_anew(by=by, at=at)
    months = [arguments.month] if arguments.month else list(desk.months_due(at))
    if not months and not anew:
        raise Mistaken(
            "no collation was made", why="every month that is over was run", next_step="come back next month"
        )
    done = [desk.run(month, by=by, at=at) for month in months]
    if arguments.json:
        print(
            json.dumps(
                [
                    {
                        "month": one.month,
                        "reports": one.reports,
                        "retractions": one.retractions,
                        "left_behind": one.left_behind,
                        "parts": [part.reference for part in one.parts],
                    }
                    for one in done
                ]
                + [_anew_stated(one) for one in anew]
            )
        )
        return DONE
    for again in anew:
        left = f", {counted(again.left_out, 'report')} left out: they stand no more" if again.left_out else ""
        print(f"{again.part.month}: part {again.part.part} of {again.part.parts} sealed anew{left}")
    for one in done:
        left = f", {one.left_behind} left behind: the agreement no longer permits them" if one.left_behind else ""
        parts = counted(len(one.parts), "part")
        print(f"{one.month}: {one.reports} reported, {one.retractions} taken back, {parts}{left}")
    print("They go with the next run of the outbox.")
    return DONE


def _anew_stated(one: SealedAnew) -> dict[str, object]:
    return {
        "month": one.part.month,
        "sealed_anew": one.part.reference,
        "reports": one.part.reports,
        "retractions": one.part.retractions,
        "left_out": one.left_out,
    }


def _runs(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, _at: datetime) -> int:
    found = desk.collations(by=by)
    if arguments.json:
        print(json.dumps([asdict(one) for one in found]))
        return DONE
    for one in found:
        told = f"{one.reports} reported, {one.retractions} taken back"
        print(f"{one.month}  part {one.part} of {one.parts}  {one.state:10}  {told}  {one.reference}")
    return DONE


def _acknowledge(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    desk.acknowledge(arguments.reference, by=by, at=at)
    print(json.dumps({"acknowledged": arguments.reference}) if arguments.json else "It is on record that you have it.")
    return DONE


def _receipt(desk: DebtDesk, arguments: argparse.Namespace, by: Officer, at: datetime) -> int:
    made = desk.receipt(arguments.reference, by=by, at=at)
    if arguments.out is not None:
        _write(arguments.out, receipt_html(made))
    text = receipt_text(made).decode()
    print(json.dumps({"receipt": text}) if arguments.json else text, end="" if not arguments.json else "\n")
    return DONE


_ACTS: Mapping[str, Callable[[DebtDesk, argparse.Namespace, Officer, datetime], int]] = {
    "check": _check,
    "submit": _submit,
    "settle": _settle,
    "list": _list,
    "show": _show,
    "judge": _judge,
    "run": _run,
    "runs": _runs,
    "acknowledge": _acknowledge,
    "receipt": _receipt,
}


def _tell_file(found: FileFound, *, as_json: bool) -> None:
    if as_json:
        told = {"errors": [asdict(error) for error in found.errors], "rows": [asdict(row) for row in found.rows]}
        print(json.dumps(told))
        return
    for error in found.errors:
        print(f"privity: {error}", file=sys.stderr)
    if found.errors:
        print("privity: nothing was taken in", file=sys.stderr)
    for row in found.rows:
        says = f" ({' '.join(row.says)})" if row.says else ""
        print(f"row {row.row}  {row.finance_reference}: {row.becomes}{says}")


def _write(path: Path, content: bytes) -> None:
    """Write a receipt for its owner's eyes.

    Raises: Unavailable: it cannot be written; the receipt is on record all the same.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as refusal:
        raise Unavailable(
            f"`{path.name}` was not written",
            why=(refusal.strerror or "the system refused").lower(),
            next_step="the receipt is on record; ask for it again with another name",
        ) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mistaken("nothing was recorded", why="the day is no day", next_step="write it as `2026-11-21`") from None
