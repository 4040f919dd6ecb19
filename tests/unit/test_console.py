"""The first word finds the command; whatever goes wrong becomes an exit code and one sentence without data."""

import argparse
import json
import sys
from types import ModuleType

import pytest
from tests.fakes.golden import GIVEN, GOLDEN_WORDS

from privity import __version__
from privity.edge.commands import console
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.typed import TypedParser, asks_for_json
from privity.errors import Impossible, Mistaken, PrivityError, Unavailable

DONE, NOT_SO, STOPPED = 0, 1, 130


def raising(error: type[PrivityError]) -> PrivityError:
    return error("nothing was done", why="the test says so", next_step="read the test")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a command `try-it` whose `run` each test replaces."""
    module = ModuleType("privity.edge.commands.try_it")
    module.configure = add_json  # type: ignore[attr-defined]  # a module made here
    module.run = lambda _: DONE  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "privity.edge.commands.try_it", module)
    monkeypatch.setattr(console, "WORDS", {"try-it": ("try_it", "try it")})
    monkeypatch.delenv("PRIVITY_TRACEBACK", raising=False)
    return module


def runs(command: ModuleType, result: int | BaseException, *words: str) -> int:
    def run(_: argparse.Namespace) -> int:
        if isinstance(result, BaseException):
            raise result
        return result

    command.run = run  # type: ignore[attr-defined]  # a module made by the fixture
    return console.main(["try-it", *words])


@pytest.mark.parametrize("code", [DONE, NOT_SO, 2, 3])
def test_a_commands_own_answer_is_the_exit_code(command: ModuleType, code: int) -> None:
    assert runs(command, code) == code


@pytest.mark.parametrize(("error", "code"), [(Mistaken, 2), (Unavailable, 3), (Impossible, 70)])
def test_each_family_of_errors_has_its_code_and_says_what_why_and_what_next(
    command: ModuleType, capsys: pytest.CaptureFixture[str], error: type[PrivityError], code: int
) -> None:
    assert runs(command, raising(error)) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "privity: nothing was done: the test says so; read the test\n"


def test_with_json_the_error_is_one_object_on_stdout_too(
    command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runs(command, raising(Mistaken), "--json") == 2
    assert json.loads(capsys.readouterr().out) == {
        "error": "nothing was done",
        "why": "the test says so",
        "next": "read the test",
    }


@pytest.mark.parametrize("defect", [ValueError(GIVEN), KeyError(GIVEN), RecursionError(GIVEN), AssertionError(GIVEN)])
def test_a_defect_of_ours_is_told_by_its_place_and_never_by_its_data(
    command: ModuleType, capsys: pytest.CaptureFixture[str], defect: Exception
) -> None:
    assert runs(command, defect) == 70
    told = capsys.readouterr()
    assert type(defect).__name__ in told.err
    assert "test_console.py:" in told.err
    assert not [word for word in GOLDEN_WORDS if word in told.err + told.out]


def test_the_traceback_is_shown_to_whoever_asks_for_it(
    command: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVITY_TRACEBACK", "yes")
    assert runs(command, ValueError("nobody's data")) == 70
    assert "Traceback" in capsys.readouterr().err


def test_whoever_stops_it_is_told_so(command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert runs(command, KeyboardInterrupt()) == STOPPED
    assert capsys.readouterr().err == "privity: stopped\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--no-such-option"], "there is no option `--no-such-option`"),
        (["--jsn"], "there is no option `--jsn`; did you mean `--json`?"),
        (["unexpected"], "1 word is not expected"),
        (["several", "unexpected"], "2 words are not expected"),
        (["--json=yes"], "`--json`: it takes no value"),
    ],
)
def test_wrong_options_are_refused_like_any_input(
    command: ModuleType, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert console.main(["try-it", *words]) == 2
    assert capsys.readouterr().err == f"privity: nothing was done: {why}; see `privity try-it --help`\n"


@pytest.mark.parametrize("asked", ["--json", "--js"])
def test_with_json_wrong_usage_is_one_object_on_stdout_too(
    command: ModuleType, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert console.main(["try-it", "unexpected", asked]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told == {"error": "nothing was done", "why": "1 word is not expected", "next": "see `privity try-it --help`"}


def test_what_stands_behind_two_dashes_asks_for_nothing() -> None:
    assert asks_for_json(["note", "--json"])
    assert not asks_for_json(["note", "--", "--json"])
    assert not asks_for_json(["note", "--"])


def wrongly_typed() -> TypedParser:
    parser = TypedParser(prog="privity try-it")
    acts = parser.add_subparsers(dest="act", required=True, metavar="find|forget")
    find = acts.add_parser("find")
    find.add_argument("--page", type=int)
    find.add_argument("--share", type=float)
    find.add_argument("--view", choices=["open", "closed"])
    find.add_argument("--viewed", action="store_true")
    acts.add_parser("forget").add_argument("name")
    return parser


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "the following arguments are required: find|forget"),
        (("fnd",), "the action is one of `find`, `forget`; did you mean `find`?"),
        ((GIVEN,), "the action is one of `find`, `forget`"),
        (("find", "--page", GIVEN), "`--page`: what was typed is not a whole number"),
        (("find", "--share", GIVEN), "`--share`: what was typed is not a number"),
        (("find", "--view", GIVEN), "`--view`: it is one of `open`, `closed`"),
        (("find", "--page"), "`--page`: it needs a value"),
        (("find", f"--vie={GIVEN}"), "`--vie` could be --view, --viewed"),
        (("find", f"--viewed={GIVEN}"), "`--viewed`: it takes no value"),
        (("find", GIVEN), "1 word is not expected"),
        (("find", f"--nobody={GIVEN}"), "there is no option `--nobody`"),
        (("forget",), "the following arguments are required: name"),
    ],
)
def test_wrong_usage_says_what_would_be_right_and_never_what_was_typed(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(Mistaken) as refused:
        wrongly_typed().parse_args(words)
    assert refused.value.why == why
    assert GIVEN not in str(refused.value)
    assert refused.value.next_step.startswith("see `privity try-it")


def test_without_a_word_or_with_an_unknown_one_it_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main([]) == 2
    assert "privity demo" in capsys.readouterr().out
    assert console.main(["no-such-word" + "x" * 200, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["why"] == "there is no such command"
    assert "`privity --help`" in told.err
    assert len(told.err) < 120
    assert console.main(["cse"]) == 2
    assert "did you mean `case`?" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_lists_every_word(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main([word]) == 0
    told = capsys.readouterr().out
    for listed, (_, does) in console.WORDS.items():
        assert f"  {listed}" in told
        assert does in told


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_the_data_directory_comes_from_the_option_the_environment_or_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def chosen(*words: str) -> str:
        parser = argparse.ArgumentParser()
        add_data(parser)
        return str(parser.parse_args(words).data)

    monkeypatch.delenv("PRIVITY_DATA", raising=False)
    assert chosen() == "privity-data"
    monkeypatch.setenv("PRIVITY_DATA", "from-the-environment")
    assert chosen() == "from-the-environment"
    assert chosen("--data", "from-the-option") == "from-the-option"
