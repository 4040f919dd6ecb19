"""A page that stands alone: a title, paragraphs, no script, nothing fetched. Notices and receipts are such."""

from collections.abc import Sequence
from html import escape

from privity.definitions.language import ENGLISH, IN_ENGLISH, Tongue


def opening_tag(tongue: Tongue) -> str:
    """Return how a page of a language opens."""
    if tongue.code == ENGLISH:
        return '<html lang="en-GB">'
    return f'<html lang="{escape(tongue.code)}" dir="{tongue.direction}">'


def standalone_page(lines: Sequence[str], *, ending: str, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return an accessible page whose first line is its title and whose other lines are its paragraphs.

    Args: ending: how lines end, as whoever carries the page wants it. Empty lines only part others, and are left out.
    """
    title, *rest = lines
    return page_around([f"<p>{escape(line)}</p>" for line in rest if line], title=title, ending=ending, tongue=tongue)


def page_around(body: Sequence[str], *, title: str, ending: str, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return an accessible page of that title around lines of HTML, with the title as its heading."""
    page = [
        "<!DOCTYPE html>",
        opening_tag(tongue),
        "<head>",
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        f"<title>{escape(title)}</title>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{escape(title)}</h1>",
        *body,
        "</main>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{line}{ending}" for line in page).encode()
