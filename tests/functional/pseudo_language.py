"""A made-up language that is written from right to left: every sentence of the pages, marked so that it can be told."""

import struct
from pathlib import Path

from privity.edge.web.messages import messages

CODE = "ar"
"""Arabic stands in for every language that runs from right to left: browsers and Django know its direction."""
OPENING, CLOSING = "⟦", "⟧"


def marked(sentence: str) -> str:
    """Return a sentence as the made-up language has it: the same words between marks."""
    return f"{OPENING}{sentence}{CLOSING}"


def write_language(folder: Path) -> None:
    """Write the language into a data directory as a translator would: one catalogue of messages."""
    pairs = {"": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"}
    for message in messages():
        if isinstance(message, tuple):
            pairs["\0".join(message)] = "\0".join(map(marked, message))
        else:
            pairs[message] = marked(message)
    place = folder / "translations" / CODE / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(_catalogue(pairs))


def _catalogue(pairs: dict[str, str]) -> bytes:
    """Return a binary catalogue as GNU gettext describes it: two tables of lengths and places, then the texts."""
    keys = sorted(key.encode() for key in pairs)
    values = [pairs[key.decode()].encode() for key in keys]
    first = 28
    texts = first + 16 * len(keys)
    tables, body = [], b""
    for group in (keys, values):
        table = b""
        for text in group:
            table += struct.pack("<II", len(text), texts + len(body))
            body += text + b"\0"
        tables.append(table)
    header = struct.pack("<7I", 0x950412DE, 0, len(keys), first, first + 8 * len(keys), 0, 0)
    return header + b"".join(tables) + body
