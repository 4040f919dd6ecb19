"""Looking once more at what is sealed, the moment before it leaves, by whichever route."""

from collections.abc import Sequence
from datetime import datetime

from privity.agreement.in_force import Governing
from privity.casework.case_file import CaseFile
from privity.casework.dispatch import TO_SEND
from privity.casework.instance_records import CertificateRecord
from privity.casework.ports import Agreements
from privity.casework.take_back import doubt_about, take_back
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.store.case_rows import Outbox, Pack
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, Unit
from privity.errors import RefusedOnRecord


def that_may_leave(
    store: Store, agreements: Agreements, references: Sequence[CaseReference], at: datetime
) -> list[CaseReference]:
    """Return those packs about which there is no doubt; the others are taken back, or rest where they left before."""
    packs = {row.reference: row for row in Pack.objects.filter(reference__in=references)}
    outbox = {row.reference: row for row in Outbox.objects.filter(reference__in=references)}
    governing: dict[str, Governing] = {}
    certificates: dict[str, list[CertificateRecord]] = {}
    fit: list[CaseReference] = []
    for reference in references:
        pack, on_its_way = packs[reference], outbox[reference]
        family, owner = pack.version.partition("@")[0], on_its_way.organisation
        if family not in governing:
            governing[family] = agreements.governing(AgreementFamily(family), at)
        if owner not in certificates:
            kept = read_rows(CertificateRecord, [owner], store.alias)
            certificates[owner] = [one for one in kept if isinstance(one, CertificateRecord)]
        doubt = doubt_about(
            sealed_at=pack.sealed_at,
            version=pack.version,
            certificates=certificates[owner],
            governing=governing[family],
        )
        if doubt is None:
            fit.append(reference)
        elif not on_its_way.sent_at:
            with store.unit() as unit:
                take_back(unit, reference, doubt, at=at)
    return fit


def must_still_be_fit(unit: Unit, agreements: Agreements, file: CaseFile, at: datetime) -> None:
    """Raise where there is doubt about an answer that is about to be fetched and has not left by any route.

    Raises: RefusedOnRecord: there is, and the answer was taken back.
    """
    if file.pack is None or file.outbox is None or file.outbox.state not in TO_SEND or file.outbox.sent_at:
        return
    doubt = doubt_about(
        sealed_at=file.pack.sealed_at,
        version=file.pack.version,
        certificates=unit.certificates(OrganisationId(file.outbox.organisation)),
        governing=agreements.governing(file.family, at),
    )
    if doubt is not None:
        take_back(unit, file.reference, doubt, at=at)
        raise RefusedOnRecord(
            "the answer was not fetched",
            why="something changed after it was sealed, so that it was taken back",
            next_step="wait for the custodian to answer anew; where your certificate was revoked, enrol another",
        )
