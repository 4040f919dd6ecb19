"""One year of requests under every version, as a chart anybody can read: our own SVG, no script, no font fetched.

Every bar carries its numbers as text, and the whole chart a title and a description for a screen reader.
Shades differ in lightness and stand in the order of the legend, so that nothing hangs on colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, ROW, TOP, RIGHT, LETTER = 900, 46, 92, 20, 8
_FILLS = ("#003087", "#41b6e6", "#d8dde0", "#768692", "#ffb81c", "#ffffff")
_STROKE = "#212b32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One version: its name, and how many requests came to which outcome."""

    name: str
    counts: Mapping[str, int]


def chart(title: str, bars: Sequence[Bar], outcomes: Sequence[str], note: str) -> str:
    """Return a stacked bar for each version as SVG. `outcomes` gives the order and the legend."""
    height = TOP + ROW * len(bars) + 34
    left = 32 + LETTER * max((len(bar.name) for bar in bars), default=0)
    total = max((sum(bar.counts.values()) for bar in bars), default=1) or 1
    told = "; ".join(
        f"{bar.name}: "
        + ", ".join(f"{bar.counts.get(outcome, 0)} {outcome}" for outcome in outcomes if bar.counts.get(outcome))
        for bar in bars
    )
    frame = f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} font-family="Arial, sans-serif" font-size="14">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(told)}. {escape(note)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="28" font-size="18" font-weight="bold">{escape(title)}</text>',
        *_legend(outcomes),
    ]
    for place, bar in enumerate(bars):
        lines += _row(bar, outcomes, left=left, y=TOP + place * ROW, scale=(WIDTH - left - RIGHT) / total)
    lines += [f'<text x="16" y="{height - 12}" font-size="12">{escape(note)}</text>', "</svg>"]
    return "\n".join(lines) + "\n"


def _legend(outcomes: Sequence[str]) -> list[str]:
    lines = []
    x = 16
    for place, outcome in enumerate(outcomes):
        lines.append(f'<rect x="{x}" y="46" width="14" height="14" fill="{_fill(place)}" stroke="{_STROKE}"/>')
        lines.append(f'<text x="{x + 20}" y="58">{escape(outcome)}</text>')
        x += 34 + LETTER * len(outcome)
    return lines


def _row(bar: Bar, outcomes: Sequence[str], *, left: int, y: int, scale: float) -> list[str]:
    lines = [f'<text x="16" y="{y + 20}">{escape(bar.name)}</text>']
    x = float(left)
    for place, outcome in enumerate(outcomes):
        count = bar.counts.get(outcome, 0)
        if not count:
            continue
        width = max(count * scale, 1.0)
        lines.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="28" fill="{_fill(place)}" stroke="{_STROKE}">'
            f"<title>{escape(bar.name)}: {count} {escape(outcome)}</title></rect>"
        )
        if width > LETTER * len(f"{count:,}") + 10:
            colour = "#ffffff" if place == 0 else _STROKE
            lines.append(f'<text x="{x + 5:.1f}" y="{y + 19}" fill="{colour}">{count:,}</text>')
        x += width
    return lines


def _fill(place: int) -> str:
    return _FILLS[place % len(_FILLS)]
