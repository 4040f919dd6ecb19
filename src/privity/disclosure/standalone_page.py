"""A page that stands alone: a title, paragraphs, no script, nothing fetched. Notices and receipts are such."""

from collections.abc import Sequence
from html import escape


def standalone_page(lines: Sequence[str], *, ending: str) -> bytes:
    """Return an accessible page whose first line is its title and whose other lines are its paragraphs.

    Args: ending: how lines end, as whoever carries the page wants it. Empty lines only part others, and are left out.
    """
    title, *rest = lines
    return page_around([f"<p>{escape(line)}</p>" for line in rest if line], title=title, ending=ending)


def page_around(body: Sequence[str], *, title: str, ending: str) -> bytes:
    """Return an accessible page of that title around lines of HTML, with the title as its heading."""
    page = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
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
