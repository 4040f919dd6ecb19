"""`privity register` and `privity trace`, as a person at a terminal drives them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from privity.edge.commands.console import main
from privity.edge.registers.particulars_csv import COLUMNS
from privity.edge.synthetic import particulars, people

PEOPLE, SEED = 1_500, 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    drawn = particulars.draw(people.generate(PEOPLE, SEED), 120, SEED)
    with (folder / "p.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(one.fields for one in drawn)
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["reference", "nhs_number"], *([one.fields["reference"], one.truth] for one in drawn)]
        )
    generated = ["register", "generate", "--people", str(PEOPLE), "--seed", str(SEED)]
    assert main([*generated, "--out", str(folder / "r.csv")]) == 0
    assert main([*generated, "--out", str(folder / "g.sqlite")]) == 0
    assert main(["register", "import", str(folder / "r.csv"), "--register", str(folder / "r.sqlite")]) == 0
    return folder


def traces(folder: Path, register: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["trace", str(folder / "p.csv"), "--register", str(folder / register), "--json"]) == 0
    lines: list[dict[str, object]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return lines


def test_the_register_of_an_instance_is_not_traced_off_the_record(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "register.sqlite"
    copied.write_bytes((folder / "r.sqlite").read_bytes())
    assert main(["trace", str(folder / "p.csv"), "--register", str(tmp_path), "--json"]) == 0
    (tmp_path / "ledger-key").touch()
    for named in (tmp_path, copied):
        assert main(["trace", str(folder / "p.csv"), "--register", str(named), "--json"]) == 2
        assert "the register of an instance" in capsys.readouterr().err


def test_traces_are_the_same_from_a_csv_an_imported_and_a_generated_register(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported = traces(folder, "r.sqlite", capsys)
    assert len(imported) == 120
    assert imported == traces(folder, "r.csv", capsys)
    assert imported == traces(folder, "g.sqlite", capsys)


def test_a_line_of_json_holds_what_the_contract_promises(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = traces(folder, "r.sqlite", capsys)
    assert {"proposed", "untraced"} <= {line["outcome"] for line in lines} <= {"proposed", "review", "untraced"}
    for line in lines:
        assert {
            "reference", "outcome", "nhs_number", "probability", "probability_absent", "runner_up_probability",
            "bound", "model", "evidence",
        } <= set(line)  # fmt: skip
        assert (line["nhs_number"] is None) >= (line["outcome"] == "untraced")
        assert (line["nhs_number"] is None) >= bool(line["sensitive"])


def test_evaluation_counts_what_was_right_and_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    files = [str(folder / "p.csv"), "--truth", str(folder / "t.csv"), "--register", str(folder / "r.sqlite")]
    assert main(["trace", "evaluate", *files, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["traces"] == 120
    for name in ("recall", "coverage", "wrong_person"):
        assert answer[name]["low"] <= answer[name]["share"] <= answer[name]["high"]
    assert answer["recall"]["share"] > 0.8
    assert answer["groups"]["name origin"]["british"]["traces"] > 0
    assert set(answer["groups"]) == {"name origin", "gender", "age"}


def test_a_trained_model_traces(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = folder / "model.json"
    files = [str(folder / "p.csv"), "--truth", str(folder / "t.csv"), "--register", str(folder / "r.sqlite")]
    trained = ["trace", "train", *files, "--out", str(model), "--name", "mine", "--provenance", "a test"]
    assert main(trained) == 0
    capsys.readouterr()
    assert main(["trace", *files[:1], *files[3:], "--model", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["model"].startswith("mine@")


def test_a_name_alone_is_refused_and_the_others_are_traced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "alone.csv"
    path.write_text(
        "reference,family_name,given_name,date_of_birth\nA1,Smith,John,\nA2,Smith,John,1985-04-13\n", encoding="utf-8"
    )
    capsys.readouterr()
    assert main(["trace", str(path), "--register", str(folder / "r.sqlite"), "--json"]) == 2
    told = capsys.readouterr()
    assert [json.loads(line)["reference"] for line in told.out.splitlines()] == ["A1", "A2"]
    assert json.loads(told.out.splitlines()[0])["outcome"] == "refused"
    assert "a name alone" in told.err
    assert "Smith" not in told.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["trace", "p.csv", "--register", "none.sqlite"], 3),
        (["trace", "none.csv", "--register", "r.sqlite"], 3),
        (["trace", "evaluate", "p.csv", "--register", "r.sqlite"], 2),
        (["trace", "p.csv", "p.csv", "--register", "r.sqlite"], 2),
        (["trace", "p.csv", "--register", "r.sqlite", "--model", "p.csv"], 2),
        (["register", "import", "p.csv", "--register", "x.sqlite"], 2),
        (["register", "generate", "--people", "0", "--out", "x.csv"], 2),
    ],
)
def test_what_cannot_be_done_ends_with_its_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    monkeypatch.chdir(folder)
    assert main(words) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert ";" in told.err


def test_tracing_loads_no_framework() -> None:
    program = "import sys, privity.edge.commands.trace, privity.edge.commands.register; print('django' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_made_up_particulars_and_their_truth_are_evaluated_by_origin(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, truth = str(tmp_path / "asked.csv"), str(tmp_path / "truth.csv")
    made = ["request", "generate", "--people", str(PEOPLE), "--people-seed", str(SEED), "--count", "80"]
    assert main([*made, "--out", asked, "--truth", truth, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["particulars"] == 80
    files = ["--truth", truth, "--register", str(folder / "g.sqlite")]
    assert main(["trace", "evaluate", asked, *files, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    origins = answer["groups"]["name origin"]
    assert sum(one["traces"] for one in origins.values()) == 80
    assert sum(one["wrong_of_absent"]["of"] for one in origins.values()) == answer["wrong_of_absent"]["of"] > 0


def test_the_fairness_command_writes_page_and_chart_from_made_up_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, chart = tmp_path / "fair.html", tmp_path / "fair.svg"
    made = ["trace", "fairness", "--synthetic", "800", "--labels", "150", "--out", str(page), "--chart", str(chart)]
    assert main(made) in (0, 1)
    told = capsys.readouterr().out
    assert "worst group first" in told
    assert "not certified" in told
    assert chart.read_text(encoding="utf-8") in page.read_text(encoding="utf-8")


def test_a_model_is_trained_without_labels_calibrated_and_refused_a_certificate_for_want_of_labels(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt, right = str(folder / "em.json"), str(folder / "calibrated.json")
    made_up = ["--synthetic", "1500", "--labels", "300", "--seed", str(SEED)]
    assert main(["trace", "train", *made_up, "--em", "--out", learnt, "--provenance", "a test"]) == 0
    assert main(["trace", "calibrate", *made_up, "--model", learnt, "--out", right]) == 0
    capsys.readouterr()
    assert main(["trace", "certify", *made_up, "--model", right, "--out", str(folder / "c.json"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["certified"] is False
    assert not (folder / "c.json").exists()
    lenient = [*made_up, "--model", right, "--alpha", "0.2", "--out", str(folder / "c.json"), "--json"]
    assert main(["trace", "certify", *lenient]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["alpha_per_million"] == 200_000
    assert 400_000 < said["most_absent_per_million"] < 500_000, "without `--absent`, nearly half"
    first = (folder / "c.json").read_bytes()
    assert main(["trace", "certify", *lenient, "--absent", "0.45"]) == 0
    assert (folder / "c.json").read_bytes() == first, "the same data and seed, the same bytes"
    capsys.readouterr()
    with_it = ["--model", right, "--certificate", str(folder / "c.json"), "--register", str(folder / "r.sqlite")]
    assert main(["trace", str(folder / "p.csv"), *with_it, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["bound"]["certified"] is True


def test_a_trace_is_explained_side_by_side_with_a_waterfall(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["trace", "explain", str(folder / "p.csv"), "--register", str(folder / "r.sqlite")]) == 0
    told = capsys.readouterr().out
    assert "before anything is compared: one chance in" in told
    assert "not in the register at all" in told
    assert "nobody is shown" in told


def test_neither_files_nor_a_trial_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "evaluate"]) == 2
    assert "either a file of particulars or `--synthetic N`" in capsys.readouterr().err


def test_a_model_goes_to_splink_and_comes_back_without_its_certificate(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, model = str(tmp_path / "settings.json"), str(tmp_path / "model.json")
    assert main(["trace", "splink-export", "--rows", "1500", "--out", settings]) == 0
    assert main(["trace", "splink-import", settings, "--rows", "1500", "--out", model, "--name", "back"]) == 0
    capsys.readouterr()
    with_it = ["--model", model, "--register", str(folder / "r.sqlite"), "--json"]
    assert main(["trace", str(folder / "p.csv"), *with_it]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["model"].startswith("back@")
    assert first["bound"]["certified"] is False
    assert main(["trace", "splink-export", "--out", settings]) == 2
