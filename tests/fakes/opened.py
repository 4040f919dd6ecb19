"""Another data directory under the Django of this process, as tests need it: a process opens one in the product."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened_at(data: Path) -> Iterator[None]:
    """Have everything of the store read and write in a data directory, until the block ends."""
    from django.conf import settings
    from django.db import connection, connections

    connection.close()
    before = connections.settings["default"]["NAME"], settings.EPOCH_KEYS, settings.DATA_DIRECTORY
    connections.settings["default"]["NAME"] = data / "privity.sqlite"
    settings.EPOCH_KEYS, settings.DATA_DIRECTORY = data / "epoch-keys", data
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"]["NAME"], settings.EPOCH_KEYS, settings.DATA_DIRECTORY = before
