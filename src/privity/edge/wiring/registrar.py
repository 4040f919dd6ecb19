"""Organisations, their certificates and systems, and the shelf of agreements: the administrator's, over the store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from privity.casework.account_records import Standing
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.calling import named
from privity.casework.certificates import approve, put_forward, revoke
from privity.casework.enrol import enrol_organisation
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.keeper import CertificateLine, OrganisationLine, ProgramLine, ShelfLine, SuspendedLine
from privity.casework.officers import CUSTODIAN
from privity.casework.ports import Act
from privity.casework.record import read_moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import Slug
from privity.edge.seals.certificates import fingerprint
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.people_rows import Officer as OfficerRow
from privity.edge.store.requester_rows import Program
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.enrolments import Enrolments
from privity.edge.wiring.programs import ProgramBook
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.resuming import proposed_lifting, suspensions
from privity.edge.wiring.shelf import Shelf
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

SOON_DAYS = 60
"""From how many days before its end a certificate is told of on the page."""
LONGEST_PEM = 20_000
MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRegistrar:
    """Organisations and what they are known by."""

    store: Store
    enrolments: Enrolments
    book: ProgramBook
    agreements: PublishedAgreements
    on_shelf: Shelf

    def organisations(self, *, by: Officer) -> Sequence[OrganisationLine]:
        """Return the organisations by their words."""
        must_be_allowed(Operation.KEEP_ORGANISATIONS, by)
        people = Counter(OfficerRow.objects.filter(standing=Standing.OPEN.value).values_list("organisation", flat=True))
        good = Counter(one.reference for one in self.enrolments.enrolled() if one.approved_by and not one.revoked_at)
        return [
            OrganisationLine(
                name=row.reference,
                words=row.words,
                kind=row.kind,
                family=row.family,
                people=people[row.reference],
                certificates=good[row.reference],
            )
            for row in Organisation.objects.order_by("words")
        ]

    def enrol_organisation(self, name: str, words: str, kind: str, family: str, *, by: Officer, at: datetime) -> None:
        """Make an organisation known."""
        must_be_allowed(Operation.KEEP_ORGANISATIONS, by)
        called = " ".join(words.split())
        if not 0 < len(called) <= MOST_WORDS or not called.isprintable() or not 0 < len(kind) <= 40:
            raise _not_enrolled("its name or kind is empty or too long", "give both in a few words")
        if family and family not in {known for known, _ in self.families()}:
            raise _not_enrolled("no agreement of that family is published", "choose one that is, or none")
        with self.store.unit() as unit:
            if name == CUSTODIAN or unit.kept(OrganisationRecord, Slug(name)):
                raise _not_enrolled("one of that short name is enrolled", "choose another short name")
            record = OrganisationRecord(reference=name, words=called, kind=kind.strip(), family=family)
            enrol_organisation(unit, record, by=by, at=at)

    def families(self) -> Sequence[tuple[str, str]]:
        """Return the families of agreements that are published, as name and words."""
        return [(name, named(name)) for name in sorted(self.agreements.families())]

    def certificates(self, *, by: Officer, at: datetime) -> Sequence[CertificateLine]:
        """Return the enrolled certificates: those that wait first, then those that end soonest; revoked ones last."""
        must_be_allowed(Operation.KEEP_CERTIFICATES, by)
        words = dict(Organisation.objects.values_list("reference", "words"))
        lines = [_line(record, words, by, at) for record in self.enrolments.enrolled()]
        order = ("waiting", "ended", "soon", "good", "revoked")
        return sorted(lines, key=lambda line: (order.index(line.standing), line.not_after, line.record.sha256))

    def put_certificate_forward(
        self, organisation: OrganisationId, pem: str, profile: str, deliver_to: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Put a certificate forward."""
        must_be_allowed(Operation.KEEP_CERTIFICATES, by)
        if len(pem) > LONGEST_PEM:
            raise _not_forward("what was sent is longer than any certificate")
        try:
            certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        except ValueError as wrong:
            raise _not_forward("what was sent is not one certificate in PEM") from wrong
        self.enrolments.must_be_fit(organisation, certificate, profile, deliver_to, at)
        with self.store.unit() as unit:
            return put_forward(
                unit,
                organisation,
                sha256=fingerprint(certificate),
                pem=certificate.public_bytes(Encoding.PEM).decode(),
                not_after=certificate.not_valid_after_utc,
                profile=profile,
                deliver_to=deliver_to,
                by=by,
                at=at,
            )

    def approve_certificate(
        self, organisation: OrganisationId, digest: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Approve a certificate that somebody else put forward."""
        must_be_allowed(Operation.KEEP_CERTIFICATES, by)
        with self.store.unit() as unit:
            return approve(unit, organisation, digest, by=by, at=at)

    def revoke_certificate(
        self, organisation: OrganisationId, digest: str, reason: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Take a certificate away at once."""
        must_be_allowed(Operation.REVOKE_CERTIFICATE, by)
        with self.store.unit() as unit:
            return revoke(unit, organisation, digest, reason=reason, by=by, at=at)

    def programs(self, *, by: Officer) -> Sequence[ProgramLine]:
        """Return the requesters' systems, the newest first."""
        must_be_allowed(Operation.READ_PEOPLE, by)
        words = dict(Organisation.objects.values_list("reference", "words"))
        return [
            ProgramLine(
                identifier=row.id,
                organisation=words.get(row.organisation, row.organisation),
                added_at=row.added_at,
                added_by=row.added_by,
                seconded_by=row.seconded_by,
                is_active=row.is_active,
                certificate_sha256=row.certificate_sha256,
            )
            for row in Program.objects.order_by("-is_active", "-added_at")
        ]

    def revoke_program(self, identifier: str, *, by: Officer, at: datetime) -> None:
        """Revoke a system at once."""
        must_be_allowed(Operation.TAKE_AWAY, by)
        with self.store.unit() as unit:
            self.book.revoke(identifier)
            organisation = Program.objects.get(id=identifier).organisation
            unit.write(
                Act(
                    kind=EntryKind.PROGRAM_REVOKED,
                    at=at,
                    by=by,
                    key=f"program:{identifier}",
                    organisation=OrganisationId(organisation),
                )
            )

    def publication(self, family: str, name: str, *, by: Officer) -> Mapping[str, str]:
        """Return what a proposal to publish one version or instrument says."""
        must_be_allowed(Operation.READ_SHELF, by)
        return self.on_shelf.content(family, name)

    def suspensions(self, *, by: Officer, at: datetime) -> Sequence[SuspendedLine]:
        """Return every suspension that binds now."""
        must_be_allowed(Operation.READ_SHELF, by)
        return suspensions(self.agreements, at)

    def lifting(self, family: str, reasons: str, *, by: Officer, at: datetime) -> Mapping[str, str]:
        """Return what a proposal to lift an agreement's suspension says."""
        must_be_allowed(Operation.READ_SHELF, by)
        return proposed_lifting(self.agreements, family, reasons, at)

    def shelf(self, *, by: Officer, at: datetime) -> Sequence[ShelfLine]:
        """Return what lies on the shelf of agreements."""
        must_be_allowed(Operation.READ_SHELF, by)
        return self.on_shelf.lines(civil_day(at))


def _line(record: CertificateRecord, words: dict[str, str], by: Officer, at: datetime) -> CertificateLine:
    ends = civil_day(read_moment(record.not_after))
    left = (ends - civil_day(at)).days
    if record.revoked_at:
        standing = "revoked"
    elif read_moment(record.not_after) <= at:
        standing = "ended"
    elif not record.approved_by:
        standing = "waiting"
    else:
        standing = "soon" if left <= SOON_DAYS else "good"
    subject = x509.load_pem_x509_certificate(record.pem.encode("ascii")).subject.rfc4514_string()
    return CertificateLine(
        record=record,
        organisation=words.get(record.reference, record.reference),
        subject=subject,
        not_after=ends,
        days_left=left,
        standing=standing,
        may_approve=standing == "waiting" and record.enrolled_by != by.staff_id,
    )


def _not_enrolled(why: str, next_step: str) -> Mistaken:
    return Mistaken("the organisation was not enrolled", why=why, next_step=next_step)


def _not_forward(why: str) -> Mistaken:
    return Mistaken("the certificate was not put forward", why=why, next_step="send the `.pem` file as it was given")
