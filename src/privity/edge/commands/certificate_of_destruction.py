"""`privity certificate-of-destruction verify FILE`: an outsider checks that a case's key is said to be gone.

It needs the file and the ledger's public key, and no server, database or account. With an export of the ledger it
also looks whether the backups are said to be gone.
"""

import argparse
import json
from pathlib import Path

from privity.casework.destruction_certificate import LONGEST, backup_expired, verify_certificate
from privity.edge.commands.files import content_of
from privity.edge.commands.options import add_json
from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.errors import Mistaken
from privity.ledger.audit import Intact, audit
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.tiles import read_bundle, read_tile_name

_BUNDLES = "tile/entries/"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("act", choices=["verify"])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="VKEY|FILE", help="the ledger's public key, or a file with it")
    parser.add_argument("--ledger", type=Path, metavar="DIR", help="an auditor's export: have the backups expired too?")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check the certificate and say what it proves and what it does not.

    Raises: CertificateRefused, NoteRefused, NotProved: checked, and not so. Unavailable: a file.
    """
    key_text = arguments.key
    if Path(key_text).is_file():
        key_text = content_of(Path(key_text), most=LONGEST).decode(errors="replace").strip()
    key = read_verifier_key(key_text)
    found = verify_certificate(content_of(arguments.file, most=LONGEST), key)
    expired: int | None = None
    if arguments.ledger is not None:
        log = DirectoryLog(root=arguments.ledger)
        if not isinstance(audit(log, key), Intact):
            raise Mistaken(
                "the certificate was checked, and the ledger given beside it is not intact",
                why="`privity ledger verify` says where",
                next_step="fetch the export again; the certificate itself holds",
            )
        expired = backup_expired(_entries(log), found.statements["kid"])
    if arguments.json:
        told = {
            "holds": True,
            "origin": found.origin,
            "statements": dict(found.statements),
            "opened_at": found.opened_at,
            "destroyed_at": found.destroyed_at,
            "checkpoint_size": found.size,
            "backups_expired_at": expired,
            "limits": found.limits,
        }
        print(json.dumps(told))
        return 0
    said = found.statements
    print(f"The certificate holds, under the key of {found.origin}.")
    print(f"  case opened      entry {found.opened_at:,} ({said['opened']}), with the key {said['kid']}")
    print(f"  key destroyed    entry {found.destroyed_at:,} ({said['destroyed']}), by {said['method']}, allowed by two")
    print(f"  rows             {said['rows_before']} before, {said['rows_after']} after")
    if arguments.ledger is None:
        print(
            f"  backups          may hold it until {said['backups_expire']}; give `--ledger` to see the entry after it"
        )
    elif expired is None:
        print(f"  backups          may hold it until {said['backups_expire']}; no entry yet says that they are gone")
    else:
        print(f"  backups          gone, entry {expired:,}")
    print(found.limits)
    return 0


def _entries(log: DirectoryLog) -> dict[int, Entry]:
    """Return the entries of an export that is intact."""
    found: dict[int, Entry] = {}
    for name in sorted(log.names()):
        if name.startswith(_BUNDLES):
            address = read_tile_name(name)
            for at, leaf in enumerate(read_bundle(log.read(name) or b"", address.width)):
                found[address.first_index + at] = decode(leaf)
    return found
