"""Requesters' systems: identifiers, hashed secrets, and tokens that live a quarter of an hour."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.requester_rows import Program, Token
from privity.edge.wiring.throttle import Throttle
from privity.errors import Mistaken

LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ProgramBook:
    """The programs of an instance."""

    throttle: Throttle

    def add(
        self,
        organisation: OrganisationId,
        *,
        by: StaffId,
        seconded_by: StaffId,
        at: datetime,
        certificate_sha256: str = "",
    ) -> tuple[str, str]:
        """Make a program known and return its identifier and its secret, which is shown this once.

        Args:   certificate_sha256: of the certificate without which the program gets no token; empty asks for none.
        Raises: Mistaken: the organisation is not known, or one person does it alone.
        """
        if by == seconded_by or not Organisation.objects.filter(reference=organisation).exists():
            raise Mistaken(
                "the program was not added",
                why="the organisation is not enrolled, or one person does it alone",
                next_step="enrol the organisation, and name two different people",
            )
        program, secret = secrets.token_hex(16), secrets.token_urlsafe(32)
        Program.objects.create(
            id=program,
            organisation=organisation,
            secret_sha256=_digest(secret),
            added_by=by,
            seconded_by=seconded_by,
            added_at=at,
            certificate_sha256=certificate_sha256,
        )
        return program, secret

    def revoke(self, program: str) -> None:
        """Revoke a program at once: its tokens are no good for the next request.

        Raises: Mistaken: there is no such program.
        """
        if not Program.objects.filter(id=program).update(is_active=False):
            raise Mistaken("nothing was revoked", why="there is no such program", next_step="check the identifier")

    def token(self, program: str, secret: str, at: datetime, certificate: str = "") -> tuple[str, int]:
        """Return a fresh token and how many seconds it lives; with a certificate it is bound to that (RFC 8705).

        Args:   certificate: SHA-256 of the one the caller proved to hold on this connection, or nothing.
        Raises: Mistaken: no such program, another secret or certificate, too many failures; the answer is the same.
        """
        name = f"program:{program}"
        found = Program.objects.filter(id=program, is_active=True).first()
        # Compared even where there is no such program, so that the time taken says nothing.
        expected = found.secret_sha256 if found else _digest(secrets.token_hex(8))
        fits = hmac.compare_digest(expected, _digest(secret))
        fits &= found is None or not found.certificate_sha256 or found.certificate_sha256 == certificate
        if self.throttle.is_shut(name, at) or found is None or not fits:
            self.throttle.failed(name, at)
            raise Mistaken(
                "no token was given",
                why="the program or its secret is not right, or it failed too often",
                next_step="check both, wait a quarter of an hour, or ask the custodian",
            )
        self.throttle.succeeded(name)
        Token.objects.filter(ends_at__lt=at).delete()
        fresh = secrets.token_urlsafe(32)
        Token.objects.create(
            sha256=_digest(fresh), program=found, ends_at=at + LIFETIME, certificate_sha256=certificate
        )
        return fresh, int(LIFETIME.total_seconds())

    def holder(self, token: str, at: datetime, certificate: str = "") -> Officer | None:
        """Return for whom a token speaks now, or None: unknown, ended, revoked, or bound to another certificate."""
        found = Token.objects.filter(sha256=_digest(token), ends_at__gt=at, program__is_active=True)
        row = found.select_related("program").first()
        if row is None or (row.certificate_sha256 and row.certificate_sha256 != certificate):
            return None
        # A program is no named person: it speaks for its organisation's desk, and every request names its officer.
        organisation = OrganisationId(row.program.organisation)
        return Officer(
            staff_id=StaffId(f"desk@{organisation}"),
            name="Requests desk",
            organisation=organisation,
            role=Role.REQUESTING_OFFICER,
        )


def is_thumbprint(text: str) -> bool:
    """Return whether a text is a SHA-256 in lower-case hexadecimal digits."""
    return len(text) == 64 and all(digit in "0123456789abcdef" for digit in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
