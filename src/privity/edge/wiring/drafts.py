"""Drafts: what a requester's officer writes before it is sent. Theirs alone, until it waits for a countersignature."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from privity.casework.record import canonical
from privity.casework.requester_desk import Draft, DraftKind, DraftState
from privity.definitions.party import Officer
from privity.edge.store import requester_rows as rows
from privity.edge.store.account import Account
from privity.errors import Mistaken

KEPT = timedelta(days=30)
"""A draft nobody has touched for so long is thrown away."""
WAITING = DraftState.TO_COUNTERSIGN.value


@dataclass(frozen=True, slots=True)
class DraftBook:
    """The drafts of an instance. A person reads their own, and colleagues' that wait for a countersignature."""

    def of(self, by: Officer) -> Sequence[Draft]:
        """Return the drafts this person can go on with, newest first."""
        return [_draft(row) for row in _readable(by).exclude(state=DraftState.SENT.value).order_by("-changed_at")]

    def read(self, name: str, by: Officer) -> Draft:
        """Return one draft.

        Raises: Mistaken: there is none of that name for this person.
        """
        row = _readable(by).filter(id=name).first()
        if row is None:
            raise _gone()
        return _draft(row)

    def begin(self, kind: DraftKind, content: str, by: Officer, at: datetime) -> Draft:
        """Begin a draft; those that nobody has touched for a month go."""
        self.clear(at)
        row = rows.Draft.objects.create(
            id=secrets.token_hex(16),
            organisation=by.organisation,
            staff_id=by.staff_id,
            kind=kind.value,
            state=DraftState.WRITING.value,
            content=content,
            changed_at=at,
        )
        return _draft(row)

    def clear(self, at: datetime) -> int:
        """Throw away what nobody has touched for a month, sent or not, and return how many drafts went."""
        gone, _ = rows.Draft.objects.filter(changed_at__lt=at - KEPT).delete()
        return gone

    def change(self, name: str, fields: Mapping[str, str], revision: int, by: Officer, at: datetime) -> Draft:
        """Change fields; whoever changes a draft that waits for a countersignature takes it back.

        Raises: Mistaken: it is not this person's, or was changed or sent meanwhile.
        """
        with transaction.atomic():
            row = rows.Draft.objects.filter(id=name, organisation=by.organisation, staff_id=by.staff_id).first()
            if row is None or row.kind != DraftKind.REQUEST.value or row.state == DraftState.SENT.value:
                raise _gone()
            if row.revision != revision:
                raise _changed()
            row.content = canonical({**json.loads(row.content or "{}"), **fields})
            row.state, row.changed_at, row.revision = DraftState.WRITING.value, at, revision + 1
            # One statement changes what was read or nothing: what was sent meanwhile is not to be sent again.
            unsent = rows.Draft.objects.filter(id=name, revision=revision).exclude(state=DraftState.SENT.value)
            if not unsent.update(content=row.content, state=row.state, changed_at=at, revision=row.revision):
                raise _changed()
        return _draft(row)

    def put_before_colleagues(self, name: str, by: Officer, at: datetime) -> None:
        """Let colleagues read a draft and countersign it.

        Raises: Mistaken: it is not this person's, or has been sent.
        """
        mine = rows.Draft.objects.filter(id=name, staff_id=by.staff_id, organisation=by.organisation)
        if not mine.filter(state=DraftState.WRITING.value).update(state=WAITING, changed_at=at):
            raise _gone()

    def discard(self, name: str, by: Officer) -> None:
        """Throw one's own draft away."""
        rows.Draft.objects.filter(id=name, organisation=by.organisation, staff_id=by.staff_id).delete()

    def mark_sent(self, name: str, revision: int, became: str) -> None:
        """Record, within the transaction that opens the case, that a draft was sent; its words go.

        Raises: Mistaken: it was changed or sent meanwhile, so that what was read is not what would be sent.
        """
        unsent = rows.Draft.objects.filter(id=name, revision=revision).exclude(state=DraftState.SENT.value)
        if not unsent.update(state=DraftState.SENT.value, content="", became=became):
            raise _changed()


def rank_of(by: Officer) -> str:
    """Return the rank an administrator recorded for somebody, or nothing."""
    return Account.objects.filter(staff_id=by.staff_id).values_list("rank", flat=True).first() or ""


def _readable(by: Officer) -> QuerySet[rows.Draft]:
    mine = Q(staff_id=by.staff_id) | Q(state=WAITING)
    return rows.Draft.objects.filter(mine, organisation=by.organisation)


def _draft(row: rows.Draft) -> Draft:
    kind = DraftKind(row.kind)
    return Draft(
        name=row.id,
        kind=kind,
        state=DraftState(row.state),
        written_by=row.staff_id,
        fields=json.loads(row.content or "{}") if kind is DraftKind.REQUEST else {},
        content=row.content if kind is DraftKind.FILE else "",
        revision=row.revision,
        changed_at=row.changed_at,
        became=row.became,
    )


def _gone() -> Mistaken:
    return Mistaken(
        "the draft was not found",
        why="it is not yours, or has been thrown away or sent",
        next_step="look at your list of requests",
    )


def _changed() -> Mistaken:
    return Mistaken(
        "nothing was sent or changed",
        why="it was changed or sent since you opened it",
        next_step="open it again and look at what stands there now",
    )
