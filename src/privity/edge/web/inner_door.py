"""The door through which the pages reach entrance, people, organisations, calendars and the ledger's entries.

`edge.wiring` opens it once, beside the first. Closed, nobody comes in.
"""

from privity.casework.auditor import Auditor
from privity.casework.entrance import Entrance
from privity.casework.holidays import CalendarDesk
from privity.casework.keeper import Keeper, Registrar
from privity.casework.kept_out import WordDesk
from privity.casework.mail_desk import MailDesk
from privity.casework.readings import ReadingDesk
from privity.casework.restored import RestoreDesk
from privity.edge.web.place import Place

_ENTRANCE: Place[Entrance] = Place()
_KEEPER: Place[Keeper] = Place()
_REGISTRAR: Place[Registrar] = Place()
_CALENDARS: Place[CalendarDesk] = Place()
_WORDS: Place[WordDesk] = Place()
_AUDITOR: Place[Auditor] = Place()
_RESTORES: Place[RestoreDesk] = Place()
_READINGS: Place[ReadingDesk] = Place()
_MAILS: Place[MailDesk] = Place()

entrance = _ENTRANCE.get
keeper = _KEEPER.get
registrar = _REGISTRAR.get
calendars = _CALENDARS.get
kept_words = _WORDS.get
auditor = _AUDITOR.get
readings = _READINGS.get
restores = _RESTORES.get
mails = _MAILS.get


def open_entrance(desk: Entrance) -> None:
    """Let people come in by this entrance."""
    _ENTRANCE.desk = desk


def open_inside(
    *,
    keeper: Keeper,
    registrar: Registrar,
    calendars: CalendarDesk,
    words: WordDesk,
    auditor: Auditor,
    readings: ReadingDesk,
    restores: RestoreDesk,
) -> None:
    """Put the desks of administrators and auditors behind their pages."""
    _KEEPER.desk, _REGISTRAR.desk = keeper, registrar
    _CALENDARS.desk, _WORDS.desk = calendars, words
    _AUDITOR.desk, _READINGS.desk, _RESTORES.desk = auditor, readings, restores


def open_mails(desk: MailDesk) -> None:
    """Put the desk of mails behind its pages."""
    _MAILS.desk = desk


def mails_are_shown() -> bool:
    """Return whether there is a desk of mails behind the pages."""
    return _MAILS.desk is not None
