"""What is shared now, in plain words, computed from what governs at this moment and from nothing else."""

from dataclasses import replace
from datetime import date, datetime

from privity.agreement.in_force import Held, InForce, NoAgreement
from privity.agreement.version import Family, PartyRole, Version
from privity.casework.calling import CALLED, heading, manner
from privity.casework.desk import SharedLine, Situation, TermsChange
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem, ItemClass
from privity.definitions.reference import AgreementFamily
from privity.edge.wiring.published import PublishedAgreements
from privity.request.due import british

MOST_CHANGES = 5
LIFTED = "-lifted"
"""Ends the name under which the end of a suspension is published."""
NEVER = tuple(item.words for item in DataItem if item.item_class is ItemClass.CLINICAL)


def requester_words(agreements: PublishedAgreements, family: str) -> str:
    """Return what the requesters under a family are called in a sentence."""
    if family in CALLED:
        return CALLED[family]
    known = agreements.families().get(family)
    words = [
        party.words
        for version in (known.versions if known else ())
        for party in version.parties
        if party.role is PartyRole.REQUESTER
    ]
    return words[-1] if words else family


def situation(agreements: PublishedAgreements, at: datetime) -> Situation:
    """Return one line for every agreement this gateway has published, in the order of their names."""
    lines = []
    for name, known in sorted(agreements.families().items()):
        words = requester_words(agreements, name)
        line = replace(_line(known, agreements, words, at), called=words, manner=manner(name))
        announced = agreements.announced(name, at)
        lines.append(replace(line, announced_on=civil_day(announced[0].effective_from)) if announced else line)
    return Situation(on=civil_day(at), lines=tuple(lines), changes=_changes(agreements, at))


def _changes(agreements: PublishedAgreements, at: datetime) -> tuple[TermsChange, ...]:
    """Return what happened to the agreements last, newest first; one day's announcements count once."""
    found = set()
    for family, known in agreements.families().items():
        begun: dict[str, datetime] = {version.name: version.effective_from for version in known.versions}
        begun |= {act.name: act.effective_from for act in known.instruments}
        begun |= {act.name + LIFTED: act.lifted_at for act in known.instruments if act.lifted_at}
        requester = heading(requester_words(agreements, family))
        found |= {
            (civil_day(begun[out.name]), requester, out.kind)
            for out in agreements.published(family)
            if out.name in begun and max(begun[out.name], out.at) <= at
        }
    newest = sorted(found, reverse=True)[:MOST_CHANGES]
    return tuple(TermsChange(on=day, requester=requester, kind=kind) for day, requester, kind in newest)


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _line(known: Family, agreements: PublishedAgreements, requester: str, at: datetime) -> SharedLine:
    match agreements.governing(AgreementFamily(known.name), at):
        case InForce(version=version, since=since):
            sentence = f"{_start(requester)} can ask for some details, and people decide each time."
            return _of_version(version, requester, "in-force", civil_day(since), sentence, shares=True)
        case Held(version=version, since=since):
            sentence = f"Nothing is given to {requester}: requests have been on hold since {british(civil_day(since))}."
            return _of_version(version, requester, "suspended", civil_day(since), sentence, shares=False)
        case NoAgreement(since=since, last_version=last):
            day = civil_day(since) if since else None
            when = f" since {british(day)}" if day else ""
            sentence = f"Nothing is given to {requester}: no agreement has been in force{when}."
            if last is None:
                return _nothing(known, requester, day, sentence)
            return _of_version(last, requester, "none", day, sentence, shares=False)


def _of_version(
    version: Version, requester: str, standing: str, since: date | None, sentence: str, *, shares: bool
) -> SharedLine:
    return SharedLine(
        family=version.family,
        title=version.title,
        requester=heading(requester),
        standing=standing,
        since=since,
        sentence=sentence,
        items=tuple(item.words for item in DataItem if item in version.items) if shares else (),
        never=NEVER,
        purposes=tuple(words for _, words in version.purposes) if shares else (),
        conditions=tuple(clause.says for clause in version.clauses if clause.consequence) if shares else (),
        decided_by=version.decided_by if shares else "",
        kept_days=version.retention_days if shares else None,
        published_on=civil_day(version.published_at) if version.published_at else None,
        version=version.name,
    )


def _nothing(known: Family, requester: str, since: date | None, sentence: str) -> SharedLine:
    return SharedLine(
        family=known.name,
        title="",
        requester=heading(requester),
        standing="none",
        since=since,
        sentence=sentence,
        items=(),
        never=NEVER,
        purposes=(),
        conditions=(),
        decided_by="",
        kept_days=None,
        published_on=None,
        version="",
    )
