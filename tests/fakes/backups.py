"""Backing an instance up, and opening what was restored from it elsewhere in the same process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from privity.definitions.party import Officer
from privity.edge.settings.places import DataDirectory
from privity.ledger.reconciliation import Finding
from tests.fakes.corridor import FIRST, GUARDIAN, Corridor
from tests.fakes.corridors import going_on
from tests.fakes.opened import opened_at
from tests.fakes.shelf import ShelfAgreements

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.restore_mark import PutBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """The folders of one backup."""

    out: Path
    keys: Path


def back_up(instance: "Instance", folder: Path, at: datetime) -> Backups:
    """Make a backup of an instance, its keys apart."""
    from privity.edge.wiring.backup_parts import Wanted

    made = Backups(out=folder / "backup", keys=folder / "keys")
    keeper = replace(instance.backups, agreements=ShelfAgreements())
    keeper.make(Wanted(out=made.out, keys=made.keys), at)
    return made


def restore(
    made: Backups,
    root: Path,
    at: datetime,
    *,
    keys: Path | None = None,
    checkpoints: tuple[Path, ...] = (),
    export: Path | None = None,
    key: str = "",
) -> "PutBack":
    """Put a backup back at `root`."""
    from privity.edge.wiring.restoring import Asked, restore_into

    asked = Asked(source=made.out, keys=keys or made.keys, checkpoints=checkpoints, export=export, key=key)
    return restore_into(root, asked, now=at)


def differences(instance: "Instance") -> list[Finding]:
    """Return where an instance's tables are not what its ledger says."""
    from privity.edge.store.audit import Tally, audit_rows
    from privity.edge.store.audit_ledger import audit_ledger
    from privity.edge.wiring.key_rotation import earlier_keys

    keys = [instance.note_signer.verifier, *earlier_keys(instance.data)]
    last = instance.log.last_signed_at()
    assert last is not None, "there is a checkpoint"
    ledger = audit_ledger(instance.log, keys, now=last + timedelta(hours=1))
    return [*ledger.findings, *audit_rows(instance.log, Tally())]


@contextmanager
def elsewhere(root: Path) -> "Iterator[Instance]":
    """Open the instance in another data directory, and the one before again afterwards."""
    from privity.edge.wiring.assembly import assemble

    with opened_at(root):
        yield assemble(DataDirectory(root))


def going_on_at(instance: "Instance", before: Corridor) -> Corridor:
    corridor = going_on(instance)
    corridor.now = before.now + timedelta(hours=1)
    return corridor


def acknowledge(instance: "Instance", corridor: Corridor, by: Officer = FIRST, second: Officer = GUARDIAN) -> None:
    instance.restorer.acknowledge(by=by, second=second, at=corridor.tick())
