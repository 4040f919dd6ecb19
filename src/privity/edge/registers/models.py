"""Model files and their certificates: those that ship with the program, or from a path."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from privity.errors import Unavailable
from privity.trace.certificate import read_certificate
from privity.trace.fairness_result import FairnessResult, read_result
from privity.trace.model import Model, read_model, with_certificate

DEFAULT = "default_model.json"
DEFAULT_CERTIFICATE = "default_certificate.json"
DEFAULT_FAIRNESS = "default_fairness.json"


@cache
def default_model() -> Model:
    """Return the model that ships with the program, with its certificate."""
    shipped = files("privity.edge.registers")
    certificate = read_certificate(shipped.joinpath(DEFAULT_CERTIFICATE).read_text(encoding="utf-8"))
    return with_certificate(read_model(default_text()), certificate)


def default_text() -> str:
    """Return the text of the model that ships with the program."""
    return files("privity.edge.registers").joinpath(DEFAULT).read_text(encoding="utf-8")


def default_fairness() -> FairnessResult | None:
    """Return the fairness result that ships with the program, None where none does."""
    shipped = files("privity.edge.registers").joinpath(DEFAULT_FAIRNESS)
    return read_result(shipped.read_text(encoding="utf-8")) if shipped.is_file() else None


def model_from(path: Path, certificate: Path | None = None) -> Model:
    """Return the model in a file, with the certificate in another, if one is named.

    Raises: Unavailable: a file cannot be read. Mistaken: it is no model, or the certificate is another model's.
    """
    model = read_model(text_of(path, "model"))
    return (
        model if certificate is None else with_certificate(model, read_certificate(text_of(certificate, "certificate")))
    )


def text_of(path: Path, what: str) -> str:
    """Return the text of a file.

    Raises: Unavailable: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"the {what} was not read", why=type(error).__name__, next_step="check the name of the file"
        ) from error
