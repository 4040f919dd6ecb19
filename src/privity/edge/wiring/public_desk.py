"""The desk of the public, the patient and the practice, joined to the store. Loaded after Django is up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privity.agreement.papers import Plan
from privity.casework.answer_patient import (
    Delay,
    Proofing,
    answer_question,
    ask_or_read,
    give_code,
    until_asked,
)
from privity.casework.instance_records import BackupRecord, ProtectionRecord, SubjectQuestionRecord
from privity.casework.leaflet import Leaflet
from privity.casework.protect import lift, newest_of_each_practice, protect
from privity.casework.public_desk import (
    AgreementLine,
    AskedTooOften,
    Attached,
    Differences,
    PublicDesk,
    Published,
    QuestionView,
    Together,
    Undone,
)
from privity.casework.record import read_moment
from privity.casework.tell_person import wish
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import NhsNumber, PersonId
from privity.edge.store.public_rows import Protection
from privity.edge.store.tables import read_rows
from privity.edge.wiring.combining import together
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.leaflet_pdf import can_print, leaflet_pdf
from privity.edge.wiring.public_agreements import agreement_lines, attached, differences, plan, register_of
from privity.edge.wiring.public_disclosed import code_digest, disclosures_about, fresh_code, open_questions
from privity.edge.wiring.public_protection import protections_kept
from privity.edge.wiring.public_statistics import published_statistics
from privity.edge.wiring.throttle import Throttle
from privity.errors import Mistaken, Unavailable
from privity.protection.registration import Lifting, Registration
from privity.statistics.quarter import Quarter

MOST_WRONG_CODES = 20
"""From one network address within a quarter of an hour. The limit is against load: a code has 80 bits."""

TOLD_OF_A_RESTORE = timedelta(days=90)
"""For how long practices are told that what they registered may have been lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancePublicDesk:
    """Everything these people see and can do. Nothing is decided here: acts decide, the store keeps."""

    instance: Instance

    def publications(self) -> Sequence[Published]:
        """Return every published quarter, newest first."""
        return published_statistics(self.instance.agreements)

    def together(self, quarter: Quarter) -> Together | None:
        """Return one quarter over all custodians; None where nobody else's figures of it are here."""
        return together(self.instance.data.other_custodians, self.instance.agreements, quarter)

    def registrations(self, practice: OrganisationId) -> Sequence[ProtectionRecord]:
        """Return what a practice has registered, the newest for each person, latest first."""
        people = list(Protection.objects.filter(practice=practice).values_list("reference", flat=True).distinct())
        rows = read_rows(ProtectionRecord, people, "default") if people else []
        mine = [row for row in rows if isinstance(row, ProtectionRecord) and row.practice == practice]
        newest = {row.reference: row for row in sorted(mine, key=lambda row: row.number)}
        return sorted(newest.values(), key=lambda row: row.at, reverse=True)

    def undone(self, at: datetime) -> Undone | None:
        """Return what the newest restore took from practices; None where none did, or long ago."""
        newest = next(iter(self.instance.restorer.done()), None)
        backups = read_rows(BackupRecord, [newest.reference], "default") if newest else []
        made = next((one.made_at for one in backups if isinstance(one, BackupRecord)), "")
        if newest is None or not made or read_moment(newest.acknowledged_at) + TOLD_OF_A_RESTORE < at:
            return None
        return Undone(since=read_moment(made), until=read_moment(newest.restored_at))

    def protect(self, registration: Registration, *, effects_read: bool, by: Officer, at: datetime) -> None:
        """Register a protection."""
        with self.instance.store.unit() as unit:
            protect(unit, registration, effects_read=effects_read, by=by, at=at)

    def protections(self, nhs_number: NhsNumber, *, by: Officer) -> Sequence[ProtectionRecord]:
        """Return what practices have registered for one person and still holds.

        Raises: Mistaken: not the guardian.
        """
        _guardian(by)
        rows = read_rows(ProtectionRecord, [nhs_number.digits], "default")
        return newest_of_each_practice([row for row in rows if isinstance(row, ProtectionRecord)])

    def not_on_register(self, *, by: Officer, on: date) -> Sequence[ProtectionRecord] | None:
        """Return what practices have registered for numbers that nobody on the register bears.

        Raises: Mistaken: not the guardian.
        """
        _guardian(by)
        kept = protections_kept(on)
        try:
            missing = self.instance.register.not_borne(sorted({one.reference for one in kept}))
        except Unavailable:
            return None
        return [one for one in kept if one.reference in missing]

    def lift(self, lifting: Lifting, *, effects_read: bool, by: Officer, at: datetime, seen: int | None = None) -> None:
        """Take a protection away."""
        with self.instance.store.unit() as unit:
            lift(unit, lifting, effects_read=effects_read, by=by, at=at, seen=seen)

    def give_code(self, nhs_number: NhsNumber, *, by: Officer, at: datetime) -> str:
        """Return a fresh code for a person who was seen; only its digest is kept."""
        code = fresh_code()
        proofing = Proofing.SEEN_AT_PRACTICE if by.role is Role.GP_PRACTICE else Proofing.CUSTODIAN
        with self.instance.store.unit() as unit:
            give_code(unit, nhs_number, code_digest(code), proofing, by=by, at=at)
        return code

    def ask_or_read(self, code: str, *, asked_from: str, at: datetime) -> SubjectQuestionRecord:
        """Return the question of a code; the first use asks it.

        Raises: AskedTooOften: too many wrong codes came from there. Mistaken: the code is wrong or no longer good.
        """
        throttle, name = Throttle(most_failures=MOST_WRONG_CODES), f"code-from:{asked_from}"
        if throttle.is_shut(name, at):
            raise AskedTooOften
        try:
            with self.instance.store.unit() as unit:
                return ask_or_read(unit, code_digest(code), at=at)
        except Mistaken:
            throttle.failed(name, at)
            raise

    def wish_to_be_told(self, reference: str, address: str, *, at: datetime) -> None:
        """Record where the person of a question wants to be told; an empty address ends it."""
        with self.instance.store.unit() as unit:
            wish(unit, reference, address, at=at)

    def questions(self, *, by: Officer) -> Sequence[SubjectQuestionRecord]:
        """Return people's questions for the guardian.

        Raises: Mistaken: not the guardian.
        """
        _guardian(by)
        return open_questions()

    def question(self, reference: str, *, by: Officer) -> QuestionView:
        """Return one question with what was disclosed about the person.

        Raises: Mistaken: not the guardian, or no such question.
        """
        _guardian(by)
        found = read_rows(SubjectQuestionRecord, [reference], "default")
        if not found:
            raise Mistaken("the question was not found", why="nobody asked it", next_step="choose one from the list")
        question = next(row for row in found if isinstance(row, SubjectQuestionRecord))
        person = PersonId(int(question.nhs_number))
        about = disclosures_about(person, self.instance.agreements, self.instance.store.case)
        return QuestionView(record=question, disclosures=until_asked(about, question))

    def answer(
        self,
        reference: str,
        decided: Mapping[str, tuple[date, str] | None],
        *,
        answered_before: str,
        by: Officer,
        at: datetime,
    ) -> None:
        """Answer a question; whoever answers has decided on everything that is told with it."""
        view = self.question(reference, by=by)
        delays = [Delay(case=case, until=one[0], reasons=one[1]) for case, one in decided.items() if one is not None]
        with self.instance.store.unit() as unit:
            newest = next(iter(unit.kept(SubjectQuestionRecord, reference)), view.record)
            if {each.case for each in view.disclosures} != set(decided) or newest.answered_at != answered_before:
                raise Mistaken(
                    "the answer was not recorded",
                    why="something was disclosed or answered since you opened the page, or was not decided on",
                    next_step="open the question again, and say of everything when it is told",
                )
            answer_question(unit, reference, view.disclosures, delays, by=by, at=at)

    def agreements(self) -> Sequence[AgreementLine]:
        """Return every agreement published here, with all that happened to it."""
        return agreement_lines(self.instance.agreements)

    def can_print(self) -> bool:
        """Return whether leaflets can be made as PDFs here."""
        return can_print()

    def leaflet_pdf(self, leaflet: Leaflet, *, language: str, large: bool) -> bytes:
        """Return a leaflet as an accessible PDF."""
        return leaflet_pdf(leaflet, language=language, large=large)

    def attached(self, family: str, version: str) -> Attached:
        """Return what lies beside a version."""
        return attached(self.instance.agreements, family, version)

    def plan(self, family: str) -> Plan:
        """Return the plan by which an agreement is revised."""
        return plan(self.instance.agreements, family)

    def differences(self, family: str, before: str, after: str) -> Differences:
        """Return what changed between two versions."""
        return differences(self.instance.agreements, family, before, after)

    def register_of_agreements(self) -> Sequence[Mapping[str, str]]:
        """Return every published version in the fields of the public register of agreements."""
        return register_of(self.instance.agreements)


def public_desk(instance: Instance) -> PublicDesk:
    """Return the public desk of an instance."""
    return InstancePublicDesk(instance=instance)


def _guardian(by: Officer) -> None:
    if by.role is not Role.GUARDIAN:
        raise Mistaken(
            "the page was not found", why="people's questions are the guardian's", next_step="ask the guardian"
        )
