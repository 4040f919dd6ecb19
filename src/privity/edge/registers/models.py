"""Model files: the one that ships with the program, or one from a path."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from privity.errors import Unavailable
from privity.trace.model import Model, read_model

DEFAULT = "default_model.json"


@cache
def default_model() -> Model:
    """Return the model that ships with the program."""
    return read_model(files("privity.edge.registers").joinpath(DEFAULT).read_text(encoding="utf-8"))


def model_from(path: Path) -> Model:
    """Return the model in a file.

    Raises: Unavailable: it cannot be read. Mistaken: it is no model.
    """
    try:
        return read_model(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            "the model was not read", why=type(error).__name__, next_step="check the name of the file"
        ) from error
