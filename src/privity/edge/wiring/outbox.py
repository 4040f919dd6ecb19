"""Sending what is sealed: under a checkpoint, with its proof, the same bytes every time.

A pack is handed to the transport first and marked as sent after. A crash between the two sends the same bytes
again; it never loses a pack and never seals a second one. A pack that a peer refuses rests, longer each time, and
holds up no other; a peer that does not answer ends the pass, so that nobody waits on it twice. A pack about which
there is doubt by now is taken back before any of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from privity.casework.certificates import Standings
from privity.casework.dispatch import (
    FAILED,
    MOST_ATTEMPTS,
    SEALED,
    SENT,
    TAKEN_BACK,
    TO_SEND,
    mark_failed,
    mark_sent,
    rests_until,
)
from privity.casework.incident import mark_notice
from privity.casework.instance_records import CertificateRecord, NoticeRecord
from privity.casework.ports import Agreements, Gateway, NotTaken, Outgoing, Transport
from privity.casework.record import Record, read_moment
from privity.casework.take_back import Doubt
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import History, Outbox, Pack, SealedBytes
from privity.edge.store.instance_rows import Notice
from privity.edge.store.log import Log
from privity.edge.store.standstill import keep_in_sight, must_go_on
from privity.edge.store.tables import read_rows
from privity.edge.store.told import prove_outside
from privity.edge.store.unit_of_work import Store
from privity.edge.transports.spool import Spool
from privity.edge.wiring.collations import send_collations, waiting_collations
from privity.edge.wiring.sealing import is_in_use
from privity.edge.wiring.taking_back import Looking, that_may_leave
from privity.errors import Unavailable
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import write_proof

TOGETHER = 200
"""Packs marked as sent in one transaction."""
Kind = TypeVar("Kind", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    reference: CaseReference
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSender:
    """Sends an instance's sealed packs, notices and collations; into its spool folder unless told otherwise."""

    store: Store
    log: Log
    agreements: Agreements
    gateway: Gateway
    standings: Standings
    spool: Path

    def send(self, *, at: datetime, transport: Transport | None = None, called: str = "spool") -> list[CaseReference]:
        """Send every sealed and unsent pack and return the cases sent, those of notices included.

        Args:   called: the transport as the ledger names it.
        Raises: Unavailable: the transport cannot be used now; what it took before is marked, the rest stays sealed.
                StandsStill: a restore is not acknowledged yet.
        """
        must_go_on("nothing was sent")
        carrier = transport or Spool(self.spool)
        looking = self.looking(at)
        sent: list[CaseReference] = []
        gateway = replace(self.gateway, agreements=self.agreements)
        # What was taken back meanwhile, at a page that somebody fetched it from.
        taken_back = Outbox.objects.filter(state=TAKEN_BACK).values_list("reference", flat=True)
        self._withdraw([CaseReference(one) for one in taken_back])
        for waiting in _in_shares(self._waiting(at), TOGETHER):
            references = that_may_leave(self.store, gateway, looking, waiting)
            self._withdraw(set(waiting) - set(references))
            sent += self._send_packs(references, carrier, at, called if transport else "")
        for references in _in_shares(self._fit_notices(self._notices(at), looking), TOGETHER):
            sent += self._send_notices(references, carrier, at)
        parts = []
        for record in waiting_collations():
            if looking.at_collation(record) is None:
                parts.append(record)
            elif not record.sent_at:
                Spool(self.spool).forget(record.organisation, (record.sha256,))
        addresses = _addresses({record.organisation for record in parts})
        sent += send_collations(self.store, carrier, parts, addresses, at)
        # What has left carries a checkpoint: from here on somebody outside holds it.
        if sent and (note := self.log.latest_checkpoint()):
            keep_in_sight(note)
        return sent

    def held_back(self, *, at: datetime) -> Mapping[Doubt, int]:
        """Return how many sealed things wait to leave and may not now, by why. Looking changes nothing."""
        looking = self.looking(at)
        waiting = Outbox.objects.filter(state__in=TO_SEND).order_by("entry").values_list("reference", flat=True)
        doubts = list(looking.at_packs([CaseReference(one) for one in waiting]).doubts.values())
        notices = Notice.objects.filter(state__in=TO_SEND).values_list("reference", flat=True)
        doubts += [doubt for one in _records(NoticeRecord, list(notices)) if (doubt := looking.at_notice(one))]
        doubts += [doubt for one in waiting_collations() if (doubt := looking.at_collation(one))]
        return Counter(doubts)

    def looking(self, at: datetime) -> Looking:
        """Return a look at what speaks against giving anything out at a moment."""
        return Looking(agreements=self.agreements, standings=self.standings, at=at, alias=self.store.alias)

    def _fit_notices(self, references: Sequence[CaseReference], looking: Looking) -> list[CaseReference]:
        """Return the notices that may leave; one whose seal no longer holds is taken back, and a new one is needed."""
        fit: list[CaseReference] = []
        for record in _records(NoticeRecord, references):
            doubt = looking.at_notice(record)
            if doubt is None:
                fit.append(CaseReference(record.reference))
                continue
            if not record.sent_at:
                Spool(self.spool).forget(record.organisation, (record.sha256,))
            if doubt.takes_back:
                with self.store.unit() as unit:
                    mark_notice(unit, record, TAKEN_BACK, at=looking.at, reason=doubt.value)
        return fit

    def _withdraw(self, references: Collection[CaseReference]) -> None:
        """Take out of the spool what may not leave now and was never marked as sent.

        A pass that was cut short may have laid it down: the folder may have refused the next, or the power gone.
        """
        digests = dict(Pack.objects.filter(reference__in=references).values_list("reference", "sha256"))
        unsent = Outbox.objects.filter(reference__in=references, sent_at="")
        for reference, organisation in unsent.values_list("reference", "organisation"):
            Spool(self.spool).forget(organisation, (digests[reference],))

    def _send_packs(
        self, references: list[CaseReference], carrier: Transport, at: datetime, called: str
    ) -> list[CaseReference]:
        taken: list[_Taken] = []
        refused: list[tuple[CaseReference, str]] = []
        try:
            if isinstance(carrier, Spool):
                # A folder takes many at once, and the disk is waited for once instead of once a pack.
                carrier.send_all(list(self._packs(references)))
                taken += [_Taken(reference=reference, receipt="") for reference in references]
                return references
            for message in self._packs(references):
                try:
                    receipt = carrier.send(message) or ""
                    _must_be_its_own(receipt, message.case, taken)
                    taken.append(_Taken(reference=message.case, receipt=receipt))
                except NotTaken as refusal:
                    refused.append((message.case, _code(refusal)))
        finally:
            self._mark(taken, refused, at, called)
        return [one.reference for one in taken]

    def _send_notices(self, references: list[CaseReference], carrier: Transport, at: datetime) -> list[CaseReference]:
        records = {one.reference: one for one in _records(NoticeRecord, references)}
        taken: list[_Taken] = []
        refused: list[tuple[CaseReference, str]] = []
        try:
            for message in self._notice_messages(list(records.values())):
                try:
                    taken.append(_Taken(reference=message.case, receipt=carrier.send(message) or ""))
                except NotTaken as refusal:
                    refused.append((message.case, _code(refusal)))
        finally:
            if taken or refused:
                with self.store.unit() as unit:
                    for one in taken:
                        mark_notice(unit, records[one.reference], SENT, at=at, receipt=one.receipt)
                    for reference, reason in refused:
                        mark_notice(unit, records[reference], FAILED, at=at, reason=reason)
        return [CaseReference(records[one.reference].about) for one in taken]

    def _waiting(self, at: datetime) -> list[CaseReference]:
        """Return the packs to be sent now, oldest first: sealed ones, and failed ones that have rested."""
        rows = Outbox.objects.filter(state__in=TO_SEND).order_by("entry").values_list("reference", "state", "attempts")
        found = list(rows)
        failed = [reference for reference, state, _ in found if state == FAILED]
        lines = History.objects.filter(reference__in=failed, kind=EntryKind.PACK_FAILED.value).order_by("number")
        last = {line.reference: read_moment(line.at) for line in lines}
        return [
            CaseReference(reference)
            for reference, state, attempts in found
            if state == SEALED or (attempts < MOST_ATTEMPTS and at >= rests_until(attempts, last[reference]))
        ]

    def _notices(self, at: datetime) -> list[CaseReference]:
        """Return the notices to be sent now, oldest first: sealed ones, and failed ones that have rested.

        When one failed is read from its entry, which says the hour: it may go up to an hour early, never at once.
        """
        rows = Notice.objects.filter(state__in=TO_SEND, attempts__lt=MOST_ATTEMPTS).order_by("entry")
        return [
            CaseReference(row.reference)
            for row in rows
            if row.state == SEALED or at >= rests_until(row.attempts + 1, self.log.entry(row.entry).at)
        ]

    def _packs(self, references: list[CaseReference]) -> Iterator[Outgoing]:
        sealed = SealedBytes.objects.in_bulk(references)
        packs = Pack.objects.in_bulk(references)
        owners = dict(Outbox.objects.filter(reference__in=references).values_list("reference", "organisation"))
        addresses = _addresses(set(owners.values()))
        entries = [packs[reference].entry for reference in references]
        proofs = prove_outside(self.log, self.store.signer, entries)
        for reference, proof in zip(references, proofs, strict=True):
            yield Outgoing(
                case=reference,
                organisation=OrganisationId(owners[reference]),
                sha256=packs[reference].sha256,
                sealed=bytes(sealed[reference].sealed),
                proof=write_proof(proof).decode(),
                address=addresses.get(owners[reference], ""),
                sealed_at=read_moment(packs[reference].sealed_at),
            )

    def _notice_messages(self, records: list[NoticeRecord]) -> Iterator[Outgoing]:
        sealed = SealedBytes.objects.in_bulk([one.reference for one in records])
        entries = dict(
            Notice.objects.filter(reference__in=[one.reference for one in records]).values_list("reference", "entry")
        )
        addresses = _addresses({one.organisation for one in records})
        for record in records:
            first = self._first_entry(record, entries[record.reference])
            yield Outgoing(
                case=CaseReference(record.reference),
                organisation=OrganisationId(record.organisation),
                sha256=record.sha256,
                sealed=bytes(sealed[record.reference].sealed),
                proof=self._proof(first),
                address=addresses.get(record.organisation, ""),
                sealed_at=read_moment(record.sealed_at),
            )

    def _first_entry(self, record: NoticeRecord, newest: int) -> int:
        """Return the entry that says a notice was sealed: the newest one until it has been sent."""
        if record.state == SEALED:
            return newest
        case = self.log.entry(newest).case
        return next(one.index for one in self.log.case_entries(case) if one.entry.kind is EntryKind.NOTICE_SEALED)

    def _proof(self, index: int) -> str:
        (proof,) = prove_outside(self.log, self.store.signer, [index])
        return write_proof(proof).decode()

    def _mark(
        self, taken: Sequence[_Taken], refused: Sequence[tuple[CaseReference, str]], at: datetime, called: str
    ) -> None:
        if not taken and not refused:
            return
        with self.store.unit() as unit:
            unit.load([*(one.reference for one in taken), *(reference for reference, _ in refused)])
            for one in taken:
                mark_sent(unit, one.reference, at=at, receipt=one.receipt, transport=called)
            for reference, code in refused:
                mark_failed(unit, reference, reason=code, at=at)


def _must_be_its_own(receipt: str, reference: CaseReference, taken: Sequence[_Taken]) -> None:
    """Raise where a peer calls a pack by the number of another: its word for the one would count for both.

    Raises: Unavailable: it does; the pack stays, and goes again.
    """
    here = any(one.receipt == receipt for one in taken)
    if receipt and (here or Outbox.objects.filter(receipt=receipt, state=SENT).exclude(reference=reference).exists()):
        raise Unavailable(
            "nothing more was handed to the peer",
            why="it gave two packs the same number, so that nobody could tell which of them was fetched",
            next_step="the packs stay in the outbox and go again; ask whoever keeps the peer if this comes back",
        )


def _code(refusal: NotTaken) -> str:
    """Return why a peer did not take something, as a word for the ledger."""
    return f"refused-{getattr(refusal, 'code', 'refused')}"


def _addresses(organisations: Iterable[str]) -> dict[str, str]:
    """Return where each organisation's packs go: what two people approved with its newest certificate in use."""
    found: dict[str, str] = {}
    for record in _records(CertificateRecord, list(organisations)):
        if is_in_use(record) and record.deliver_to:
            found[record.reference] = record.deliver_to
    return found


def _records(kind: type[Kind], references: Sequence[str]) -> list[Kind]:
    return [one for one in read_rows(kind, references, "default") if isinstance(one, kind)] if references else []


def _in_shares(references: Sequence[CaseReference], size: int) -> Iterator[list[CaseReference]]:
    for start in range(0, len(references), size):
        yield list(references[start : start + size])
