"""The shelf of agreements: folders of text files, read whole and handed on as text.

A family is a folder with a vocabulary. Tables that families share lie beside the folders and are handed to
each of them under the path a family sees them by, `../offences.yaml`.
"""

from pathlib import Path

from privity.errors import Mistaken, Unavailable

VOCABULARY_FILE = "vocabulary.yaml"
READ_ENDINGS = frozenset({".yaml", ".cedar", ".md"})
LARGEST_FILE_BYTES = 1_000_000
_PACKAGE = Path(__file__).resolve().parents[2]


def default_shelf() -> Path:
    """Return the shelf shipped with the program: inside an installed wheel, or beside `src` in a checkout."""
    installed = _PACKAGE / "_agreements"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "agreements"


def shelf_files(root: Path) -> dict[str, dict[str, str]]:
    """Return the text of every file of every family on a shelf, by family and by path within its folder.

    Raises: Unavailable: the shelf or a file cannot be read. Mistaken: a file is too large or not UTF-8.
    """
    try:
        folders = sorted(path for path in root.iterdir() if (path / VOCABULARY_FILE).is_file())
    except OSError as error:
        raise Unavailable(
            f"the agreements in `{root}` were not read",
            why=error.strerror or "the folder could not be opened",
            next_step="name a folder of agreements",
        ) from error
    return {folder.name: family_files(folder) for folder in folders}


def family_files(folder: Path) -> dict[str, str]:
    """Return the text of every file of one family, shared tables beside its folder included.

    Raises: Unavailable: a file cannot be read. Mistaken: a file is too large or not UTF-8.
    """
    inside = sorted(path for path in folder.rglob("*") if path.suffix in READ_ENDINGS and path.is_file())
    files = {path.relative_to(folder).as_posix(): _text(path) for path in inside}
    beside = sorted(path for path in folder.parent.glob("*.yaml") if path.is_file())
    return files | {f"../{path.name}": _text(path) for path in beside}


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"`{path}` was not read",
            why=error.strerror or "the file could not be opened",
            next_step="check that the file is there and may be read",
        ) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise Mistaken(
            f"`{path}` was not read",
            why=f"it is larger than {LARGEST_FILE_BYTES} bytes",
            next_step="an agreement is a text a person can read; split the file",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Mistaken(f"`{path}` was not read", why="it is not UTF-8", next_step="save the file as UTF-8") from error
