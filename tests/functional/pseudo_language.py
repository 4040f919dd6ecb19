"""A made-up language that is written from right to left: every sentence of the pages, marked so that it can be told."""

import sqlite3
import struct
from pathlib import Path

from tests.functional.test_demo import Demo

from privity.edge.demonstration.cast import PASSWORD
from privity.edge.web.messages import IN_CONTEXT, messages

CODE = "ar"
"""Arabic stands in for every language that runs from right to left: browsers and Django know its direction."""
ADMINISTRATOR = "m.ford"
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
            pairs[message] = marked(message.rpartition(IN_CONTEXT)[2])
    write_catalogue(folder, CODE, pairs)


def write_catalogue(folder: Path, code: str, pairs: dict[str, str]) -> None:
    """Write a catalogue of messages where the program looks for it, in place of one that is there."""
    place = folder / "translations" / code / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    (place / "django.mo").write_bytes(_catalogue({"": "Content-Type: text/plain; charset=UTF-8\n", **pairs}))


def letters_of(demo: Demo) -> list[tuple[str, str, str]]:
    """Return one case with each kind of letter: the kind, the case, and who gets it."""
    wanted = (("refusal", "refused"), ("disclosure", "sent"), ("disclosure", "collected"))
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        found = {}
        for kind, status in wanted:
            newest = database.execute(
                "SELECT o.reference, o.organisation FROM state s JOIN opening o ON o.reference = s.reference"
                " WHERE s.status = ? ORDER BY o.received_at DESC LIMIT 1",
                [status],
            ).fetchone()
            if newest is not None:
                found[kind] = (kind, newest[0], newest[1])
    return list(found.values())


def speak(demo: Demo) -> None:
    """Put the made-up language into the data directory and choose it for those whose letters are looked at."""
    write_language(demo.data)
    for organisation in sorted({organisation for _, _, organisation in letters_of(demo)}):
        words = ("notify", "language", organisation, CODE, "--by", ADMINISTRATOR)
        chosen = demo.run(*words, said=f"{PASSWORD}\n")
        assert chosen.returncode == 0, chosen.stderr
    # Letters are written in the language chosen before their day; those of the demonstration are older than this test.
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        database.execute("UPDATE language SET since = '2016-01-01T00:00:00Z'")


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
