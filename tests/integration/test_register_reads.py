"""The one way to the register: with a permit, counted, and never for a request that is not approved."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes.corridor import FIRST, SECOND, Corridor, police_request
from tests.fakes.standing import stand_everywhere

from privity.casework.permits import purpose_permit
from privity.casework.trace import trace_subject
from privity.definitions.person import Particulars
from privity.edge.registers.models import default_model
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Impossible, Unavailable
from privity.judgement.decision import ApprovedPurpose

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def guarded(register_file: Path) -> GuardedRegister:
    return GuardedRegister(path=register_file, model=default_model)


def test_without_a_permit_nothing_is_opened(guarded: GuardedRegister) -> None:
    for nothing in (None, "PRV-1", object()):
        with pytest.raises(Impossible, match="there is no permit"):
            guarded.trace(cast(ApprovedPurpose, nothing), Particulars(family_name="x"), under=None)
    assert (guarded.permits_used, guarded.reads) == (0, 0)


def test_an_instance_without_a_register_says_so_and_the_case_stays(corridor: Corridor, instance: "Instance") -> None:
    reference = corridor.approved()
    gateway = replace(corridor.gateway, register=instance.register)
    before = corridor.read(reference), instance.log.size()
    with pytest.raises(Unavailable, match="no register has been imported"):
        corridor.do(lambda unit, at: trace_subject(unit, gateway, reference, by=FIRST, at=at))
    assert (corridor.read(reference), instance.log.size()) == before


def test_a_year_of_judging_reads_nothing_until_something_is_approved(
    corridor: Corridor, guarded: GuardedRegister
) -> None:
    corridor.register = guarded  # type: ignore[assignment]  # the real one in place of the counting one
    for number, offence in enumerate(("murder", "theft", "")):
        corridor.received(police_request(offence=offence, reference=f"KP/{number}"))
    refused = corridor.received(police_request(reference="KP/9"))
    corridor.view(refused, FIRST, False)
    corridor.view(refused, SECOND, False)
    half = corridor.received(police_request(reference="KP/10"))
    corridor.view(half, FIRST, True)
    assert (guarded.permits_used, guarded.reads) == (0, 0)


def test_an_approved_case_is_traced_once_and_every_reading_counts(
    corridor: Corridor, guarded: GuardedRegister, instance: "Instance"
) -> None:
    request = police_request()
    known = replace(request.particulars, postcode="", address_lines=())
    reference = corridor.approved(replace(request, particulars=known))
    gateway = replace(corridor.gateway, register=guarded)
    corridor.do(lambda unit, at: trace_subject(unit, gateway, reference, by=FIRST, at=at))
    assert guarded.permits_used == 1
    read = guarded.reads
    assert read > 0
    permit = purpose_permit(corridor.read(corridor.approved(police_request(reference="KP/2"))))
    guarded.trace(permit, known, under=None)
    assert guarded.permits_used == 2
    assert guarded.reads > read
    assert instance.register.reads == 0, "another instance's register was not touched"


def test_every_reading_is_told_in_the_ledger_as_a_reading_or_as_the_sealing_it_was_for(
    corridor: Corridor,
) -> None:
    for reference in stand_everywhere(corridor).values():
        pack = corridor.read(reference).pack
        disclosed = pack is not None and pack.answer == "disclosed"
        told = corridor.kinds(reference).count("register.read") + disclosed
        assert corridor.register.reads([reference]) == told
