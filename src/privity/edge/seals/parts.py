"""The MIME parts of a pack: one text to read and two or three attachments, in one spelling.

Rules of the module:
- The body is plain text; the page travels as an attachment, so that no mail program draws it unasked and no
  remote content is ever fetched (the EFAIL class of attacks).
- Everything is padded to one length behind the last boundary, where mail programs look for nothing.
- Reading takes the parts apart and puts them together again: what is not the same bytes is refused.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from enum import StrEnum
from hashlib import sha256

from privity.definitions.language import IN_ENGLISH, Tongue
from privity.disclosure.collation import Collation, collation_html, collation_json, collation_text
from privity.disclosure.notice import Notice, notice_html, notice_json, notice_text
from privity.disclosure.pack import Pack
from privity.disclosure.renderings import answer_html, answer_json, answer_text
from privity.errors import Mistaken, Unavailable

_FILLER = b"." * 74 + b"\r\n"
_BASE64_LINE = 76


class PartKind(StrEnum):
    """What a part is. The member's value is its file name; the body has none."""

    TEXT = ""
    """The answer as plain text: the body a mail program shows."""
    JSON = "answer.json"
    """The answer for programs."""
    PAGE = "answer.html"
    """The answer as a page, to be opened by hand."""
    PDF = "answer.pdf"
    """The answer as a tagged PDF, where the custodian serves them."""


_HEADERS = {
    PartKind.TEXT: (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        b"Content-Disposition: inline\r\n\r\n"
    ),
    PartKind.JSON: (
        b"Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="answer.json"\r\n\r\n'
    ),
    PartKind.PAGE: (
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="answer.html"\r\n\r\n'
    ),
    PartKind.PDF: (
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="answer.pdf"\r\n\r\n'
    ),
}


_ORDERS = (list(PartKind)[:-1], list(PartKind))
"""The parts a pack may have: all of them, or all but the PDF."""


class PackTooLong(Mistaken):
    """An answer does not fit the one length all packs have: its length would say what it answers."""

    def __init__(self, needed: int, room: int) -> None:
        super().__init__(
            "the pack was not sealed",
            why=f"it takes {needed} bytes and a seal of the one fixed size holds {room}",
            next_step="shorten the words of the clauses and conditions it cites; nothing was sent",
        )


class PartsUnreadable(Unavailable):
    """The signed content is not a pack as this program writes it."""

    def __init__(self) -> None:
        super().__init__(
            "the pack was not shown",
            why="what the custodian signed is not in the form of a pack",
            next_step="open it with a mail program, and tell the custodian which version wrote it",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part and its bytes. The representation hides them."""

    kind: PartKind
    content: bytes

    def __repr__(self) -> str:
        return f"Part({self.kind.name})"


def answer_parts(pack: Pack, *, tongue: Tongue = IN_ENGLISH, pdf: bytes = b"") -> tuple[Part, ...]:
    """Return the parts of a pack, in the order they travel; the PDF last, where there is one."""
    parts = (
        Part(kind=PartKind.TEXT, content=answer_text(pack, tongue)),
        Part(kind=PartKind.JSON, content=answer_json(pack)),
        Part(kind=PartKind.PAGE, content=answer_html(pack, tongue)),
    )
    return (*parts, Part(kind=PartKind.PDF, content=pdf)) if pdf else parts


def notice_parts(notice: Notice, tongue: Tongue = IN_ENGLISH) -> tuple[Part, ...]:
    """Return the parts of a notice, in the form of a pack's, so that whatever opens packs opens it."""
    return (
        Part(kind=PartKind.TEXT, content=notice_text(notice, tongue)),
        Part(kind=PartKind.JSON, content=notice_json(notice)),
        Part(kind=PartKind.PAGE, content=notice_html(notice, tongue)),
    )


def collation_parts(collation: Collation) -> tuple[Part, ...]:
    """Return the parts of a month's collation, in the form of a pack's, so that whatever opens packs opens it."""
    return (
        Part(kind=PartKind.TEXT, content=collation_text(collation)),
        Part(kind=PartKind.JSON, content=collation_json(collation)),
        Part(kind=PartKind.PAGE, content=collation_html(collation)),
    )


def compose(parts: Sequence[Part], length: int) -> bytes:
    """Return the parts as one MIME entity of exactly `length` bytes.

    Raises: PackTooLong: they do not fit.
    """
    digest = sha256()
    for part in parts:
        digest.update(sha256(part.content).digest())
    boundary = b"privity-" + digest.hexdigest()[:40].encode()
    written = [
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n',
        *(b"--" + boundary + b"\r\n" + _HEADERS[part.kind] + _body(part) + b"\r\n" for part in parts),
        b"--" + boundary + b"--\r\n",
    ]
    entity = b"".join(written)
    if len(entity) > length:
        raise PackTooLong(len(entity), length)
    missing = length - len(entity)
    return entity + (_FILLER * (missing // len(_FILLER) + 1))[:missing]


def decompose(entity: bytes) -> tuple[Part, ...]:
    """Return the parts of an entity that `compose` wrote.

    Raises: PartsUnreadable: the bytes are not what `compose` writes.
    """
    message = message_from_bytes(entity)
    found: list[Part] = []
    for inner in message.get_payload() if message.is_multipart() else ():
        content = inner.get_payload(decode=True) if hasattr(inner, "get_payload") else None
        name = inner.get_filename("") if hasattr(inner, "get_filename") else None
        if not isinstance(content, bytes) or name not in list(PartKind):
            raise PartsUnreadable
        found.append(Part(kind=PartKind(name), content=content))
    if [part.kind for part in found] not in _ORDERS or compose(found, len(entity)) != entity:
        raise PartsUnreadable
    try:
        found[0].content.decode()
        json.loads(found[1].content)
    except (ValueError, RecursionError):
        raise PartsUnreadable from None
    return tuple(found)


def base64_lines(content: bytes, width: int = _BASE64_LINE) -> bytes:
    """Return base64 in lines of `width` characters, each ended as in mail (CRLF)."""
    text = b64encode(content)
    return b"".join(text[at : at + width] + b"\r\n" for at in range(0, len(text), width))


def _body(part: Part) -> bytes:
    return part.content if part.kind is PartKind.TEXT else base64_lines(part.content)
