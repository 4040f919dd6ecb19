"""Opening an instance: one data directory, one process.

Django's models can be imported only once it knows its data directory, and that is known only when a command has
been read; so the module that joins everything is loaded here, by name, after Django has been set up.
"""

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import django
from django.apps import apps

from privity.edge.settings.places import DataDirectory
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.casework.custody_desks import CustodyDesks
    from privity.casework.desk import Desk
    from privity.casework.ports import Gateway
    from privity.casework.requester_desk import RequesterDesk
    from privity.edge.seals.note_keys import NoteSigningKey
    from privity.edge.store.log import Log
    from privity.edge.store.unit_of_work import Store
    from privity.edge.wiring.accounts import AccountBook
    from privity.edge.wiring.acknowledging import Restorer
    from privity.edge.wiring.auditing import InstanceAuditor
    from privity.edge.wiring.backing_up import BackupKeeper
    from privity.edge.wiring.calendars import CalendarBook
    from privity.edge.wiring.destroying import Shredder
    from privity.edge.wiring.enrolments import Enrolments
    from privity.edge.wiring.hearing import Ear
    from privity.edge.wiring.keeper import InstanceKeeper
    from privity.edge.wiring.languages import Languages
    from privity.edge.wiring.lettering import LetterBook
    from privity.edge.wiring.notifying import Notifier
    from privity.edge.wiring.outbox import OutboxSender
    from privity.edge.wiring.programs import ProgramBook
    from privity.edge.wiring.published import PublishedAgreements
    from privity.edge.wiring.publishing import Publisher
    from privity.edge.wiring.reading import SubmissionReader
    from privity.edge.wiring.readings import InstanceReadings
    from privity.edge.wiring.registers import GuardedRegister
    from privity.edge.wiring.registrar import InstanceRegistrar
    from privity.edge.wiring.sealing import CertificateSealer
    from privity.edge.wiring.symptoms import Doctor
    from privity.edge.wiring.watch_desk import InstanceWatchDesk
    from privity.edge.wiring.watching import Watcher

SETTINGS = "privity.edge.settings.base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Everything of one instance, joined."""

    data: DataDirectory
    store: "Store"
    log: "Log"
    note_signer: "NoteSigningKey"
    agreements: "PublishedAgreements"
    register: "GuardedRegister"
    gateway: "Gateway"
    outbox: "OutboxSender"
    ear: "Ear"
    sealer: "CertificateSealer"
    shredder: "Shredder"
    watcher: "Watcher"
    publisher: "Publisher"
    enrolments: "Enrolments"
    doctor: "Doctor"
    accounts: "AccountBook"
    keeper: "InstanceKeeper"
    registrar: "InstanceRegistrar"
    auditor: "InstanceAuditor"
    readings: "InstanceReadings"
    desk: "Desk"
    requester_desk: "RequesterDesk"
    reader: "SubmissionReader"
    custody: "CustodyDesks"
    watch_desk: "InstanceWatchDesk"
    programs: "ProgramBook"
    calendars: "CalendarBook"
    notifier: "Notifier"
    letters: "LetterBook"
    languages: "Languages"
    backups: "BackupKeeper"
    restorer: "Restorer"

    @property
    def is_demonstration(self) -> bool:
        """Return whether the first entry of the ledger says that everybody in here is made up."""
        return is_demonstration(self.log)

    def move_held_cases(self, at: datetime) -> Mapping[str, str]:
        """Ask again about every held case whose agreement is suspended no more; return why any did not move."""
        resuming = importlib.import_module("privity.edge.wiring.resuming")
        stuck: Mapping[str, str] = resuming.move_held_cases(self.store, self.agreements, at).stuck
        return stuck

    @property
    def origin(self) -> str:
        """Return the ledger's name, as every checkpoint carries it."""
        return self.note_signer.name


def is_demonstration(log: "Log") -> bool:
    """Return whether the first entry of a ledger says that everybody in here is made up."""
    return log.size() > 0 and bool(log.entry(0).facts.get("demonstration"))


class TablesBehind(Mistaken):
    """The tables are those of an earlier version of the program."""

    def __init__(self, steps: int) -> None:
        super().__init__(
            "the instance was not opened",
            why=f"the tables lie behind this version of the program (steps: {steps})",
            next_step="stop what serves them, copy the data directory, run `privity upgrade --data DIR`, serve again",
        )


def start(root: Path) -> None:
    """Set Django up for a data directory, once a process.

    Raises: Mistaken: this process has opened another directory already.
    """
    chosen = str(root.resolve())
    if apps.ready and os.environ.get("PRIVITY_DATA") != chosen:
        raise Mistaken(
            "the instance was not opened",
            why="this process has another data directory open",
            next_step="use one process for one data directory",
        )
    os.environ["PRIVITY_DATA"] = chosen
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not apps.ready:
        django.setup()


def open_instance(root: Path) -> Instance:
    """Return the instance that lies in a data directory.

    Raises: Mistaken: there is none, its tables are older or newer than the program, or another is open in this process.
            Unavailable: its keys cannot be read.
    """
    must_be_up_to_date(root)
    assembly = importlib.import_module("privity.edge.wiring.assembly")
    return cast(Instance, assembly.assemble(DataDirectory(root.resolve())))


def must_be_up_to_date(root: Path) -> None:
    """Raise unless the tables of a data directory are the ones this program knows.

    Raises: Mistaken: there is no instance, or its tables are older or newer than the program.
    """
    DataDirectory(root).must_exist()
    start(root)
    behind: int = importlib.import_module("privity.edge.wiring.making").steps_behind()
    if behind > 0:
        raise TablesBehind(behind)
    if behind < 0:
        raise Mistaken(
            "the instance was not opened",
            why="the tables were made by a newer version of the program",
            next_step="install that version, or restore the copy made before the upgrade",
        )


def is_made_up(root: Path) -> bool:
    """Return whether everybody in a data directory is made up, as the first entry of its ledger says."""
    made_up = open_instance(root).is_demonstration
    importlib.import_module("privity.edge.wiring.making").let_go()
    return made_up


def upgrade(root: Path) -> int:
    """Bring the tables of a data directory up to date and return how many steps that took.

    Raises: Mistaken: there is no instance, or its tables are newer than the program.
    """
    DataDirectory(root).must_exist()
    start(root)
    making = importlib.import_module("privity.edge.wiring.making")
    behind: int = making.steps_behind()
    if behind < 0:
        must_be_up_to_date(root)
    making.make_tables()
    return behind


def make_instance(root: Path) -> Instance:
    """Make a data directory that can disclose nothing yet, and return its instance.

    Raises: Mistaken: there is an instance already.
    """
    data = DataDirectory(root.resolve())
    if data.is_made():
        raise Mistaken(
            f"no instance was made at `{root}`",
            why="there is one already",
            next_step="choose another folder, or use the one there",
        )
    making = importlib.import_module("privity.edge.wiring.making")
    making.write_secrets(data)
    start(data.root)
    making.make_tables()
    return open_instance(data.root)
