"""MESH: packs into a requester's mailbox, and back from it whether they were fetched and destroyed.

Rules of the module:
- Mutual TLS, verified, 1.2 or later; a password never travels, only what it signs.
- Headers are readable by the service and both mailboxes: they carry the digest, the workflow and nothing else.
- What MESH took it calls by a message number; the pack is collected when the mailbox acknowledges that number.
  Nobody fetches it for five days: MESH gives it back (code 14) and the same bytes go again.
- A peer has so many seconds and so many bytes in all.

Source: MESH API (domain.md 2.3, MESHSB): headers, statuses, reports, retention of 5 and 30 days.
"""

import hmac
import http.client
import json
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from privity.casework.news import Awaited, Fate, News, Receipt, Statement
from privity.casework.ports import Outgoing
from privity.edge.transports.deadline import LONGEST_SECONDS, READ_SECONDS, connected
from privity.edge.transports.peers import NoAddress, PeerRefused, PeerSilent
from privity.edge.transports.travelling import with_proof

SCHEME = "mesh:"
WORKFLOW = "PRIVITY_ANSWER"
CONFIRMATIONS = "_ACK"
"""What the workflow of confirmations of destruction ends in."""
LONGEST_ANSWER = 1_000_000
DIGEST_DIGITS = 32
_ACCEPT = "application/vnd.mesh.v2+json"
_ABOUT_US = {
    "Mex-ClientVersion": "privity",
    "Mex-OSName": "not told",
    "Mex-OSVersion": "not told",
    "Mex-OSArchitecture": "not told",
}
"""What a handshake must say of the machine; none of it is anybody's business."""
_MESSAGE_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DIGITS = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """The custodian's mailbox and how to reach it.

    Args: authorities: PEM of those who may vouch for the service. certificate, key: the mailbox's own, for TLS.
    """

    host: str
    port: int
    mailbox: str
    password: str
    shared_key: bytes
    authorities: Path
    certificate: Path
    key: Path
    workflow: str = WORKFLOW
    seconds: float = LONGEST_SECONDS
    read_seconds: float = READ_SECONDS

    def __repr__(self) -> str:
        return f"Mesh({self.mailbox} at {self.host}:{self.port})"

    def send(self, message: Outgoing) -> str:
        """Hand one pack to MESH and return the number it is known by there.

        Raises: NoAddress, PeerRefused: this pack is not taken. PeerSilent: MESH cannot be used now.
        """
        mailbox = message.address.removeprefix(SCHEME)
        if not message.address.startswith(SCHEME) or not mailbox:
            raise NoAddress(message.organisation, "MESH mailbox")
        body = with_proof(message.sealed, message.proof)
        headers = {
            "Mex-To": mailbox,
            "Mex-WorkflowID": self.workflow,
            "Mex-LocalID": message.sha256[:DIGEST_DIGITS],
            "Mex-FileName": "answer.p7m",
            "Mex-Content-Encrypted": "Y",
            "Mex-Content-Checksum": f"sha-256 {sha256(body).hexdigest()}",
            "Content-Type": "application/pkcs7-mime",
        }
        told = self._json(self._call("POST", "/outbox", headers=headers, body=body))
        number = str(told.get("message_id", ""))
        if not _MESSAGE_NUMBER.fullmatch(number):
            raise PeerSilent(self._name, "it took a pack and did not say under which number")
        return number

    def handshake(self) -> None:
        """Show MESH that the mailbox is alive, as it asks for once a day.

        Raises: PeerSilent: it cannot be reached.
        """
        self._call("GET", "", headers=_ABOUT_US)

    def news(self, awaited: Sequence[Awaited]) -> Iterator[News]:
        """Yield what became of the packs waited for, then whatever lies in the mailbox.

        Raises: PeerSilent, PeerRefused: MESH cannot be used now.
        """
        for pack in awaited:
            if _MESSAGE_NUMBER.fullmatch(pack.receipt) and self._is_acknowledged(pack.receipt):
                yield Receipt(digest_begins=pack.sha256, fate=Fate.COLLECTED, claimed=False)
        listed = self._json(self._call("GET", "/inbox")).get("messages", [])
        for number in listed if isinstance(listed, list) else []:
            if isinstance(number, str) and _MESSAGE_NUMBER.fullmatch(number):
                heard = self._fetched(number)
                if heard is not None:
                    yield heard

    def settle(self, heard: News) -> None:
        """Acknowledge a message, so that MESH takes it out of the mailbox.

        Raises: PeerSilent, PeerRefused: it could not be told.
        """
        if heard.settle_by:
            self._call("PUT", f"/inbox/{heard.settle_by}/status/acknowledged")

    def _is_acknowledged(self, number: str) -> bool:
        told = self._json(self._call("GET", f"/outbox/tracking?messageID={quote(number)}", missing_is=b"{}"))
        return str(told.get("status", "")).lower() == "acknowledged"

    def _fetched(self, number: str) -> News | None:
        """Return what one message in the mailbox says; None where it is for somebody else's reader."""
        headers, content = self._request("GET", f"/inbox/{number}")
        told = {name.lower(): value for name, value in headers.items()}
        if told.get("mex-messagetype", "").upper() == "REPORT":
            digits = told.get("mex-localid", "")
            if _DIGITS.fullmatch(digits):
                code = "".join(letter for letter in told.get("mex-statuscode", "") if letter.isdigit())[:4]
                reason = f"mesh-{code}" if code else "mesh"
                return Receipt(digest_begins=digits, fate=Fate.FAILED, claimed=False, reason=reason, settle_by=number)
            return None
        if told.get("mex-workflowid", "") == self.workflow + CONFIRMATIONS:
            address = f"{SCHEME}{told.get('mex-from', '').upper()}"
            return Statement(address=address, content=content, settle_by=number)
        return None

    def _call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        missing_is: bytes | None = None,
    ) -> bytes:
        return self._request(method, path, headers=headers, body=body, missing_is=missing_is)[1]

    def _request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        missing_is: bytes | None = None,
    ) -> tuple[Mapping[str, str], bytes]:
        """Return the headers and content of one answer, on a connection of its own.

        Raises: PeerRefused: a 4xx about this message. PeerSilent: anything else that is no 2xx.
        """
        asked = {"Accept": _ACCEPT, "Authorization": self._authorisation(), **(headers or {})}
        try:
            with connected(self.host, self.port, seconds=self.seconds, read_seconds=self.read_seconds) as line:
                status, told, content = self._exchange(line, method, path, asked, body)
        except ssl.SSLCertVerificationError:
            raise PeerSilent(self._name, "its certificate is not vouched for, or is another machine's") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise PeerSilent(self._name, "it stalled, went away or spoke nonsense") from None
        if status == http.client.NOT_FOUND and missing_is is not None:
            return told, missing_is
        if 200 <= status < 300:
            return told, content
        if status in (400, 404, 413, 417):
            raise PeerRefused(self._name, str(status))
        raise PeerSilent(self._name, f"it answered `{status}`")

    def _exchange(
        self, line: socket.socket, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        context = ssl.create_default_context(cafile=str(self.authorities))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        connection = http.client.HTTPConnection(self.host, self.port)
        connection.sock = context.wrap_socket(line, server_hostname=self.host)
        try:
            connection.request(
                method, f"/messageexchange/{quote(self.mailbox)}{path}", body=body, headers=dict(headers)
            )
            answer = connection.getresponse()
            content = answer.read(LONGEST_ANSWER + 1)
            if len(content) > LONGEST_ANSWER:
                raise ValueError("the answer is too long")
            return answer.status, dict(answer.getheaders()), content
        finally:
            connection.close()

    def _json(self, content: bytes) -> Mapping[str, object]:
        try:
            told = json.loads(content)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise PeerSilent(self._name, "it spoke nonsense")
        return told

    def _authorisation(self) -> str:
        """Return one use of the mailbox's password: a signature over a nonce and the minute."""
        public = f"{self.mailbox}:{os.urandom(16).hex()}:0"
        minute = datetime.now(UTC).strftime("%Y%m%d%H%M")
        signed = hmac.new(self.shared_key, f"{public}:{self.password}:{minute}".encode(), sha256).hexdigest()
        return f"NHSMESH {public}:{minute}:{signed}"

    @property
    def _name(self) -> str:
        return f"mesh://{self.mailbox}@{self.host}:{self.port}"
