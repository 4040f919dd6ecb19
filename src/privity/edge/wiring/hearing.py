"""Hearing what became of packs: from MESH, from mail, and from requesters who say that they destroyed them.

Rules of the module:
- An act is durable before the peer is told that it need not say it again. News twice leads to one act.
- Whoever speaks is known by a mailbox or a certificate that two people enrolled, never by what it says of itself.
- What cannot be read or does not belong to any pack is counted and let go; it is never an error of the worker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from privity.casework.confirm_destruction import due_of, refuse_confirmation, take_confirmation
from privity.casework.dispatch import COLLECTED, FAILED, SENT, mark_collected, mark_failed, note_claim
from privity.casework.incident import mark_notice
from privity.casework.instance_records import CertificateRecord, NoticeRecord
from privity.casework.lifecycle import Status
from privity.casework.news import Awaited, Fate, Hearing, News, Receipt, Statement
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import CaseReference
from privity.destruction.certificate import DestructionConfirmation, faults, read_confirmation
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.statements import read_signed_mail, statement_in
from privity.edge.store.case_rows import Outbox
from privity.edge.store.debt_rows import CollationPart
from privity.edge.store.instance_rows import Certificate, Notice
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.transports.mail_reports import read_report
from privity.edge.wiring.collations import hear_of_collation
from privity.edge.wiring.sealing import enrolled_certificate, is_in_use
from privity.errors import Mistaken

STATEMENTS = "statements"
SHORTEST_PREFIX = 16


@dataclass(slots=True)
class Heard:
    """What one pass heard, in numbers."""

    collected: int = 0
    failed: int = 0
    claims: int = 0
    destroyed: int = 0
    refused: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Ear:
    """Turns news into acts of one instance."""

    store: Store

    def listen(self, peer: Hearing, *, at: datetime) -> Heard:
        """Hear a transport out once.

        Raises: Unavailable: it did not answer; what was heard before is durable.
        """
        heard = Heard()
        rows = Outbox.objects.filter(state=SENT).exclude(receipt="").values_list("sha256", "receipt")
        notices = Notice.objects.filter(state=SENT).exclude(receipt="").values_list("sha256", "receipt")
        monthly = CollationPart.objects.filter(state=SENT).exclude(receipt="").values_list("sha256", "receipt")
        awaited = [Awaited(sha256=sha256, receipt=receipt) for sha256, receipt in (*rows, *notices, *monthly)]
        for news in peer.news(awaited):
            self._take(news, heard, at)
            peer.settle(news)
        return heard

    def take_mail(self, mail: bytes, *, at: datetime) -> Heard:
        """Take one mail: a delivery report, a read receipt, or a signed confirmation of destruction.

        Raises: StatementRefused, Mistaken: it is signed mail that cannot be taken; nothing was recorded.
        """
        heard = Heard()
        report = read_report(mail)
        if report is not None:
            self._receipt(report, heard, at)
            return heard
        signers = self._signers()
        signed = read_signed_mail(mail, {pin: certificate for pin, (_, certificate) in signers.items()}, at)
        organisation, _ = signers[signed.signer_sha256]
        confirmation = read_confirmation(statement_in(signed.content))
        kept = mail.decode("ascii", errors="replace")
        self._confirmation(confirmation, organisation, heard, at, statement=kept)
        return heard

    def _take(self, news: News, heard: Heard, at: datetime) -> None:
        match news:
            case Receipt():
                self._receipt(news, heard, at)
            case Statement():
                self._statement(news, heard, at)

    def _receipt(self, receipt: Receipt, heard: Heard, at: datetime) -> None:
        if len(receipt.digest_begins) < SHORTEST_PREFIX:
            heard.ignored += 1
            return
        found = list(Outbox.objects.filter(sha256__startswith=receipt.digest_begins)[:2])
        if len(found) != 1:
            self._notice_receipt(receipt, heard, at)
            return
        reference, state = CaseReference(found[0].reference), found[0].state
        with self.store.unit() as unit:
            if receipt.claimed:
                note_claim(unit, reference, fate=receipt.fate, reason=receipt.reason, at=at)
                heard.claims += 1
            elif state != SENT:
                heard.ignored += 1
            elif receipt.fate is Fate.COLLECTED:
                mark_collected(unit, reference, by=GATEWAY, at=at)
                heard.collected += 1
            elif receipt.fate is Fate.FAILED:
                mark_failed(unit, reference, reason=receipt.reason or "returned", at=at)
                heard.failed += 1

    def _notice_receipt(self, receipt: Receipt, heard: Heard, at: datetime) -> None:
        rows = Notice.objects.filter(sha256__startswith=receipt.digest_begins).values_list("reference", flat=True)
        records = [one for one in read_rows(NoticeRecord, list(rows[:2]), "default") if isinstance(one, NoticeRecord)]
        if not records and hear_of_collation(self.store, receipt, at):
            heard.collected += 1
            return
        came_back = receipt.fate is Fate.FAILED and len(records) == 1 and records[0].state == SENT
        is_there = receipt.fate is Fate.COLLECTED and not receipt.claimed
        if len(records) != 1 or not (is_there or came_back):
            heard.ignored += 1
            return
        # A failure that is only claimed sends the same bytes once more, which harms nobody.
        with self.store.unit() as unit:
            if came_back:
                mark_notice(unit, records[0], FAILED, at=at, reason=receipt.reason or "returned")
                heard.failed += 1
            else:
                mark_notice(unit, records[0], COLLECTED, at=at)
                heard.collected += 1

    def _statement(self, statement: Statement, heard: Heard, at: datetime) -> None:
        organisations = {
            record.reference
            for record in _certificates()
            if is_in_use(record) and record.deliver_to == statement.address
        }
        try:
            confirmation = read_confirmation(statement.content)
        except Mistaken:
            heard.refused += 1
            return
        if len(organisations) != 1:
            heard.ignored += 1
            return
        try:
            self._confirmation(confirmation, OrganisationId(organisations.pop()), heard, at)
        except Mistaken:
            heard.refused += 1

    def _confirmation(
        self,
        confirmation: DestructionConfirmation,
        organisation: OrganisationId,
        heard: Heard,
        at: datetime,
        statement: str = "",
    ) -> None:
        row = Outbox.objects.filter(sha256=confirmation.pack_sha256, organisation=organisation).first()
        if row is None:
            heard.ignored += 1
            return
        reference = CaseReference(row.reference)
        by = Officer(
            staff_id=StaffId(f"{organisation}-confirms"),
            name="",
            organisation=organisation,
            role=Role.REQUESTING_OFFICER,
        )
        with self.store.unit() as unit:
            file = unit.case(reference)
            assert file.pack is not None, "what is in the outbox was sealed"
            found = faults(due_of(file, file.pack), confirmation, civil_day(at))
            if found:
                refuse_confirmation(unit, reference, found, by=by, at=at)
                heard.refused += 1
            elif file.status is Status.DESTROYED:
                heard.ignored += 1
            else:
                take_confirmation(unit, reference, confirmation, by=by, at=at, statement=statement)
                heard.destroyed += 1

    def _signers(self) -> Mapping[str, tuple[OrganisationId, x509.Certificate]]:
        """Return the certificates enrolled for statements, by pin, each with whose it is."""
        found = {}
        for record in _certificates():
            if record.profile == STATEMENTS and record.approved_by and not record.revoked_at:
                organisation = OrganisationId(record.reference)
                certificate = enrolled_certificate(organisation, record)
                if fingerprint(certificate) == record.sha256:
                    found[record.sha256] = (organisation, certificate)
        return found


def _certificates() -> list[CertificateRecord]:
    names = Certificate.objects.values_list("reference", flat=True).distinct()
    return [one for one in read_rows(CertificateRecord, list(names), "default") if isinstance(one, CertificateRecord)]
