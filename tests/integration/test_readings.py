"""How often the register was read: counted from the ledger, told by case, and never shown off the record."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, START, Corridor, officer, police_request
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text

from privity.casework.authorisation import NoSuchCase, NotAllowed
from privity.casework.readings import records_read
from privity.definitions.party import Role
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

AUDITOR = officer("reader", Role.AUDITOR)


def test_a_sealed_case_counts_its_trace_its_screen_and_its_answer_and_a_refused_one_nothing(
    corridor: Corridor, instance: "Instance"
) -> None:
    sealed, traced = corridor.sealed(), corridor.approved(police_request(reference="KP/2"))
    corridor.trace(traced)
    refused = corridor.received(police_request(reference="KP/3"))
    corridor.view(refused, FIRST, False)
    found = instance.readings.readings("", by=GUARDIAN, at=corridor.now)
    told = {line.reference: line for line in found.lines}
    assert set(told) == {sealed, traced}
    reads = [entry for entry in corridor.entries_of(sealed) if entry.kind is EntryKind.REGISTER_READ]
    assert told[sealed].readings == len(reads) + 1, "the answer takes one reading more, by its intent"
    assert told[sealed].records == sum(int(entry.facts["reads"]) for entry in reads) + 1
    assert told[traced].readings == 1
    assert found.readings == told[sealed].readings + 1


def test_an_answer_that_nobody_was_found_is_sealed_without_a_reading(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    intent = corridor.entries_of(reference)[-1]
    assert records_read(intent) == 1
    assert records_read(replace(intent, outcome="unidentified")) is None
    assert records_read(replace(intent, kind=EntryKind.PACK_SENT)) is None


def test_being_shown_the_readings_is_one_entry_that_says_how_many_and_never_who(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.store.custody_rows import ReadingsShown

    reference = corridor.sealed()
    before = instance.log.size()
    found = instance.readings.readings(reference, by=GUARDIAN, at=corridor.now)
    entry = instance.log.entry(before)
    assert instance.log.size() == before + 1
    assert (entry.kind, entry.role) == (EntryKind.READINGS_SHOWN, Role.GUARDIAN)
    assert dict(entry.facts) == {"readings": found.readings, "cases": 1}
    row = ReadingsShown.objects.get()
    assert (row.staff_id, row.kid, row.entry) == (GUARDIAN.staff_id, corridor.key_of(reference), before)


def test_an_auditor_knows_cases_by_their_keys_alone(corridor: Corridor, instance: "Instance") -> None:
    reference = corridor.sealed()
    kid = corridor.key_of(reference)
    (line,) = instance.readings.readings("", by=AUDITOR, at=corridor.now).lines
    assert (line.kid, line.reference) == (kid, "")
    (again,) = instance.readings.readings(kid.upper(), by=AUDITOR, at=corridor.now).lines
    assert again == line
    with pytest.raises(Mistaken, match="64 digits"):
        instance.readings.readings(reference, by=AUDITOR, at=corridor.now)


def test_whoever_may_not_see_them_is_refused_and_nothing_is_written(corridor: Corridor, instance: "Instance") -> None:
    corridor.sealed()
    size = instance.log.size()
    for role in Role:
        if role not in (Role.GUARDIAN, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                instance.readings.readings("", by=officer("somebody", role), at=corridor.now)
    with pytest.raises(NoSuchCase):
        instance.readings.readings("PRV-" + "0" * 26, by=GUARDIAN, at=corridor.now)
    assert instance.log.size() == size


def test_the_page_shows_them_when_asked_links_the_case_and_names_nobody(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    reference = corridor.sealed()
    with_account(instance, AUDITOR)
    with_account(instance, GUARDIAN)
    with_account(instance, FIRST)
    door.open_with(instance.desk, requester_desk=instance.requester_desk)
    open_inner_doors(instance)
    path = "/audit/register-readings/"
    guardian, auditor = at_the_pages(GUARDIAN), at_the_pages(AUDITOR)
    before = instance.log.size()
    assert path in auditor.get("/audit/").content.decode()
    assert "Count the readings" in text(guardian.get(path))
    assert instance.log.size() == before, "looking at the empty page is no reading"
    shown = guardian.post(path, {"case": ""})
    assert f"/cases/{reference}/" in shown.content.decode()
    seen = auditor.post(path, {"case": ""}).content.decode().partition("<main")[2]
    assert "PRV-" not in seen
    assert re.search(rf"\?case={corridor.key_of(reference)}", seen)
    assert not [word for word in GOLDEN_WORDS if word in seen]
    assert instance.log.size() == before + 2
    wrong = auditor.post(path, {"case": reference})
    assert (wrong.status_code, "64 digits" in text(wrong)) == (422, True)
    assert at_the_pages(FIRST).get(path).status_code == 403


def test_the_terminal_says_them_in_words_and_as_one_object(
    corridor: Corridor,
    instance: "Instance",
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from privity.edge.commands import register_reads
    from privity.edge.commands.console import main

    reference = corridor.sealed()
    monkeypatch.setattr(register_reads, "open_instance", lambda _data: instance)
    monkeypatch.setattr(register_reads, "signed_by", lambda _arguments, _instance, _roles: GUARDIAN)
    words = ["register", "reads", "--data", str(tmp_path), "--by", GUARDIAN.staff_id]
    assert main(words) == 0
    assert reference in capsys.readouterr().out
    assert main([*words, "--case", reference, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [line["case"] for line in told["cases"]] == [reference]
    assert told["readings"] == told["cases"][0]["readings"] > 2
    assert told["cases"][0]["last"] >= f"{START:%Y-%m-%d}"
