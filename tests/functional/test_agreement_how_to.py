"""The how-to works as it is written: its files are taken from the page and followed step by step."""

import re
from pathlib import Path

import pytest
from tests.functional.authoring import run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-an-agreement.md"
_BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _follow(folder: Path) -> None:
    """Do what the page says, up to its sixth step."""
    assert run("new", str(folder), "--custodian", "the university", "--requester", "the police force") == 0
    (version,) = (path.name for path in folder.iterdir() if path.is_dir())
    blocks = dict(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert set(blocks) == {"vocabulary.yaml", "policy.cedar", "invariants.cedar", "text.md", "cases.yaml"}
    for name, text in blocks.items():
        place = folder / version if name in ("policy.cedar", "text.md") else folder
        (place / name).write_text(text.replace("VERSION", version), encoding="utf-8")


def test_an_officer_who_follows_the_page_has_a_green_agreement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "university-police"
    _follow(folder)
    assert run("test", str(folder)) == 0
    assert "5 of 5 worked cases" in capsys.readouterr().out


def test_its_forgotten_cases_are_found_its_claims_proved_and_every_broken_condition_noticed(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="the solver z3 is not installed: nothing was proved")
    folder = tmp_path / "university-police"
    _follow(folder)
    assert run("examples", "--write", str(folder)) == 0
    assert run("mutate", str(folder)) == 0
    assert run("prove", "--write", str(folder)) == 0
    assert run("anchors", "--write", str(folder)) == 0
    assert run("test", str(folder)) == 0
