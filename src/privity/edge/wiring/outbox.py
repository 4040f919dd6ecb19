"""Sending what is sealed: under a checkpoint, with its proof, the same bytes every time.

A pack is handed to the transport first and marked as sent after. A crash between the two sends the same bytes
again; it never loses a pack and never seals a second one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.casework.dispatch import SEALED, mark_sent
from privity.casework.ports import Outgoing, Transport
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Outbox, Pack, SealedBytes
from privity.edge.store.log import Log
from privity.edge.store.unit_of_work import Store
from privity.edge.transports.spool import Spool
from privity.ledger.proof import write_proof

TOGETHER = 200
"""Packs marked as sent in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSender:
    """Sends an instance's sealed packs; into its spool folder unless told otherwise."""

    store: Store
    log: Log
    spool: Path

    def send(self, *, at: datetime, transport: Transport | None = None) -> list[CaseReference]:
        """Send every sealed and unsent pack and return the cases sent.

        Raises: Unavailable: the transport did not take one; what it took before is marked, the rest stays sealed.
        """
        carrier = transport or Spool(self.spool)
        sent: list[CaseReference] = []
        waiting = list(Outbox.objects.filter(state=SEALED).order_by("entry").values_list("reference", flat=True))
        for start in range(0, len(waiting), TOGETHER):
            taken: list[CaseReference] = []
            try:
                for message in self._messages([CaseReference(one) for one in waiting[start : start + TOGETHER]]):
                    carrier.send(message)
                    taken.append(message.case)
            finally:
                self._mark(taken, at)
            sent += taken
        return sent

    def _messages(self, references: list[CaseReference]) -> Iterator[Outgoing]:
        sealed = SealedBytes.objects.in_bulk(references)
        packs = Pack.objects.in_bulk(references)
        owners = dict(Outbox.objects.filter(reference__in=references).values_list("reference", "organisation"))
        for reference in references:
            index = packs[reference].entry
            (leaf,) = self.log.leaves(index, index + 1)
            yield Outgoing(
                case=reference,
                organisation=OrganisationId(owners[reference]),
                sha256=packs[reference].sha256,
                sealed=bytes(sealed[reference].sealed),
                proof=write_proof(self.log.prove(index, extra=leaf)).decode(),
            )

    def _mark(self, references: list[CaseReference], at: datetime) -> None:
        if references:
            with self.store.unit() as unit:
                unit.load(references)
                for reference in references:
                    mark_sent(unit, reference, at=at)
