"""Every command of the console as a stranger might type it, and a way to run each in a process of its own, cheaply.

Each is a fork of one process that has the program loaded and has done nothing yet: hundreds of commands take seconds,
and none of them sees what the tests' own process was set up for.
"""

import argparse
import importlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import print_exc

from privity.edge.commands.console import WORDS, main

REFERENCE = "PRV-" + "0" * 26
PASSWORD = "open-the-register-please"
SAID = f"{PASSWORD}\n123456\nwords\n"
"""What stands on standard input: a password, a code, and words."""
NOBODY = "nobody"
"""A standard output that nobody reads any more."""
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


LEAVES = tuple(leaves())
"""Every command; reading them loads the modules that the commands are in, also where the forks come from."""
_CLEAN = multiprocessing.get_context("forkserver")
_CLEAN.set_forkserver_preload(["privity.edge.commands.console", "tests.functional.typing_in"])


def run(
    words: Sequence[str],
    folder: Path,
    *,
    said: str = SAID,
    stdout: str | None = None,
    before: Callable[[], object] = int,
) -> Ran:
    """Run a command in a process of its own, in a folder, and return what it said.

    Args: stdout: the file it writes to instead, or `NOBODY`. before: done in that process before the command starts.
    """
    with TemporaryDirectory() as kept:
        streams = [Path(kept) / name for name in ("said", "out", "err")]
        streams[0].write_text(said, encoding="utf-8")
        for stream in streams[1:]:
            stream.touch()
        places = [str(streams[0]), str(streams[1]) if stdout is None else stdout, str(streams[2])]
        child = _CLEAN.Process(target=_become, args=(places, folder, tuple(words), before))
        child.start()
        child.join()
        code = child.exitcode
        child.close()
        assert code is not None
        out, err = (stream.read_bytes().decode("utf-8", "replace") for stream in streams[1:])
    return Ran(code=code, out=out, err=err)


def _stream(place: str, number: int) -> int:
    """Open what a command reads (0) or writes; an end of a pipe whose other end is shut, for nobody."""
    if place != NOBODY:
        return os.open(place, os.O_WRONLY if number else os.O_RDONLY)
    heard, into = os.pipe()
    os.close(heard)
    return into


def _become(streams: Sequence[str], folder: Path, words: Sequence[str], before: Callable[[], object]) -> None:
    """Be the command: never returns."""
    code = 99
    try:
        for number, place in enumerate(streams):
            os.dup2(_stream(place, number), number)
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
