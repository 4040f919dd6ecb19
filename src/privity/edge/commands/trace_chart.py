"""The fairness of a model as one page and one chart: self-contained, no script, readable without colour.

Rules of the module:
- The chart says in text what it shows; every mark has its number beside it.
- A group's name is a published word of the evaluation; nothing here is about one person.
"""

from html import escape

from privity.trace.bound import WrongPersonBound
from privity.trace.evaluation import Share
from privity.trace.fairness import Fairness, Group, Verdict

_ROW, _TOP, _LEFT, _WIDTH, _GAP = 22, 64, 210, 300, 150
_RIGHT = _LEFT + _WIDTH + _GAP
_STYLE = (
    "body{font:1.1rem/1.5 Arial,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#212b32}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d8dde0}"
    "td.number{font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:bold;padding:.6rem 0}"
    "svg{max-width:100%;height:auto}"
)


def fairness_chart(found: Fairness) -> str:
    """Return the chart as SVG: wrong-person rate and share found, with intervals, worst group first."""
    most = max((one.wrong_person.high for one in found.groups), default=1.0)
    most = min(max(most, 4 * found.alpha), 1.0)
    height = _TOP + _ROW * len(found.groups) + 40
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_RIGHT + _WIDTH + 110} {height}" role="img" '
        'aria-labelledby="chart-title chart-words" font-family="Arial, sans-serif" font-size="13" fill="#212b32">'
    )
    parts = [
        opening,
        '<title id="chart-title">Wrong person and people found, by group</title>',
        f'<desc id="chart-words">{escape(_words(found))}</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        _heading(_LEFT, "Wrong person among proposals"),
        _heading(_RIGHT, "Found among people present"),
        _limit(found.alpha, "bound", most, height),
        _limit(2 * found.alpha, "gate", most, height),
    ]
    for place, group in enumerate(found.groups):
        parts.append(_row(group, _TOP + _ROW * place, most))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _words(found: Fairness) -> str:
    if not found.groups:
        return "There are no groups."
    worst, least = found.groups[0], found.worst_found
    assert least is not None, "there are groups"
    return (
        f"{len(found.groups)} groups, the highest wrong-person rate first: {worst.trait} {worst.name} with "
        f"{worst.wrong_person.share:.4f}. Least found: {least.trait} {least.name} with {least.found.share:.3f}. "
        f"{'No group exceeds' if found.holds else 'A group exceeds'} twice the bound of {found.alpha:g}."
    )


def _heading(left: int, words: str) -> str:
    return f'<text x="{left}" y="24" font-weight="bold">{escape(words)}</text>'


def _limit(value: float, name: str, most: float, height: int) -> str:
    x = _LEFT + _WIDTH * value / most
    return (
        f'<line x1="{x:.1f}" y1="{_TOP - 14}" x2="{x:.1f}" y2="{height - 36}" stroke="#4c6272" stroke-dasharray="4 3"/>'
        f'<text x="{x:.1f}" y="{height - 18}" text-anchor="middle" font-size="11">{name} {value:g}</text>'
    )


def _row(group: Group, top: int, most: float) -> str:
    name = escape(f"{group.name} ({group.trait})")
    mark = "#d5281b" if group.verdict is Verdict.EXCEEDS else "#005eb8"
    return (
        f'<g><text x="{_LEFT - 10}" y="{top + 4}" text-anchor="end">{name}</text>'
        f"{_interval(group.wrong_person, _LEFT, top, 0.0, most, mark, 4)}"
        f"{_interval(group.found, _RIGHT, top, 0.5, 1.0, '#007f3b', 3)}</g>"
    )


def _interval(one: Share, left: int, top: int, least: float, most: float, colour: str, digits: int) -> str:
    low, middle, high = (
        left + _WIDTH * (min(max(value, least), most) - least) / (most - least)
        for value in (one.low, one.share, one.high)
    )
    return (
        f'<line x1="{low:.1f}" y1="{top}" x2="{high:.1f}" y2="{top}" stroke="{colour}" stroke-width="3"/>'
        f'<circle cx="{middle:.1f}" cy="{top}" r="5" fill="{colour}"/>'
        f'<text x="{left + _WIDTH + 8}" y="{top + 4}">{one.share:.{digits}f}</text>'
    )


def fairness_page(found: Fairness, bound: WrongPersonBound, labels: str, register_rows: int) -> str:
    """Return the page: the gate, the chart, and every number in a table."""
    rows = "\n".join(_table_row(one) for one in found.groups)
    gate = "No group large enough to tell exceeds the gate." if found.holds else "At least one group exceeds the gate."
    if found.undecided:
        gate += f" {len(found.undecided)} are too small to tell, {len(found.warned)} of them above it."
    return f"""<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fairness of the tracer</title><style>{_STYLE}</style></head>
<body><main>
<h1>Whom the tracer serves worse</h1>
<p>{escape(labels)}; a register of {register_rows:,} people. The wrong-person bound is {escape(bound.words)}.</p>
<p><strong>{gate}</strong> The gate is twice the bound: {2 * found.alpha:g} of proposals in any group.
A group so small that fewer than ten errors would be expected at the gate, and that is above it where chance alone may
have done that, is said to be too small to tell.</p>
<figure>{fairness_chart(found)}</figure>
<table><caption>Error and coverage by group, the worst first, with exact 95% intervals</caption>
<thead><tr><th scope="col">Group</th><th scope="col">Traces</th><th scope="col">Wrong among proposals</th>
<th scope="col">Found among present</th><th scope="col">Gate</th></tr></thead>
<tbody>
{rows}
</tbody></table>
</main></body>
</html>
"""


def _table_row(one: Group) -> str:
    return (
        f'<tr><th scope="row">{escape(one.trait)}: {escape(one.name)}</th><td class="number">{one.traces:,}</td>'
        f'<td class="number">{_cell(one.wrong_person)}</td><td class="number">{_cell(one.found)}</td>'
        f"<td>{escape(one.verdict.value)}</td></tr>"
    )


def _cell(one: Share) -> str:
    return f"{one.share:.4f} ({one.low:.4f} to {one.high:.4f}; {one.hits:,} of {one.of:,})"
