"""Codes, questions and what was disclosed about one person, from the database."""

import hashlib
import json
import os
from collections.abc import Callable

from privity.casework.case_file import CaseFile
from privity.casework.dispatch import TAKEN_BACK
from privity.casework.instance_records import SubjectQuestionRecord
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.public_desk import Disclosure
from privity.casework.record import read_moment
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem
from privity.definitions.person import PersonId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Determination, Opening, Outbox, Pack, Request
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.public_rows import SubjectQuestion
from privity.edge.store.tables import read_rows
from privity.edge.wiring.published import PublishedAgreements
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Agreed

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
"""80 random bits: nobody guesses one."""
TOLD = ("disclosed", "forwarded")
"""The answers that told the requester something about the person."""


def fresh_code() -> str:
    """Return a code in four groups, e.g. `7K3M-…`, without letters that look alike."""
    drawn = "".join(LETTERS[byte % len(LETTERS)] for byte in os.urandom(CODE_LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def code_digest(code: str) -> str:
    """Return what a code is kept as. Case, spaces and hyphens do not matter, nor O for 0, nor I and L for 1."""
    bare = "".join(letter for letter in code.upper() if letter.isalnum()).translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(b"privity subject code\x00" + bare.encode()).hexdigest()


def open_questions() -> tuple[SubjectQuestionRecord, ...]:
    """Return every question, the one whose answer is due soonest first, answered ones last."""
    wanted = list(SubjectQuestion.objects.order_by("answer_on").values_list("reference", flat=True))
    rows = read_rows(SubjectQuestionRecord, wanted, "default") if wanted else []
    found = [row for row in rows if isinstance(row, SubjectQuestionRecord)]
    return tuple(sorted(found, key=lambda row: (bool(row.answered_at), row.answer_on)))


def disclosures_about(
    person: PersonId, agreements: PublishedAgreements, read_case: Callable[[CaseReference], CaseFile]
) -> tuple[Disclosure, ...]:
    """Return everything that was sealed about one person and not taken back before it left, oldest first."""
    cases = Determination.objects.filter(stage=Stage.IDENTITY.value, choice=person).values("reference")
    taken_back = Outbox.objects.filter(state=TAKEN_BACK).values("reference")
    packs = Pack.objects.filter(reference__in=cases, answer__in=TOLD).exclude(reference__in=taken_back)
    return tuple(
        _disclosure(pack, agreements)
        for pack in packs.order_by("sealed_at")
        if _identified(pack, read_case(CaseReference(pack.reference))) == person
    )


def _identified(pack: Pack, file: CaseFile) -> PersonId | None:
    """Return whom an answer is about.

    Only the views that count when it was sealed do: a case that another version or another trace followed was judged
    anew, and whoever was named before is not whom the answer is about.
    """
    settled = file.consulted(Stage.IDENTITY, IDENTITY_QUESTION, pack.version)
    return settled.choice if isinstance(settled, Agreed) else None


def _disclosure(pack: Pack, agreements: PublishedAgreements) -> Disclosure:
    opening = Opening.objects.get(reference=pack.reference)
    purpose = Request.objects.values_list("purpose", flat=True).get(reference=pack.reference)
    family, _, name = pack.version.partition("@")
    words: dict[str, str] = {str(slug): text for slug, text in agreements.version(family, name).vocabulary.purposes}
    organisation = Organisation.objects.filter(reference=opening.organisation).first()
    return Disclosure(
        case=pack.reference,
        to=organisation.words if organisation else opening.organisation,
        on=civil_day(read_moment(pack.sealed_at)),
        items=tuple(DataItem(item).words for item in json.loads(pack.items)),
        purpose=words.get(purpose, purpose),
    )
