"""Letters of an instance: for the requester whose case it is, and for the custodian's officers who print them."""

from dataclasses import dataclass
from datetime import datetime

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.calling import heading
from privity.casework.letters import Letter, LetterKind, Surroundings, dated, letter
from privity.casework.refusal import RefusedBy, refused_by
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference, Slug
from privity.edge.seals.answer_pdf import can_make_pdf
from privity.edge.seals.letter_pdf import letter_pdf
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.languages import Languages
from privity.edge.wiring.published import PublishedAgreements


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBook:
    """Writes letters from the records of cases; nothing of them is kept."""

    store: Store
    agreements: PublishedAgreements
    languages: Languages

    def letter(self, reference: CaseReference, kind: LetterKind, *, by: Officer, at: datetime) -> Letter:
        """Return a letter on a case that this person may read.

        Raises: Mistaken: there is no such case for them, or no such letter on it.
        """
        file = self.store.case(reference)
        asks = by.role is Role.REQUESTING_OFFICER
        must_be_allowed(Operation.READ_OWN if asks else Operation.READ_CASE, by, file)
        words = Organisation.objects.filter(reference=file.organisation).values_list("words", flat=True).first()
        # A text that had ended is not what a refusal for want of an agreement was made under.
        ended = refused_by(file) is RefusedBy.NO_AGREEMENT
        name = "" if ended else file.state.version.partition("@")[2]
        purposes = dict(self.agreements.form(file.family).purposes)
        today = civil_day(at)
        tongue = self.languages.of_letter(file.organisation, dated(file, kind, today) or today)
        around = Surroundings(
            organisation=heading(words or file.organisation),
            agreement_title=self.agreements.version(file.family, name).title if name else "",
            purpose=purposes.get(Slug(file.purpose), file.purpose),
            language=tongue.code,
            say=tongue.say,
        )
        return letter(file, kind, around, today)

    def pdf(self, reference: CaseReference, kind: LetterKind, *, by: Officer, at: datetime) -> bytes:
        """Return a letter as one accessible PDF.

        Raises: Mistaken: as for `letter`. Unavailable: PDFs cannot be made here.
        """
        return letter_pdf(self.letter(reference, kind, by=by, at=at))

    def makes_pdf(self) -> bool:
        """Return whether letters can be had as PDF here."""
        return can_make_pdf()
