"""One plain mail as bytes: the same letters every time it is written from the same words.

Words in plain letters travel as they are. Others are written in base64, in short lines, which every relay carries.
"""

from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

LONGEST_HEADER_LINE = 76


def plain_mail(
    subject: str, body: str, *, language: str, called: str, made_at: datetime, sender: str, address: str
) -> bytes:
    """Return one mail.

    Args: called: its name before the `@`, by which a relay knows a repeat. body: lines that end in CR LF.
    """
    plain = body.isascii()
    shown = (
        subject
        if subject.isascii()
        else Header(subject, "utf-8", LONGEST_HEADER_LINE, "Subject").encode(linesep="\r\n")
    )
    headers = [
        f"From: {sender}",
        f"To: {address}",
        f"Subject: {shown}",
        f"Date: {format_datetime(made_at)}",
        f"Message-ID: <{called}@privity.invalid>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        *(() if language == "en-gb" else (f"Content-Language: {language}",)),
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Transfer-Encoding: {'7bit' if plain else 'base64'}",
    ]
    written = body.encode("ascii") if plain else encodebytes(body.encode()).replace(b"\n", b"\r\n")
    return "".join(f"{line}\r\n" for line in (*headers, "")).encode("ascii") + written
