"""Secure mail: SMTP to one relay, over TLS that is verified, or not at all.

Rules of the module:
- TLS 1.2 or later, the relay's certificate and name verified, before the first word about a message. Without
  STARTTLS nothing is said.
- The address is the one enrolled with the requester's certificate. Headers name organisations' mailboxes, the
  digest and the date of sealing: nothing of the person, and the same at every repeat.
- A relay has so many seconds and so many bytes in all; then the connection is cut and the pack stays.
- 250 means that the relay has it. Nothing else is believed of a relay.

Source: NHS secure mail carries requests and answers (S1). RFC 5321, 3207, 3461 (delivery reports), 8098 (MDN).
"""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BufferedReader
from pathlib import Path

from privity.casework.ports import Outgoing
from privity.edge.transports.deadline import LONGEST_SECONDS, READ_SECONDS, connected
from privity.edge.transports.peers import NoAddress, PeerRefused, PeerSilent
from privity.edge.transports.travelling import with_proof

SCHEME = "mailto:"
MOST_REPLY_BYTES = 65_536
ENVELOPE_DIGITS = 16
"""How much of the digest the envelope id carries: enough to tell packs apart, and to find one by."""


class _Bounded:
    """A relay's replies, of which only so many bytes are read."""

    def __init__(self, replies: BufferedReader) -> None:
        self._replies, self._left = replies, MOST_REPLY_BYTES

    def readline(self, size: int = -1) -> bytes:
        line = self._replies.readline(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(line)
        if self._left <= 0:
            raise OSError("the relay talks without end")
        return line

    def close(self) -> None:
        self._replies.close()


class _Relay(smtplib.SMTP):
    """An SMTP client that stops listening to a relay that does not stop talking."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureMail:
    """A relay and how to speak to it.

    Args: authorities: a PEM file of those who may vouch for the relay; None for the system's.
          sender: the custodian's mailbox. user, password: for relays that ask; a password is read from a file.
          from_the_start: TLS from the first byte (port 465) instead of STARTTLS.
    """

    host: str
    port: int
    sender: str
    authorities: Path | None = None
    user: str = ""
    password: str = ""
    from_the_start: bool = False
    seconds: float = LONGEST_SECONDS
    read_seconds: float = READ_SECONDS

    def __repr__(self) -> str:
        return f"SecureMail({self.host}:{self.port})"

    def send(self, message: Outgoing) -> str:
        """Hand one pack to the relay and return its Message-ID.

        Raises: NoAddress, PeerRefused: this pack is not taken. PeerSilent: the relay cannot be used now.
        """
        address = message.address.removeprefix(SCHEME)
        if not message.address.startswith(SCHEME) or not address:
            raise NoAddress(message.organisation, "mail address")
        written = as_mail(message, sender=self.sender, address=address)
        self._hand_over(written, address, what="a pack", envelope=envelope_id(message.sha256))
        return message_id(message)

    def tell(self, mail: bytes, address: str) -> None:
        """Hand one mail that carries no pack to the relay; no report of its delivery is asked for.

        Raises: PeerRefused: this mail is not taken. PeerSilent: the relay cannot be used now.
        """
        self._hand_over(mail, address, what="a notification", envelope="")

    def _hand_over(self, written: bytes, address: str, *, what: str, envelope: str) -> None:
        try:
            with connected(self.host, self.port, seconds=self.seconds, read_seconds=self.read_seconds) as line:
                self._speak(line, written, address, envelope)
        except smtplib.SMTPRecipientsRefused as refused:
            code, _ = next(iter(refused.recipients.values()))
            raise self._refusal(code, what) from None
        except smtplib.SMTPResponseException as answer:
            raise self._refusal(answer.smtp_code, what) from None
        except smtplib.SMTPNotSupportedError:
            raise PeerSilent(self._name, "it offers no STARTTLS, and nothing is sent without") from None
        except ssl.SSLCertVerificationError:
            raise PeerSilent(self._name, "its certificate is not vouched for, or is another machine's") from None
        except (OSError, smtplib.SMTPException, ValueError):
            raise PeerSilent(self._name, "it stalled, went away or spoke nonsense") from None

    def _speak(self, line: socket.socket, written: bytes, address: str, envelope: str) -> None:
        """Say hello, be sure of the relay, and hand over one message; with an envelope id, ask for reports."""
        relay = _Relay(timeout=self.read_seconds, local_hostname="privity.invalid")
        relay._host = self.host  # type: ignore[attr-defined]  # smtplib verifies TLS against this name
        relay.sock = self._context().wrap_socket(line, server_hostname=self.host) if self.from_the_start else line
        try:
            code, _ = relay.getreply()
            if code != 220:
                raise smtplib.SMTPConnectError(code, b"")
            if not self.from_the_start:
                relay.ehlo_or_helo_if_needed()
                relay.starttls(context=self._context())
            relay.ehlo_or_helo_if_needed()
            if self.user:
                relay.login(self.user, self.password)
            reports = bool(envelope) and relay.has_extn("dsn")
            refused = relay.sendmail(
                self.sender,
                [address],
                written,
                mail_options=["RET=HDRS", f"ENVID={envelope}"] if reports else [],
                rcpt_options=["NOTIFY=SUCCESS,FAILURE,DELAY"] if reports else [],
            )
            assert not refused, "one address is refused by an error, not by a list"
            # The relay has it, and it need not say goodbye: closing the line says it for both.
        finally:
            relay.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=None if self.authorities is None else str(self.authorities))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _refusal(self, code: int, what: str) -> PeerRefused | PeerSilent:
        """Return what a code means: 5xx is about this mail, everything else about the relay now."""
        if 500 <= code < 600 and code not in (502, 503, 521, 530, 534, 535):
            return PeerRefused(self._name, str(code), what)
        return PeerSilent(self._name, f"it answered `{code}`")

    @property
    def _name(self) -> str:
        return f"smtp://{self.host}:{self.port}"


def envelope_id(sha256: str) -> str:
    """Return the name under which a relay's reports speak of a pack."""
    return f"pkg-{sha256[:ENVELOPE_DIGITS]}"


def message_id(message: Outgoing) -> str:
    """Return the one Message-ID of a pack, whoever sends it and however often."""
    return f"<{message.sha256[:40]}@privity.invalid>"


def as_mail(message: Outgoing, *, sender: str, address: str) -> bytes:
    """Return the mail: the same bytes every time it is sent."""
    dated = message.sealed_at or datetime(1970, 1, 1, tzinfo=UTC)
    headers = [
        f"From: {sender}",
        f"To: {address}",
        f"Date: {format_datetime(dated.astimezone(UTC))}",
        f"Message-ID: {message_id(message)}",
        f"Disposition-Notification-To: {sender}",
    ]
    return "".join(f"{line}\r\n" for line in headers).encode() + with_proof(message.sealed, message.proof)
