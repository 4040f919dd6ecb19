"""A register on its way into an instance, joined to the ledger and to the file it is kept in."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

import numpy as np

from privity.casework.take_register import Taking, may_take, take_register
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.opening import update
from privity.edge.registers.rows import unreadable
from privity.edge.registers.sqlite import import_csv
from privity.edge.registers.writer import Progress
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.public_protection import protections_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTaking:
    """Takes registers into one instance, by named people and on record."""

    store: Store
    register: Path

    def take_in(
        self, file: Path, progress: Progress, *, digest: str, confirmed_by: Sequence[Officer], by: Officer
    ) -> RegisterColumns:
        """Take a file in as the register, all or nothing, and return what was taken.

        Raises: Mistaken: not for these people, the file, its digest, or what it moves. Unavailable: the disk.
        """
        may_take(by, confirmed_by)
        sha256 = _sha256(file)
        names = tuple(officer.staff_id for officer in confirmed_by)
        return import_csv(
            file,
            self.register,
            progress,
            digest,
            names,
            lambda columns: self._on_record(columns, sha256, columns.digest(), confirmed_by, by),
            np.array([int(one.reference) for one in protections_kept(civil_day(datetime.now(UTC)))], np.int64),
        )

    def update(self, file: Path, *, by: Officer) -> int:
        """Put the people of a file in, all or nothing, and return how many.

        Raises: Mistaken: not for this person, or the file. Unavailable: no register is there, or the disk.
        """
        may_take(by, ())
        sha256 = _sha256(file)
        return update(file, str(self.register), lambda columns: self._on_record(columns, sha256, "", (), by))

    def _on_record(
        self,
        columns: RegisterColumns,
        file_sha256: str,
        register_sha256: str,
        confirmed: Sequence[Officer],
        by: Officer,
    ) -> None:
        taking = Taking(
            file_sha256=file_sha256,
            register_sha256=register_sha256,
            rows=columns.size,
            protected_rows=int(columns.sensitive.sum()),
        )
        with self.store.unit() as unit:
            take_register(unit, taking, os.urandom(16).hex(), confirmed_by=confirmed, by=by, at=datetime.now(UTC))


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise unreadable("register", error) from error
