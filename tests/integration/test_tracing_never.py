"""What tracing never does, end to end: from a request over the real tracer and register to what its sender is told."""

import inspect
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_type_hints

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, SECOND, Corridor, asker, police_request

from privity.casework.judge import close_protected
from privity.casework.lifecycle import Status
from privity.casework.requester_desk import OwnCase
from privity.casework.trace import compared_mark, show_candidates
from privity.definitions.person import Demographics, Gender, Particulars
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.setting_up import publish_until
from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.people import generate
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Mistaken
from privity.trace.model import Model
from privity.trace.outcome import TraceResult
from privity.trace.record import RegisterReader
from privity.trace.tracer import trace

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

REASONS = "Nothing of this record may leave, and here is why."


@pytest.fixture(scope="module")
def register_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.sqlite"
    build(generate(3_000, 1), path)
    return path


@pytest.fixture
def guarded(register_file: Path, corridor: Corridor) -> GuardedRegister:
    """Return the real register, in place of the corridor's counting one."""
    made = GuardedRegister(path=register_file, model=default_model)
    corridor.register = made  # type: ignore[assignment]  # the real one in place of the counting one
    return made


def people(register_file: Path) -> list[Demographics]:
    with SqliteRegister.open(register_file) as register:
        return [register.demographics(one) for one in register.everybody()[:3_000]]


def known(person: Demographics, *, place: bool = False) -> Particulars:
    home = person.residence
    return Particulars(
        family_name=person.family_name,
        given_name=person.given_name,
        date_of_birth=person.date_of_birth,
        gender=person.gender,
        postcode=home.postcode if place and home else "",
    )


ABSENT = Particulars(
    family_name="Zzyzxworth",
    given_name="Quillon",
    date_of_birth=datetime(1971, 5, 23, tzinfo=UTC).date(),
    gender=Gender.FEMALE,
)


def asked_about(corridor: Corridor, who: Particulars, number: int) -> CaseReference:
    return corridor.approved(replace(police_request(reference=f"KP/{number}"), particulars=who))


def told(instance: "Instance", corridor: Corridor, reference: CaseReference) -> dict[str, str]:
    """Return all that the requester can see of a case; its references, digests and moments are left out of it."""
    own: OwnCase = instance.requester_desk.own(reference, by=asker(KENT), at=corridor.now)
    shown = {name: str(getattr(own, name)) for name in own.__dataclass_fields__ if name != "tag"}
    for name, value in shown.items():
        plain = value.replace(reference, "PRV").replace(own.requester_reference, "theirs")
        plain = re.sub(r"[0-9a-f]{64}", "digest", plain)
        shown[name] = re.sub(r"datetime\.datetime\([^)]*\)", "moment", plain)
    return shown


def test_a_restricted_record_is_told_and_sealed_exactly_as_no_trace(
    corridor: Corridor, instance: "Instance", guarded: GuardedRegister, register_file: Path
) -> None:
    publish_until(instance, datetime(2017, 1, 2, tzinfo=UTC), after=datetime(1, 1, 1, tzinfo=UTC))
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    restricted = next(one for one in people(register_file) if one.sensitive)
    hidden = asked_about(corridor, known(restricted), 1)
    absent = asked_about(corridor, ABSENT, 2)
    corridor.trace(hidden)
    corridor.trace(absent)
    assert (corridor.read(hidden).status, corridor.read(absent).status) == (Status.PROTECTED, Status.UNIDENTIFIED)
    assert told(instance, corridor, hidden) == told(instance, corridor, absent), "while it is decided"
    corridor.do(lambda unit, at: close_protected(unit, hidden, reasons=REASONS, by=GUARDIAN, at=at))
    for reference in (hidden, absent):
        corridor.intend(reference)
        corridor.release(reference)
    assert told(instance, corridor, hidden) == told(instance, corridor, absent), "when it is answered"
    packs = [corridor.read(reference).pack for reference in (hidden, absent)]
    assert packs[0] is not None
    assert packs[1] is not None
    assert (packs[0].answer, packs[0].items, packs[0].size) == (packs[1].answer, packs[1].items, packs[1].size)
    assert len(corridor.sealed_bytes(hidden)) == len(corridor.sealed_bytes(absent))


def marked(corridor: Corridor, reference: CaseReference, somebody: Demographics) -> str:
    """Return the mark of somebody in what a case compared."""
    return corridor.do(lambda unit, _at: compared_mark(unit, reference, somebody.person))


def test_a_restricted_record_is_never_found_by_its_place(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path
) -> None:
    restricted_people = [one for one in people(register_file) if one.sensitive][:3]
    assert len(restricted_people) == 3
    for number, restricted in enumerate(restricted_people):
        home = restricted.residence
        assert home is not None
        by_place = Particulars(given_name=restricted.given_name, postcode=home.postcode, address_lines=home.lines)
        reference = asked_about(corridor, by_place, number)
        corridor.trace(reference)
        found = corridor.read(reference)
        assert marked(corridor, reference, restricted) not in json.loads(found.traces[-1].compared)
        assert found.status is not Status.PROTECTED


def test_nobody_is_traced_or_shown_outside_an_approved_case(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path
) -> None:
    somebody = known(people(register_file)[0])
    received = corridor.received(replace(police_request(), particulars=somebody))
    half = corridor.received(replace(police_request(reference="KP/2"), particulars=somebody))
    corridor.view(half, FIRST, True)
    refused = corridor.received(replace(police_request(reference="KP/3"), particulars=somebody))
    for who in (FIRST, SECOND):
        corridor.view(refused, who, False)
    for reference in (received, half, refused):
        with pytest.raises(Mistaken, match="not read"):
            corridor.trace(reference)
        with pytest.raises(Mistaken):
            corridor.do(
                lambda unit, at, reference=reference: show_candidates(  # type: ignore[misc]  # binds the loop's name
                    unit, guarded, reference, by=GUARDIAN, at=at
                )
            )
    assert (guarded.permits_used, guarded.reads) == (0, 0)


def test_a_name_alone_is_sent_back_before_anybody_judges_it_and_no_tracer_takes_it(
    corridor: Corridor, guarded: GuardedRegister
) -> None:
    only_a_name = Particulars(family_name="Zzyzxworth", given_name="Quillon")
    reference = corridor.received(replace(police_request(), particulars=only_a_name))
    assert corridor.read(reference).status is Status.RETURNED
    with pytest.raises(Mistaken, match="not read"):
        corridor.trace(reference)
    assert guarded.reads == 0


def test_the_tracer_is_told_neither_who_asks_nor_why() -> None:
    hints = get_type_hints(trace)
    assert hints == {
        "particulars": Particulars,
        "register": RegisterReader,
        "model": Model,
        "may_propose": bool,
        "return": TraceResult,
    }
    assert list(inspect.signature(trace).parameters) == ["particulars", "register", "model", "may_propose"]
    fields = set(Particulars.__dataclass_fields__)
    assert not fields & {"requester", "organisation", "purpose", "officer_name", "offence", "statement", "reference"}
    source = Path(inspect.getfile(GuardedRegister)).read_text(encoding="utf-8")
    called = source[source.index("return trace(") :].partition(")\n")[0]
    assert "permit" not in called, "the permit stops at the door"


def test_every_record_that_was_compared_is_on_record(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path
) -> None:
    somebody = next(one for one in people(register_file) if not one.sensitive)
    reference = asked_about(corridor, known(somebody, place=True), 1)
    corridor.trace(reference)
    found = corridor.read(reference).traces[-1]
    compared = json.loads(found.compared)
    assert marked(corridor, reference, somebody) in compared
    assert marked(corridor, asked_about(corridor, known(somebody, place=True), 2), somebody) not in compared
    assert not any(str(somebody.person) in str(mark) for mark in compared), "whoever was compared is not named"
    assert len(compared) == len(set(compared)) == found.touched
