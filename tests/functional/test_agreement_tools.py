"""The author's tools as somebody runs them, on files alone: from `new` and `prove` to `year` and `review`."""

import csv
import importlib
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from tests.fakes.agreements import SMALL_POLICY, small_files
from tests.functional.authoring import run, written

from privity.agreement.register_entry import FIELDS
from privity.edge.settings.shelf import default_shelf
from privity.errors import Mistaken, Unavailable

YEAR = default_shelf() / "home-office" / "year-2016.jsonl"


@pytest.fixture
def needs_solver() -> None:
    pytest.importorskip("z3", reason="the solver z3 is not installed: nothing was proved")


def test_a_new_agreement_reads_well_is_green_and_governs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "university-police"
    assert run("new", str(folder), "--custodian", "the university", "--requester", "Greater Manchester Police") == 0
    assert run("test", str(folder)) == 0
    assert run("lint", str(folder)) == 0
    assert run("timeline", str(folder)) == 0
    told = capsys.readouterr().out
    assert "3 of 3 worked cases" in told
    assert "it cannot govern on its stated day" in told
    assert "No agreement is in force." in told


def test_a_new_agreement_is_never_written_over_another(tmp_path: Path) -> None:
    with pytest.raises(Mistaken, match="was not written"):
        run("new", str(tmp_path))
    with pytest.raises(Mistaken, match="no agreement was made"):
        run("new", str(tmp_path / "university"), "--requester", 'the "police"')


@pytest.mark.usefixtures("needs_solver")
def test_a_new_agreement_is_proved_and_its_missing_cases_are_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "university-police"
    assert run("new", str(folder)) == 0
    assert run("prove", "--write", str(folder)) == 0
    assert run("mutate", str(folder)) == 1
    assert "MISSED" in capsys.readouterr().out
    assert run("examples", "--write", str(folder)) == 0
    assert run("test", str(folder)) == 0
    assert run("mutate", str(folder)) == 0
    assert run("anchors", str(folder)) == 1
    assert run("anchors", "--write", str(folder)) == 0
    assert run("anchors", str(folder)) == 0
    proofs = list(folder.glob("*/proofs/*.smt2"))
    assert len(proofs) >= 5
    report = json.loads(next(folder.glob("*/proofs/report.json")).read_text(encoding="utf-8"))
    assert {proof["found"] for proof in report["proofs"]} <= {"proved", "noted"}


@pytest.mark.usefixtures("needs_solver")
def test_a_claim_that_does_not_hold_ends_with_1_and_shows_the_smallest_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = small_files(policy=SMALL_POLICY)
    later = files["2024-09/agreement.yaml"].replace("version: 2024-09", "version: 2025-03")
    later = later.replace("effective_from: 2024-09-01", "effective_from: 2025-03-01")
    files |= {
        "2025-03/agreement.yaml": later + "amends: 2024-09\nclaim: narrows\n",
        "2025-03/policy.cedar": SMALL_POLICY.replace(">= 3", ">= 2"),
        "2025-03/text.md": files["2024-09/text.md"],
    }
    folder = written(tmp_path / "university", {path: text for path, text in files.items() if not path.startswith("..")})
    (tmp_path / "offences.yaml").write_text(files["../offences.yaml"], encoding="utf-8")
    assert run("prove", str(folder)) == 1
    told = capsys.readouterr().out
    assert "FAILED  Against university@2024-09, it narrows" in told
    assert "missing days: 2" in told
    assert "run through Cedar: university@2025-03 lets it leave" in told


@pytest.mark.usefixtures("needs_solver")
def test_matrix_and_meaning_are_told_in_words_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("matrix", "home-office@2017-01", "--json") == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert {cell["purpose"]: len(cell["items"]) for cell in cells} == {
        "immigration-offence": 7,
        "welfare": 7,
        "serious-crime": 0,
        "public-security": 0,
    }
    assert run("meaning", "home-office@2017-01", "home-office@2018-05-conjunctive", "--json") == 0
    assert json.loads(capsys.readouterr().out)["relation"] == "narrows"
    assert run("compare", "home-office@2017-01", "home-office@2018-05") == 0
    assert "Newly possible: `home-office` asks" in capsys.readouterr().out


@pytest.mark.usefixtures("needs_solver")
def test_versions_of_two_agreements_are_not_compared() -> None:
    with pytest.raises(Mistaken, match="not compared"):
        run("meaning", "home-office@2017-01", "police@2017-01")


def test_without_the_solver_the_words_that_need_it_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, package: str | None = None) -> object:
        raise ModuleNotFoundError("No module named 'z3'", name="z3")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(Unavailable, match="nothing was proved") as caught:
        run("prove")
    assert "the extra `prove`" in caught.value.next_step


def test_words_that_need_no_solver_never_import_it_nor_django() -> None:
    script = (
        "import sys; from privity.edge.commands.console import main; main(['agreement', 'timeline']);"
        "sys.exit(bool({'z3', 'django'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


def test_a_page_in_plain_words_answers_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("words", "home-office@2018-05") == 0
    page = capsys.readouterr().out
    for heading in (
        "What may leave",
        "To whom",
        "For what",
        "On what conditions",
        "Who decides",
        "How long it may be kept",
        "Since when",
        "What changed since 2017-01",
        "In words",
        "In clauses",
        "In meaning",
        "What could not be verified",
    ):
        assert heading in page
    assert "They were never a text and never governed" in page


def test_the_register_has_its_18_fields_for_every_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(FIELDS) == 18
    assert set(rows[0]) == set(FIELDS)
    by_name = {row["information-sharing-agreement"]: row for row in rows}
    assert by_name["home-office@2017-01"]["start-date"] == "2017-01-01"
    assert by_name["home-office@2017-01"]["end-date"] == "2018-11-09"
    assert by_name["home-office@2018-05"]["start-date"] == ""
    assert by_name["debt-reporting@2011-11"]["end-date"] == "2016-04-06"
    assert by_name["police@2017-01"]["end-date"] == ""


def test_the_year_2016_under_every_version_stands_in_one_table_and_one_chart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "year.svg"
    assert run("year", str(YEAR), "--chart", str(chart), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["requests"] == 8127
    assert len(told["versions"]) == 6
    assert all(sum(counts.values()) == 8127 for counts in told["versions"].values())
    assert told["versions"]["home-office@2018-05"]["refused"] > 0.9 * 8127
    assert told["versions"]["home-office@2018-05-conjunctive"]["depends on an unrecorded fact"] > 0
    drawn = ElementTree.fromstring(chart.read_text(encoding="utf-8"))
    assert drawn.attrib["role"] == "img"
    titles = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert "8,127 requests under every version of home-office" in titles
    assert run("year", str(YEAR)) == 0
    assert "8127 requests" in capsys.readouterr().out


def test_the_published_chart_and_table_of_2016_are_those_of_the_agreements_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = default_shelf().parent / "docs" / "reference"
    chart = tmp_path / "year.svg"
    assert run("year", str(YEAR), "--chart", str(chart), "--json") == 0
    assert chart.read_text(encoding="utf-8") == (published / "agreements-2016.svg").read_text(encoding="utf-8")
    page = (published / "agreements-2016.md").read_text(encoding="utf-8")
    for reference, counts in json.loads(capsys.readouterr().out)["versions"].items():
        numbers = " | ".join(f"{count:,}" for count in counts.values())
        assert f"| {reference.partition('@')[2]} | {numbers} |" in page


def test_disclosures_that_were_not_allowed_are_listed_and_end_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {
        "purpose": "criminal-investigation",
        "items": ["name"],
        "facts": {"offence": "murder", "person_is": "suspect"},
        "declarations": ["aids_investigation", "this_person"],
        "countersigned_by": "inspector",
        "requester": "metropolitan-police",
        "judged": {"public_interest": True},
        "reference": "R-1",
        "at": "2017-06-01T12:00:00+00:00",
    }
    file = tmp_path / "disclosed.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    assert run("review", "police", str(file)) == 0
    shelf = tmp_path / "shelf"
    for path in (default_shelf() / "police").rglob("*"):
        if path.is_file() and path.suffix != ".smt2":
            target = shelf / "police" / path.relative_to(default_shelf() / "police")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (shelf / "offences.yaml").write_bytes((default_shelf() / "offences.yaml").read_bytes())
    written(
        shelf / "police" / "instruments" / "2017-05-01-queue",
        {
            "instrument.yaml": "kind: queue\ntitle: A queue\nsays: All is held.\n"
            "effective_from: 2017-05-01T00:00:00+01:00\nrecorded_at: 2017-07-01T00:00:00+01:00\n"
            "sources: [{what: Illustrative}]\n",
            "text.md": "A queue.",
        },
    )
    capsys.readouterr()
    assert run("--shelf", str(shelf), "review", "police", str(file)) == 1
    assert "R-1 at 2017-06-01T12:00:00+00:00: name. All is held." in capsys.readouterr().out


BROKEN_ROWS: dict[str, tuple[dict[str, object], str]] = {
    "no instant": ({"at": "yesterday"}, "`at` is no instant"),
    "no offset": ({"at": "2017-06-01T12:00:00"}, "`at` has no offset"),
    "no answers": ({"judged": {"public_interest": "yes"}}, "`judged` does not say"),
}


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_a_disclosure_that_is_not_well_formed_is_refused_with_its_row(tmp_path: Path, name: str) -> None:
    changed, why = BROKEN_ROWS[name]
    whole: dict[str, object] = {"purpose": "next-of-kin", "items": ["name"], "reference": "R"}
    row = whole | {"at": "2017-06-01T12:00:00+00:00"} | changed
    file = tmp_path / "disclosed.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(Mistaken, match="row 1 was not understood") as caught:
        run("review", "coroner", str(file))
    assert why in caught.value.why


def test_a_row_that_stands_for_no_request_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(json.dumps({"purpose": "welfare", "items": ["name"], "count": 0}), encoding="utf-8")
    with pytest.raises(Mistaken, match="row 1") as caught:
        run("year", str(file))
    assert "`count` is no whole number" in caught.value.why


def test_words_changed_without_the_rule_turn_the_cases_red(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "university-police"
    assert run("new", str(folder)) == 0
    assert run("anchors", "--write", str(folder)) == 0
    assert run("test", str(folder)) == 0
    (text,) = folder.glob("*/text.md")
    text.write_text(text.read_text(encoding="utf-8").replace("a serious reason", "any reason at all"), encoding="utf-8")
    assert run("test", str(folder)) == 1
    assert "`serious-reason`" in capsys.readouterr().out
