"""The files that people name on the command line: read bounded, written, and refused with what, why and what next."""

from pathlib import Path

from privity.errors import Unavailable


def content_of(path: Path, *, most: int) -> bytes:
    """Return a file's bytes; of one with more than `most`, just enough to be refused as too long.

    Raises: Unavailable: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as refusal:
        raise Unavailable(
            f"`{path.name}` was not read",
            why=(refusal.strerror or "the system refused").lower(),
            next_step="check that the file is there and that you may read it",
        ) from None


def write_text(path: Path, text: str) -> None:
    """Write a file, or write it anew.

    Raises: Unavailable: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as refusal:
        raise not_written(path, refusal) from None


def not_written(path: Path, refusal: OSError) -> Unavailable:
    """Return the error for a file that the system did not let be written."""
    return Unavailable(
        f"`{path.name}` was not written",
        why=(refusal.strerror or "the system refused").lower(),
        next_step="name a file in a folder that is there, that you may write to, and that has room",
    )
