"""`privity ledger open-commitment` for the custodian, and `check-opening` for whoever is shown one."""

import argparse
import json
from pathlib import Path

from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.directory import FolderUnreadable
from privity.errors import Mistaken
from privity.ledger.merkle import NotProved
from privity.ledger.opening import Opened, Opening, read_opening, verify_opening

LARGEST_OPENING = 2_000_000


def check(arguments: argparse.Namespace) -> int:
    """Check an opening with nothing but the log's key, show it, and return the exit code.

    Raises: NotProved, NoteRefused: it does not hold. FolderUnreadable: the file does not open.
    """
    key = read_verifier_key(arguments.key)
    try:
        with arguments.file.open("rb") as file:
            content = file.read(LARGEST_OPENING + 1)
    except OSError as refusal:
        raise FolderUnreadable(arguments.file, refusal) from refusal
    if len(content) > LARGEST_OPENING:
        raise NotProved("the file is too large to be an opening")
    opening = read_opening(content)
    opened = verify_opening(opening, key)
    if arguments.json:
        print(json.dumps(_stated(opening, opened), sort_keys=True, ensure_ascii=False))
    else:
        print(
            f"Holds: entry {opened.index} of {opened.checkpoint.origin} ({opened.entry.kind.value}) commits to"
            f" {opening.field} = {json.dumps(opening.value, ensure_ascii=False)}"
        )
    return 0


def _stated(opening: Opening, opened: Opened) -> dict[str, object]:
    return {
        "outcome": "holds",
        "index": opened.index,
        "kind": opened.entry.kind.value,
        "field": opening.field,
        "value": opening.value,
        "origin": opened.checkpoint.origin,
        "size": opened.checkpoint.size,
    }


def write_once(out: Path, content: bytes) -> None:
    """Write an opening for its owner's eyes; an existing file is left alone.

    Raises: Mistaken: the file is already there. FolderUnreadable: the disk refused.
    """
    try:
        out.touch(mode=0o600, exist_ok=False)
        out.write_bytes(content)
    except FileExistsError:
        raise Mistaken(
            f"nothing was written to `{out}`", why="there is a file already", next_step="name another"
        ) from None
    except OSError as refusal:
        raise FolderUnreadable(out, refusal) from refusal
