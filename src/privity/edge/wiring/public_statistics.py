"""Figures made from the log, published, and read back as they were."""

from collections.abc import Sequence
from datetime import datetime

from privity.casework.calling import heading
from privity.casework.public_desk import Published
from privity.casework.publish_statistics import publish_statistics
from privity.casework.record import read_moment
from privity.definitions.day import Calendar, civil_day
from privity.definitions.party import Officer
from privity.edge.store.log import Log
from privity.edge.store.public_rows import Statistics
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.situation import requester_words
from privity.statistics.publication import Publication, publication, read_publication
from privity.statistics.quarter import Quarter, quarter_of
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression


def publish_quarters(
    store: Store,
    log: Log,
    quarters: Sequence[Quarter],
    *,
    calendar: Calendar,
    setting: Suppression,
    by: Officer,
    at: datetime,
) -> tuple[Publication, ...]:
    """Compute the figures of some quarters from the log as it stands, and publish all of them or none.

    Raises: Mistaken: a quarter is not over, or its figures are out already.
    """
    stories = Stories().see(indexed.entry for indexed in log.entries())
    return publish_counted(store, stories, quarters, calendar=calendar, setting=setting, by=by, at=at)


def publish_counted(
    store: Store,
    stories: Stories,
    quarters: Sequence[Quarter],
    *,
    calendar: Calendar,
    setting: Suppression,
    by: Officer,
    at: datetime,
) -> tuple[Publication, ...]:
    """Publish the figures of some quarters from what the ledger told so far, all of them or none.

    Raises: Mistaken: a quarter is not over, or its figures are out already.
    """
    made = tuple(
        publication(stories, quarter, origin=store.signer.name, calendar=calendar, setting=setting)
        for quarter in quarters
    )
    with store.unit() as unit:
        for each in made:
            publish_statistics(unit, each, by=by, at=at)
    return made


def unpublished_quarters(log: Log, at: datetime) -> tuple[Quarter, ...]:
    """Return the quarters that are over, in which anything was received, and whose figures are not out."""
    stories = Stories().see(indexed.entry for indexed in log.entries())
    today = civil_day(at)
    received = {quarter_of(story.received) for story in stories.cases.values()}
    out = set(Statistics.objects.values_list("reference", flat=True))
    return tuple(sorted(quarter for quarter in received if quarter.last < today and quarter.name not in out))


def published_statistics(agreements: PublishedAgreements) -> tuple[Published, ...]:
    """Return every publication, the newest quarter first."""
    return tuple(_published(row, agreements) for row in Statistics.objects.order_by("-reference"))


def _published(row: Statistics, agreements: PublishedAgreements) -> Published:
    made = read_publication(row.text.encode())
    rows = made.contents["requesters"]
    assert isinstance(rows, list)
    marks = made.contents["markers"]
    assert isinstance(marks, list)
    marked = [str(mark["agreement"]).partition("@")[0] for mark in marks]
    families = dict.fromkeys([*(str(each["requester"]) for each in rows), *marked])
    return Published(
        publication=made,
        published_on=civil_day(read_moment(row.at)),
        names={family: heading(requester_words(agreements, family)) for family in families},
        classes={
            (family, purpose): words
            for family, known in agreements.families().items()
            for purpose, words in known.vocabulary.purposes
        },
    )
