"""The house as it was drawn: rooms in walking order, doors where they belong, one place for each thing."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import privity
from privity.edge.commands.console import WORDS

ROOM = Path(privity.__file__).parent
MODULES = sorted(path for path in ROOM.rglob("*.py") if "migrations" not in path.parts)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
CORE = [path.name for path in sorted(ROOM.iterdir()) if path.is_dir() and path.name not in ("edge", "__pycache__")]
NEVER_NAMED = re.compile(
    r"(^|_)(utils?|helpers?|managers?|common|misc|data|info|process|handle|service|base|core)(_|$)"
)
ALLOWED_NAMES = {"edge/settings/base.py"}
"""Django looks for settings by this name in its documentation, and so do people who deploy it."""
ERRORS = {"Mistaken", "Unavailable", "Impossible"}
CHECKED_ENUMS = ("definitions", "request", "judgement", "statistics", "casework", "protection", "disclosure")


def name_of(path: Path) -> str:
    return path.relative_to(ROOM).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")), node


def rooms_told() -> list[str]:
    assert privity.__doc__ is not None
    return re.findall(r"^    ([a-z]+)  +\S", privity.__doc__, flags=re.MULTILINE)


def test_the_rooms_of_the_story_are_the_folders_there_are() -> None:
    folders = {path.name for path in ROOM.iterdir() if (path / "__init__.py").exists()}
    assert set(rooms_told()) == folders
    assert len(rooms_told()) == len(folders)


def test_the_story_is_told_in_the_order_of_the_contract() -> None:
    text = (ROOM.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"^layers = \[(.*)\]$", text, flags=re.MULTILINE)
    assert layers is not None
    floors = [set(floor.split(" | ")) for floor in re.findall(r'"([^"]+)"', layers.group(1))]
    place = {room: number for number, floor in enumerate(reversed(floors)) for room in floor}
    assert [place[room] for room in rooms_told()] == sorted(place[room] for room in rooms_told())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_opens_with_what_it_is(path: Path) -> None:
    assert ast.get_docstring(TREES[path])


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name_of)
def test_a_room_says_what_it_is_and_exports_nothing(path: Path) -> None:
    rest = TREES[path].body[1:]
    if path == ROOM / "__init__.py":
        assert [ast.unparse(node).partition(" ")[0] for node in rest] == ["__version__"]
    else:
        assert rest == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_named_for_what_they_are(path: Path) -> None:
    assert name_of(path) in ALLOWED_NAMES or not NEVER_NAMED.search(path.stem)


def test_our_own_modules_are_imported_at_the_top_and_nowhere_else() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("privity"))
        or (isinstance(node, ast.Import) and any(alias.name.startswith("privity") for alias in node.names))
    ]
    assert found == []


def test_nothing_but_the_lifecycle_sets_a_status() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path, tree in TREES.items()
        if name_of(path) != "casework/lifecycle.py"
        for called, call in calls(tree)
        if called == "StateRecord"
        or (called == "replace" and any(keyword.arg == "status" for keyword in call.keywords))
        or (called == "update" and any(keyword.arg == "status" for keyword in call.keywords))
    ]
    assert found == []


def test_nothing_but_judgement_makes_a_permit() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path, tree in TREES.items()
        if name_of(path) != "judgement/decision.py"
        for called, call in calls(tree)
        if called in ("ApprovedPurpose", "Approved")
    ]
    assert found == []


def test_only_casework_reads_the_register_and_only_for_the_trace_and_the_safety_screen() -> None:
    doors = {
        name_of(path)
        for path, tree in TREES.items()
        if not name_of(path).startswith("edge/")
        for called, call in calls(tree)
        if called in ("trace", "record", "candidate")
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value).endswith("register")
    }
    assert doors == {"casework/trace.py", "casework/screen.py"}


def test_every_error_says_what_why_and_what_next_in_one_voice() -> None:
    for path, tree in TREES.items():
        for called, call in calls(tree):
            if called not in ERRORS or not call.args:
                continue
            where = f"{name_of(path)}:{call.lineno}"
            if not any(keyword.arg is None for keyword in call.keywords):
                assert {keyword.arg for keyword in call.keywords} >= {"why", "next_step"}, where
            for part in (call.args[0], *(keyword.value for keyword in call.keywords)):
                text = ast.literal_eval(part) if isinstance(part, ast.Constant) else None
                if isinstance(text, str):
                    assert not text.endswith("."), f"{where}: no full stop"
                    assert text[:1].islower() or not text[:1].isalpha() or text[:2].isupper(), f"{where}: lower case"


def enums(path: Path) -> Iterator[ast.ClassDef]:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
            yield node


def test_every_member_of_a_closed_set_says_what_it_means() -> None:
    silent = []
    for path in MODULES:
        if path.relative_to(ROOM).parts[0] not in CHECKED_ENUMS:
            continue
        for node in enums(path):
            for member, after in zip(node.body, [*node.body[1:], None], strict=True):
                told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                if isinstance(member, ast.Assign) and not told and isinstance(member.targets[0], ast.Name):
                    silent.append(f"{name_of(path)} {node.name}.{member.targets[0].id}")
    assert [one for one in silent if one not in PLAIN_MEMBERS] == []


PLAIN_MEMBERS = {"definitions/person.py Gender.FEMALE", "definitions/person.py Gender.MALE"}
"""Members whose name says all there is to say."""

BLOCKED = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {doors!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocked())
import privity
count = 0
for room in {rooms!r}:
    package = importlib.import_module("privity." + room)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def python(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PRIVITY_", "DJANGO_"))}
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_core_stands_without_django_and_every_other_door_to_the_street() -> None:
    doors = {"django", "cryptography", "gunicorn", "jinja2", "whitenoise", "faker", "csp", "rich"}
    done = python(BLOCKED.format(doors=doors, rooms=CORE))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


OUTSIDE = """
import sys
from privity.edge.commands.console import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
found = sorted({name.partition(".")[0] for name in sys.modules} & {"django", "sqlite3", "gunicorn", "jinja2"})
print("loaded:", *found)
"""


@pytest.mark.parametrize(
    "words",
    [("ledger", "verify", "--help"), ("agreement", "--help"), ("open", "--help"), ("--help",), ("--version",)],
    ids=" ".join,
)
def test_an_outsiders_command_starts_without_django(words: tuple[str, ...]) -> None:
    done = python(OUTSIDE, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


EVERY = """
import contextlib, io
from privity.edge.commands.console import WORDS, main
for word in WORDS:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            main([word, "--help"])
        print(word, "did not end")
    except SystemExit as ended:
        print(word, ended.code, f"usage: privity {word}" in said.getvalue())
"""


def test_every_word_of_the_console_has_a_command_that_explains_itself() -> None:
    done = python(EVERY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{word} 0 True" for word in WORDS]


def test_every_command_there_is_has_a_word() -> None:
    folder = ROOM / "edge" / "commands"
    commands = {
        path.stem
        for path in folder.glob("*.py")
        if {"configure", "run"} <= {node.name for node in TREES[path].body if isinstance(node, ast.FunctionDef)}
    }
    named = {module for module, _ in WORDS.values()}
    reached = {
        alias.name
        for module in named
        for node in ast.walk(TREES[folder / f"{module}.py"])
        if isinstance(node, ast.ImportFrom) and node.module == "privity.edge.commands"
        for alias in node.names
    }
    assert commands - named - reached == set()
