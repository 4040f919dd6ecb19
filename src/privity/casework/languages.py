"""In which language an organisation is written to: chosen by an administrator, on record with the words themselves.

Rules of the module:
- A letter, mail or sealed paper is written in the language that was chosen before its own day or moment, in the
  words that were chosen with it. A translation that is mended later is used once it is chosen again: what was sent
  stays as it was.
- A translation must be filled in with what its sentence is filled in with, or it is refused: a letter without its day,
  or one that cannot be written at all, helps nobody.
- What nobody translated stays English, and whoever chooses is told how much that is.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from privity.casework import letters, notification_words, tell_person
from privity.casework.instance_records import LanguageRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_moment
from privity.definitions import language
from privity.definitions.day import civil_day
from privity.definitions.language import ENGLISH, Tongue, is_translation
from privity.definitions.party import Officer, OrganisationId
from privity.disclosure import notice, renderings
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

PEOPLE = OrganisationId("people")
"""Stands for everybody who asked about themselves and wants to be told by mail."""
SENTENCES: Sequence[str] = tuple(
    dict.fromkeys(
        (
            *language.SENTENCES,
            *letters.SENTENCES,
            *notification_words.SENTENCES,
            *tell_person.SENTENCES,
            *renderings.SENTENCES,
            *notice.SENTENCES,
        )
    )
)
"""Everything that letters, mails and sealed papers say, each once."""
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def choose_language(
    unit: PublicUnit, organisation: OrganisationId, code: str, words: Mapping[str, str], *, by: Officer, at: datetime
) -> LanguageRecord:
    """Record in which language an organisation is written to from now on, with the words as they are translated now.

    Args:   code: like `cy` or `en-gb`. words: the translated sentences by the English ones; none for English.
    Raises: Mistaken: it is no language, it is in use with the same words, or a sentence would be filled in wrongly.
    """
    if not _CODE.fullmatch(code) or (code == ENGLISH) == bool(words):
        raise _refused("there is no translation into it here", "put the translation into `translations/` first")
    wrong = next((one for one, translated in sorted(words.items()) if not is_translation(one, translated)), None)
    if wrong is not None or not set(words) <= set(SENTENCES):
        raise _refused(
            f"the translation of `{wrong}` is filled in with something else than the sentence is",
            "mend it: `%(…)s` stands in a translation as often as in its sentence, under the same name",
        )
    before = unit.kept(LanguageRecord, organisation)
    text = canonical(dict(words))
    in_use = (before[-1].language, before[-1].words) if before else (ENGLISH, "{}")
    if in_use == (code, text):
        raise _refused("it is written to in these words already", "nothing need be done")
    record = LanguageRecord(
        reference=organisation,
        number=len(before) + 1,
        language=code,
        words=text,
        since=moment(at),
        set_by=by.staff_id,
    )
    unit.write(
        Act(
            kind=EntryKind.ORGANISATION_WRITTEN_TO,
            at=at,
            by=by,
            key=f"organisation:{organisation}",
            records=(record,),
            organisation=organisation,
            facts={"language": code},
        )
    )
    return record


def tongue_of_letter(chosen: Sequence[LanguageRecord], day: date) -> Tongue:
    """Return the language of a letter of a day: the one chosen before that day, so that no day has two."""
    return _tongue([one for one in chosen if civil_day(read_moment(one.since)) < day])


def tongue_of_mail(chosen: Sequence[LanguageRecord], at: datetime) -> Tongue:
    """Return the language of a mail that was made at a moment."""
    return _tongue([one for one in chosen if read_moment(one.since) <= at])


def _tongue(chosen: Sequence[LanguageRecord]) -> Tongue:
    if not chosen or chosen[-1].language == ENGLISH:
        return Tongue()
    words: dict[str, str] = json.loads(chosen[-1].words)
    return Tongue(code=chosen[-1].language, say=lambda sentence: words.get(sentence, sentence))


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the language was not chosen", why=why, next_step=next_step)
