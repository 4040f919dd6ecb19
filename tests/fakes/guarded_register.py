"""A register that finds what it is told to find, and counts every reading and who was read for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from privity.definitions.person import Demographics, Particulars, PersonId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.protection.household import Household
from privity.protection.signs import Signs
from privity.trace.bound import WrongPersonBound
from privity.trace.certificate import Certificate, Trial
from privity.trace.comparison import Field, Level
from privity.trace.outcome import Candidate, FieldEvidence, TraceResult, TraceState
from privity.trace.standing import TracerInUse
from tests.fakes.golden import demographics

BOUND = WrongPersonBound(alpha=0.01, confidence=0.95, certified=False)


def candidate(person: int, probability: float, *, sensitive: bool = False) -> Candidate:
    evidence = FieldEvidence(field=Field.FAMILY, level=Level.EXACT, words="the family name agrees", weight_bits=12.5)
    return Candidate(
        person=PersonId(person),
        probability=probability,
        weight_bits=12.5,
        evidence=(evidence,),
        sensitive=sensitive,
    )


def found(*candidates: Candidate, ambiguous: bool = False) -> TraceResult:
    """Return a trace that found these, the first being proposed where it can be."""
    clear = bool(candidates) and not ambiguous and not candidates[0].sensitive
    state = TraceState.PROPOSED if clear else TraceState.REVIEW if candidates else TraceState.UNTRACED
    return TraceResult(
        state=state,
        candidates=candidates,
        probability_absent=max(0.0, 1 - sum(each.probability for each in candidates)),
        runner_up_probability=candidates[1].probability if len(candidates) > 1 else 0.0,
        ambiguous=ambiguous,
        touched=11,
        compared=tuple(PersonId(number) for number in range(1, 12)),
        present=0.79,
        model="a-model 0123456789ab",
        bound=BOUND,
    )


IN_USE = TracerInUse(
    model="a-model 0123456789ab",
    model_digest="0123456789ab" * 5 + "cdef",
    register_rows=50_000,
    register_digest="e" * 64,
)


def a_certificate(*, model_digest: str = IN_USE.model_digest, rows: int = IN_USE.register_rows) -> Certificate:
    """Return a certificate for the register above: 10,000 labels, 7,700 proposed, one wrong."""
    trial = Trial(register_rows=rows, register_digest="e" * 64, labels=10_000, absent=2_100, accepted=7_700, wrong=1)
    return Certificate(
        alpha=0.001,
        confidence=0.95,
        threshold=0.95,
        model_digest=model_digest,
        synthetic=True,
        labels_from="made up",
        trials=(trial,),
    )


NOBODY = found()
ONE = found(candidate(1, 0.98))
TWO = found(candidate(1, 0.97), candidate(2, 0.94), ambiguous=True)
PROTECTED = found(candidate(9, 0.98, sensitive=True))


@dataclass(slots=True)
class CountingRegister:
    """Answers `finds` to every trace. `read_for` names the case of every reading, of whatever kind."""

    finds: TraceResult = ONE
    people: dict[int, Demographics] = field(
        default_factory=lambda: {
            1: demographics(1),
            2: demographics(2),
            9: demographics(9, sensitive=True),
        }
    )
    read_for: list[CaseReference] = field(default_factory=list)
    households: dict[int, Household | None] = field(default_factory=dict)
    registered: dict[int, Signs] = field(default_factory=dict)
    under: list[Certificate | None] = field(default_factory=list)

    def tracer_in_use(self) -> TracerInUse:
        return IN_USE

    def trace(self, permit: ApprovedPurpose, particulars: Particulars, *, under: Certificate | None) -> TraceResult:
        assert isinstance(permit, ApprovedPurpose)
        self.read_for.append(permit.case)
        self.under.append(under)
        proposed = self.finds.state is TraceState.PROPOSED and under is None
        return replace(self.finds, state=TraceState.REVIEW) if proposed else self.finds

    def candidate(self, permit: ApprovedPurpose, person: PersonId) -> Demographics:
        assert isinstance(permit, ApprovedPurpose)
        self.read_for.append(permit.case)
        return self.people[person]

    def record(self, permit: Approved) -> Demographics:
        assert isinstance(permit, Approved)
        self.read_for.append(permit.purpose.case)
        if permit.person not in self.people:
            raise Mistaken("the register was not read", why="nobody has that number", next_step="set the trace aside")
        return self.people[permit.person]

    def household(self, permit: Approved, record: Demographics) -> Household | None:
        assert isinstance(permit, Approved)
        return self.households.get(record.person, Household(others=0, children=0, protected=0))

    def signs(self, permit: Approved, record: Demographics) -> Signs:
        assert isinstance(permit, Approved)
        return self.registered.get(record.person, Signs())

    def reads(self, references: Sequence[CaseReference]) -> int:
        """Return how often the register was read for these cases."""
        return sum(case in references for case in self.read_for)
