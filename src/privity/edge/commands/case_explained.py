"""`privity case explain`: why the newest trace of one case came out as it did, for whoever judges it at a terminal.

What the pages show, from the same values: side by side, weight by weight, how common such a name is, how likely it is
that nobody on the register is the person, and the runner-up. Reading the candidates is put on the case's record.

Rules of the module:
- Whoever may not see candidates on the page sees none here; a locked value stays locked.
- Signs and words say the way; colour says nothing.
"""

from privity.casework.case_file import read_particulars
from privity.casework.desk import CaseView
from privity.casework.side_by_side import Cell, Line, Says, compare
from privity.edge.commands.trace_shown import waterfall
from privity.errors import Mistaken
from privity.trace.explanation import Explanation, chance

_SIGNS = {Says.FOR: "+", Says.AGAINST: "-", Says.SILENT: " "}
_LOCKED = "locked: protected record"
_NOTHING = "-"
_ASKED_FOR, _HELD = "asked for", "on the register"


def explained_lines(view: CaseView, number: int) -> list[str]:
    """Return the explanation of one candidate of a case, and what stands of the others.

    Args:   number: which candidate, 1 the likeliest.
    Raises: Mistaken: nobody was traced yet, this person may not see candidates now, or there is no such candidate.
    """
    file = view.file
    if not file.traces:
        raise _not_explained("nobody was traced for this case yet", "trace it first: `privity case trace`")
    trace = file.traces[-1]
    lines = [f"  {trace.touched} records compared by {trace.model}: {trace.outcome}"]
    if trace.hindered:
        lines.append("  nobody was proposed automatically; why is told by `privity trace status`")
    if not view.explanations:
        if file.candidates():
            raise _not_explained(
                "the candidates are not yours to see now", "whoever judges the identity sees them, while it is judged"
            )
        absent = float(trace.probability_absent)
        return [
            *lines,
            f"  Nobody on the register fits: with a probability of {chance(absent)} the person is not there.",
        ]
    if not 1 <= number <= len(view.candidates):
        raise _not_explained(f"there is no candidate {number}", f"name one of 1 to {len(view.candidates)}")
    found = view.explanations[number - 1]
    lines += [f"\n  Candidate {number} of {len(view.candidates)}, NHS number {found.candidate.person:010d}", ""]
    lines += _side_by_side(compare(read_particulars(file.request), view.candidates), number - 1)
    lines += ["", "  In bits: one more doubles the odds that the record is the person, one less halves them.", ""]
    lines += [f"  {line}" for line in waterfall(found)]
    lines += ["", *(f"  {sentence}" for sentence in found.in_words)]
    return [*lines, *_others(view.explanations, number)]


def _side_by_side(lines: tuple[Line, ...], place: int) -> list[str]:
    """Return a row a field: what the requester knows, what the register holds, and what that says."""
    rows = [(_name(line), line.asked, line.cells[place]) for line in lines]
    asked_wide = max(len(_ASKED_FOR), *(len(asked) for _, asked, _ in rows))
    held_wide = max(len(_HELD), *(len(_value(cell)) for _, _, cell in rows))
    head = f"    {'':<18} {_ASKED_FOR:<{asked_wide}}  {_HELD:<{held_wide}}"
    return [
        head.rstrip(),
        *(
            f"  {_SIGNS[cell.says]} {name:<18} {asked or _NOTHING:<{asked_wide}}  {_value(cell):<{held_wide}}  "
            f"{cell.words}".rstrip()
            for name, asked, cell in rows
        ),
    ]


def _name(line: Line) -> str:
    return line.field.value.replace("_", " ").replace("nhs", "NHS")


def _value(cell: Cell) -> str:
    return _LOCKED if cell.locked else cell.value or _NOTHING


def _others(explanations: tuple[Explanation, ...], number: int) -> list[str]:
    """Return a line for every other candidate: how likely, and what differs."""
    lines = []
    for place, one in enumerate(explanations, start=1):
        if place != number:
            differs = "; ".join(one.differs) or "nothing differs"
            lines.append(f"  Candidate {place}: probability {chance(one.candidate.probability)}. {differs}.")
    return ["", *lines, "  Any of them in full: add `--candidate NUMBER`."] if lines else []


def _not_explained(why: str, next_step: str) -> Mistaken:
    return Mistaken("the trace was not explained", why=why, next_step=next_step)
