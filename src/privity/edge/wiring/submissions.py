"""Taking what requesters send: one request or a file, under an idempotency key or from a draft, each once.

A request that comes alone is acknowledged as it is: nothing of it is read before the acknowledgement is out
(`edge.wiring.reading` reads it). A file is read first, and told row by row what is wrong in it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event

from privity.casework.assess import assess_case
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.progress import Progress
from privity.casework.receive import acknowledge, close_batch, take_rows
from privity.casework.record import canonical
from privity.casework.requester_desk import Acknowledgement, RequestUnreadable
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import BatchReference, CaseReference
from privity.edge.store.case_rows import Opening
from privity.edge.store.instance_rows import Batch
from privity.edge.store.requester_rows import KeptAnswer
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.prechecking import promised_clock
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken
from privity.request.form import RequestForm
from privity.request.intake import batch_reference, read_csv
from privity.request.intake_row import IntakeRow

TOGETHER = 20
"""Rows of a file in one transaction: a long file never keeps others waiting for long."""
KEYS_KEPT = timedelta(days=30)
"""How long an idempotency key is remembered."""


class KeyUsed(Mistaken):
    """An idempotency key came a second time, with another body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submissions:
    """Opens cases for what comes in. `taken` is set when something was acknowledged that waits to be read."""

    store: Store
    agreements: PublishedAgreements
    taken: Event = field(default_factory=Event, compare=False, repr=False)

    def submit(
        self, fields: Mapping[str, str], form: RequestForm, *, by: Officer, at: datetime, key: str
    ) -> tuple[Acknowledgement, bool]:
        """Acknowledge one request under an idempotency key, unread; returns whether it is new.

        Raises: KeyUsed: the key was used for another one.
        """
        must_be_allowed(Operation.SUBMIT, by)
        body = _digest(canonical(dict(fields)).encode("utf-8", "surrogatepass"))
        with self.store.unit() as unit:
            kept = _kept(by.organisation, key, body)
            if kept is None:
                kept = self._taken(unit, fields, form, by, at)
                _keep(by.organisation, key, body, kept, at)
                fresh = True
            else:
                fresh = False
        self.taken.set()
        return self._acknowledged(kept), fresh

    def submit_file(
        self, content: bytes, form: RequestForm, *, by: Officer, at: datetime, key: str
    ) -> tuple[Sequence[CaseReference], bool]:
        """Send a file of requests under an idempotency key; returns whether it is new.

        Raises: RequestUnreadable: the file is wrong in form. KeyUsed: the key was used for another one.
        """
        must_be_allowed(Operation.SUBMIT, by)
        kept = told_before(self.store, by.organisation, key, content)
        if kept is None:
            rows = _rows_of(content, form, by)
            claim_key(self.store, by.organisation, key, content, at)
            references = self._take_rows(rows, content, by, at)
            remember_answer(self.store, by.organisation, key, content, references)
            return references, True
        return kept, False

    def take_file(self, content: bytes, form: RequestForm, *, by: Officer, at: datetime) -> Sequence[CaseReference]:
        """Open a case for every row of a file; a file that was cut off goes on where it stopped.

        Raises: RequestUnreadable: the file is wrong in form; nothing of it is taken.
        """
        return self._take_rows(_rows_of(content, form, by), content, by, at)

    def _take_rows(
        self, rows: Sequence[IntakeRow], content: bytes, by: Officer, at: datetime
    ) -> Sequence[CaseReference]:
        batch = batch_reference(content, by.organisation)
        for start in range(0, len(rows), TOGETHER):
            self._take_part(rows, start, batch, by, at)
        return cases_of(batch)

    def _taken(
        self, unit: Unit, fields: Mapping[str, str], form: RequestForm, by: Officer, at: datetime
    ) -> dict[str, object]:
        """Open a case and return what its acknowledgement says: the same for whatever was sent that day."""
        promised = promised_clock(self.agreements, form.family, at)
        due = promised.due if promised else None
        reference = acknowledge(unit, fields, family=form.family, due=due, by=by, at=at)
        return {
            "reference": reference,
            "progress": Progress.RECEIVED.value,
            "received_on": civil_day(at).isoformat(),
            "due": due.isoformat() if due else "",
            "steps": list(promised.steps()) if promised else [],
        }

    def take_one(
        self, fields: Mapping[str, str], form: RequestForm, *, by: Officer, at: datetime, also: Callable[[str], None]
    ) -> Acknowledgement:
        """Acknowledge a request, unread, together with what else must be written."""
        with self.store.unit() as unit:
            kept = self._taken(unit, fields, form, by, at)
            also(str(kept["reference"]))
        self.taken.set()
        return self._acknowledged(kept)

    def _acknowledged(self, kept: Mapping[str, object]) -> Acknowledgement:
        reference = CaseReference(str(kept["reference"]))
        due, steps = str(kept["due"]), kept["steps"]
        return Acknowledgement(
            reference=reference,
            progress=Progress(str(kept["progress"])),
            received_on=date.fromisoformat(str(kept["received_on"])),
            due=date.fromisoformat(due) if due else None,
            steps=tuple(map(str, steps)) if isinstance(steps, list) else (),
            entry=self.store.numbers.number(Opening.objects.get(reference=reference).entry),
        )

    def _take_part(
        self, rows: Sequence[IntakeRow], start: int, batch: BatchReference, by: Officer, at: datetime
    ) -> None:
        with self.store.unit() as unit:
            for reference in take_rows(unit, rows[start : start + TOGETHER], batch=batch, at=at, by=by):
                assess_case(unit, self.agreements, reference, at=at)
            if start + TOGETHER >= len(rows) and not Batch.objects.filter(reference=batch).exists():
                close_batch(unit, rows, batch=batch, at=at, by=by)


def cases_of(batch: BatchReference) -> list[CaseReference]:
    """Return the cases that the rows of a file became, in its order."""
    rows = Opening.objects.filter(batch=batch).order_by("row_number")
    return [CaseReference(name) for name in rows.values_list("reference", flat=True)]


def _rows_of(content: bytes, form: RequestForm, by: Officer) -> Sequence[IntakeRow]:
    """Return the rows of a file.

    Raises: RequestUnreadable: it is wrong in form.
    """
    reading = read_csv(content, form, by.organisation)
    if reading.errors:
        raise RequestUnreadable(reading.errors)
    return reading.rows


def told_before(store: Store, organisation: str, key: str, content: bytes) -> Sequence[CaseReference] | None:
    """Return the cases a file was taken as under an idempotency key, or None where it is yet to be taken, or finished.

    Raises: KeyUsed: the key was used for another file.
    """
    with store.unit():
        kept = _kept(organisation, key, _digest(content))
    return [CaseReference(name) for name in str(kept["references"]).split()] or None if kept else None


def claim_key(store: Store, organisation: str, key: str, content: bytes, at: datetime) -> None:
    """Make an idempotency key this file's before a row of it is taken: no other file comes in under it meanwhile.

    Raises: KeyUsed: the key was used for another file; nothing of this one is taken.
    """
    body = _digest(content)
    with store.unit():
        if _kept(organisation, key, body) is None:
            _keep(organisation, key, body, {"references": ""}, at)


def remember_answer(
    store: Store, organisation: str, key: str, content: bytes, references: Sequence[CaseReference]
) -> None:
    """Keep which cases a file was taken as under an idempotency key that is its own."""
    with store.unit():
        KeptAnswer.objects.filter(
            organisation=organisation, key_sha256=_digest(key.encode()), body_sha256=_digest(content)
        ).update(answer=canonical({"references": " ".join(references)}))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _kept(organisation: str, key: str, body: str) -> dict[str, object] | None:
    """Return the answer given to a key before, or None.

    Raises: KeyUsed: the key was given to another body.
    """
    row = KeptAnswer.objects.filter(organisation=organisation, key_sha256=_digest(key.encode())).first()
    if row is None:
        return None
    if row.body_sha256 != body:
        raise KeyUsed(
            "nothing was taken",
            why="the idempotency key was used for another request",
            next_step="use a fresh key for every new request, and the old one only to send the same again",
        )
    kept: dict[str, object] = json.loads(row.answer)
    return kept


def _keep(organisation: str, key: str, body: str, answer: Mapping[str, object], at: datetime) -> None:
    KeptAnswer.objects.filter(kept_at__lt=at - KEYS_KEPT).delete()
    KeptAnswer.objects.create(
        organisation=organisation,
        key_sha256=_digest(key.encode()),
        body_sha256=body,
        answer=canonical(dict(answer)),
        kept_at=at,
    )
