"""Candidates beside the particulars."""

from dataclasses import replace
from datetime import date

from tests.fakes.cases import a_case, candidate_record

from privity.casework.case_file import ShownCandidate, ShownEvidence, read_particulars
from privity.casework.desk import CandidateView
from privity.casework.lifecycle import Status
from privity.casework.side_by_side import Says, compare
from privity.definitions.person import Particulars, PersonId
from privity.trace.comparison import Field


def candidate(*evidence: ShownEvidence, sensitive: bool = False) -> CandidateView:
    shown = ShownCandidate(person=PersonId(1), probability=0.9, weight_bits=1.0, evidence=evidence)
    return CandidateView(shown=shown, record=replace(candidate_record(PersonId(1), 0), sensitive=sensitive))


def test_every_field_the_tracer_compares_has_a_line() -> None:
    asked = read_particulars(a_case("one", Status.APPROVED, date(2026, 11, 20), age=3).request)
    weighed = candidate(*(ShownEvidence(field=one, level="", words="w", weight_bits=1.0) for one in Field))
    lines = compare(asked, [weighed])
    assert [line.field for line in lines] == list(Field)
    assert all(line.cells[0].words == "w" for line in lines)


def test_evidence_speaks_for_against_or_not_at_all() -> None:
    bits = {"given_name": 3.0, "family_name": -2.0, "gender": 0.5}
    asked = read_particulars(a_case("one", Status.APPROVED, date(2026, 11, 20), age=3).request)
    lines = compare(
        asked,
        [candidate(*(ShownEvidence(field=name, level="", words="w", weight_bits=bit) for name, bit in bits.items()))],
    )
    says = {line.field: line.cells[0].says for line in lines}
    assert (says[Field.GIVEN], says[Field.FAMILY], says[Field.GENDER]) == (Says.FOR, Says.AGAINST, Says.SILENT)


def test_whereabouts_of_a_protected_record_are_locked() -> None:
    asked = Particulars(family_name="Goldenquist", postcode="LS1 4AP")
    place = next(line for line in compare(asked, [candidate(sensitive=True)]) if line.field is Field.PLACE)
    assert place.cells[0].locked
    assert place.cells[0].value == ""
    assert "Gilded" in next(line.cells[0].value for line in compare(asked, [candidate()]) if line.field is Field.PLACE)


def test_a_field_that_nobody_has_is_left_out() -> None:
    fields = {line.field for line in compare(Particulars(family_name="Goldenquist"), [])}
    assert fields == {Field.FAMILY}


def test_no_representation_shows_a_value() -> None:
    lines = compare(Particulars(family_name="Goldenquist"), [candidate()])
    assert "Goldenquist" not in repr(lines)
