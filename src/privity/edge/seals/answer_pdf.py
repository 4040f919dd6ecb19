"""The answer as an accessible PDF (PDF/UA-1, tagged), for requesters who keep files: made by typst, where installed.

Rules of the module:
- typst is an extra (`pdf`, 84 MB): the default install stays small and seals without a PDF.
- The pack is handed over as data, never as markup: nothing that came from the register is obeyed.
- The same pack makes the same bytes: no moment, no machine's own fonts.
- typst itself refuses to write a file that is not PDF/UA-1: a letter no font has parks the release.
"""

import importlib
import json
from collections.abc import Mapping
from types import ModuleType
from typing import cast

from privity.definitions.language import IN_ENGLISH, Tongue
from privity.disclosure.pack import Pack
from privity.disclosure.renderings import answer_headings
from privity.errors import Unavailable

STANDARD = "ua-1"
_TEMPLATE = b"""
#let pack = json(bytes(sys.inputs.pack))
#set document(title: pack.title, date: none)
#set page(paper: "a4", margin: 2.2cm)
#set text(lang: pack.language, region: if pack.language == "en" { "GB" } else { none }, size: 12pt)
#set text(dir: if pack.direction == "rtl" { rtl } else { ltr })
#set par(leading: 0.8em)
#show heading: set block(above: 1.4em, below: 0.8em)
= #pack.title
#for line in pack.lines [#line #parbreak()]
#for part in pack.parts {
  heading(level: 2, part.heading)
  if part.terms.len() > 0 { terms(..part.terms.map(pair => terms.item(pair.at(0), pair.at(1)))) }
  for line in part.lines [#line #parbreak()]
  if part.points.len() > 0 { list(..part.points) }
}
"""


class PdfNotMade(Unavailable):
    """The PDF could not be made. The release parks; it does not go out without."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__("the PDF was not written", why=why, next_step=next_step)


def can_make_pdf() -> bool:
    """Return whether typst is installed."""
    try:
        _typst()
    except PdfNotMade:
        return False
    return True


def answer_pdf(pack: Pack, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the pack as one tagged PDF.

    Raises: PdfNotMade: typst is not installed, or cannot write these words accessibly.
    """
    return typeset(_TEMPLATE, "pack", answer_headings(pack, tongue))


def typeset(template: bytes, name: str, told: Mapping[str, object]) -> bytes:
    """Return words, handed over as data under a name that the template reads, as one tagged PDF.

    Raises: PdfNotMade: typst is not installed, or cannot write these words accessibly.
    """
    typst = _typst()
    data = {name: json.dumps(told, ensure_ascii=False)}
    try:
        made = typst.compile(template, format="pdf", pdf_standards=STANDARD, ignore_system_fonts=True, sys_inputs=data)
    except typst.TypstError:
        # What typst says may quote the words, so it is not repeated.
        raise PdfNotMade(
            "typst cannot write these words as an accessible file: a letter may be in none of its fonts",
            "use it without a PDF, and tell us the script",
        ) from None
    return cast(bytes, made)


def _typst() -> ModuleType:
    try:
        return importlib.import_module("typst")
    except ImportError:
        raise PdfNotMade(
            "what makes a PDF (typst) is not installed here",
            "have the extra `pdf` installed as docs/how-to/start.md says, then try again",
        ) from None
