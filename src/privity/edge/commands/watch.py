"""`privity watch`: what is due today; reminders and escalations are done, the rest is told to whoever must act.

It also publishes the ledger to everybody, into the folder that `privity serve` shows, at the ledger's fixed cadence.
Run it once an hour (a timer with `--once`), or leave it running. It names cases and organisations, and nobody sought.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime

from privity.casework.watch_clock import Task, TaskKind, do_task
from privity.definitions.party import Role
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.store.standstill import must_go_on
from privity.edge.wiring.instance import Instance, open_instance
from privity.statistics.overdue import OverdueFold

PAUSE_SECONDS = 3_600
TOLD = {
    TaskKind.REMIND: "reminded",
    TaskKind.ESCALATE: "told the department",
    TaskKind.DUE_SOON: "to be destroyed by the requester soon",
    TaskKind.NOT_COLLECTED: "sent five days ago and not collected",
    TaskKind.STUCK: "failed too often: a person must look",
    TaskKind.REPORT: "incident to be reported",
    TaskKind.BREACH_CLOCK: "72 hours running",
    TaskKind.DESTROY_HERE: "may be destroyed here",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    parser.add_argument("--once", action="store_true", help="look once and stop, instead of every hour")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look, do what is an act, tell the rest, publish the ledger.

    Returns: with `--once`, 1 where witnesses have been missing for too long, an alert about fishing is open, the
             tracer is suspended, or it is shown to serve a group worse, a backup should be gone by now, or a restore
             holds a case shut.
    Raises:  Mistaken: there is no instance. Unavailable: the public folder could not be written.
    """
    instance = open_instance(arguments.data)
    while True:
        found = look(instance, datetime.now(UTC))
        tree: dict[str, object] | None = {} if arguments.json else None
        _tell(instance, found, tree)
        watched = _tell_watched(instance, tree)
        watched = _tell_backups(instance, datetime.now(UTC), tree) or watched
        alarmed = _publish(instance, datetime.now(UTC), tree)
        if tree is not None:
            print(json.dumps(tree, sort_keys=True), flush=True)  # one look, one line
        if arguments.once:
            return 1 if alarmed or watched else 0
        time.sleep(PAUSE_SECONDS)


def look(instance: Instance, now: datetime) -> list[Task]:
    """Return what is due, after the reminders and escalations among it have been put on record.

    What was acknowledged and waits to be read is read. Open cases that a bank holiday moved, and that nobody has moved
    yet, move first; then held cases whose agreement is suspended no more. Drafts go that were not touched for a month.
    """
    must_go_on("nothing was looked after")
    instance.reader.read(now)
    instance.calendars.move_open_cases(now)
    for case, why in instance.move_held_cases(now).items():
        print(f"privity: {case} stays held: {why}", file=sys.stderr)
    instance.requester_desk.clear_drafts(now)
    instance.store.forget(now)
    found = instance.watcher.tasks(now)
    acts = [task for task in found if task.kind.is_an_act]
    if acts:
        with instance.store.unit() as unit:
            unit.load({task.case for task in acts})
            for task in acts:
                do_task(unit, task, at=now)
    return found


def _tell_watched(instance: Instance, tree: dict[str, object] | None) -> bool:
    """Tell open alerts, a suspended tracer and shown disparities, or put them into the tree; return if it is urgent.

    A class of request refused more often than others is told and no more: terms may treat classes differently.
    """
    alerts, view = instance.watch_desk.open_alerts(), instance.watch_desk.tracer_stands(Role.SYSTEM)
    suspended, apart = view.standing.suspended, instance.watch_desk.refusals_apart()
    if tree is not None:
        tree["open_alerts"] = [{"organisation": name, "pattern": pattern.value} for name, pattern in alerts]
        tree["tracer_suspended"] = suspended.value if suspended else None
        tree["disparities"] = list(view.disparities)
        tree["refusals_apart"] = list(apart)
    else:
        for name, pattern in alerts:
            print(f"{name}: {pattern.words}: with the guardian")
        if suspended and view.hindrance:
            print(f"the tracer proposes nobody: {view.hindrance.words}")
        for words in (*view.disparities, *apart):
            print(f"disparity: {words}")
    return bool(alerts or suspended or view.disparities)


def _tell_backups(instance: Instance, now: datetime, tree: dict[str, object] | None) -> bool:
    """Tell which backups should be gone by now and which cases a restore holds shut; return whether there are any."""
    overdue, shut = instance.backups.overdue(now), instance.restorer.shut()
    if tree is not None:
        tree["backups_overdue"] = [one.reference for one in overdue]
        tree["held_shut"] = [one.reference for one in shut]
    else:
        for one in overdue:
            print(f"the backup {one.reference[:16]} of {one.made_at[:10]} should be gone since {one.expires}")
        if shut:
            print(f"held shut since a restore: {counted(len(shut), 'case')} (privity restore shut)")
    return bool(overdue or shut)


def _tell(instance: Instance, found: list[Task], tree: dict[str, object] | None) -> None:
    overdue = OverdueFold().see(one.entry for one in instance.log.entries()).counts()
    if tree is not None:
        tree["overdue_by_requester"] = overdue
        tree["tasks"] = [
            {
                "kind": task.kind.value,
                "case": task.case,
                "organisation": task.organisation,
                "due": task.due.isoformat(),
                "days_late": task.days,
            }
            for task in found
        ]
        return
    for task in found:
        late = f", {counted(task.days, 'day')} late" if task.days else ""
        print(f"{task.case}  {task.organisation}: {TOLD[task.kind]} (due {task.due.isoformat()}{late})")
    for organisation, count in overdue.items():
        print(f"{organisation} has not destroyed {counted(count, 'pack')} in time")
    print(f"{counted(len(found), 'thing')} due", flush=True)


def _publish(instance: Instance, now: datetime, tree: dict[str, object] | None) -> bool:
    """Publish the ledger where `privity serve` shows it; return whether somebody must act."""
    done = instance.publisher.publish(now)
    for name, why in done.missing.items():
        print(f"privity: the witness `{name}` did not vouch: {why}", file=sys.stderr)
    if done.alarm:
        print(f"privity: {done.alarm}", file=sys.stderr)
    if tree is not None:
        tree["published"] = done.stated()
    else:
        waiting = f"; {done.waiting:,} wait for later periods" if done.waiting else ""
        print(f"{done.size:,} entries of the ledger are public{waiting}", flush=True)
    return bool(done.alarm)
