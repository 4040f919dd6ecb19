"""Making the demonstration's instance: register, bodies, certificates, accounts, and every agreement published."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from privity.agreement.reading import read_family
from privity.agreement.version import InstrumentKind, VersionState
from privity.casework.begin import begin, register_taken
from privity.casework.enrol import (
    approve_certificate,
    enrol_certificate,
    enrol_officer,
    enrol_organisation,
    publish,
)
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.ports import UnitOfWork
from privity.casework.record import moment
from privity.casework.tracer import put_in_force
from privity.edge.demonstration.cast import (
    ADMINISTRATORS,
    BODIES,
    EVERYBODY,
    GUARDIAN,
    OFFICERS,
    PASSWORD,
    PRACTICE,
    PRACTICE_WORDS,
    RANKS,
)
from privity.edge.registers.models import default_certificates
from privity.edge.registers.sqlite import build
from privity.edge.seals.authority import make_authority
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import write_certificate, write_custodian, write_key
from privity.edge.settings.shelf import default_shelf, shelf_files
from privity.edge.synthetic.people import SyntheticPopulation, generate
from privity.edge.wiring.instance import Instance, make_instance
from privity.trace.certificate import fitting
from privity.trace.standing import hindrance

FIRST_MOMENT = datetime(2017, 1, 1, 9, tzinfo=UTC)
"""The simulated clock starts on the day the first written terms took effect."""
KINDS = {
    InstrumentKind.QUEUE: "suspension",
    InstrumentKind.RENEWAL: "renewal",
    InstrumentKind.WITHDRAWAL: "withdrawal",
}
STATES = {VersionState.WRITTEN: "version", VersionState.ANNOUNCED: "announcement"}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The instance made, and what only the simulation knows."""

    instance: Instance
    population: SyntheticPopulation
    requester_keys: Path


def set_up(root: Path, *, people: int, seed: int, today: date, progress: Progress) -> Stage:
    """Make the instance in `root`.

    Raises: Mistaken: there is an instance already, or the number of people cannot be.
    """
    progress("making the instance and its keys")
    instance = make_instance(root)
    progress(f"making up {people:,} people")
    population = generate(people, seed)
    progress("building the register")
    build(population, instance.data.register)
    keys = root / "requesters"
    ends = datetime(today.year + 2, 1, 1, tzinfo=UTC)
    certificates = _certificates(instance, keys, ends)
    progress("enrolling bodies and officers, publishing agreements")
    with instance.store.unit() as unit:
        begin(unit, at=FIRST_MOMENT, demonstration=True)
        register_taken(
            unit,
            register_digest=instance.register.digest,
            rows=people,
            protected_rows=int(population.columns.sensitive.sum()),
            synthetic=True,
            at=FIRST_MOMENT,
        )
        _certify(unit, instance)
        for body in BODIES:
            record = OrganisationRecord(reference=body.name, words=body.words, kind=body.kind, family=body.family)
            enrol_organisation(unit, record, by=ADMINISTRATORS[0], at=FIRST_MOMENT)
        practice = OrganisationRecord(reference=PRACTICE, words=PRACTICE_WORDS, kind="practice", family="")
        enrol_organisation(unit, practice, by=ADMINISTRATORS[0], at=FIRST_MOMENT)
        for certificate in certificates:
            enrol_certificate(unit, certificate, by=ADMINISTRATORS[0], at=FIRST_MOMENT)
            approve_certificate(unit, certificate, by=ADMINISTRATORS[1], at=FIRST_MOMENT)
        for officer in EVERYBODY:
            rank = RANKS.get(officer.staff_id, "")
            enrol_officer(
                unit, officer, by=ADMINISTRATORS[0], seconded_by=ADMINISTRATORS[1], at=FIRST_MOMENT, rank=rank
            )
            instance.accounts.add(officer, password=PASSWORD, rank=rank)
    publish_until(instance, FIRST_MOMENT, after=datetime(1, 1, 1, tzinfo=UTC))
    return Stage(instance=instance, population=population, requester_keys=keys)


def _certify(unit: UnitOfWork, instance: Instance) -> None:
    """Put the shipped certificate in force, where it holds for a register of this size; else nobody is proposed."""
    in_use = instance.register.tracer_in_use()
    certificate = fitting(default_certificates(), in_use.register_rows)
    if hindrance(certificate, None, in_use) is None:
        put_in_force(unit, certificate, in_use, by=ADMINISTRATORS[0], at=FIRST_MOMENT)


def _certificates(instance: Instance, folder: Path, ends: datetime) -> list[CertificateRecord]:
    """Make two synthetic authorities, the custodian's certificate and one for every body; return the latter.

    Two, so that no requester's certificate could ever sign as the custodian. Each body's folder gets what it would
    have been handed at enrolment: its key and certificate, the custodian's authority and the ledger's public key.
    """
    begins = FIRST_MOMENT - timedelta(days=1)
    custodians = make_authority("Made-up custodian authority", first=begins, last=ends)
    requesters = make_authority("Made-up requester authority", first=begins, last=ends)
    custodian = custodians.issue_custodian("Made-up custodian", first=begins, last=ends)
    write_custodian(instance.data.custodian, custodian)
    write_certificate(instance.data.custodian / "authorities" / "requesters.pem", requesters.certificate)
    records = []
    for body in BODIES:
        holder = requesters.issue_recipient(body.words, first=begins, last=ends)
        place = folder / body.name
        write_key(place / "key.pem", holder.key)
        write_certificate(place / "certificate.pem", holder.certificate)
        write_certificate(place / "custodian-ca.pem", custodians.certificate)
        (place / "ledger-key.pub").write_text(f"{instance.note_signer.verifier}\n", encoding="utf-8")
        records.append(
            CertificateRecord(
                reference=body.name,
                number=1,
                sha256=fingerprint(holder.certificate),
                pem=holder.certificate.public_bytes(Encoding.PEM).decode(),
                not_after=moment(holder.certificate.not_valid_after_utc),
                enrolled_by=ADMINISTRATORS[0].staff_id,
                approved_by="",
                revoked_at="",
            )
        )
    return records


def publish_until(instance: Instance, until: datetime, *, after: datetime) -> None:
    """Publish what took effect after `after` and not later than `until`, for the bodies of the demonstration.

    The shelf has more (letter forwarding, debts); an agreement nobody here is a party to would only mislead readers.
    """
    parties = {body.family for body in BODIES}
    for name, files in sorted(shelf_files(default_shelf()).items()):
        if name not in parties:
            continue
        family = read_family(files)
        happenings: list[tuple[datetime, str, str]] = [
            (version.effective_from, STATES[version.state], version.name) for version in family.versions
        ]
        happenings += [
            (act.effective_from, KINDS[act.kind], act.name) for act in family.instruments if act.kind in KINDS
        ]
        for effective, kind, called in sorted(happenings):
            if after < effective <= until:
                _publish(instance, name, dict(files), kind, called, effective)


def _publish(instance: Instance, family: str, files: dict[str, str], kind: str, name: str, effective: datetime) -> None:
    at = max(effective, FIRST_MOMENT, instance.log.last_signed_at() or FIRST_MOMENT)
    with instance.store.unit() as unit:
        publish(
            unit,
            family=family,
            number=instance.agreements.publications(family) + 1,
            kind=kind,
            name=name,
            sha256=instance.agreements.keep(files),
            in_force_from=effective.date(),
            by=OFFICERS[0],
            seconded_by=GUARDIAN,
            at=at,
        )


def write_passwords(root: Path) -> None:
    """Write the made-up accounts beside the instance, so that whoever serves it can sign in."""
    accounts = [
        {"staff_id": officer.staff_id, "name": officer.name, "role": officer.role.value, "password": PASSWORD}
        for officer in EVERYBODY
    ]
    (root / "accounts.json").write_text(json.dumps(accounts, indent=2) + "\n", encoding="utf-8")
