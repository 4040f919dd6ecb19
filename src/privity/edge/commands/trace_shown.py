"""One trace on a terminal or as JSON: a line, or explained with a waterfall.

Rule of the module: neither a sensitive record's number is shown, nor one where nobody was traced.
"""

import json
import sys
from dataclasses import asdict

from privity.definitions.person import Demographics, Particulars
from privity.edge.registers.particulars_csv import NamedParticulars
from privity.edge.registers.tables import RegisterTables
from privity.errors import Mistaken
from privity.trace.comparison import Field
from privity.trace.explanation import SILENT_BITS, Explanation, Step, explain
from privity.trace.model import Model
from privity.trace.outcome import TraceResult, TraceState

_BAR = 34


def show(named: NamedParticulars, result: TraceResult, register: RegisterTables, *, as_json: bool) -> None:
    """Print one trace."""
    best = result.best
    record = _shown_record(result, register)
    number = record.nhs_number.digits if record else None
    if as_json:
        line = {
            "reference": named.reference,
            "outcome": result.state.value,
            "nhs_number": number,
            "probability": best.probability if best else 0.0,
            "probability_absent": result.probability_absent,
            "runner_up_probability": result.runner_up_probability,
            "ambiguous": result.ambiguous,
            "sensitive": bool(best and best.sensitive),
            "touched": result.touched,
            "bound": asdict(result.bound),
            "model": result.model,
            "evidence": [
                {"field": one.field, "level": one.level, "words": one.words, "bits": round(one.weight_bits, 3)}
                for one in (best.evidence if best else ())
            ],
        }
        print(json.dumps(line))
    else:
        chance = f"{best.probability:.4f}" if best else "-"
        close = "  two records are close" if result.ambiguous else ""
        print(f"{named.reference}\t{result.state}\t{number or '-'}\t{chance}{close}")


def _shown_record(result: TraceResult, register: RegisterTables) -> Demographics | None:
    best = result.best
    if best is None or best.sensitive or result.state is TraceState.UNTRACED:
        return None
    return register.demographics(best.person)


def show_refused(reference: str, error: Mistaken, *, as_json: bool) -> None:
    """Print that one trace was refused, and why."""
    if as_json:
        print(json.dumps({"reference": reference, "outcome": "refused", "why": error.why}))
    print(f"{reference}: {error}", file=sys.stderr)


def show_explained(named: NamedParticulars, result: TraceResult, register: RegisterTables, model: Model) -> None:
    """Print one trace with its reasons: side by side, weight by weight, and in words."""
    record = _shown_record(result, register)
    found = explain(result, register_rows=register.size, present=model.present) if record else None
    print(f"\n{named.reference}: {result.state}; {result.touched} records compared")
    if found is None or record is None:
        print("  nobody is shown")
        return
    for field, asked, held in _side_by_side(named.particulars, record):
        step = next(one for one in found.steps if one.field is field)
        sign = {True: "=", False: "x", None: " "}[step.agrees]
        print(f"  {sign} {field.value.replace('_', ' '):<18} {asked:<28} {held:<28} {step.words}")
    for line in waterfall(found):
        print(f"  {line}")
    for sentence in found.in_words:
        print(f"  {sentence}")


def _side_by_side(asked: Particulars, held: Demographics) -> list[tuple[Field, str, str]]:
    """Return the fields with the values of both sides."""
    born = asked.date_of_birth
    home = held.residence
    return [
        (Field.GIVEN, asked.given_name, held.given_name),
        (Field.OTHER, asked.other_given_names, held.other_given_names),
        (Field.FAMILY, asked.family_name, "; ".join([held.family_name, *held.previous_family_names])),
        (Field.BIRTH, born.isoformat() if born else "", held.date_of_birth.isoformat()),
        (Field.GENDER, asked.gender.value, held.gender.value),
        (Field.PLACE, asked.postcode, home.postcode if home else ""),
        (Field.NUMBER, asked.nhs_number.digits if asked.nhs_number else "", held.nhs_number.digits),
    ]


def waterfall(found: Explanation) -> list[str]:
    """Return the steps of a candidate's weight as lines of text, each bar from where the last one ended."""
    ends = [end for step in found.steps for end in (step.start_bits, step.end_bits)]
    least, most = min(ends), max(ends)
    scale = _BAR / max(most - least, 1.0)
    return [_bar(step, least, scale) for step in found.steps if abs(step.bits) >= SILENT_BITS or step.field is None]


def _bar(step: Step, least: float, scale: float) -> str:
    low, high = sorted((step.start_bits, step.end_bits))
    start = round((low - least) * scale)
    length = max(round((high - least) * scale) - start, 1)
    bar = " " * start + ("+" if step.bits > 0 else "-") * length
    return f"{bar:<{_BAR + 1}} {step.bits:+7.1f} bits  {step.words}"
