"""Every command that README and the how-tos write can be typed: its words and options exist, and it is whole."""

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from privity.edge.commands.console import WORDS

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "how-to").glob("*.md")))
BLOCK = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
INLINE = re.compile(r"(?<!`)`((?:privity|make) [^`]*)`(?!`)", re.DOTALL)
COMMAND = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?((?:privity|make)\s.*)")
LEFT_OPEN = re.compile(r"…|\.\.\.|\[|\||\*")
"""What stands for something that the reader fills in; then the command is not whole."""
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """A command as a page writes it; `whole` where a reader would copy it as it stands."""

    page: str
    text: str
    whole: bool


def written(page: Path) -> Iterator[Written]:
    """Yield the commands of a page: those in its blocks, and those within its sentences."""
    text = page.read_text(encoding="utf-8")
    blocks = [found[1] for found in BLOCK.finditer(text)]
    rest = BLOCK.sub("\n", text)
    blocks += [found[0] for found in INDENTED.finditer(rest)]
    for block in blocks:
        for line in block.replace("\\\n", " ").splitlines():
            if found := COMMAND.match(line):
                # Two spaces end a command where a page explains it in the same line.
                for part in re.split(r"\s&&\s", re.split(r"\s{3,}|\s+#\s", found[1])[0]):
                    yield Written(page.name, part.strip(), whole=not LEFT_OPEN.search(part))
    for found in INLINE.finditer(INDENTED.sub("\n", rest)):
        yield Written(page.name, " ".join(found[1].split()), whole=False)


COMMANDS = [one for page in PAGES for one in written(page)]


def parser_of(words: list[str]) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the parser of a command's first word, and the one of all its words."""
    assert words[0] in WORDS, f"there is no command `{words[0]}`"
    whole = argparse.ArgumentParser(prog=words[0])
    importlib.import_module(f"privity.edge.commands.{WORDS[words[0]][0]}").configure(whole)
    inner = whole
    for word in words[1:]:
        nested = next((one for one in inner._actions if isinstance(one, argparse._SubParsersAction)), None)
        if nested is None:
            break
        if word.startswith("-"):
            continue
        if word not in nested.choices:
            # A value of an option before the action, `agreement --shelf DIR words` say.
            continue
        inner = nested.choices[word]
    return whole, inner


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


@pytest.fixture(autouse=True)
def database_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what `--db` names for the process as soon as it is parsed."""
    monkeypatch.setenv("PRIVITY_DB", "")


def test_there_are_commands_on_the_pages() -> None:
    assert len(COMMANDS) > 100
    assert sum(one.whole for one in COMMANDS) > 40


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: f"{one.page}: {one.text[:70]}")
def test_a_command_on_a_page_can_be_typed(one: Written, capsys: pytest.CaptureFixture[str]) -> None:
    program, *words = shlex.split(one.text.split(" > ")[0], comments=True)
    if program == "make":
        targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
        assert {word for word in words if "=" not in word} <= targets
        return
    if words[0].startswith("-"):
        assert words == ["--help"]
        return
    whole, inner = parser_of(words)
    known = options_of(whole) | options_of(inner)
    asked = {word.partition("=")[0].strip("[]") for word in words if word.strip("[").startswith("--")}
    assert asked <= known
    nested = any(isinstance(action, argparse._SubParsersAction) for action in inner._actions)
    assert not nested or inner is whole, "an action is missing"
    if one.whole:
        try:
            whole.parse_args(words[1:])
        except SystemExit:
            pytest.fail(f"it cannot be typed as it stands: {capsys.readouterr().err}")


@pytest.mark.parametrize(
    "text",
    [
        "privity serv",
        "privity case list --pages 2",
        "privity register inport a.csv",
        "privity ledger verify DIR",
        "make nothing",
    ],
)
def test_a_command_that_cannot_be_typed_would_be_noticed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        test_a_command_on_a_page_can_be_typed(Written("a page", text, whole=True), capsys)
