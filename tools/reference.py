"""Writes the reference pages that are drawn: the command line, the states of a case, the list of decisions.

Usage: python tools/reference.py [--check]
With `--check` nothing is written; the exit code is 1 where a page is not what code and pages say.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

from privity.casework.lifecycle import OWNERS, TRANSITIONS, Status
from privity.edge.commands.console import WORDS

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Written by `make reference` from the code; do not edit. -->"


def command_line() -> str:
    """Return the page of every command with its options."""
    parts = ["# The command line", "", NOTE, ""]
    parts += ["| word | what it does |", "|---|---|"]
    parts += [f"| [`{word}`](#privity-{word}) | {does} |" for word, (_, does) in WORDS.items()]
    for word, (module, does) in WORDS.items():
        command = importlib.import_module(f"privity.edge.commands.{module}")
        parser = argparse.ArgumentParser(prog=f"privity {word}", description=does)
        command.configure(parser)
        parts += ["", f"## privity {word}", ""]
        for one in _with_children(parser):
            parts += ["```", one.format_help().rstrip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def _with_children(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found = [parser]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                found += _with_children(child)
    return found


def case_states() -> str:
    """Return the page of a case's states: who owns each, and what may follow what."""
    rows = [f"| `{status.value}` | {status.words} | {OWNERS[status].value} |" for status in Status]
    arrows = [
        f"    {_node(status)} --> {_node(following)}"
        for status in Status
        for following in sorted(TRANSITIONS[status], key=list(Status).index)
    ]
    return "\n".join(
        [
            "# The states of a case",
            "",
            NOTE,
            "",
            "| status | on the pages | whose turn it is |",
            "|---|---|---|",
            *rows,
            "",
            "```mermaid",
            "stateDiagram-v2",
            *arrows,
            "```",
            "",
        ]
    )


def _node(status: Status) -> str:
    return status.value.replace("-", "_")


def decisions() -> str:
    """Return the list of decisions: each page by its number and title, in their order."""
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    titles = [page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in pages]
    return "\n".join(
        [
            "# What was decided, and why",
            "",
            NOTE,
            "",
            "One page a decision: what was chosen, what was rejected, and what it costs.",
            "",
            *(f"- [{title}]({page.name})" for page, title in zip(pages, titles, strict=True)),
            "",
        ]
    )


PAGES = {
    "docs/reference/cli.md": command_line,
    "docs/reference/case-states.md": case_states,
    "docs/decisions/README.md": decisions,
}


def main() -> int:
    """Write the pages, or check them."""
    os.environ["COLUMNS"] = "100"
    # What the environment names would otherwise stand in the page as a default.
    os.environ.pop("PRIVITY_DATA", None)
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} {'is not what it should say: run `make reference`' if '--check' in sys.argv else 'written'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
