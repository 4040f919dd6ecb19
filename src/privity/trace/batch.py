"""Many traces at once: the answers of tracer.trace, worked out by the array.

1. the keys of everybody sought are looked up together, and every record is read once, whoever it is compared for
2. pairs are compared and weighed column by column (batch_levels.py, batch_weight.py), many pairs in two parts at a time
3. posterior, signs, calibration and the lines of the model, as in a single trace

Rules of the room:
- The answer is that of tracer.trace, record by record; a test compares the two on registers drawn by chance.
- Evidence is put into words only for the traces somebody looks at (`Batch.result`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Particulars, PersonId
from privity.trace.batch_levels import Pairs, asks_of, names_asked
from privity.trace.batch_signs import signs_of_pairs
from privity.trace.batch_weight import ORDERED, BatchScales, Floats, WeighedPairs, joined_pairs
from privity.trace.blocking import MOST_COMPARED, batch_keys
from privity.trace.comparison import Field, Level
from privity.trace.held import BatchReader
from privity.trace.model import Model
from privity.trace.name_book import CODE, LEVELS_IN_ORDER, NameBook
from privity.trace.outcome import MOST_CANDIDATES, Candidate, FieldEvidence, TraceResult, TraceState
from privity.trace.spans import Flags, Int64s, among, ascending, numbered, spread
from privity.trace.tracer import is_name_only, name_alone, words

Scalar = TypeVar("Scalar", bound=np.generic)
MOST_WORKERS = 2
"""On how many threads a batch is compared: what does not run by the array runs on one anyway."""
WORTH_A_WORKER = 150_000
"""From how many pairs on a thread of its own pays."""
_NOBODY = -1
_TAKEN = -1.0
_NOT_BORN_THEN = np.array([CODE[level] for level in (Level.MISSING, Level.YEAR, Level.DIFFERENT)], np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The pairs of one batch, by place in the batch and then by row of the register, with their posterior.

    `first` and `after` bound the pairs of each trace. `best` is the likeliest of them, -1 where there is none.
    `chances` are P(the record is the person sought), `absent` is P(the person is in no record), uncorrected.
    `signs` are those of the likeliest (calibration.SIGNS), one row a trace; `calibrated` is what a calibration makes of
    them, where there is one: P(the likeliest is the person sought).
    """

    ask: Int64s
    person: Int64s
    sensitive: Flags
    weighed: WeighedPairs
    chances: Floats
    absent: Floats
    first: Int64s
    after: Int64s
    best: Int64s
    signs: Floats
    calibrated: Floats

    @property
    def touched(self) -> Int64s:
        """Return how many records each trace compared."""
        return self.after - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The answers, one row a trace: as outcome.TraceResult has them.

    `refused` are those who gave nothing but names: nothing was looked up for them. `score` is the probability a trace
    is accepted by, 0 where it may not be proposed however likely (labels.score_of). `shown` are the pairs of the
    candidates, best first, -1 where there are no more, with their probabilities in `shown_chances`.
    """

    compared: Compared
    register_rows: int
    model: Model
    refused: Flags
    best: Int64s
    probability: Floats
    absent: Floats
    runner_up: Floats
    ambiguous: Flags
    proposed: Flags
    review: Flags
    score: Floats
    shown: Int64s
    shown_chances: Floats

    def __len__(self) -> int:
        return len(self.best)

    def state(self, place: int) -> TraceState:
        """Return what becomes of one trace."""
        if self.proposed[place]:
            return TraceState.PROPOSED
        return TraceState.REVIEW if self.review[place] else TraceState.UNTRACED

    def candidates(self, place: int) -> Sequence[PersonId]:
        """Return who is shown in one trace, best first."""
        pairs = self.shown[place]
        return [PersonId(one) for one in self.compared.person[pairs[pairs >= 0]].tolist()]

    def result(self, place: int) -> TraceResult:
        """Return one trace as a single one answers it.

        Raises: Mistaken: nothing but names was given.
        """
        if self.refused[place]:
            raise name_alone()
        compared = self.compared.person[self.compared.first[place] : self.compared.after[place]]
        pairs = zip(self.shown[place].tolist(), self.shown_chances[place].tolist(), strict=True)
        return TraceResult(
            state=self.state(place),
            candidates=tuple(self._candidate(pair, chance) for pair, chance in pairs if pair >= 0),
            probability_absent=float(self.absent[place]),
            runner_up_probability=float(self.runner_up[place]),
            ambiguous=bool(self.ambiguous[place]),
            touched=int(self.compared.touched[place]),
            model=self.model.label,
            bound=self.model.bound_on(self.register_rows),
            compared=tuple(PersonId(one) for one in compared.tolist()),
            present=self.model.present,
        )

    def _candidate(self, pair: int, chance: float) -> Candidate:
        compared = self.compared
        levels = {field: LEVELS_IN_ORDER[codes[pair]] for field, codes in compared.weighed.levels.items()}
        return Candidate(
            person=PersonId(int(compared.person[pair])),
            probability=min(chance, 1.0),
            weight_bits=float(compared.weighed.weight_bits[pair]),
            evidence=tuple(
                FieldEvidence(
                    field=field,
                    level=levels[field],
                    words=words(field, levels[field]),
                    weight_bits=float(compared.weighed.bits[field][pair]),
                )
                for field in ORDERED
            ),
            sensitive=bool(compared.sensitive[pair]),
        )


def trace_batch(many: Sequence[Particulars], register: BatchReader, model: Model, *, may_propose: bool = True) -> Batch:
    """Return who in the register each of the particulars describe.

    Args: may_propose: false while proposals are suspended (monitor.py).
    """
    refused = np.array([is_name_only(one) for one in many], np.bool_)
    compared = compare_batch(many, refused, register, model)
    chances, probability, absent = _corrected(compared, model)
    shown, shown_chances = _best_few(chances, compared)
    runner_up = shown_chances[:, 1].copy()
    likely = probability + runner_up >= model.review_at
    near = runner_up >= probability * 2.0**-model.ambiguous_within_bits
    ambiguous = (compared.touched > 1) & likely & near
    eligible = _eligible(compared)
    score = np.where(eligible & ~ambiguous, probability, 0.0)
    found = compared.best >= 0
    proposed = found & ~ambiguous & may_propose & (score >= model.threshold)
    return Batch(
        compared=compared,
        register_rows=register.size,
        model=model,
        refused=refused,
        best=np.where(found, _of_best(compared.person, compared.best), _NOBODY),
        probability=probability,
        absent=absent,
        runner_up=runner_up,
        ambiguous=ambiguous,
        proposed=proposed,
        review=found & ~proposed & (ambiguous | (probability >= model.review_at)),
        score=score,
        shown=shown,
        shown_chances=shown_chances,
    )


def compare_batch(many: Sequence[Particulars], refused: Flags, register: BatchReader, model: Model) -> Compared:
    """Return the records compared for each of the particulars, and their posterior, before any calibration.

    Args: refused: for whom nothing is to be looked up.
    """
    asked = np.flatnonzero(~refused)
    places, keys = batch_keys([many[place] for place in asked.tolist()], register.birth_years)
    ask, rows = _looked_up(asked[places], keys, register)
    cuts = _cuts(ask, len(many))
    bounds = np.searchsorted(ask, cuts).tolist()

    def part(number: int) -> Compared:
        low, high = cuts[number : number + 2]
        some = slice(*bounds[number : number + 2])
        return _compared(many[low:high], ask[some] - low, rows[some], register, model)

    if len(cuts) == 2:
        return part(0)
    with ThreadPoolExecutor(len(cuts) - 2) as beside:
        later = [beside.submit(part, number) for number in range(1, len(cuts) - 1)]
        return _joined([part(0), *(one.result() for one in later)], cuts)


def _cuts(ask: Int64s, count: int) -> list[int]:
    """Return where a batch is cut into parts with about as many pairs: the first place of each, and the end."""
    parts = min(max(len(ask) // WORTH_A_WORKER, 1), MOST_WORKERS)
    within = {int(ask[len(ask) * part // parts]) for part in range(1, parts)}
    return [0, *sorted(within - {0}), count]


def _compared(many: Sequence[Particulars], ask: Int64s, rows: Int64s, register: BatchReader, model: Model) -> Compared:
    """Return the records compared for each of the particulars; `ask` and `rows` are the pairs of place and row."""
    distinct, record = numbered(rows, int(rows.max(initial=0)) + 1)
    held = register.held(distinct)
    if len(held.row) < len(distinct):
        known = among(rows, held.row)
        ask, rows = ask[known], rows[known]
        record = np.searchsorted(held.row, rows)
    book = NameBook(held.names, names_asked(many))
    pairs = Pairs(asks_of(many, book), held, book, ask, record, register)
    scales = BatchScales(pairs, register, model)
    weighed = scales.weigh()
    counts = np.bincount(ask, minlength=len(many))
    after = counts.cumsum()
    first = after - counts
    chances, absent = _posterior(weighed, ask, len(many), register.size, model)
    best = _likeliest(chances, ask, first, after)
    signs = signs_of_pairs(pairs, scales.rarity, weighed, chances, absent, best, counts, register.size)
    return Compared(
        ask=ask, person=held.number[record], sensitive=held.sensitive[record], weighed=weighed, chances=chances,
        absent=absent, first=first, after=after, best=best, signs=signs,
        calibrated=model.calibration.probabilities(signs) if model.calibration else np.zeros(len(many)),
    )  # fmt: skip


def _joined(parts: Sequence[Compared], cuts: Sequence[int]) -> Compared:
    """Return parts of a batch as the whole they are of; `cuts` says at which place each begins."""
    begins = np.cumsum([0, *(len(part.ask) for part in parts)]).tolist()
    placed = list(zip(parts, cuts, begins, strict=False))
    return Compared(
        ask=np.concatenate([part.ask + cut for part, cut, _ in placed]),
        person=np.concatenate([part.person for part in parts]),
        sensitive=np.concatenate([part.sensitive for part in parts]),
        weighed=joined_pairs([part.weighed for part in parts]),
        chances=np.concatenate([part.chances for part in parts]),
        absent=np.concatenate([part.absent for part in parts]),
        first=np.concatenate([part.first + begin for part, _, begin in placed]),
        after=np.concatenate([part.after + begin for part, _, begin in placed]),
        best=np.concatenate([np.where(part.best >= 0, part.best + begin, _NOBODY) for part, _, begin in placed]),
        signs=np.concatenate([part.signs for part in parts]),
        calibrated=np.concatenate([part.calibrated for part in parts]),
    )


def _likeliest(chances: Floats, ask: Int64s, first: Int64s, after: Int64s) -> Int64s:
    """Return the pair of the highest chance of each trace, of equals the first row's, -1 where there is none."""
    best = np.full(len(first), _NOBODY)
    some = np.flatnonzero(after > first)
    if len(some):
        highest = np.zeros(len(first))
        highest[some] = np.maximum.reduceat(chances, first[some])
        at = np.flatnonzero(chances == highest[ask])[::-1]
        best[ask[at]] = at
    return best


def _looked_up(places: Int64s, keys: Int64s, register: BatchReader) -> tuple[Int64s, Int64s]:
    """Return place and row of every pair to compare, once, by place and then by row.

    Args: places, keys: whose the keys are, in any order; one person's may be there twice.
    """
    order = keys.argsort()
    keys, places = keys[order], places[order]
    once = np.ones(len(keys), np.bool_)
    once[1:] = keys[1:] != keys[:-1]
    key = once.cumsum() - 1
    found, filed = register.filed(keys[once])
    counts = np.bincount(found, minlength=int(once.sum()))
    owner, taken = spread((counts.cumsum() - counts)[key], counts[key])
    ask, rows = places[owner], filed[taken]
    span = int(rows.max(initial=0)) + 1
    pairs = ascending(ask * span + rows)
    many = np.bincount(pairs // span) > MOST_COMPARED
    if many.any():
        crowded = many[ask]
        telling = np.log2(max(register.size, 1) / np.maximum(counts, 1))
        kept = _most_telling(ask[crowded], key[owner[crowded]], rows[crowded], telling)
        pairs = np.sort(np.concatenate([pairs[~many[pairs // span]], kept[0] * span + kept[1]]))
    return pairs // span, pairs % span


def _most_telling(ask: Int64s, keys: Int64s, rows: Int64s, telling: Floats) -> tuple[Int64s, Int64s]:
    """Return place and row of those compared in each trace that found too many (blocking.most_telling).

    Args: keys: numbers of the keys they were found under; telling: by them, the bits that one tells.
    """
    span = int(rows.max()) + 1
    pairs, pair = numbered(ask * span + rows, int(ask.max() + 1) * span)
    entries = ascending(pair * len(telling) + keys)
    bits = np.bincount(entries // len(telling), weights=telling[entries % len(telling)])
    ask, rows = pairs // span, pairs % span
    begins = np.flatnonzero(np.diff(ask, prepend=-1)).tolist()
    kept = np.concatenate(
        [
            begin + (-bits[begin:end]).argsort(kind="stable")[:MOST_COMPARED]
            for begin, end in pairwise([*begins, len(ask)])
        ]
    )
    return ask[kept], rows[kept]


def _best_few(chances: Floats, compared: Compared) -> tuple[Int64s, Floats]:
    """Return the pairs of the candidates of each trace, best first, -1 where there are no more, and their chances."""
    shown = np.full((len(compared.best), MOST_CANDIDATES), _NOBODY)
    shown_chances = np.zeros(shown.shape)
    left, place = chances.copy(), compared.best
    for rank in range(MOST_CANDIDATES):
        there = np.flatnonzero(compared.touched > rank)
        shown[there, rank] = place[there]
        shown_chances[there, rank] = chances[place[there]]
        left[place[there]] = _TAKEN
        place = _likeliest(left, compared.ask, compared.first, compared.after)
    return shown, shown_chances


def _posterior(weighed: WeighedPairs, ask: Int64s, count: int, size: int, model: Model) -> tuple[Floats, Floats]:
    """Return the posterior of every pair, and of absence for each trace (weight.posterior)."""
    size = max(size, 1)
    related = model.relatives / size * 2.0**weighed.relative_bits
    all_related = np.bincount(ask, weights=related, minlength=count)
    sought = model.present / size * 2.0**weighed.weight_bits * (1 + all_related[ask] - related)
    absent = ((1 - model.present) + model.present * model.missed) * (1 + all_related)
    total = np.bincount(ask, weights=sought, minlength=count) + absent
    return sought / total[ask], absent / total


def _corrected(compared: Compared, model: Model) -> tuple[Floats, Floats, Floats]:
    """Return every chance, that of the likeliest and that of absence, the likeliest corrected (signs.recalibrated)."""
    chances, best, found = compared.chances.copy(), compared.best, compared.best >= 0
    probability = np.where(found, _of_best(chances, best), 0.0)
    if model.calibration is None:
        return chances, probability, compared.absent
    corrected = np.where(found, compared.calibrated, 0.0)
    left = 1 - probability
    scale = np.where(left > 0, (1 - corrected) / np.where(left > 0, left, 1.0), 0.0)
    chances = np.minimum(chances * scale[compared.ask], corrected[compared.ask])
    chances[best[found]] = corrected[found]
    together = np.bincount(compared.ask, weights=chances, minlength=len(best))
    return chances, corrected, np.where(found, np.maximum(1 - together, 0.0), compared.absent)


def _eligible(compared: Compared) -> Flags:
    """Return which likeliest records may be proposed at all (tracer.is_eligible)."""
    if not len(compared.ask):
        return np.zeros(len(compared.best), np.bool_)
    best, levels = compared.best, compared.weighed.levels
    given = _of_best(levels[Field.GIVEN], best) != CODE[Level.DIFFERENT]
    born = ~np.isin(_of_best(levels[Field.BIRTH], best), _NOT_BORN_THEN)
    return np.asarray((best >= 0) & given & born & ~_of_best(compared.sensitive, best), np.bool_)


def _of_best(column: NDArray[Scalar], best: Int64s) -> NDArray[Scalar]:
    """Return what a column of the pairs says of the likeliest; anything at all where there is none."""
    return column[best] if len(column) else np.zeros(len(best), column.dtype)
