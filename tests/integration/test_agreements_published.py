"""What two people publish from the shelf: that text, and no other that lies beside it."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor, police_request
from tests.integration.test_suspending import FORD
from tests.integration.test_suspending import gateway as gateway  # noqa: PLC0414  the fixture is theirs

from privity.agreement.in_force import InForce
from privity.casework.account_records import Change
from privity.casework.lifecycle import Status
from privity.definitions.reference import AgreementFamily
from privity.edge.settings.shelf import default_shelf
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

POLICE = AgreementFamily("police")
A_BAR = """kind: prohibition
title: No request about a theft
says: Nothing leaves in a matter of theft.
effective_from: 2026-01-02T00:00:00+00:00
sources:
  - {what: The custodian}
"""
FORBID = """@id("no-theft")
@clause("1.1")
@says("Nothing leaves in a matter of theft.")
@consequence("refuse")
forbid (principal, action, resource)
when { context.offence == Offence::"theft" };
"""
CAN_BE_ASKED = Status.REFERRED
"""Where a request about a theft goes while nothing bars it."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a shelf of one's own: the shipped agreements, to be written on."""
    return Path(shutil.copytree(default_shelf(), tmp_path / "shelf"))


def write(shelf: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (shelf / "police" / path).parent.mkdir(parents=True, exist_ok=True)
        (shelf / "police" / path).write_text(text, encoding="utf-8")


def a_bar(shelf: Path) -> None:
    folder = "instruments/2026-01-02-bar"
    text = "# No request about a theft\n"
    write(shelf, {f"{folder}/instrument.yaml": A_BAR, f"{folder}/text.md": text, f"{folder}/forbid.cedar": FORBID})


def publish(instance: "Instance", corridor: Corridor, shelf: Path, name: str) -> None:
    """Put one thing on that shelf forward and confirm it."""
    from privity.edge.wiring.shelf import Shelf

    lies = Shelf(shelf)
    keeper = replace(instance.keeper, confirming=replace(instance.keeper.confirming, shelf=lies))
    handed = keeper.propose(Change.PUBLICATION, "police", lies.content("police", name), by=FORD, at=corridor.tick())
    keeper.confirm(handed.reference, by=GUARDIAN, at=corridor.tick())


def a_version(shelf: Path, name: str = "2026-02", more: str = "") -> None:
    """Write a version that says what the one before says."""
    for file in ("agreement.yaml", "policy.cedar", "text.md"):
        text = (shelf / "police" / "2017-01" / file).read_text(encoding="utf-8")
        text = text.replace("version: 2017-01", f"version: {name}\namends: 2017-01\nclaim: widens{more}")
        write(shelf, {f"{name}/{file}": text.replace("effective_from: 2017-01-01", "effective_from: 2026-02-01")})


def in_force(instance: "Instance", corridor: Corridor) -> InForce:
    found = instance.agreements.governing(POLICE, corridor.tick())
    assert isinstance(found, InForce)
    return found


def test_a_bar_on_the_shelf_binds_once_two_people_have_published_it(
    gateway: "Instance", corridor: Corridor, shelf: Path
) -> None:
    theft = police_request(offence="theft")
    assert corridor.read(corridor.received(theft)).status is CAN_BE_ASKED
    a_bar(shelf)
    publish(gateway, corridor, shelf, "2026-01-02-bar")
    assert [one.name for one in in_force(gateway, corridor).overlays] == ["2026-01-02-bar"]
    assert corridor.read(corridor.received(theft)).status is Status.REFUSED


def test_what_was_sealed_before_a_bar_was_laid_does_not_leave_and_is_asked_about_again(
    gateway: "Instance", corridor: Corridor, shelf: Path
) -> None:
    theft, murder = corridor.received(police_request(offence="theft")), corridor.ready(police_request(reference="KP/2"))
    for question in ("serious_enough", "public_interest"):
        for who in (FIRST, SECOND):
            corridor.view(theft, who, True, question)
    corridor.trace(theft)
    for who in (FIRST, SECOND):
        corridor.name_record(theft, who, 1)
    corridor.screen(theft)
    for reference in (theft, murder):
        corridor.intend(reference)
        corridor.release(reference)
    a_bar(shelf)
    publish(gateway, corridor, shelf, "2026-01-02-bar")
    joined = replace(gateway.gateway, register=corridor.register)
    outbox = replace(gateway.outbox, agreements=gateway.agreements, gateway=joined)
    assert outbox.send(at=corridor.tick()) == []
    assert {corridor.read(one).status for one in (theft, murder)} == {Status.IDENTIFIED}, "taken back, both"
    corridor.intend(theft)
    assert corridor.read(theft).status is Status.REFUSED
    corridor.screen(murder)
    corridor.intend(murder)
    corridor.release(murder)
    assert corridor.read(murder).status is Status.SEALED


def test_publishing_an_instrument_changes_nothing_of_the_text_it_is_laid_upon(
    gateway: "Instance", corridor: Corridor, shelf: Path
) -> None:
    before = in_force(gateway, corridor).version
    policy = (shelf / "police/2017-01/policy.cedar").read_text(encoding="utf-8")
    write(shelf, {"2017-01/policy.cedar": policy.replace('Rank::"inspector"', 'Rank::"constable", Rank::"inspector"')})
    a_bar(shelf)
    publish(gateway, corridor, shelf, "2026-01-02-bar")
    assert gateway.agreements.version("police", "2017-01").policy == before.policy
    asked = corridor.read(corridor.received(police_request(countersigned="constable")))
    assert asked.status is Status.RETURNED, "a constable's name is still not enough"


@pytest.mark.parametrize(
    ("file", "was", "now"),
    [
        ("2017-01/policy.cedar", "an inspector or a higher rank", "anybody"),
        ("2017-01/text.md", "#", "# "),
        ("2017-01/agreement.yaml", "days:", "days: "),
        ("vocabulary.yaml", "last_known_address, date_of_birth", "last_known_address, telephone, date_of_birth"),
        ("vocabulary.yaml", "    - essex-police\n", "    - essex-police\n    - a-private-detective\n"),
        ("vocabulary.yaml", "by: [disclosure-officer, guardian]", "by: [disclosure-officer]"),
        ("../offences.yaml", "months: 6, verified: yes", "months: 60, verified: yes"),
    ],
)
def test_a_new_version_is_not_published_beside_another_one_that_is_not_as_it_was_published(
    gateway: "Instance", corridor: Corridor, shelf: Path, file: str, was: str, now: str
) -> None:
    a_version(shelf)
    text = (shelf / "police" / file).read_text(encoding="utf-8")
    assert was in text, "the test changes something"
    write(shelf, {file: text.replace(was, now, 1)})
    before = in_force(gateway, corridor).version
    with pytest.raises(Mistaken, match="is published, and the shelf has another"):
        publish(gateway, corridor, shelf, "2026-02")
    assert in_force(gateway, corridor).version.sha256 == before.sha256


def test_a_new_version_brings_new_words_and_leaves_what_is_published_as_it_was(
    gateway: "Instance", corridor: Corridor, shelf: Path
) -> None:
    a_version(shelf)
    words = (shelf / "police/vocabulary.yaml").read_text(encoding="utf-8")
    write(shelf, {"vocabulary.yaml": words.replace("\nexceptional:\n", "\nexceptional:\n  a-new-reason: a new one\n")})
    publish(gateway, corridor, shelf, "2026-02")
    assert {"2017-01", "2026-02"} <= {one.name for one in gateway.agreements.published("police")}


def test_a_version_that_would_leave_cases_under_way_to_the_text_before_is_not_published(
    gateway: "Instance", corridor: Corridor, shelf: Path
) -> None:
    a_version(shelf, more="\ncommencement: {governs: request}")
    with pytest.raises(Mistaken, match="leaves cases under way to the text before"):
        publish(gateway, corridor, shelf, "2026-02")
