"""A process is killed in the midst of an act: what was acknowledged is there, and nothing is half there."""

import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor

from privity.casework.lifecycle import Status
from privity.definitions.reference import CaseReference
from privity.ledger.audit import Intact, audit
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ROOT = Path(__file__).parents[2]


def command(instance: "Instance", point: str) -> list[str]:
    return [sys.executable, "-m", "tests.fakes.killing", str(instance.data.root), point]


def is_whole(instance: "Instance") -> None:
    """Hold the ledger to its own proofs, and the rows to the ledger."""
    from privity.edge.store.case_rows import CaseKey, History, Opening, Request, State

    assert isinstance(audit(instance.log, instance.note_signer.verifier), Intact)
    opened = [one.entry.case for one in instance.log.entries() if one.entry.kind is EntryKind.CASE_OPENED]
    assert len(opened) == Opening.objects.count() == Request.objects.count() == State.objects.count()
    keys = dict(CaseKey.objects.values_list("kid", "reference"))
    assert {keys[kid] for kid in opened} == set(Opening.objects.values_list("reference", flat=True))
    told = sum(bool(one.entry.facts.get("status")) for one in instance.log.entries())
    assert History.objects.count() == told


@pytest.mark.parametrize("point", ["inside", "entries", "rows", "checkpoint"])
def test_killed_before_the_commit_nothing_has_happened(corridor: Corridor, instance: "Instance", point: str) -> None:
    reference = corridor.receive()
    before = instance.log.root(), instance.store.statuses()
    instance.store.close()
    killed = run(command(instance, point), cwd=ROOT, stdout=PIPE, text=True, check=False, timeout=60)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    assert (instance.log.root(), instance.store.statuses()) == before
    is_whole(instance)
    assert corridor.assess(reference).status is Status.JUDGING_PURPOSE


def test_killed_after_the_commit_everything_has_happened(corridor: Corridor, instance: "Instance") -> None:
    reference = corridor.receive()
    instance.store.close()
    killed = run(command(instance, "after"), cwd=ROOT, stdout=PIPE, text=True, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    made = CaseReference(killed.stdout.strip())
    assert corridor.read(reference).status is Status.JUDGING_PURPOSE
    assert corridor.read(made).status is Status.RECEIVED
    is_whole(instance)


def test_killed_at_any_moment_loses_nothing_that_was_acknowledged(corridor: Corridor, instance: "Instance") -> None:
    acknowledged: list[str] = []
    for wanted in (1, 7, 23):
        instance.store.close()
        with Popen(command(instance, "on-and-on"), cwd=ROOT, stdout=PIPE, text=True) as process:
            assert process.stdout is not None
            acknowledged += [process.stdout.readline().strip() for _ in range(wanted)]
            process.kill()
            acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        is_whole(instance)
    assert len(acknowledged) >= 31
    assert set(acknowledged) <= set(instance.store.statuses())
    assert len(instance.store.statuses()) - len(acknowledged) <= 3, "at most one unacknowledged act a kill"
