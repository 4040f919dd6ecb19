"""The desk of the safety screen and the forwarded letter, joined to the store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from privity.casework import forward_letter, screen
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.case_file import CaseFile
from privity.casework.permits import PERMITTED
from privity.casework.ports import Gateway
from privity.casework.safety_desk import LetterView, SafetyView
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import GUARDIANS_ONLY, Course, SafetyAnswer, SafetyQuestion, concerns
from privity.edge.store.account import Account
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.acting import act_on, must_not_be_parked, organisation_words


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSafetyDesk:
    """Everything these pages show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    gateway: Gateway

    def safety(self, reference: CaseReference, *, by: Officer, at: datetime) -> SafetyView:
        """Return the screen of a case; the reading is on record."""
        with self.store.unit() as unit:
            file = unit.case(reference)
            must_be_allowed(Operation.READ_CASE, by, file)
            must_be_allowed(Operation.SCREEN, by, file)
            file, sight = screen.show_screen(unit, self.gateway, reference, by=by, at=at)
        home = sight.household
        return SafetyView(
            file=file,
            organisation=organisation_words(file.organisation),
            concerns=tuple(one for one in concerns(sight) if by.role is Role.GUARDIAN or one not in GUARDIANS_ONLY),
            others=home.others if home else None,
            children=home.children if home else None,
            whereabouts=sight.whereabouts,
            courses=screen.offered(file, sight, by.role),
            items=_would_leave(file),
            seen=sight.digest(),
        )

    def screen(
        self,
        reference: CaseReference,
        *,
        course: Course,
        answers: Mapping[SafetyQuestion, SafetyAnswer],
        reasons: str,
        seen: str,
        revision: int,
        by: Officer,
        at: datetime,
    ) -> None:
        """Record a screen."""
        done = act_on(
            self.store,
            Operation.SCREEN,
            reference,
            revision,
            by,
            lambda unit: screen.screen(
                unit,
                self.gateway,
                reference,
                course=course,
                answers=answers,
                reasons=reasons,
                seen=seen,
                by=by,
                at=at,
            ),
        )
        must_not_be_parked(done, "the safety screen was not recorded")

    def letter(self, reference: CaseReference, *, by: Officer, at: datetime, envelope: bool = False) -> LetterView:
        """Return the letter of a case, and the envelope where it is wanted and theirs to see."""
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_CASE, by, file)
        must_be_allowed(Operation.DRAFT_LETTER, by, file)
        view = self._letter(file, by)
        if not envelope:
            return view
        with self.store.unit() as unit:
            shown = forward_letter.show_envelope(unit, self.gateway, reference, by=by, at=at)
        return replace(view, envelope=shown)

    def draft(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Write the letter, or write it anew."""
        act_on(
            self.store,
            Operation.DRAFT_LETTER,
            reference,
            revision,
            by,
            lambda unit: forward_letter.draft_letter(unit, reference, words=words, by=by, at=at),
        )

    def post(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Record that the letter was posted."""
        done = act_on(
            self.store,
            Operation.FORWARD_LETTER,
            reference,
            revision,
            by,
            lambda unit: forward_letter.forward_letter(unit, self.gateway, reference, by=by, at=at),
        )
        must_not_be_parked(done, "no letter was forwarded")

    def give_back(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Give the case back to the guardian."""
        act_on(
            self.store,
            Operation.DRAFT_LETTER,
            reference,
            revision,
            by,
            lambda unit: forward_letter.return_to_guardian(unit, reference, by=by, at=at),
        )

    def _letter(self, file: CaseFile, by: Officer) -> LetterView:
        letter = file.draft
        author = letter.drafted_by if letter else ""
        people: dict[str, str] = dict(Account.objects.filter(staff_id=author).values_list("staff_id", "name"))
        return LetterView(
            file=file,
            organisation=organisation_words(file.organisation),
            letter=letter,
            is_mine=letter is not None and author == by.staff_id,
            written_by=people.get(author, author),
        )


def _would_leave(file: CaseFile) -> tuple[str, ...]:
    """Return the items that the newest assessment lets leave, in words."""
    found = json.loads(file.assessment.items)
    return tuple(DataItem(one["item"]).words for one in found if one["outcome"] == PERMITTED)
