"""Why the newest trace of a case came out as it did, read back from its record: words and bits, and no values."""

from privity.casework.case_file import CaseFile, ShownCandidate
from privity.trace.comparison import Field, Level
from privity.trace.explanation import Explanation, explained
from privity.trace.outcome import Candidate, FieldEvidence


def explanations(file: CaseFile) -> tuple[Explanation, ...]:
    """Return the explanation of every candidate the newest trace put up, likeliest first.

    A trace from before the register's size was kept with it has none.
    """
    if not file.traces or not float(file.traces[-1].chance_before or 0):
        return ()
    trace, shown = file.traces[-1], file.candidates()
    return tuple(
        explained(
            _candidate(one),
            register_rows=trace.register_rows,
            chance_before=float(trace.chance_before),
            probability_absent=float(trace.probability_absent),
            runner_up_probability=max((other.probability for other in shown if other is not one), default=0.0),
            bound_words=trace.bound,
        )
        for one in shown
    )


def _candidate(shown: ShownCandidate) -> Candidate:
    return Candidate(
        person=shown.person,
        probability=shown.probability,
        weight_bits=shown.weight_bits,
        evidence=tuple(
            FieldEvidence(field=Field(one.field), level=Level(one.level), words=one.words, weight_bits=one.weight_bits)
            for one in shown.evidence
        ),
        sensitive=False,
    )
