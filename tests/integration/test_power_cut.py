"""Power cuts: what was acknowledged is on the disk, and whatever is found afterwards is whole and goes on.

A walk of requests runs once under strace. At each promise nothing may be waiting for the disk; and from any moment of
it images are rebuilt in which what was not waited for is there, missing or torn. Nightly makes many more.
"""

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.after_the_cut import faults_of
from tests.fakes.corridor import Corridor
from tests.fakes.power import Asked, Disk, asked_of, record, write_image

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ROOT = Path(__file__).parents[2]
NIGHTLY = os.environ.get("PRIVITY_NIGHTLY") == "1"
IMAGES = int(os.environ.get("PRIVITY_POWER_CUTS", "20000" if NIGHTLY else "200"))
CASES = 40 if NIGHTLY else 4
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here: no power was cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk asked of the disk, in order, and the disk it began on."""

    before: Path
    root: Path
    asked: list[Asked]


def walk(instance: "Instance", folder: Path, *, cases: int = CASES, careless: bool = False) -> Walk:
    instance.store.close()
    root = instance.data.root
    before = folder / "before"
    shutil.copytree(root, before)
    words = [sys.executable, "-m", "tests.fakes.working", str(root), str(cases), *(["careless"] if careless else [])]
    record(words, folder / "trace", cwd=ROOT, env=dict(os.environ))
    return Walk(before=before, root=root, asked=list(asked_of(folder / "trace", root)))


def disk_of(made: Walk) -> Disk:
    """Return the disk the walk began on, under the names the walk used."""
    there = made.root.with_name("walked")
    made.root.rename(there)
    try:
        shutil.copytree(made.before, made.root)
        return Disk.holding(made.root)
    finally:
        shutil.rmtree(made.root)
        there.rename(made.root)


def promises_in(asked: Asked) -> list[list[str]]:
    return [line.split() for line in asked.content.decode().splitlines()]


def unsure_at_promises(made: Walk) -> tuple[int, list[str]]:
    """Return how many promises were made, and what waited for the disk at any of them."""
    disk, promises, unsure = disk_of(made), 0, set[str]()
    for asked in made.asked:
        if asked.what == "said":
            promises += len(promises_in(asked))
            unsure.update(Path(name).name for name in disk.unsure())
        disk.take(asked)
    return promises, sorted(unsure)


def cut(made: Walk, instance: "Instance", place: Path, images: int, rng: random.Random) -> tuple[int, list[str]]:
    """Cut the power at `images` moments, spread over the walk; return how many were rebuilt, and every fault."""
    disk, promised, faults = disk_of(made), list[list[str]](), list[str]()
    share, rebuilt = images / len(made.asked), 0
    for number, asked in enumerate(made.asked):
        while rebuilt < (number + 1) * share:
            rebuilt += 1
            found = place / "image"
            shutil.rmtree(found, ignore_errors=True)
            write_image(disk.found(rng), found)
            wrong = faults_of(found, promised, instance.note_signer.verifier)
            faults += [f"after {number} of {len(made.asked)}: {fault}" for fault in wrong]
        if asked.what == "said":
            promised += promises_in(asked)
        disk.take(asked)
    return rebuilt, faults


def goes_on(made: Walk, place: Path, moments: set[int], rng: random.Random) -> None:
    """Cut the power at some moments and let the instance go on from what is found, without a hand."""
    disk = disk_of(made)
    for number, asked in enumerate(made.asked):
        if number in moments:
            found = place / f"found-{number}"
            write_image(disk.found(rng), found)
            for name in ("ledger-key", "secret-key"):
                (found / name).chmod(0o600)
            words = [sys.executable, "-m", "tests.fakes.working", str(found), "1"]
            went_on = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
            assert went_on.returncode == 0, went_on.stderr[-2000:]
            assert went_on.stdout.splitlines()[-1].startswith("sent ")
        disk.take(asked)


def test_nothing_waits_for_the_disk_at_any_promise_no_cut_loses_or_halves_it_and_work_goes_on(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    made, rng = walk(instance, tmp_path), random.Random(random.SystemRandom().randrange(2**32))
    promises, unsure = unsure_at_promises(made)
    assert promises >= CASES * 8, "the walk promised too little for this to mean anything"
    assert unsure == []
    rebuilt, faults = cut(made, instance, tmp_path, IMAGES, rng)
    assert rebuilt >= IMAGES
    assert faults == []
    goes_on(made, tmp_path, {len(made.asked) // 2, len(made.asked) - 3}, rng)
    sys.stdout.write(f"{promises} promises, {len(made.asked)} calls, {rebuilt} images\n")


@pytest.mark.slow
def test_nothing_waits_for_the_disk_at_any_of_two_thousand_promises(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    promises, unsure = unsure_at_promises(walk(instance, tmp_path, cases=170))
    assert promises >= 2_000
    assert unsure == []


def test_the_harness_notices_a_database_that_does_not_wait_for_the_disk(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    made = walk(instance, tmp_path, careless=True)
    _, unsure = unsure_at_promises(made)
    assert any(name.startswith("privity.sqlite") for name in unsure)
    _, faults = cut(made, instance, tmp_path, 60, random.Random(1))
    assert len(faults) > 20
