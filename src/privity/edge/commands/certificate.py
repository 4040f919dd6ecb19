"""`privity certificate enrol | approve | revoke | list | load-revocations`: two people, and a pin."""

import argparse
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from privity.casework.certificates import STATEMENTS, approve, put_forward, revoke
from privity.casework.instance_records import CertificateRecord
from privity.definitions.party import OrganisationId, Role
from privity.disclosure.seal_profile import SealProfile
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.seals.certificates import fingerprint, notice
from privity.edge.seals.key_files import read_certificate, read_revocations
from privity.edge.wiring.instance import Instance, open_instance
from privity.edge.wiring.sealing import REVOCATIONS, enrolled_certificate
from privity.errors import Mistaken, Unavailable

REASONS = ("replaced", "compromised", "left", "mistake")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="enrol|approve|revoke|list|load-revocations")
    enrol = acts.add_parser("enrol", help="put a certificate forward; nothing is sealed to it yet")
    enrol.add_argument("organisation")
    enrol.add_argument("certificate", type=Path, metavar="CERT.pem")
    enrol.add_argument(
        "--profile",
        default=SealProfile.MAIL.value,
        choices=[*(one.value for one in SealProfile), STATEMENTS],
        help="what opens the packs: a mail program or a program; `statements` for one that signs confirmations",
    )
    enrol.add_argument(
        "--deliver-to", default="", metavar="mailto:…|mesh:…", help="where packs go (default: the spool)"
    )
    approving = acts.add_parser("approve", help="approve what somebody else put forward, its digest compared by phone")
    revoking = acts.add_parser("revoke", help="take a certificate away at once")
    revoking.add_argument("--reason", required=True, choices=REASONS)
    for act in (approving, revoking):
        act.add_argument("organisation")
        act.add_argument("digest", metavar="DIGEST", help="its SHA-256, or at least the first 8 digits")
    listing = acts.add_parser("list", help="what is enrolled, and how near its end it is")
    listing.add_argument("organisation", nargs="?", default="")
    loading = acts.add_parser("load-revocations", help="load an authority's revocation list (CRL)")
    loading.add_argument("list", type=Path, metavar="LIST.crl")
    for act in (enrol, approving, revoking, listing, loading):
        add_data(act)
        add_json(act)
    for act in (enrol, approving, revoking, loading):
        add_signature(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked.

    Raises: Mistaken: the certificate is not fit, not known, or one person tries both. Unavailable: a file.
    """
    instance = open_instance(arguments.data)
    match arguments.act:
        case "list":
            return _list(instance, arguments)
        case "load-revocations":
            return _load(instance, arguments)
        case "enrol":
            record = _enrol(instance, arguments)
        case "approve":
            by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
            with instance.store.unit() as unit:
                record = approve(
                    unit, OrganisationId(arguments.organisation), arguments.digest, by=by, at=datetime.now(UTC)
                )
        case _:
            by = signed_by(arguments, instance, (Role.ADMINISTRATOR, Role.GUARDIAN))
            with instance.store.unit() as unit:
                record = revoke(
                    unit,
                    OrganisationId(arguments.organisation),
                    arguments.digest,
                    reason=arguments.reason,
                    by=by,
                    at=datetime.now(UTC),
                )
    _tell(record, as_json=arguments.json)
    return 0


def _enrol(instance: Instance, arguments: argparse.Namespace) -> CertificateRecord:
    certificate = read_certificate(arguments.certificate)
    organisation, now = OrganisationId(arguments.organisation), datetime.now(UTC)
    instance.enrolments.must_be_fit(organisation, certificate, arguments.profile, arguments.deliver_to, now)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    with instance.store.unit() as unit:
        return put_forward(
            unit,
            organisation,
            sha256=fingerprint(certificate),
            pem=certificate.public_bytes(Encoding.PEM).decode(),
            not_after=certificate.not_valid_after_utc,
            profile=arguments.profile,
            deliver_to=arguments.deliver_to,
            by=by,
            at=now,
        )


def _load(instance: Instance, arguments: argparse.Namespace) -> int:
    revoked = read_revocations(arguments.list)
    now = datetime.now(UTC)
    if revoked.next_update_utc is None or not revoked.last_update_utc <= now <= revoked.next_update_utc:
        raise Mistaken(
            "the revocation list was not loaded",
            why="it is out of date, or says no day on which it ends",
            next_step="fetch the authority's current list",
        )
    signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    folder = instance.data.custodian / REVOCATIONS
    name = revoked.issuer.rfc4514_string().encode().hex()[:40]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder.parent / f".{name}"
        shutil.copyfile(arguments.list, draft)
        draft.replace(folder / f"{name}.crl")
    except OSError as refusal:
        raise Unavailable(
            "the revocation list was not loaded",
            why=(refusal.strerror or "the system refused").lower(),
            next_step="put the rights of the data directory in order",
        ) from None
    count = len(revoked)
    print(
        json.dumps({"revoked": count, "until": f"{revoked.next_update_utc:%Y-%m-%d}"})
        if arguments.json
        else f"loaded: {counted(count, 'revoked certificate')}, good until {revoked.next_update_utc:%Y-%m-%d}"
    )
    return 0


def _list(instance: Instance, arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    lines = [_line(record, now) for record in instance.enrolments.enrolled(arguments.organisation)]
    if arguments.json:
        print(json.dumps(lines))
        return 0
    for line in lines:
        to = f"  to {line['deliver_to']}" if line["deliver_to"] else ""
        print(f"{line['organisation']}  {line['sha256'][:16]}…  {line['profile']:10}  {line['standing']}{to}")
    if not lines:
        print("no certificate is enrolled")
    return 0


def _line(record: CertificateRecord, now: datetime) -> dict[str, str]:
    certificate = enrolled_certificate(OrganisationId(record.reference), record)
    near = notice(certificate, now)
    if record.revoked_at:
        standing = f"revoked {record.revoked_at[:10]}"
    elif not record.approved_by:
        standing = "waits for a second person"
    elif near is not None:
        standing = f"ends {record.not_after[:10]} ({near.name.lower().replace('_', ' ')})"
    else:
        standing = f"good until {record.not_after[:10]}"
    return {
        "organisation": record.reference,
        "sha256": record.sha256,
        "profile": record.profile,
        "deliver_to": record.deliver_to,
        "standing": standing,
        "not_after": record.not_after,
    }


def _tell(record: CertificateRecord, *, as_json: bool) -> None:
    if as_json:
        told = {"organisation": record.reference, "sha256": record.sha256, "approved": bool(record.approved_by)}
        print(json.dumps(told | {"revoked": bool(record.revoked_at)}))
        return
    if record.revoked_at:
        print(f"revoked: nothing is sealed to {record.sha256[:16]}… any more")
    elif record.approved_by:
        print(f"approved: packs for {record.reference} are sealed to {record.sha256[:16]}… from now on")
    else:
        print(f"put forward: {record.sha256}")
        print("A second administrator compares these digits with the requester by telephone, then approves them:")
        print(f"  privity certificate approve {record.reference} {record.sha256[:16]} --by …")
