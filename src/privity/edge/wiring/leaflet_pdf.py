"""The leaflet as an accessible PDF (PDF/UA-1, tagged), in ordinary and in large print: made by typst, where installed.

The leaflet is handed over as data, never as markup. The same leaflet makes the same bytes, so one day's is made once.
"""

import importlib
import json
from dataclasses import asdict
from functools import lru_cache
from importlib.util import find_spec
from typing import cast

from privity.casework.leaflet import Leaflet
from privity.errors import Unavailable

ORDINARY_POINTS, LARGE_POINTS = 12, 20
"""Large print begins at 16 points; 20 is read without glasses by more people."""
_TEMPLATE = b"""
#let told = json(bytes(sys.inputs.leaflet))
#set document(title: told.title, date: none)
#set page(paper: "a4", margin: 2cm, footer: none)
#set text(lang: sys.inputs.language, size: int(sys.inputs.points) * 1pt)
#set par(leading: 0.75em, justify: false)
#set list(spacing: 0.9em)
#show heading.where(level: 1): set text(size: 1.7em)
#show heading.where(level: 2): set text(size: 1.25em)
#show heading: set block(above: 1.3em, below: 0.7em)
= #told.title
#for question in told.questions {
  heading(level: 2, question.asked)
  for line in question.lines [#line #parbreak()]
  if question.points.len() > 0 { list(..question.points) }
}
#v(1em)
#strong(told.true_on)
"""


def can_print() -> bool:
    """Return whether typst is installed."""
    return find_spec("typst") is not None


def leaflet_pdf(leaflet: Leaflet, *, language: str, large: bool) -> bytes:
    """Return the leaflet as one tagged PDF.

    Args:   language: as BCP 47 writes it; its first part says which way the words run.
    Raises: Unavailable: typst is not installed, or has no letters for this language.
    """
    told = json.dumps(asdict(leaflet), ensure_ascii=False)
    return _made(told, language.partition("-")[0], LARGE_POINTS if large else ORDINARY_POINTS)


@lru_cache(maxsize=8)
def _made(told: str, language: str, points: int) -> bytes:
    if not can_print():
        raise Unavailable(
            "the leaflet was not made as a PDF",
            why="what makes a PDF is not installed here",
            next_step="print the page, or ask whoever runs this gateway to install the extra `pdf`",
        )
    typst = importlib.import_module("typst")
    inputs = {"leaflet": told, "language": language, "points": str(points)}
    try:
        return cast(bytes, typst.compile(_TEMPLATE, format="pdf", pdf_standards="ua-1", sys_inputs=inputs))
    except typst.TypstError:
        raise Unavailable(
            "the leaflet was not made as a PDF",
            why="no font here has the letters of this language",
            next_step="print the page instead: the browser has them",
        ) from None
