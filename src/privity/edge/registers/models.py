"""Model files and their certificates: those that ship with the program, or from a path."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from privity.edge.registers.rows import unreadable
from privity.errors import Unavailable
from privity.trace.certificate import Certificate, fitting, read_certificate
from privity.trace.fairness_result import FairnessResult, read_result
from privity.trace.model import Model, read_model, with_certificate

DEFAULT = "default_model.json"
DEFAULT_CERTIFICATES = ("default_certificate.json", "default_certificate_national.json")
"""By size of the register, the smaller first."""
DEFAULT_FAIRNESS = "default_fairness.json"


def default_model(register_rows: int | None = None) -> Model:
    """Return the model that ships with the program, with the certificate for a register of that size.

    Args: register_rows: without it, the certificate for the smaller registers.
    """
    certificates = default_certificates()
    return _certified(certificates[0] if register_rows is None else fitting(certificates, register_rows))


@cache
def default_certificates() -> tuple[Certificate, ...]:
    """Return the certificates that ship with the program, the one for smaller registers first."""
    shipped = files("privity.edge.registers")
    return tuple(read_certificate(shipped.joinpath(name).read_text(encoding="utf-8")) for name in DEFAULT_CERTIFICATES)


@cache
def _certified(certificate: Certificate) -> Model:
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
    except OSError as error:
        raise unreadable(what, error) from None
    except UnicodeDecodeError:
        raise Unavailable(
            f"the {what} was not read", why="the file is no text", next_step="check the name of the file"
        ) from None
