"""A register comes into an instance by named people and on record, or it does not come in at all."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, Corridor
from tests.integration.test_people_protected import practice, register_it, registration

from privity.casework.authorisation import NotAllowed
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.person import NhsNumber
from privity.edge.commands import register_taking
from privity.edge.commands.console import main
from privity.edge.registers.register_csv import write_csv
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic import people
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.register_taking import RegisterTaking

FORD, SHAH = ADMINISTRATORS[:2]


def silent(_what: str, _share: float) -> None:
    """Tell nobody how far it is."""


@pytest.fixture
def taking(instance: "Instance") -> "RegisterTaking":
    from privity.edge.wiring.register_taking import RegisterTaking

    return RegisterTaking(store=instance.store, register=instance.data.register)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_csv(people.generate(300, 5).columns, tmp_path / "people.csv")
    return tmp_path / "people.csv"


def test_who_took_which_file_in_stands_in_the_ledger_and_its_record(
    taking: "RegisterTaking", instance: "Instance", file: Path
) -> None:
    from privity.edge.store.custody_rows import RegisterTaken

    columns = taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    entry = instance.log.entry(instance.log.size() - 1)
    assert (entry.kind, entry.role) == (EntryKind.REGISTER_IMPORTED, FORD.role)
    assert dict(entry.facts) == {
        "file_digest": sha256(file.read_bytes()).hexdigest(),
        "register_digest": columns.digest(),
        "rows": 300,
        "protected_rows": int(columns.sensitive.sum()),
        "synthetic": False,
    }
    row = RegisterTaken.objects.get()
    assert (row.staff_id, row.confirmed_by, row.rows) == (FORD.staff_id, "", 300)
    with SqliteRegister.open(instance.data.register) as register:
        assert register.digest == columns.digest()


def test_a_register_that_moves_too_far_takes_two_different_people(
    taking: "RegisterTaking", instance: "Instance", file: Path, tmp_path: Path
) -> None:
    taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    write_csv(people.generate(300, 6).columns, tmp_path / "others.csv")
    from privity.edge.store.custody_rows import RegisterTaken

    before, size = instance.data.register.read_bytes(), instance.log.size()
    nobody: tuple[Officer, ...] = ()
    for confirmed, error in ((nobody, Mistaken), ((FORD, FORD), Mistaken), ((FORD, FIRST), NotAllowed)):
        with pytest.raises(error):
            taking.take_in(tmp_path / "others.csv", silent, digest="", confirmed_by=confirmed, by=FORD)
    assert (instance.data.register.read_bytes(), instance.log.size()) == (before, size)
    taking.take_in(tmp_path / "others.csv", silent, digest="", confirmed_by=(GUARDIAN, SHAH), by=FORD)
    confirmed_by = RegisterTaken.objects.order_by("-entry").values_list("confirmed_by", flat=True)[0]
    assert json.loads(confirmed_by) == sorted([GUARDIAN.staff_id, SHAH.staff_id])


def test_nothing_is_in_place_that_is_not_on_record(
    taking: "RegisterTaking", instance: "Instance", file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import register_taking as wiring

    def refused(*_arguments: object, **_named: object) -> None:
        raise Unavailable("nothing was recorded", why="the disk is full", next_step="make room")

    monkeypatch.setattr(wiring, "take_register", refused)
    with pytest.raises(Unavailable, match="the disk is full"):
        taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    assert not instance.data.register.exists()
    assert not [path.name for path in instance.data.root.glob("register.sqlite*")]


def test_people_put_in_one_by_one_are_on_record_and_a_refusal_puts_nobody_in(
    taking: "RegisterTaking", instance: "Instance", file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import register_taking as wiring

    taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "some.csv").write_text("".join(lines[:3]).replace("female", "unknown"), encoding="utf-8")
    with SqliteRegister.open(instance.data.register) as register:
        before = register.digest

    def refused(*_arguments: object, **_named: object) -> None:
        raise Mistaken("nothing was recorded", why="no", next_step="stop")

    with monkeypatch.context() as patched:
        patched.setattr(wiring, "take_register", refused)
        with pytest.raises(Mistaken):
            taking.update(tmp_path / "some.csv", by=FORD)
    with SqliteRegister.open(instance.data.register) as register:
        assert register.digest == before
    assert taking.update(tmp_path / "some.csv", by=FORD) == 2
    entry = instance.log.entry(instance.log.size() - 1)
    assert (entry.kind, entry.facts["rows"]) == (EntryKind.REGISTER_UPDATED, 2)
    with pytest.raises(NotAllowed):
        taking.update(tmp_path / "some.csv", by=FIRST)


def test_a_register_taken_in_while_the_gateway_runs_is_read_from_then_on(
    taking: "RegisterTaking", instance: "Instance", file: Path, tmp_path: Path
) -> None:
    taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    first = instance.register.digest
    write_csv(people.generate(300, 6).columns, tmp_path / "others.csv")
    taking.take_in(tmp_path / "others.csv", silent, digest="", confirmed_by=(GUARDIAN, SHAH), by=FORD)
    assert instance.register.digest != first


def test_the_command_asks_who_and_refuses_a_way_round_the_record(
    instance: "Instance",
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[str] = []

    def proved(_instance: object, staff_id: str) -> Officer:
        asked.append(staff_id)
        return {"g.hale": GUARDIAN, "n.shah": SHAH}[staff_id]

    monkeypatch.setattr(register_taking, "open_instance", lambda _data: instance)
    monkeypatch.setattr(register_taking, "signed_by", lambda _arguments, _instance, _roles: FORD)
    monkeypatch.setattr(register_taking, "proved", proved)
    words = ["register", "import", str(file), "--data", str(tmp_path)]
    assert main(words) == 2
    assert "`--data DIR --by STAFF-ID`" in capsys.readouterr().err
    assert main([*words, "--by", "m.ford", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 300
    write_csv(people.generate(300, 6).columns, tmp_path / "others.csv")
    other = ["register", "import", str(tmp_path / "others.csv"), "--data", str(tmp_path), "--by", "m.ford"]
    assert main(other) == 2
    assert main([*other, "--confirmed-by", "g.hale", "--confirmed-by", "n.shah"]) == 0
    assert asked == ["g.hale", "n.shah"]
    around = ["register", "import", str(file), "--register", str(instance.data.register)]
    assert main(around) == 2
    assert main(["register", "update", str(file), "--register", str(instance.data.register)]) == 2
    assert "what is done to it is put on record" in capsys.readouterr().err


def test_whoever_a_practice_protects_does_not_go_unseen_and_the_guardian_finds_the_number(
    taking: "RegisterTaking", instance: "Instance", file: Path, corridor: Corridor
) -> None:
    from privity.edge.wiring.public_desk import public_desk

    desk = public_desk(instance)
    assert desk.not_on_register(by=GUARDIAN, on=civil_day(corridor.now)) is None, "no register is in place"
    taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    header, first, *rest = file.read_text(encoding="utf-8").splitlines(keepends=True)
    number = NhsNumber(first.split(",")[0])
    corridor.now = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251  files are taken in by the real clock
    register_it(corridor, registration(number), practice())
    assert desk.not_on_register(by=GUARDIAN, on=civil_day(corridor.now)) == []
    file.write_text("".join([header, *rest]), encoding="utf-8")
    with pytest.raises(Mistaken, match="1 whom a practice protects would be gone") as refused:
        taking.take_in(file, silent, digest="", confirmed_by=(), by=FORD)
    assert number.digits not in str(refused.value)
    taking.take_in(file, silent, digest="", confirmed_by=(FORD, SHAH), by=FORD)
    left = desk.not_on_register(by=GUARDIAN, on=civil_day(corridor.now))
    assert left is not None
    assert [one.reference for one in left] == [number.digits]
    with pytest.raises(Mistaken, match="was not found"):
        desk.not_on_register(by=FIRST, on=civil_day(corridor.now))
