"""`privity WORD …`: finds the module of a word, runs it, and turns errors into exit codes.

Exit codes: 0 done and true · 1 checked and not so · 2 wrong usage or refused input · 3 unreadable or
unavailable · 70 a defect of ours.
"""

import argparse
import importlib
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, cast

from privity import __version__
from privity.edge.commands.typed import TypedParser, asks_for_json, did_you_mean
from privity.errors import Impossible, Mistaken, PrivityError, Unavailable

DEFECT, WRONG, STOPPED = 70, 2, 130
SURROUNDINGS = "privity.edge.commands.surroundings"
"""Loaded by name, and only where something failed: it knows the database, which outsiders' commands start without."""

WORDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "make a synthetic instance, walk a year of requests through it, and check it"),
    "init": ("instance", "make an instance that can disclose nothing yet"),
    "upgrade": ("upgrade", "bring the tables of an instance up to date with this version"),
    "serve": ("serve", "serve the pages of an instance"),
    "register": ("register", "make, import or update a register of people, or count how often one was read"),
    "request": ("request", "check or submit requests"),
    "case": ("case", "list and show cases, and act on them"),
    "notify": ("notify", "tell organisations by e-mail that something waits; the mails name nobody"),
    "debt": ("debt", "unpaid charges of a trust: take in, check, run monthly, take back"),
    "outbox": ("outbox", "send what is sealed and unsent"),
    "watch": ("watch", "do and tell what is due today"),
    "certificate": ("certificate", "enrol, approve, revoke and list requesters' certificates"),
    "destroy": ("destroy", "destroy a case here: holds, two people's word, then key and rows go"),
    "certificate-of-destruction": ("certificate_of_destruction", "for anybody: check that a case is said to be gone"),
    "incident": ("incident", "errors and near misses: on record, reported, put right"),
    "breach-pack": ("breach_pack", "who, what, when and how many, for a notification"),
    "backup": ("backup", "copy an instance while it serves, cases under their own keys, keys apart"),
    "backups": ("backups", "which backups there are, by when each must be gone, and that one is"),
    "restore": ("restore", "put a backup back, at a standstill until two people acknowledge the gap"),
    "doctor": ("doctor", "check clock, disk, keys, certificates and lists, and say what to do"),
    "open": ("open_pack", "for a requester: check, decrypt and show a sealed pack"),
    "ledger": ("ledger", "export, prove and verify the ledger"),
    "audit": ("audit", "compare the database with what its ledger says was written"),
    "agreement": ("agreement", "check, test and explain agreements, from files alone"),
    "statistics": ("statistics", "show the public table"),
    "trace": ("trace", "trace a file you hold against a register you hold, for quality work"),
    "authorisation": ("authorisation", "print who may do what, to which case, in which status"),
    "routes": ("routes", "print every address the gateway answers at"),
    "protection": ("protection", "for the guardian: show and lift what practices registered to protect a person"),
    "messages": ("messages", "print every sentence of the pages, for a translator"),
    "program": ("program", "add or revoke a requester's system that uses the API"),
    "holiday": ("holiday", "proclaim a bank holiday late, or take it back: open cases move"),
    "user": ("user", "add, reset, sign out or disable an officer's account"),
    "organisation": ("organisation", "make an asking body or practice known, and list them"),
    "role": ("role", "grant a role by two people who sign, or take one away"),
}
"""The first word of a command, the module that has it, and what it does."""


class Command(Protocol):
    """What a command's module offers."""

    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot write a letter shows its number; it does not end the command.
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    parsed = argparse.Namespace(json=asks_for_json(words))
    try:
        code, told = _run(words, parsed), ""
    except PrivityError as error:
        code, told = error.exit_code, _told(error, parsed)
    except BrokenPipeError:
        return _nobody_reads()
    except KeyboardInterrupt:
        code, told = STOPPED, "privity: stopped"
    except Exception as defect:  # noqa: BLE001  the last resort: a defect is told by its place, not by its data
        code, told = _unexpected(defect, parsed)
    return _spoken(code, told)


def _run(words: Sequence[str], parsed: argparse.Namespace) -> int:
    """Find the command and run it. Its options stand in `parsed` from then on.

    Raises: whatever the command does.
    """
    if not words or words[0] in ("-h", "--help"):
        print(_overview())
        return 0 if words else WRONG
    if words[0] == "--version":
        print(__version__)
        return 0
    if words[0] not in WORDS:
        why = "there is no such command" + did_you_mean(words[0], WORDS)
        raise Mistaken("nothing was done", why=why, next_step="see `privity --help`")
    command = cast(Command, importlib.import_module(f"privity.edge.commands.{WORDS[words[0]][0]}"))
    parser = TypedParser(prog=f"privity {words[0]}", description=WORDS[words[0]][1])
    command.configure(parser)
    parser.parse_args(words[1:], parsed)
    return command.run(parsed)


def _told(error: PrivityError, parsed: argparse.Namespace) -> str:
    """Return what an error says on stderr, and say it on stdout as well where JSON was asked for."""
    if parsed.json:
        print(json.dumps({"error": error.what, "why": error.why, "next": error.next_step}))
    return f"privity: {error}"


def _unexpected(defect: Exception, parsed: argparse.Namespace) -> tuple[int, str]:
    """Return exit code and words for what no command foresaw: the machine's refusal, or a defect of ours."""
    if os.environ.get("PRIVITY_TRACEBACK") == "yes":
        traceback.print_exception(defect)
    refused: Unavailable | None = importlib.import_module(SURROUNDINGS).refusal_of(defect)
    if refused is not None:
        return refused.exit_code, _told(refused, parsed)
    place = traceback.extract_tb(defect.__traceback__)[-1]
    name = place.filename.rsplit("/src/", 1)[-1].rsplit("/site-packages/", 1)[-1].rsplit("/python3", 1)[-1]
    error = Impossible(
        "the command was not finished",
        why=f"a defect of ours ({type(defect).__name__} at {name}:{place.lineno}); nothing left",
        next_step="please report it with the command you ran, without its data",
    )
    return DEFECT, _told(error, parsed)


def _spoken(code: int, told: str) -> int:
    """Say it, see that all that was said got out, and return the exit code."""
    try:
        sys.stdout.flush()
        if told:
            print(told, file=sys.stderr, flush=True)
    except BrokenPipeError:
        _nobody_reads()
        return code
    except OSError as error:
        _nobody_reads()
        why = (error.strerror or "the system refused").lower()
        with suppress(OSError):
            print(f"privity: what the command says was not written: {why}; make room, and look", file=sys.stderr)
        return code or Unavailable.exit_code
    return code


def _nobody_reads() -> int:
    """Point stdout at nothing, so that Python does not complain at its exit, and return that all is well."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _overview() -> str:
    width = max(map(len, WORDS))
    lines = [f"  {word.ljust(width)}  {does}" for word, (_, does) in WORDS.items()]
    return "\n".join(
        [
            "privity: a lawful-disclosure gateway",
            "",
            *lines,
            "",
            "`privity WORD --help` says more. Start with `privity demo`.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
