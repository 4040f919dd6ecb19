"""Reading what was acknowledged, once its sender has the acknowledgement: in the process that serves, or at a look.

Rules of the module:
- An acknowledgement waits for nothing here. The pause before reading is longer than an answer is on its way, and the
  same for everything, so that no reply is fast or slow for what is read after it.
- What waits lies in the database: a process that ended before it read leaves it to the next one, to another, or to
  `privity watch`.
- One that cannot be read now (an agreement that gives no decision, a full disk) stays as it is, holds up no other, and
  is tried again; `privity doctor` tells of it.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError

from privity.casework.lifecycle import Status
from privity.casework.read_sent import read_sent
from privity.casework.record import read_moment
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Opening, State, Submission
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.published import PublishedAgreements

TOGETHER = 10
"""Requests read in one transaction: more would keep the next acknowledgement waiting."""
PAUSE_SECONDS = 0.3
"""Between an acknowledgement and the reading: what comes in meanwhile is read with it."""
LOOK_AGAIN_SECONDS = 5.0
"""How often a process looks for what another one left."""
LOG = logging.getLogger("privity.reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReader:
    """Reads what waits to be read. `taken` is set when something was acknowledged in this process."""

    store: Store
    agreements: PublishedAgreements
    taken: Event

    def waiting(self) -> Sequence[CaseReference]:
        """Return what was acknowledged and waits to be read, oldest first."""
        unread = Submission.objects.exclude(sent="").values("reference")
        rows = State.objects.filter(status=Status.RECEIVED.value, reference__in=unread).order_by("entry")
        return [CaseReference(one) for one in rows.values_list("reference", flat=True)]

    def oldest(self) -> datetime | None:
        """Return since when the oldest has been waiting, or None where nothing waits."""
        received = Opening.objects.filter(reference__in=self.waiting()).order_by("received_at")
        first = received.values_list("received_at", flat=True).first()
        return read_moment(first) if first else None

    def read(self, at: datetime) -> int:
        """Read what waits and return how much could be: taken up or sent back."""
        waiting, done = self.waiting(), 0
        for start in range(0, len(waiting), TOGETHER):
            share = waiting[start : start + TOGETHER]
            if self._read(share, at):
                done += len(share)
            elif len(share) > 1:
                done += sum(self._read([one], at) for one in share)
        return done

    def _read(self, share: Sequence[CaseReference], at: datetime) -> bool:
        """Read some in one transaction; return whether all could be."""
        try:
            with self.store.unit() as unit:
                unit.load(share)
                for reference in share:
                    read_sent(unit, self.agreements, reference, at=at)
        except Exception as trouble:  # noqa: BLE001  whatever it is about one, the requests after it must be read
            LOG.warning("requests that could not be read now: %d (%s)", len(share), type(trouble).__name__)
            return False
        return True


@dataclass(frozen=True, slots=True)
class ReadingBeside:
    """A thread that reads beside what a process serves."""

    reader: SubmissionReader
    thread: Thread
    over: Event

    def end(self) -> None:
        """Let it end, and wait for that: what it is reading is read to the end."""
        self.over.set()
        self.reader.taken.set()
        self.thread.join()


def read_beside(reader: SubmissionReader) -> ReadingBeside:
    """Let a thread of this process read what it acknowledges, and what others left, until the process ends."""
    over = Event()
    thread = Thread(target=_read_on, args=(reader, over), name="privity-reading", daemon=True)
    thread.start()
    return ReadingBeside(reader, thread, over)


def _read_on(reader: SubmissionReader, over: Event) -> None:
    while not over.is_set():
        try:
            reader.read(datetime.now(UTC))
        except DatabaseError as trouble:
            LOG.warning("nothing was read (%s)", type(trouble).__name__)
        finally:
            reader.store.close()
        if reader.taken.wait(LOOK_AGAIN_SECONDS) and not over.is_set():
            reader.taken.clear()
            time.sleep(PAUSE_SECONDS)


LONGEST_WAIT = timedelta(minutes=5)
"""After that, something keeps requests from being read."""
