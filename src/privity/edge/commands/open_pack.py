"""`privity open`: a requester checks a pack against the ledger, opens it, checks who signed it, then sees it.

Rules of the command:
- Not a byte of content is shown, and no file written, before ledger proof, decryption, signature and chain
  have all held.
- What a pack is checked against never comes with the pack. The authority and the ledger's key are given, or
  lie beside the private key, where the requester put them at enrolment. Only the proof may come with it.
- Without a proof nothing opens, unless that is said; then the output says it too.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from privity.edge.commands.files import content_of
from privity.edge.seals.cms import LONGEST_MESSAGE, as_sealed
from privity.edge.seals.key_files import CERTIFICATE_FILE, read_certificate, read_recipient_key
from privity.edge.seals.ledger_proof import InLedger, digest_of, find_in_ledger
from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key
from privity.edge.seals.opening import Opened, SealUnreadable, open_sealed
from privity.edge.seals.parts import PartKind
from privity.edge.transports.travelling import proof_in
from privity.errors import Mistaken
from privity.request.due import british

DONE = 0
AUTHORITY_FILE = "custodian-ca.pem"
LEDGER_KEY_FILE = "ledger-key.pub"
PROOF_SUFFIX = ".tlog-proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A pack with everything about it verified. `proof` is None where the reader did without."""

    sha256: str
    opened: Opened
    proof: InLedger | None

    def content(self, kind: PartKind) -> bytes:
        """Return one of its parts."""
        return next(part.content for part in self.opened.parts if part.kind is kind)


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words to the parser."""
    parser.description = (
        "Check a sealed pack against the ledger, decrypt it, check its signature, and only then show it. "
        "Exit code: 0 shown, 1 checked and not so, 2 wrong usage, 3 unreadable."
    )
    parser.add_argument("pack", type=Path, metavar="PACK", help="the sealed pack (.eml)")
    parser.add_argument("--key", type=Path, required=True, metavar="KEY.pem", help="your private key")
    parser.add_argument(
        "--cert",
        type=Path,
        metavar="CERT.pem",
        help=f"your certificate (default: `{CERTIFICATE_FILE}` beside the key, or any the key opens)",
    )
    parser.add_argument(
        "--ca",
        type=Path,
        metavar="CA.pem",
        help=f"the custodian's authority (default: `{AUTHORITY_FILE}` beside the key)",
    )
    parser.add_argument(
        "--proof",
        type=Path,
        metavar="FILE",
        help=f"the ledger proof (default: beside the pack, ending in `{PROOF_SUFFIX}`)",
    )
    parser.add_argument(
        "--ledger-key",
        metavar="VKEY",
        help=f"the ledger's public key (default: in `{LEDGER_KEY_FILE}` beside the key)",
    )
    parser.add_argument("--pdf", type=Path, metavar="FILE.pdf", help="write the PDF in the pack there, once all holds")
    parser.add_argument("--without-proof", action="store_true", help="open it though the ledger may not know of it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code.

    Raises: PrivityError: bad input, something unreadable, or a check that did not hold.
    """
    now = datetime.now(UTC)
    checked = check_and_open(arguments, now)
    if arguments.pdf is not None:
        _write_pdf(checked, arguments.pdf)
    print(json.dumps(as_json(checked), sort_keys=True) if arguments.json else in_words(checked))
    return DONE


def check_and_open(arguments: argparse.Namespace, now: datetime) -> Checked:
    """Return a pack with everything about it verified, as of `now`.

    Raises: PrivityError: the first thing that did not hold; nothing of the content is in it.
    """
    beside = arguments.key.parent
    arrived = content_of(arguments.pack, most=LONGEST_MESSAGE)
    sealed = as_sealed(arrived)
    if sealed is None:
        raise SealUnreadable
    proof = None if arguments.without_proof else _in_ledger(arguments, sealed, proof_in(arrived), beside)
    own = arguments.cert or _if_there(beside / CERTIFICATE_FILE)
    opened = open_sealed(
        sealed,
        key=read_recipient_key(arguments.key, _ask_for_passphrase if sys.stdin.isatty() else None),
        authority=read_certificate(arguments.ca or _needed(beside / AUTHORITY_FILE, "--ca")),
        at=now,
        certificate=None if own is None else read_certificate(own),
    )
    return Checked(sha256=digest_of(sealed), opened=opened, proof=proof)


def as_json(checked: Checked) -> Mapping[str, object]:
    """Return a verified pack for programs. `proof` is null where the reader did without one."""
    proof = checked.proof
    return {
        "answer": json.loads(checked.content(PartKind.JSON)),
        "proof": None if proof is None else {"index": proof.index, "origin": proof.origin, "size": proof.size},
        "sha256": checked.sha256,
        "signed_at": f"{checked.opened.signed_at:%Y-%m-%dT%H:%M:%SZ}",
        "signed_by": checked.opened.signed_by,
    }


def in_words(checked: Checked) -> str:
    """Return a verified pack for a person."""
    proof, opened = checked.proof, checked.opened
    told = (
        "NOT CHECKED against the ledger: opened without a proof, as asked"
        if proof is None
        else f"In the ledger {proof.origin}: entry {proof.index:,}, under a checkpoint of {proof.size:,}"
    )
    signed = f"Signed by {opened.signed_by} on {british(opened.signed_at.date())}; the signature holds"
    text = checked.content(PartKind.TEXT).decode().replace("\r\n", "\n")
    return f"{told}\n{signed}\nDigest of this pack: {checked.sha256}\n\n{text.rstrip()}"


def _in_ledger(arguments: argparse.Namespace, sealed: bytes, carried: bytes | None, beside: Path) -> InLedger:
    """Return where the ledger tells of the pack, by the proof given, beside it, or carried in its header.

    Raises: Mistaken: no proof or no key was given. NotProved, NoteRefused, DoesNotHold: checked, and not so.
    """
    proof = arguments.proof or _if_there(arguments.pack.with_suffix(PROOF_SUFFIX))
    content = carried if proof is None else content_of(proof, most=LONGEST_MESSAGE)
    if content is None:
        raise Mistaken(
            "the pack was not opened",
            why=f"no ledger proof was given, and no `{PROOF_SUFFIX}` file lies beside the pack or in it",
            next_step="give it with `--proof`, or say `--without-proof` to open the pack unchecked",
        )
    return find_in_ledger(sealed, content, _ledger_key(arguments.ledger_key, beside))


def _ledger_key(given: str | None, beside: Path) -> NoteVerifierKey:
    if given is None:
        key_file = _needed(beside / LEDGER_KEY_FILE, "--ledger-key")
        given = content_of(key_file, most=LONGEST_MESSAGE).decode(errors="replace")
    return read_verifier_key(given.strip())


def _write_pdf(checked: Checked, target: Path) -> None:
    """Write the PDF of a verified pack for its owner's eyes.

    Raises: Mistaken: the pack carries none, or the file is there already.
    """
    found = [part.content for part in checked.opened.parts if part.kind is PartKind.PDF]
    if not found:
        raise Mistaken(
            "no PDF was written", why="the pack carries none", next_step="read the answer here, or as `answer.html`"
        )
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Mistaken(
            "no PDF was written",
            why=f"there is a file `{target.name}` already, and nothing is overwritten",
            next_step="give another name",
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(found[0])


def _needed(path: Path, option: str) -> Path:
    """Return a file that lies beside the key, or say which option stands for it."""
    if not path.is_file():
        raise Mistaken(
            "the pack was not opened",
            why=f"nothing says whom to trust: no `{option}`, and no `{path.name}` beside the key",
            next_step=f"give `{option}` with what the custodian handed over at enrolment",
        )
    return path


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _ask_for_passphrase() -> bytes:
    return getpass("Passphrase of your private key: ").encode()
