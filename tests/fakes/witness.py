"""A witness that keeps to C2SP tlog-witness to the letter, for one log, over HTTP on this machine."""

import re
import threading
import time
from base64 import b64decode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from privity.edge.seals.cosigning import CosigningKey
from privity.ledger.checkpoint import Checkpoint, NoteRefused, NoteVerifier, open_checkpoint, read_body, read_note
from privity.ledger.cosignature import cosign
from privity.ledger.merkle import NotProved, verify_consistency

REQUEST = re.compile(rb"old (0|[1-9][0-9]*)\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.*)", re.DOTALL)


@dataclass(slots=True)
class StrictWitness:
    """Remembers the newest checkpoint it cosigned; tells in `answers` what it answered."""

    log: NoteVerifier
    key: CosigningKey
    newest: Checkpoint | None = None
    answers: list[int] = field(default_factory=list)
    evidence: list[bytes] = field(default_factory=list)
    clock: int | None = None

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        """Return status, content type and body for one request to add a checkpoint."""
        found = REQUEST.fullmatch(body)
        if not found:
            return 400, "text/plain", b""
        old, path, note = int(found[1]), [b64decode(line) for line in found[2].split()], found[3]
        try:
            if read_body(read_note(note).text).origin != self.log.name:
                return 404, "text/plain", b""
            checkpoint = open_checkpoint(note, self.log)
        except NoteRefused:
            return 403, "text/plain", b""
        return self._judge(old, path, note, checkpoint)

    def _judge(self, old: int, path: list[bytes], note: bytes, checkpoint: Checkpoint) -> tuple[int, str, bytes]:
        if old > checkpoint.size:
            return 400, "text/plain", b""
        seen = self.newest.size if self.newest else 0
        if old != seen:
            return 409, "text/x.tlog.size", f"{seen}\n".encode()
        if self.newest and old == checkpoint.size and self.newest.root != checkpoint.root:
            self.evidence.append(note)
            return 409, "text/plain", b""
        try:
            if self.newest and old:
                verify_consistency(
                    old=old, new=checkpoint.size, path=path, old_root=self.newest.root, new_root=checkpoint.root
                )
            elif path:
                return 422, "text/plain", b""
        except NotProved:
            self.evidence.append(note)
            return 422, "text/plain", b""
        self.newest = checkpoint
        moment = int(time.time()) if self.clock is None else self.clock
        return 200, "text/plain", cosign(read_note(note).text, self.key, moment=moment).line.encode()


class Serving:
    """A witness behind a door of this machine, for as long as a `with` block lasts."""

    def __init__(self, witness: StrictWitness) -> None:
        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                known = self.path == "/w/add-checkpoint"
                status, kind, content = witness.answer(body) if known else (404, "text/plain", b"")
                witness.answers.append(status)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the standard library's name
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Door)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Return the prefix under which checkpoints are taken."""
        return f"http://127.0.0.1:{self._server.server_port}/w"

    def __enter__(self) -> "Serving":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
