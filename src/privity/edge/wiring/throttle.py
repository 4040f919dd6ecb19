"""Who fails too often waits: by the name tried, known or not, so that waiting says nothing about who exists."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from privity.edge.store.requester_rows import Attempts

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts failures by name within a window; one row a name, whatever is tried."""

    most_failures: int = MOST_FAILURES

    def is_shut(self, name: str, at: datetime) -> bool:
        """Return whether this name has failed so often lately that even the right secret is refused."""
        row = Attempts.objects.filter(name_sha256=_digest(name)).first()
        return row is not None and row.failed >= self.most_failures and at < row.since + WINDOW

    def failed(self, name: str, at: datetime) -> None:
        """Count one failure; a new window begins with the first after the last one ended."""
        with transaction.atomic():
            Attempts.objects.filter(since__lt=at - WINDOW).delete()
            Attempts.objects.get_or_create(name_sha256=_digest(name), defaults={"failed": 0, "since": at})
            # Counted by the database: of guesses at one moment each that read and wrote would count as one.
            Attempts.objects.filter(name_sha256=_digest(name)).update(failed=F("failed") + 1)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        Attempts.objects.filter(name_sha256=_digest(name)).delete()


def _digest(name: str) -> str:
    return hashlib.sha256(name.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
