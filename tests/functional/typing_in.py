"""Every command of the console as a stranger might type it, and a way to run each in a process of its own, cheaply.

A fork of the test's own process has the program loaded already, so that hundreds of commands take seconds.
"""

import argparse
import fcntl
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import print_exc

from privity.edge.commands.console import WORDS, main

REFERENCE = "PRV-" + "0" * 26
PASSWORD = "open-the-register-please"
SAID = f"{PASSWORD}\n123456\nwords\n"
"""What stands on standard input: a password, a code, and words."""
PIPE_BYTES = 1 << 20
FILLED: Mapping[str, str] = {
    "reference": REFERENCE, "case": REFERENCE, "by": "g.hale", "staff_id": "g.hale", "organisation": "kent-police",
    "address": "x@example.org", "language": "cy", "digest": "0" * 64, "kid": "0" * 64, "number": "1", "index": "0",
    "people": "20", "count": "5", "key": "x+00000000+AAAA", "field": "state/1.status", "family": "police",
    "version": "police@2017-01", "before": "police@2017-01", "after": "police@2017-01", "under": "police@2017-01",
    "register": "nowhere.sqlite", "words": "hello there", "reasons": "because it must be so, and so it is",
    "choice": "none", "relay": "smtp://127.0.0.1:1?from=a@example.org", "name": "Somebody", "day": "2027-01-05",
    "kind": "requester", "proposal": "0" * 32, "reason": "a reason that is long enough", "bind": "127.0.0.1:0",
}  # fmt: skip
"""What is typed where something must be, by the name of the argument."""
FILES = frozenset({"paths", "what", "mail", "publications"})
"""Arguments that name files though their type does not say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One command, down to its last word."""

    words: tuple[str, ...]
    actions: tuple[argparse.Action, ...]

    @property
    def named(self) -> str:
        return " ".join(self.words)

    def has(self, name: str) -> bool:
        return any(action.dest == name for action in self.actions)

    def files_read(self) -> list[str]:
        """Return the arguments that name a file to be read."""
        written = {"data", "out", "truth", "chart", "result", "pdf", "folder", "certificate_out"}
        return [
            action.dest
            for action in self.actions
            if (action.type is Path or action.dest in FILES) and action.dest not in written
        ]

    def typed(self, **given: str) -> list[str]:
        """Return the command with everything it must have, and what is given."""
        options: list[str] = []
        places: list[str] = []
        for action in self.actions:
            needed = action.required and action.nargs != "?"
            if action.dest == "help" or (action.dest not in given and (not needed or action.dest == "data")):
                continue
            if action.nargs == 0:
                options.append(action.option_strings[0])
                continue
            text = given.get(action.dest) or _text(action)
            texts = [text] * (action.nargs if isinstance(action.nargs, int) else 1)
            if action.option_strings:
                options += [action.option_strings[0], *texts]
            else:
                places += texts
        return [*self.words, *options, *places]


def _text(action: argparse.Action) -> str:
    if action.choices:
        return min(map(str, action.choices))
    return "text.csv" if action.type is Path or action.dest in FILES else FILLED.get(action.dest, "x")


def leaves() -> Iterator[Leaf]:
    """Yield every command there is."""
    for word, (module, _does) in WORDS.items():
        parser = argparse.ArgumentParser(prog=f"privity {word}")
        importlib.import_module(f"privity.edge.commands.{module}").configure(parser)
        yield from _below((word,), parser)


def _below(words: tuple[str, ...], parser: argparse.ArgumentParser) -> Iterator[Leaf]:
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield Leaf(words=words, actions=tuple(parser._actions))
        return
    for name, inner in nested[0].choices.items():
        yield from _below((*words, name), inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(
    words: Sequence[str],
    folder: Path,
    *,
    said: str = SAID,
    stdout: int | None = None,
    before: Callable[[], object] = int,
) -> Ran:
    """Run a command in a fork, in a folder, and return what it said.

    Args: stdout: where it writes instead. before: done in the fork before the command starts.
    """
    ends = [_pipe(), _pipe(), _pipe()]
    (said_from, said_to), (out_from, out_to), (err_from, err_to) = ends
    os.write(said_to, said.encode())
    os.close(said_to)
    child = os.fork()
    if not child:
        _become((said_from, out_to if stdout is None else stdout, err_to), folder, words, before)
    _child, status = os.waitpid(child, 0)
    for end in (said_from, out_to, err_to):
        os.close(end)
    told = []
    for end in (out_from, err_from):
        with open(end, "rb") as heard:  # noqa: PTH123  an end of a pipe has no path
            told.append(heard.read().decode("utf-8", "replace"))
    return Ran(code=os.waitstatus_to_exitcode(status), out=told[0], err=told[1])


def _pipe() -> tuple[int, int]:
    out, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return out, into


def _become(streams: tuple[int, int, int], folder: Path, words: Sequence[str], before: Callable[[], object]) -> None:
    """Be the command: never returns."""
    code = 99
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
        os.chdir(folder)
        before()
        try:
            code = main(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001  whatever got out of the console is what the test looks for
        print_exc()
    finally:
        os._exit(code)
