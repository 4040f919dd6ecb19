"""`privity agreement …` as somebody outside runs it: files alone, exit codes, JSON on its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.agreements import FAMILIES, small_files
from tests.functional.authoring import run, written

from privity.edge.settings.shelf import LARGEST_FILE_BYTES, default_shelf, family_files, shelf_files
from privity.errors import Mistaken, Unavailable


def test_every_shipped_family_is_green(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("test") == 0
    told = capsys.readouterr().out
    assert all(f"{family}: " in told for family in FAMILIES)
    assert "WRONG" not in told


def test_paths_that_are_no_families_are_left_out_of_a_list_and_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    listed = [str(path) for path in sorted(default_shelf().iterdir())]
    assert run("test", "--json", *listed) == 0
    captured = capsys.readouterr()
    assert [json.loads(line)["family"] for line in captured.out.splitlines()] == list(FAMILIES)
    assert "offences.yaml` is no family of agreements" in captured.err


def test_a_wrong_case_ends_with_1_and_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = family_files(default_shelf() / "police")
    broken = shipped["cases.yaml"].replace(
        "{standing: incomplete, cites: [countersigned]}", "{standing: refused, cites: []}"
    )
    assert broken != shipped["cases.yaml"]
    folder = written(tmp_path / "police", shipped | {"cases.yaml": broken})
    assert run("test", str(folder)) == 1
    line = next(
        number for number, text in enumerate(broken.splitlines(), 1) if "{standing: refused, cites: []}" in text
    )
    assert f"WRONG police/cases.yaml:{line}: case 31 under police@2017-01" in capsys.readouterr().out


def test_a_family_without_cases_is_not_green(tmp_path: Path) -> None:
    assert run("test", str(written(tmp_path / "university", small_files()))) == 1


def test_a_stale_agreement_is_told_with_what_it_relied_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lint", "national-crime-agency") == 0
    assert "stale: it relies on `European Arrest Warrant`" in capsys.readouterr().out


def test_an_agreement_that_cannot_be_read_says_file_and_line(tmp_path: Path) -> None:
    files = small_files(
        vocabulary=small_files()["vocabulary.yaml"].replace("offences: [theft]", "offences: [jaywalking]")
    )
    with pytest.raises(Mistaken, match=r"`vocabulary.yaml` line \d+ was not understood"):
        run("lint", str(written(tmp_path / "university", files)))


def test_a_case_is_explained_clause_by_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "home-office/1", "--under", "home-office@2018-05") == 0
    told = capsys.readouterr().out
    assert "Refused." in told
    assert "by purposes: Immigration offences no longer open a request." in told


def test_versions_are_compared_in_sentences_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare", "home-office@2017-01", "home-office@2018-05") == 0
    assert "Gone (was 1.1)" in capsys.readouterr().out
    assert run("compare", "home-office@2017-01", "home-office@2018-05", "--json") == 0
    changes = {row["clause"]: row["change"] for row in json.loads(capsys.readouterr().out)["clauses"]}
    assert changes["gateway.security"] == "added"


def test_the_timeline_ends_with_what_governs_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("timeline", "home-office") == 0
    assert capsys.readouterr().out.rstrip().endswith("No agreement is in force (withdrawn, 9 November 2018).")


REQUESTS = [
    {
        "purpose": "immigration-offence",
        "items": ["last_known_address"],
        "facts": {"offence": "ia1971-s24-1-b-i", "citizenship": "not-british", "lost_contact": True},
        "declarations": ["usual_sources", "in_public_interest", "this_person"],
    },
    {
        "purpose": "serious-crime",
        "items": ["last_known_address"],
        "facts": {
            "offence": "grievous-bodily-harm",
            "citizenship": "not-british",
            "lost_contact": True,
            "conviction": "convicted-in-uk",
            "deportation_considered": True,
        },
        "declarations": ["usual_sources", "in_public_interest", "this_person"],
    },
]


@pytest.mark.parametrize("as_lines", [True, False], ids=["json-lines", "json-list"])
def test_a_file_of_requests_is_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str], *, as_lines: bool) -> None:
    text = "\n".join(json.dumps(row) for row in REQUESTS) if as_lines else json.dumps(REQUESTS)
    path = tmp_path / "requests.json"
    path.write_text(text, encoding="utf-8")
    assert run("replay", str(path), "--under", "home-office@2018-05", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcomes"] == ["refused", "depends on sentence_months"]
    assert told["classes"][0]["cited"] == ["purposes"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"name": "Zebedee"}, "`name` is not a key of a request to replay"),
        ({"items": ["name"]}, "`purpose` is missing"),
        ({"purpose": "welfare", "items": ["shoes"]}, "no data item"),
        ([], "no JSON object"),
    ],
    ids=["names-a-person", "no-purpose", "no-such-item", "no-object"],
)
def test_a_row_that_cannot_be_replayed_is_refused_with_its_number_and_without_its_content(
    tmp_path: Path, row: object, why: str
) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text(json.dumps(REQUESTS[0]) + "\n" + json.dumps(row), encoding="utf-8")
    with pytest.raises(Mistaken, match="row 2 was not understood") as caught:
        run("replay", str(path), "--under", "home-office@2018-05")
    assert why in str(caught.value)
    assert "Zebedee" not in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        ("lint", "no-such-family"),
        ("compare", "home-office@2017-01", "home-office@1999-01"),
        ("compare", "home-office@2017-01", "police@2017-01"),
        ("explain", "home-office/no-such-case"),
    ],
    ids=["family", "version", "two-families", "case"],
)
def test_a_name_that_is_not_there_is_refused_with_the_names_that_are(words: tuple[str, ...]) -> None:
    with pytest.raises(Mistaken):
        run(*words)


def test_a_shelf_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        shelf_files(tmp_path / "nowhere")


def test_a_file_no_person_could_read_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "university", small_files())
    (folder / "2024-09" / "text.md").write_text("x" * (LARGEST_FILE_BYTES + 1), encoding="utf-8")
    with pytest.raises(Mistaken, match="larger than"):
        family_files(folder)
    (folder / "2024-09" / "text.md").write_bytes(b"\xff\xfe")
    with pytest.raises(Mistaken, match="not UTF-8"):
        family_files(folder)


def test_the_command_starts_without_django() -> None:
    program = (
        "import sys\nfrom privity.edge.commands.console import main\n"
        "code = main(['agreement', 'timeline', 'police'])\n"
        "assert not any(name == 'django' or name.startswith('django.') for name in sys.modules)\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
