"""Sending a month's sealed parts, and hearing that the recipient has them. The same rules as for packs hold."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from privity.casework.collate import acknowledge_collation, mark_collation_sent
from privity.casework.debt_case import DebtCase, read_debt
from privity.casework.debt_records import CollationRecord
from privity.casework.dispatch import MOST_ATTEMPTS, TO_SEND
from privity.casework.news import Fate, Receipt
from privity.casework.ports import NotTaken, Outgoing, Transport
from privity.casework.record import read_moment
from privity.definitions.party import GATEWAY, Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import SealedBytes
from privity.edge.store.debt_rows import CollationPart, DebtState
from privity.edge.store.tables import read_rows
from privity.edge.store.told import prove_outside
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.taking_back import Looking
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import write_proof


def collation_records(references: Sequence[str]) -> list[CollationRecord]:
    """Return sealed parts by reference."""
    rows = read_rows(CollationRecord, list(references), "default") if references else []
    return [row for row in rows if isinstance(row, CollationRecord)]


def waiting_collations() -> list[CollationRecord]:
    """Return the parts that are sealed and not sent, oldest first."""
    rows = CollationPart.objects.filter(state__in=TO_SEND, attempts__lt=MOST_ATTEMPTS).order_by("month", "part")
    by_name = {one.reference: one for one in collation_records(list(rows.values_list("reference", flat=True)))}
    return [by_name[name] for name in rows.values_list("reference", flat=True)]


def send_collations(
    store: Store,
    carrier: Transport,
    parts: Sequence[CollationRecord],
    addresses: dict[str, str],
    at: datetime,
) -> list[CaseReference]:
    """Hand parts that wait to a transport and return those it took.

    Raises: Unavailable: the transport cannot be used now; what it took before is marked.
    """
    taken: list[CaseReference] = []
    for record in parts:
        message = Outgoing(
            case=CaseReference(record.reference),
            organisation=OrganisationId(record.organisation),
            sha256=record.sha256,
            sealed=sealed_bytes(record.reference),
            proof=proof_of(store, record.reference).decode(),
            address=addresses.get(record.organisation, ""),
            sealed_at=read_moment(record.sealed_at),
        )
        try:
            receipt = carrier.send(message) or ""
        except NotTaken:
            # It stays sealed and is offered again; nothing of it has left.
            continue
        with store.unit() as unit:
            mark_collation_sent(unit, record, at=at, receipt=receipt)
        taken.append(message.case)
    return taken


def to_seal_anew(looking: Looking, parts: Sequence[CollationRecord]) -> list[CollationRecord]:
    """Return the parts that have not left and whose seal will not hold again, whatever becomes of the agreement."""
    found = ((part, looking.at_collation(part)) for part in parts if part.state in TO_SEND and not part.sent_at)
    return [part for part, doubt in found if doubt is not None and doubt.ends_the_seal]


def debts_in(unit: Unit, reference: str) -> list[DebtCase]:
    """Return every debt that was reported or taken back in a part."""
    rows = DebtState.objects.filter(Q(reported_in=reference) | Q(retracted_in=reference)).order_by("reference")
    return [read_debt(unit, name) for name in rows.values_list("reference", flat=True)]


def sealed_bytes(reference: str) -> bytes:
    """Return the sealed bytes of a part."""
    return bytes(SealedBytes.objects.get(reference=reference).sealed)


def proof_of(store: Store, reference: str) -> bytes:
    """Return the proof that the ledger tells of a part being sealed."""
    newest: int = CollationPart.objects.filter(reference=reference).values_list("entry", flat=True)[0]
    case = store.log.entry(newest).case
    sealings = [one.index for one in store.log.case_entries(case) if one.entry.kind is EntryKind.COLLATION_SEALED]
    # Where a part was sealed anew, the last one tells of the bytes that leave.
    (proof,) = prove_outside(store.log, store.signer, sealings[-1:])
    return write_proof(proof)


def acknowledge_part(store: Store, record: CollationRecord, *, by: Officer, at: datetime) -> None:
    """Record that the recipient has a part, and every report taken back in it.

    Raises: Mistaken: it was not sent, or is another organisation's.
    """
    with store.unit() as unit:
        acknowledge_collation(unit, record, _taken_back_in(unit, record.reference), by=by, at=at)


def hear_of_collation(store: Store, receipt: Receipt, at: datetime) -> bool:
    """Take a receipt for a part; return whether it was one and moved something.

    A claim that nobody signed moves nothing.
    """
    rows = CollationPart.objects.filter(sha256__startswith=receipt.digest_begins).values_list("reference", flat=True)
    records = collation_records(list(rows[:2]))
    if len(records) != 1 or receipt.claimed or receipt.fate is not Fate.COLLECTED or records[0].state != "sent":
        return False
    acknowledge_part(store, records[0], by=GATEWAY, at=at)
    return True


def _taken_back_in(unit: Unit, reference: str) -> list[DebtCase]:
    names = DebtState.objects.filter(retracted_in=reference).order_by("reference").values_list("reference", flat=True)
    return [read_debt(unit, name) for name in names]
