"""The certificate that a case was destroyed here: one file that anybody with the ledger's public key can check.

The file is a signed note, and after it two proofs: of the entry that opened the case, and of the entry that says its
key is gone. What holds when it verifies:
    (a) the custodian's ledger key signed these statements;
    (b) an entry saying the same stands in the ledger, under a signed checkpoint;
    (c) the key that is said to be gone is the one the case was opened with.
It cannot show that no copy is left, and says so in its own text.

Source: NIST SP 800-88 for the method (erasing every key is a purge); C2SP signed-note and tlog-proof for the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from privity.destruction.certificate import LIMITS
from privity.errors import Mistaken
from privity.ledger.checkpoint import NoteSigner, NoteVerifier, open_note, sign_note
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import HEADER, LogProof, read_proof, verify_proof, write_proof

TITLE = "privity/certificate-of-destruction/v1"
OPENING = (EntryKind.CASE_OPENED, EntryKind.DEBT_TAKEN)
"""With which the key of a case or of a debt begins."""
LONGEST = 1_000_000
_TOLD = ("kid", "method", "store", "rows_before", "rows_after", "backups_expire")


class CertificateRefused(Mistaken):
    """The certificate was checked, and is not so."""

    exit_code = 1

    def __init__(self, why: str) -> None:
        super().__init__(
            "the certificate of destruction does not hold",
            why=why,
            next_step="ask the custodian for it again, and check the key you compare with",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a certificate proves. `limits` is what it does not."""

    origin: str
    statements: Mapping[str, str]
    opened_at: int
    destroyed_at: int
    size: int
    limits: str = LIMITS


def write_certificate(opened: LogProof, destroyed: LogProof, signer: NoteSigner) -> bytes:
    """Return the certificate.

    Args:   opened, destroyed: proofs of the two entries, each with its leaf in the extra line.
    Raises: CertificateRefused: the entries do not belong together.
    """
    first, last = _entries(opened, destroyed)
    text = "\n".join([TITLE, *(f"{name} {value}" for name, value in _statements(first, last).items()), LIMITS]) + "\n"
    return sign_note(text, [signer]) + b"\n" + write_proof(opened) + b"\n" + write_proof(destroyed)


def verify_certificate(content: bytes, key: NoteVerifier) -> Verified:
    """Return what a certificate proves.

    Raises: CertificateRefused, NoteRefused, NotProved, LeafRefused: checked, and not so.
    """
    parts = content.split(HEADER.encode()) if len(content) <= LONGEST else []
    if len(parts) != 3 or not (parts[0].endswith(b"\n\n") and parts[1].endswith(b"\n\n")):
        raise CertificateRefused("it is not a signed note and two proofs")
    note = open_note(parts[0][:-1], [key])
    opened, destroyed = (read_proof(HEADER.encode() + part) for part in (parts[1][:-1], parts[2]))
    first, last = _entries(opened, destroyed)
    size = 0
    for proof in (opened, destroyed):
        checkpoint = verify_proof(proof, leaf=proof.extra or b"", log=key)
        size = max(size, checkpoint.size)
    statements = _statements(first, last)
    if note.text.split("\n")[:-2] != [TITLE, *(f"{name} {value}" for name, value in statements.items())]:
        raise CertificateRefused("its statements are not those of the entries it shows")
    return Verified(
        origin=key.name, statements=statements, opened_at=opened.index, destroyed_at=destroyed.index, size=size
    )


def backup_expired(entries: Mapping[int, Entry], kid: str) -> int | None:
    """Return where a ledger says that the last backup holding a key is gone, or None where it does not."""
    for index, entry in entries.items():
        if entry.kind is EntryKind.BACKUP_EXPIRED and entry.facts.get("kid") == kid:
            return index
    return None


def _entries(opened: LogProof, destroyed: LogProof) -> tuple[Entry, Entry]:
    """Return both entries, once they are of the kinds they should be and about one key."""
    first, last = decode(opened.extra or b""), decode(destroyed.extra or b"")
    if first.kind not in OPENING or last.kind is not EntryKind.KEY_DESTROYED:
        raise CertificateRefused("its entries are not the opening of a case or debt and the end of a key")
    if not first.case or first.case != last.case or last.facts.get("kid") != first.case:
        raise CertificateRefused("the key that is gone is not the one the case was opened with")
    if opened.index >= destroyed.index:
        raise CertificateRefused("the key is gone before the case was opened")
    return first, last


def _statements(first: Entry, last: Entry) -> dict[str, str]:
    """Return what the certificate states, every word of it from the two entries."""
    told = {name: str(last.facts[name]) for name in _TOLD if name in last.facts}
    return {
        **told,
        "organisation": last.organisation,
        "allowed_by": "two people",
        "opened": f"{first.at:%Y-%m-%dT%H:00Z}",
        "destroyed": f"{last.at:%Y-%m-%dT%H:00Z}",
    }
