"""A register over months: changed, laid out anew, imported again in any order, and read all the while.

The reference is a dictionary of people by their NHS number. Whoever reads is one who opened the register long ago, one
who opens it now, and one who has no layout: they answer alike, and of nobody but whom the dictionary holds.
"""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from shutil import copyfile, rmtree

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.fakes.register import nhs_number

from privity.definitions.person import Address, Demographics, Gender, Particulars, PersonId
from privity.edge.registers.changes import Change, put, take_out
from privity.edge.registers.lay_out import lay_out
from privity.edge.registers.models import default_model
from privity.edge.registers.register_csv import COLUMNS
from privity.edge.registers.sqlite import SqliteRegister, changing, import_csv
from privity.trace.batch import trace_batch
from privity.trace.tracer import trace

MODEL = default_model()
CONFIRMED = ("m.ford", "n.shah")
NOWHERE = "ZZ9 9ZZ"
POSTCODES = ("QC3 3CC", "QC3 3CD", "LS1 4AP")
NAMES = st.sampled_from(["Quill", "Marguerite", "Maggie", "Aurelius", "Anne-Marie", "Zoë"])
HOMES = st.builds(
    lambda line, postcode: Address(lines=(f"{line} Blank Row",), postcode=postcode),
    st.integers(1, 3),
    st.sampled_from(POSTCODES),
)


@st.composite
def somebody(draw: st.DrawFn) -> Demographics:
    number = nhs_number(draw(st.integers(1, 40)))
    return Demographics(
        person=PersonId(int(number.digits)),
        nhs_number=number,
        family_name=draw(NAMES),
        given_name=draw(NAMES),
        other_given_names="",
        previous_family_names=tuple(draw(st.lists(NAMES, max_size=1))),
        date_of_birth=date(1980, draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        gender=draw(st.sampled_from([Gender.FEMALE, Gender.MALE])),
        residence=draw(HOMES),
        correspondence=None,
        gp_practice_code="Z00001",
        registered_on=None,
        deceased_on=None,
        sensitive=draw(st.booleans()),
    )


def sent(path: Path, people: Sequence[Demographics]) -> Path:
    """Write people as their source would send them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, restval="")
        out.writeheader()
        for one in people:
            assert one.residence is not None
            out.writerow(
                {
                    "nhs_number": one.nhs_number.digits,
                    "family_name": one.family_name,
                    "given_name": one.given_name,
                    "previous_family_names": ";".join(one.previous_family_names),
                    "date_of_birth": one.date_of_birth.isoformat(),
                    "gender": one.gender.value,
                    "postcode": one.residence.postcode,
                    "address_line_1": one.residence.lines[0],
                    "gp_practice_code": one.gp_practice_code,
                    "sensitive": "true" if one.sensitive else "false",
                }
            )
    return path


def sought_as(one: Demographics, *, by_place: bool) -> Particulars:
    assert one.residence is not None
    return Particulars(
        family_name=one.family_name,
        given_name=one.given_name,
        date_of_birth=None if by_place else one.date_of_birth,
        postcode=one.residence.postcode,
    )


class RegisterOverTime(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "register.sqlite"
        self.people: dict[PersonId, Demographics] = {}
        self.known: list[Demographics] = []
        self.open: list[SqliteRegister] = []

    def teardown(self) -> None:
        for one in self.open:
            one.close()
        rmtree(self.folder)

    def _imported(self, people: Sequence[Demographics]) -> None:
        import_csv(sent(self.folder / "sent.csv", people), self.path, confirmed_by=CONFIRMED)
        self.people = {one.person: one for one in people}
        self.known += people
        self.open.append(SqliteRegister.open(self.path))

    @initialize(people=st.lists(somebody(), min_size=1, max_size=12, unique_by=lambda one: one.person))
    def first(self, people: list[Demographics]) -> None:
        self._imported(people)

    @rule(one=somebody())
    def put_in(self, one: Demographics) -> None:
        with changing(self.path) as inside:
            put(inside, Change(demographics=one))
        self.people[one.person] = one
        self.known.append(one)

    @precondition(lambda self: len(self.people) > 1)
    @rule(which=st.integers(0, 100))
    def taken_out(self, which: int) -> None:
        one = sorted(self.people.values(), key=lambda held: held.person)[which % len(self.people)]
        with changing(self.path) as inside:
            assert take_out(inside, one.nhs_number)
        del self.people[one.person]

    @rule()
    def laid_out(self) -> None:
        lay_out(self.path, lambda _what, _share: None)

    @rule(shuffled=st.randoms(use_true_random=False), new=st.lists(somebody(), max_size=3))
    def imported_again(self, shuffled: Random, new: list[Demographics]) -> None:
        people = list({**self.people, **{one.person: one for one in new}}.values())
        shuffled.shuffle(people)
        self._imported(people)

    @rule(which=st.integers(0, 1_000), by_place=st.booleans())
    def traced(self, which: int, by_place: bool) -> None:
        one = self.known[which % len(self.known)]
        asked = sought_as(one, by_place=by_place)
        bare = self.folder / "bare.sqlite"
        copyfile(self.path, bare)
        with SqliteRegister.open(self.path) as now, SqliteRegister.open(bare) as tables:
            assert tables._layout() is None
            found = trace(asked, now, MODEL)
            for register in (self.open[-1], tables):
                assert trace(asked, register, MODEL) == found
                together = trace_batch([asked], register, MODEL).result(0)
                assert (together.state, together.compared) == (found.state, found.compared)
                assert [each.person for each in together.candidates] == [each.person for each in found.candidates]
            for each in found.candidates:
                assert now.demographics(each.person) == self.people[each.person]
                assert each.sensitive == self.people[each.person].sensitive
        held = self.people.get(one.person)
        if held == one and not (by_place and one.sensitive):
            assert one.person in found.compared, "whoever is described word for word is compared"
        if by_place:
            elsewhere = trace(replace(asked, postcode=NOWHERE), self.open[-1], MODEL)
            hidden = {person for person, each in self.people.items() if each.sensitive}
            assert hidden & {*found.compared} == hidden & {*elsewhere.compared}, "a place is no way to them"

    @invariant()
    def everybody_is_there_and_nobody_else(self) -> None:
        if self.open:
            assert set(self.open[-1].everybody()) == set(self.people)
            assert len(self.open[-1].digest) == 64, "whoever asks for it sees what has changed"
            assert self.open[-1].size == len(self.people)
            assert all(self.open[-1].demographics(person) == one for person, one in self.people.items())


RegisterOverTime.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestARegisterOverTime = RegisterOverTime.TestCase
