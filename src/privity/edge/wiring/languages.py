"""The languages organisations are written to in: what lies in `translations/`, and what was chosen for whom."""

import gettext
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.instance_records import LanguageRecord
from privity.casework.languages import PEOPLE, SENTENCES, choose_language, tongue_of_letter, tongue_of_mail
from privity.casework.notifications import CUSTODIAN, DEPARTMENT
from privity.definitions.language import ENGLISH, Tongue
from privity.definitions.party import Officer, OrganisationId
from privity.edge.settings.places import DataDirectory
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.notification_rows import Language
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.errors import Mistaken, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """For whom a language was chosen, which one, since when, and how much of it is translated."""

    organisation: str
    language: str
    since: str
    translated: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """Chooses and finds the language of letters and mails."""

    store: Store
    data: DataDirectory

    def known(self) -> Sequence[tuple[str, str]]:
        """Return the languages there are, each as its code and its own name; English first."""
        return [(ENGLISH, "English"), *self.data.languages()]

    def choose(self, organisation: str, code: str, *, by: Officer, at: datetime) -> Chosen:
        """Write to an organisation in a language from now on, in the words that lie in `translations/` at this moment.

        Raises: Mistaken: nobody of that name is written to, there is no such translation, or it is filled in wrongly.
                Unavailable: the translation cannot be read.
        """
        must_be_allowed(Operation.KEEP_CONTACTS, by)
        written_to = organisation in (CUSTODIAN, DEPARTMENT, PEOPLE)
        if not written_to and not Organisation.objects.filter(reference=organisation).exists():
            raise Mistaken(
                "the language was not chosen",
                why="no organisation of that name is enrolled",
                next_step=f"enrol it first; `{CUSTODIAN}`, `{DEPARTMENT}` and `{PEOPLE}` are always known",
            )
        words = self._words(code)
        with self.store.unit() as unit:
            return _chosen(choose_language(unit, OrganisationId(organisation), code, words, by=by, at=at))

    def chosen(self) -> Sequence[Chosen]:
        """Return for whom a language was chosen, by name."""
        names = sorted(set(Language.objects.values_list("reference", flat=True)))
        return [_chosen(self._records(name)[-1]) for name in names]

    def of_letter(self, organisation: str, day: date) -> Tongue:
        """Return the language of a letter of a day."""
        return tongue_of_letter(self._records(organisation), day)

    def of_mail(self, organisation: str, at: datetime) -> Tongue:
        """Return the language of a mail made at a moment."""
        return tongue_of_mail(self._records(organisation), at)

    def _records(self, organisation: str) -> list[LanguageRecord]:
        kept = read_rows(LanguageRecord, [organisation], self.store.alias)
        return [one for one in kept if isinstance(one, LanguageRecord)]

    def _words(self, code: str) -> Mapping[str, str]:
        """Return what is translated of letters and mails; nothing for English, or where there is no translation."""
        file = self._file(code)
        if file is None:
            return {}
        try:
            with file.open("rb") as opened:
                catalogue = gettext.GNUTranslations(opened)
        except (OSError, UnicodeError, ValueError) as broken:
            raise Unavailable(
                "the language was not chosen",
                why=f"the translation `{code}` cannot be read",
                next_step="make it anew with `msgfmt --check`",
            ) from broken
        said = {sentence: catalogue.gettext(sentence) for sentence in SENTENCES}
        return {sentence: words for sentence, words in said.items() if words != sentence}

    def _file(self, code: str) -> Path | None:
        if code == ENGLISH:
            return None
        return self.data.translation(code)


def _chosen(record: LanguageRecord) -> Chosen:
    count = len(SENTENCES) if record.language == ENGLISH else len(json.loads(record.words))
    return Chosen(
        organisation=record.reference,
        language=record.language,
        since=record.since,
        translated=count,
        of=len(SENTENCES),
    )
