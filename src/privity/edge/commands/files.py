"""Reading the files that people name on the command line: bounded, and refused with what, why and what next."""

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
