"""Patients of the demonstration and their practice: protected, given codes, and told what was disclosed about them.

The practice gives three codes on the first of the present days; their answers can be read today. A fourth has not
been used yet, and one question lies before the guardian.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import cast

from privity.casework.public_desk import PublicDesk
from privity.definitions.day import civil_day
from privity.definitions.person import Address, NhsNumber
from privity.edge.demonstration.cast import GUARDIAN, PRACTICE_DESK
from privity.edge.demonstration.walk import Walk
from privity.edge.wiring.instance import Instance
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import AskedBy, Registration

TOLD, DELAYED, NOTHING, UNUSED, WAITING = "told", "delayed", "nothing", "unused", "waiting"
WORDS: Mapping[str, str] = {
    TOLD: "somebody about whom details were given out",
    DELAYED: "somebody who is not told yet, for an investigation would suffer",
    NOTHING: "somebody about whom nothing was given out",
    UNUSED: "a code that nobody has used yet",
}
"""What each printed code shows."""
REASONS = "A suspect in an inquiry that is under way would be warned, and would move on before being found."
DELAY = timedelta(days=60)
REFUGE = Address(lines=("The Refuge (made up)", "1 Quiet Street"), postcode="LS1 4AP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """The codes of the demonstration, by what each shows."""

    codes: Mapping[str, str]

    def printed(self) -> tuple[tuple[str, str], ...]:
        """Return each code with what it shows."""
        return tuple((self.codes[name], words) for name, words in WORDS.items())


def meet_patients(instance: Instance, walked: Walk, spare: Sequence[str], *, at: datetime) -> Patients:
    """Have the practice protect two patients and give codes, and three people ask.

    Args: spare: NHS numbers of people nobody asked about.
    """
    desk = _desk(instance)
    disclosed = _disclosed_numbers(instance, walked)
    numbers = dict(zip((TOLD, DELAYED, WAITING), [*disclosed, *spare[-3:]][:3], strict=True))
    numbers |= {NOTHING: spare[0], UNUSED: spare[1]}
    codes = {name: desk.give_code(NhsNumber(number), by=PRACTICE_DESK, at=at) for name, number in numbers.items()}
    for name in (TOLD, DELAYED, NOTHING):
        desk.ask_or_read(codes[name], asked_from="", at=at)
    always = Period()
    for number, flagged, letters in ((spare[2], True, False), (spare[3], False, True)):
        desk.protect(
            Registration(
                nhs_number=NhsNumber(number),
                flagged=flagged,
                correspondence=(
                    CorrespondenceAddress(place=PlaceKind.CHARITY, address=REFUGE, period=always) if letters else None
                ),
                period=always,
                reason="Made up: she is afraid of somebody she used to live with.",
                asked_by=AskedBy.PERSON,
            ),
            effects_read=True,
            by=PRACTICE_DESK,
            at=at,
        )
    return Patients(codes=codes)


def answer_patients(instance: Instance, patients: Patients, *, at: datetime) -> None:
    """Have the guardian answer those who asked, delaying one person's answer, and one more person ask."""
    desk = _desk(instance)
    for name in (TOLD, DELAYED, NOTHING):
        question = desk.ask_or_read(patients.codes[name], asked_from="", at=at)
        about = desk.question(question.reference, by=GUARDIAN).disclosures
        until = civil_day(at) + DELAY
        decided = {each.case: (until, REASONS) if name == DELAYED else None for each in about}
        desk.answer(question.reference, decided, answered_before="", by=GUARDIAN, at=at)
    desk.ask_or_read(patients.codes[WAITING], asked_from="", at=at)


def _desk(instance: Instance) -> PublicDesk:
    # Loaded by name: its rows can be imported only once the instance is open.
    return cast(PublicDesk, import_module("privity.edge.wiring.public_desk").public_desk(instance))


def _disclosed_numbers(instance: Instance, walked: Walk) -> list[str]:
    """Return the NHS numbers of the first people about whom something was disclosed, each once."""
    closed = {"sealed", "sent", "collected", "destroyed"}
    statuses = instance.store.statuses()
    named = (plan.truth for reference, plan in walked.known.items() if statuses.get(reference) in closed)
    return list(dict.fromkeys(number for number in named if number))[:3]
