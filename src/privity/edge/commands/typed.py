"""What is typed, read: argparse with its refusals told as this console tells all of its refusals.

Rules of the module:
- Wrong usage is `Mistaken` like any refused input: what, why and what next on stderr, one object with `--json`, exit 2.
- What was typed is not said again, for it may name somebody; only the names of options are, and what would be right.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import NoReturn

from privity.errors import Mistaken

_KINDS = {"int": "a whole number", "float": "a number"}
"""What an option's kind is called."""
_SAID_AGAIN: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^argument ([^:]*): ", r"`\1`: "),
    (r"invalid (\w+) value: .*$", lambda found: f"what was typed is not {_KINDS.get(found[1], 'what it takes')}"),
    (r"ignored explicit argument .*$", "it takes no value"),
    (r"expected one argument$", "it needs a value"),
    (r"ambiguous option: ([^=\s]+)(?:=.*)? could match (.*)$", r"`\1` could be \2"),
)
"""What argparse says, some of it together with what was typed, and what is said instead."""


class TypedParser(argparse.ArgumentParser):
    """Reads a command's words. Its children are of this class, too: argparse makes them after their parent."""

    def parse_known_args(  # type: ignore[override]  # argparse overloads it by the kind of namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return what was read, and nothing else: what no option takes is refused, by the innermost command's name.

        Raises: Mistaken: there is such a word.
        """
        read, left = super().parse_known_args(args, namespace)
        if left:
            self.error(self._not_expected(left))
        return read, left

    def error(self, message: str) -> NoReturn:
        """Tell wrong usage.

        Raises: Mistaken: always.
        """
        why = message.replace("\n", " ")
        for pattern, words in _SAID_AGAIN:
            why = re.sub(pattern, words, why, flags=re.DOTALL)
        raise Mistaken("nothing was done", why=why, next_step=f"see `{self.prog} --help`")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse what is not among the choices, by naming those."""
        if action.choices is None or value in action.choices:
            return
        named = None if isinstance(action, argparse._SubParsersAction) else action
        choices = [str(choice) for choice in action.choices]
        said = f"{'it' if named else 'the action'} is one of {', '.join(f'`{one}`' for one in choices)}"
        raise argparse.ArgumentError(named, said + did_you_mean(str(value), choices))

    def _not_expected(self, left: Sequence[str]) -> str:
        """Return which words nobody expects: options by name, other words by their number."""
        options = [word.partition("=")[0] for word in left if re.match(r"--?[a-z]", word)]
        if not options:
            return f"{len(left)} {'word is' if len(left) == 1 else 'words are'} not expected"
        known = [one for action in self._actions for one in action.option_strings]
        return f"there is no option `{options[0]}`" + did_you_mean(options[0], known)


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return a question that names what is nearest to a typed word, or nothing."""
    near = get_close_matches(typed, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def asks_for_json(words: Sequence[str]) -> bool:
    """Return whether `--json` is among the words, shortened or not, also where they cannot be read otherwise."""
    options = words[: words.index("--")] if "--" in words else words
    return any(len(word) > 2 and "--json".startswith(word.partition("=")[0]) for word in options)
