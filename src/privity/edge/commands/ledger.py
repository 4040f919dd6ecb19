"""`privity ledger`: check a ledger from outside; export, checkpoint and prove one's own.

Rules of the command:
- `verify` and `check-opening` need files and a key: no instance, no Django, no data directory.
- The others need an instance, and load it only when chosen.
"""

import argparse
import importlib
import json
from base64 import b64encode
from pathlib import Path
from typing import assert_never

from privity.edge.commands.ledger_opening import check
from privity.edge.commands.ledger_succession import GoesOn, checked, collecting, explained, unsaid
from privity.edge.commands.ledger_succession import check as check_succession
from privity.edge.commands.options import add_data, add_json
from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key
from privity.edge.tiles.directory import DirectoryLog, FolderUnreadable
from privity.errors import Unavailable
from privity.ledger.audit import Altered, Audit, Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import LONGEST_NOTE, Checkpoint, NoteRefused, open_checkpoint

DONE, NOT_SO, NOT_A_CONTINUATION = 0, 1, 2
OF_AN_INSTANCE = "privity.edge.commands.ledger_instance"


class OldCheckpointUnusable(Unavailable):
    """The checkpoint to compare with is not one this log's key has signed."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"the old checkpoint `{file}` was not used",
            why=why,
            next_step="compare with a checkpoint you stored or were given by somebody you trust",
        )


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words to the parser."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser(
        "verify",
        help="check an exported ledger: 0 intact, 1 altered, 2 rolled back or forked, 3 unreadable",
        description="Read every file of an exported ledger and compare it with what the key has signed.",
    )
    verify.add_argument("folder", type=Path, metavar="DIR", help="the exported ledger")
    verify.add_argument("--key", required=True, metavar="VKEY", help="the ledger's public key, NAME+ID+KEY")
    verify.add_argument(
        "--checkpoint", type=Path, metavar="OLD", help="a checkpoint of this ledger you have seen before"
    )
    verify.add_argument(
        "--earlier-key",
        action="append",
        default=[],
        metavar="VKEY",
        help="a key the old checkpoint may be under: of this ledger, or of the one it goes on from",
    )
    verify.add_argument(
        "--hashes-only", action="store_true", help="for what is published to everybody: hash tiles, no entries"
    )
    export = acts.add_parser("export", help="write the ledger as files that anybody can verify")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write")
    checkpoint = acts.add_parser("checkpoint", help="sign the ledger as it stands and print the checkpoint")
    prove = acts.add_parser("prove", help="print the proof that one entry stands in the ledger")
    prove.add_argument("index", type=int, metavar="INDEX", help="the entry's number, from 0")
    told = acts.add_parser("told", help="print which entry a requester was told of by a number")
    told.add_argument("number", type=int, metavar="NUMBER", help="what stood under `Privity-Ledger-Index`")
    opening = acts.add_parser("open-commitment", help="for an auditor: open one field of one case, and nothing else")
    opening.add_argument("case", metavar="CASE", help="the reference of the case")
    opening.add_argument("field", metavar="FIELD", help="what to open, as `table/number.column`, e.g. `state/1.status`")
    opening.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write; personal data")
    checking = acts.add_parser("check-opening", help="check a field an instance has opened, with its public key alone")
    checking.add_argument("file", type=Path, metavar="FILE", help="what `open-commitment` wrote")
    checking.add_argument("--key", required=True, metavar="VKEY", help="the ledger's public key, NAME+ID+KEY")
    succession = acts.add_parser("check-succession", help="check that a ledger follows a former one: both keys say so")
    succession.add_argument("file", type=Path, metavar="NOTE", help="`succession/note` of the data directory")
    succession.add_argument("--key", required=True, metavar="VKEY", help="the former ledger's public key")
    succession.add_argument("--new-key", required=True, metavar="VKEY", help="the public key of the one that follows")
    publish = acts.add_parser("publish", help="write what everybody may see: hashes, at the ledger's fixed cadence")
    publish.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder to write (default: the one `privity serve` shows)"
    )
    publish.add_argument("--policy", type=Path, metavar="FILE", help="witnesses to ask, and how many are enough")
    publish.add_argument("--hours", type=int, help="the length of a period, fixed the first time (default: 24)")
    publish.add_argument("--entries", type=int, help="entries a period, fixed the first time (default: 2048)")
    rotate = acts.add_parser("rotate-key", help="let a second key sign beside the first, then instead of it")
    rotate.add_argument("step", choices=("start", "finish"))
    for act in (export, checkpoint, prove, told, opening, publish, rotate):
        add_data(act)
    for act in (verify, export, checkpoint, prove, told, opening, publish, rotate, checking, succession):
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code.

    Raises: PrivityError: bad input, an unreadable folder, no instance.
    """
    if arguments.act == "verify":
        return _verify(arguments)
    if arguments.act == "check-opening":
        return check(arguments)
    if arguments.act == "check-succession":
        return check_succession(arguments)
    code: int = importlib.import_module(OF_AN_INSTANCE).run(arguments)
    return code


def _verify(arguments: argparse.Namespace) -> int:
    key = read_verifier_key(arguments.key)
    keys = [key, *map(read_verifier_key, arguments.earlier_key)]
    known = None if arguments.checkpoint is None else _known(arguments.checkpoint, keys)
    if not arguments.folder.is_dir():
        raise FolderUnreadable(arguments.folder, NotADirectoryError(20, "there is no such folder"))
    log, said = DirectoryLog(root=arguments.folder), list[Checkpoint]()
    found = audit(log, key, known=known, read_leaf=collecting(said), hashes_only=arguments.hashes_only)
    successions = [] if isinstance(found, Altered) else checked(log, key, said)
    renamed = "" if arguments.hashes_only else unsaid(found, known, successions)
    _tell(found, successions, explained(found, known, successions), renamed, as_json_wanted=arguments.json)
    if renamed:
        return NOT_A_CONTINUATION
    return exit_code(found) or (DONE if all(one.holds for one in successions) else NOT_SO)


def _tell(found: Audit, successions: list[GoesOn], lost: str, renamed: str, *, as_json_wanted: bool) -> None:
    if as_json_wanted:
        goes_on = [
            {"log": one.former.origin, "size": one.former.size, "root": b64encode(one.former.root).decode()}
            | {"holds": one.holds}
            for one in successions
        ]
        further = {"goes_on_from": goes_on, "lost": lost, "renamed": renamed}
        print(json.dumps(as_json(found) | {name: told for name, told in further.items() if told}, sort_keys=True))
        return
    print("\n".join(filter(None, [in_words(found), *(one.words for one in successions), lost, renamed])))


def _known(file: Path, keys: list[NoteVerifierKey]) -> Checkpoint:
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_NOTE + 1)
    except OSError as refusal:
        raise OldCheckpointUnusable(file, (refusal.strerror or "it does not open").lower()) from refusal
    why = ""
    for key in keys:
        try:
            return open_checkpoint(content, key)
        except NoteRefused as refusal:
            why = why or refusal.why
    raise OldCheckpointUnusable(file, why)


def exit_code(found: Audit) -> int:
    """Return the exit code for what an audit found."""
    match found:
        case Intact():
            return DONE
        case Altered():
            return NOT_SO
        case RolledBack() | Forked():
            return NOT_A_CONTINUATION
        case other:
            assert_never(other)


def in_words(found: Audit) -> str:
    """Return what an audit found, for a person."""
    match found:
        case Intact(size=size, origin=origin, root=root, unchecked=unchecked):
            names = ", ".join(name if name.isprintable() else ascii(name) for name in unchecked)
            strangers = f"\nNot part of the ledger, not checked: {names}" if names else ""
            return f"Intact: {size:,} entries of {origin}\nRoot: {b64encode(root).decode()}{strangers}"
        case Altered(first_bad_index=index, what=what):
            return f"Altered: first bad index {index}\n{what}"
        case RolledBack(size=size, known_size=known):
            return f"Rolled back: {size:,} entries are signed here, {known:,} were signed before"
        case Forked(known_size=known):
            return f"Forked: the first {known:,} entries are not those that were signed before"
        case other:
            assert_never(other)


def as_json(found: Audit) -> dict[str, object]:
    """Return what an audit found, for a machine."""
    match found:
        case Intact(size=size, origin=origin, root=root, unchecked=unchecked):
            encoded = b64encode(root).decode()
            return {
                "outcome": "intact",
                "size": size,
                "origin": origin,
                "root": encoded,
                "unchecked": list(unchecked),
            }
        case Altered(first_bad_index=index, what=what):
            return {"outcome": "altered", "first_bad_index": index, "what": what}
        case RolledBack(size=size, known_size=known):
            return {"outcome": "rolled-back", "size": size, "known_size": known}
        case Forked(size=size, known_size=known):
            return {"outcome": "forked", "size": size, "known_size": known}
        case other:
            assert_never(other)
