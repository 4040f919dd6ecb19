"""The tree of errors, drawn once.

    PrivityError
    ├── Mistaken      the caller asked for something that cannot be      (exit code 2)
    │   └── RefusedOnRecord   the same, after something was read that must stay on record
    ├── Unavailable   the world did not answer: disk, network, list end  (exit code 3)
    └── Impossible    we broke our own promise                           (exit code 70)

Rules of the tree:
- A refusal under an agreement is never an error: it is a value with reasons and clauses.
- A message says what, why and what next; lower case, no full stop, input in backticks.
- A message never holds personal data: it names rows, columns, clauses and references.
"""


class PrivityError(Exception):
    """A broken promise, told in one sentence of three parts.

    Args:
        what: what could not be done.
        why:  the reason, as far as it is known.
        next_step: what the reader can do about it.
    """

    exit_code = 70

    def __init__(self, what: str, *, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}; {next_step}")
        self.what = what
        self.why = why
        self.next_step = next_step


class Mistaken(PrivityError):
    """The caller's doing: bad input, a step out of order, a right they do not have."""

    exit_code = 2


class RefusedOnRecord(Mistaken):
    """A refusal that rests on what was read for it: a transaction that ends with it keeps what it wrote.

    Raised only when everything written so far may stand as it is.
    """


class Unavailable(PrivityError):
    """The world's doing: a file that cannot be read, a list that ends, a peer that is silent."""

    exit_code = 3


class Impossible(PrivityError):
    """Our own doing: a state that the code promised could not be. Nothing leaves."""

    exit_code = 70
