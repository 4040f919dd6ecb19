"""The table of a year between two publications, counted from the log.

Rules of the module:
- The public's table stands still for a month: it counts what was in the ledger when the last month ended. One that
  moved with every act would tell everybody, within the second, what one request came to, before the body that asked
  has opened its answer.
- It is shown only where the newest published figures are exact. Before anything was published nobody has said that
  exact figures may be shown, and beside bands they would say what the bands hide. A year of which any quarter was
  published in bands is never shown: less its exact quarters, its table would say what that quarter's bands hide.
- The custodian's own table, at a terminal, counts to this moment.

Source: reliability.md T19, T20; the register of releases was published by the month (REG).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from privity.casework.calling import heading
from privity.casework.desk import StatisticsLine, StatisticsView
from privity.definitions.day import civil_day
from privity.edge.store.log import Log
from privity.edge.store.public_rows import Statistics
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.situation import requester_words
from privity.errors import Mistaken
from privity.ledger.entry import Entry
from privity.statistics.counts import Counts, Fold, total
from privity.statistics.suppression import Suppression


@dataclass(slots=True, kw_only=True)
class LiveFigures:
    """The tables of all years, counted once and carried on from there."""

    log: Log
    agreements: PublishedAgreements
    _fold: Fold = field(default_factory=Fold)

    def shown(self, year: int | None, at: datetime) -> StatisticsView:
        """Return the public's table of a year as it stood when the last month ended; the newest where none is given.

        Raises: Mistaken: no exact figures are published here, or nothing was received in that year by then.
        """
        settings = dict(Statistics.objects.order_by("-reference").values_list("reference", "setting"))
        banded = frozenset(int(name[:4]) for name, setting in settings.items() if setting != Suppression.EXACT.value)
        if next(iter(settings.values()), "") != Suppression.EXACT.value or year in banded:
            raise _none_exact()
        ended = civil_day(at).replace(day=1)
        self._fold.see(takewhile(lambda entry: civil_day(entry.at) < ended, self._entries()))
        return self._view(year, ended - timedelta(days=1), banded)

    def own(self, year: int | None, at: datetime) -> StatisticsView:
        """Return the custodian's own table of a year, to this moment; the newest where none is given.

        Raises: Mistaken: nothing was received in that year.
        """
        return LiveFigures(log=self.log, agreements=self.agreements, _fold=Fold().see(self._every()))._view(
            year, civil_day(at)
        )

    def _view(self, year: int | None, until: date, banded: frozenset[int] = frozenset()) -> StatisticsView:
        years = tuple(one for one in self._fold.years() if one not in banded)
        if year is not None and year not in years:
            raise Mistaken("the table was not found", why="nothing was received then", next_step="pick a year")
        chosen = year if year is not None else next(iter(years), until.year)
        if chosen in banded:
            raise _none_exact()
        rows = self._fold.table(year=chosen)
        return StatisticsView(
            year=chosen,
            years=years,
            until=until,
            lines=tuple(_line(row, heading(requester_words(self.agreements, row.requester))) for row in rows),
            total=_line(total(rows), "All requesters"),
        )

    def _entries(self) -> Iterator[Entry]:
        return (indexed.entry for indexed in self.log.entries(self._fold.size))

    def _every(self) -> Iterator[Entry]:
        return (indexed.entry for indexed in self.log.entries())


def _none_exact() -> Mistaken:
    return Mistaken(
        "the table was not found",
        why="figures are published by the quarter here, and no exact ones are out",
        next_step="choose a quarter from the list of publications",
    )


def _line(row: Counts, words: str) -> StatisticsLine:
    return StatisticsLine(
        requester=words,
        received=row.received,
        rejected=row.rejected,
        unreadable=row.unreadable,
        refused=row.refused,
        traced=row.traced,
        untraced=row.untraced,
        withdrawn=row.withdrawn,
        held=row.held,
        open=row.open,
        overdue=row.overdue,
    )
