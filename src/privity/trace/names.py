"""Names as columns: what names are compared by, worked out once a name and once a word.

Rules of the room:
- Equal spelling is told by 64 bits of it (blocking.word_hash), as keys are.
- Number 0 is no name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from privity.trace.blocking import name_hash, word_hash
from privity.trace.comparison import SHORT_SKELETON
from privity.trace.normalise import skeleton
from privity.trace.spans import Flags, Int64s, UInt64s, compact, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by number, and their words by number.

    The words of a name are `flat[starts[name]:starts[name + 1]]`, in the order written. `joined` stands for the words
    written together, `bag` for the words whatever their order. `doubled` names say a word twice.
    `heard` stands for the skeleton of a word, which is `clear` where it is long enough to tell words apart.
    """

    words: tuple[str, ...]
    heard: UInt64s
    clear: Flags
    starts: Int64s
    flat: Int64s
    joined: UInt64s
    bag: UInt64s
    doubled: Flags

    def __len__(self) -> int:
        return len(self.joined)

    def __repr__(self) -> str:
        return f"Names({len(self)} names, hidden)"

    def name(self, number: int) -> tuple[str, ...]:
        """Return the words of a name."""
        return tuple(self.words[word] for word in self.flat[self.starts[number] : self.starts[number + 1]].tolist())

    def only(self, numbers: Int64s) -> tuple["Names", Int64s]:
        """Return some of the names by themselves, and where each number of theirs is now."""
        kept, place = compact(numbers, len(self))
        lengths = self.starts[kept + 1] - self.starts[kept]
        flat = self.flat[spread(self.starts[kept], lengths)[1]]
        words = np.zeros(len(self.words), np.bool_)
        words[flat] = True
        met, moved = np.flatnonzero(words), np.cumsum(words) - 1
        some = Names(
            words=tuple([self.words[word] for word in met.tolist()]),
            heard=self.heard[met],
            clear=self.clear[met],
            starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
            flat=moved[flat],
            joined=self.joined[kept],
            bag=self.bag[kept],
            doubled=self.doubled[kept],
        )
        return some, place


def names_of(many: Iterable[tuple[str, ...]], before: Names | None = None) -> Names:
    """Return names as columns, numbered in their order after those of `before`; alone, the empty name goes before."""
    before = _NO_NAMES if before is None else before
    numbers = {word: number for number, word in enumerate(before.words)}
    names = list(many)
    flat = [numbers.setdefault(word, len(numbers)) for name in names for word in name]
    new = list(numbers)[len(before.words) :]
    ends = np.cumsum([len(name) for name in names], dtype=np.int64)
    distinct = [set(name) for name in names]
    return Names(
        words=(*before.words, *new),
        heard=_with(before.heard, [name_hash(word) for word in new]),
        clear=np.concatenate([before.clear, np.array([is_clear(word) for word in new], np.bool_)]),
        starts=np.concatenate([before.starts, before.starts[-1] + ends]),
        flat=np.concatenate([before.flat, np.array(flat, np.int64)]),
        joined=_with(before.joined, [word_hash("".join(name)) for name in names]),
        bag=_with(before.bag, [word_hash(" ".join(sorted(words))) for words in distinct]),
        doubled=np.concatenate(
            [before.doubled, [len(words) < len(name) for words, name in zip(distinct, names, strict=True)]]
        ).astype(np.bool_),
    )


def _with(before: UInt64s, more: Sequence[int]) -> UInt64s:
    return np.concatenate([before, np.array(more, np.uint64)])


def is_clear(word: str) -> bool:
    """Return whether the skeleton of a word is long enough to tell words apart."""
    return len(skeleton(word)) > SHORT_SKELETON


_NO_NAMES = Names(
    words=(),
    heard=np.zeros(0, np.uint64),
    clear=np.zeros(0, np.bool_),
    starts=np.zeros(2, np.int64),
    flat=np.zeros(0, np.int64),
    joined=np.zeros(1, np.uint64),
    bag=np.zeros(1, np.uint64),
    doubled=np.zeros(1, np.bool_),
)
