"""What every test runs under: nobody golden is ever named, and Hypothesis finds the same examples every time."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from privity.errors import PrivityError
from privity.ledger.entry import Entry
from tests.fakes.golden import GOLDEN_WORDS

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

settings.register_profile("every day", deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", deadline=None, database=None, max_examples=2_000)
settings.load_profile("nightly" if os.environ.get("PRIVITY_NIGHTLY") == "1" else "every day")


class Listener(logging.Handler):
    """Keeps every log line."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(level=logging.NOTSET)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(f"log: {record.getMessage()} {record.exc_info or ''}")


@pytest.fixture(autouse=True)
def nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fail a test in which a golden name reached a log line, a message of ours or a ledger entry.

    Yields what was told, so that one test can show that the canary sings.
    """
    told: list[str] = []
    error_made, entry_made = PrivityError.__init__, Entry.__post_init__

    def error(self: PrivityError, what: str, *, why: str, next_step: str) -> None:
        told.append(f"error: {what} {why} {next_step}")
        error_made(self, what, why=why, next_step=next_step)

    def entry(self: Entry) -> None:
        if any(word in repr(self) for word in GOLDEN_WORDS):
            told.append(f"entry: {self!r}")
        entry_made(self)

    monkeypatch.setattr(PrivityError, "__init__", error)
    monkeypatch.setattr(Entry, "__post_init__", entry)
    listener = Listener(told)
    logging.getLogger().addHandler(listener)
    yield told
    logging.getLogger().removeHandler(listener)
    named = [line for line in told if any(word.lower() in line.lower() for word in GOLDEN_WORDS)]
    assert not named, "a golden person was named where nobody may be"


def pytest_warning_recorded(warning_message: object) -> None:
    """Stop at a warning that names somebody golden, even where a test expects the warning."""
    said = str(getattr(warning_message, "message", ""))
    assert not any(word in said for word in GOLDEN_WORDS), "a warning named a golden person"


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory Django was set up for, once a process, with an instance in it that holds nothing."""
    from django.apps import apps
    from django.db import connection

    from privity.edge.wiring.instance import make_instance

    root = Path(os.environ["PRIVITY_DATA"]) if apps.ready else tmp_path_factory.mktemp("instance")
    make_instance(root)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return root


@pytest.fixture
def instance(started: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Instance]":
    """Return an empty instance of this test's own: the same keys, a database of its own."""
    from django.contrib.auth.hashers import ScryptPasswordHasher
    from django.db import connection

    from privity.edge.settings.places import DataDirectory
    from privity.edge.wiring.assembly import assemble
    from tests.fakes.opened import opened_at

    # Every person of every test has a password, and what it costs to guess one is nobody's question here.
    monkeypatch.setattr(ScryptPasswordHasher, "work_factor", 2**4)
    data = tmp_path / "instance"
    shutil.copytree(started, data)
    connection.close()
    with opened_at(data):
        yield assemble(DataDirectory(data))
