"""A letter as an accessible PDF (PDF/UA-1, tagged), set by typst as answers are.

Rules of the module: those of `answer_pdf`. The letter is handed over as data; the same letter makes the same bytes.
"""

from privity.casework.letters import Letter
from privity.edge.seals.answer_pdf import typeset

_TEMPLATE = b"""
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.title, date: none)
#set page(paper: "a4", margin: (x: 2.5cm, top: 2.5cm, bottom: 2.2cm), footer: context [
  #set text(size: 9pt)
  #letter.footer #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(lang: letter.language, ..letter.region, size: 12pt)
#set par(leading: 0.8em)
#show heading: set block(above: 1.4em, below: 0.8em)
#letter.to
#v(1.2em)
#terms(..letter.about.map(pair => terms.item(pair.at(0), pair.at(1))))
#v(0.6em)
= #letter.title
#for part in letter.parts {
  heading(level: 2, part.heading)
  for line in part.lines [#line #parbreak()]
  if part.points.len() > 0 { list(..part.points) }
  if part.terms.len() > 0 { terms(..part.terms.map(pair => terms.item(pair.at(0), pair.at(1)))) }
}
"""


def letter_pdf(letter: Letter) -> bytes:
    """Return a letter as one tagged PDF.

    Raises: PdfNotMade: typst is not installed, or cannot write these words accessibly.
    """
    language, _, region = letter.language.partition("-")
    told: dict[str, object] = {
        "title": letter.title,
        "to": letter.to,
        "language": language,
        "region": {"region": region.upper()} if len(region) == 2 else {},
        "about": [[name, _shown(value)] for name, value in letter.about],
        "footer": letter.foot,
        "parts": [
            {
                "heading": part.heading,
                "lines": [_shown(line) for line in part.lines],
                "points": [_shown(point) for point in part.points],
                "terms": [[name, _shown(value)] for name, value in part.terms],
            }
            for part in letter.parts
        ],
    }
    return typeset(_TEMPLATE, "letter", told)


def _shown(text: str) -> str:
    """Return `text` with everything replaced that is no letter a page can show."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
