"""Worked cases: requests in sentences, with the outcome and the clauses each version must give.

Rules of the room:
- A case states facts once and its expectation for every version it is meant for.
- A case is right only if the standing and the cited clauses are both right.
- A case may be told as another one with changes, so that what makes the difference stands out.
- A case about time says what governs at an instant, and by which instrument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privity.agreement.assessment import Asked, Standing
from privity.agreement.version import Family
from privity.agreement.vocabulary import NOT_COUNTERSIGNED
from privity.agreement.vocabulary_reading import slug
from privity.agreement.written import Written, read_written
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import Slug, VersionName
from privity.request.form import FieldKind
from privity.request.tracing_request import FactValue

CASES_FILE = "cases.yaml"
FOUND_FILE = "found.yaml"
"""Cases that a solver found for clauses on which no written case turns; a person has read them."""


class UrgencyExpected(StrEnum):
    """What is expected of an asked-for shorter clock."""

    ACCEPTED = "accepted"
    """The grounds are ones the agreement lists."""
    REFUSED = "refused"
    """They are not; the request keeps the ordinary clock."""
    NOT_ASKED = "not-asked"
    """No shorter clock was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a version must say of a case. `struck` names items and the clauses that strike them."""

    version: VersionName
    standing: Standing
    cites: frozenset[str]
    asks: frozenset[Slug]
    struck: Mapping[DataItem, frozenset[str]]
    urgency: UrgencyExpected
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One worked case. `source` says where it comes from: a numbered case of the reference, or our own."""

    name: str
    says: str
    source: str
    asked: Asked
    expected: tuple[Expected, ...]
    line: int
    file: str = CASES_FILE


class GoverningExpected(StrEnum):
    """What must govern at an instant."""

    IN_FORCE = "in-force"
    """A version."""
    HELD = "held"
    """Nothing is decided: requests queue."""
    NO_AGREEMENT = "no-agreement"
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCase:
    """What must govern at an instant, and which version or instrument says so (empty where none does)."""

    name: str
    says: str
    source: str
    at: datetime
    expected: GoverningExpected
    by: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """All worked cases of a family."""

    requests: tuple[Case, ...]
    times: tuple[TimedCase, ...]


def read_cases(family: Family) -> Cases:
    """Return the worked cases of a family; none where it has no file of them.

    Raises: Unreadable: a case says something that cannot be.
    """
    reader = _Reader(family)
    requests: list[Case] = []
    times: list[TimedCase] = []
    for file, text in ((CASES_FILE, family.cases), (FOUND_FILE, family.found)):
        if not text:
            continue
        page = read_written(text, file)
        page.only("cases", "times")
        listed, timed = page.maybe("cases"), page.maybe("times")
        requests += [reader.case(body) for body in listed.parts()] if listed is not None else []
        times += [_timed(body) for body in timed.parts()] if timed is not None else []
    return Cases(requests=tuple(requests), times=tuple(times))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A case as told so far, before it is fixed into an `Asked`."""

    requester: OrganisationId
    purpose: Slug
    items: frozenset[DataItem]
    facts: Mapping[str, FactValue]
    declarations: frozenset[Slug]
    judged: Mapping[Slug, bool]
    countersigned_by: Slug
    urgency: str


class _Reader:
    """Reads cases in order, because a case may be told as an earlier one with changes."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._words = family.vocabulary
        self._told: dict[str, _Told] = {}

    def case(self, body: Written) -> Case:
        """Return one case."""
        entries = body.only(
            "case", "says", "source", "like", "requester", "purpose", "items", "facts", "declarations",
            "judged", "countersigned_by", "urgency", "expect",
        )  # fmt: skip
        name = body.at("case").text()
        if name in self._told:
            raise body.at("case").fault(f"the case `{name}` stands twice", "rename one of them")
        told = self._changed(self._before(entries.get("like"), body), entries)
        self._told[name] = told
        return Case(
            name=name,
            says=body.at("says").text(),
            source=body.at("source").text(),
            asked=Asked(
                requester=told.requester,
                family=self._family.name,
                purpose=told.purpose,
                items=told.items,
                facts=frozenset((key, value.__class__, value) for key, value in told.facts.items()),
                declarations=told.declarations,
                judged=frozenset(told.judged.items()),
                countersigned_by=told.countersigned_by,
                urgency=told.urgency,
            ),
            expected=tuple(self._expected(key, part) for key, part in body.at("expect").entries().items()),
            line=body.line,
            file=body.file,
        )

    def _before(self, like: Written | None, body: Written) -> _Told:
        """Return the case that this one is told after, or a blank one."""
        if like is not None:
            if like.text() not in self._told:
                raise like.fault(f"no case `{like.text()}` stands before this one", "tell that one first")
            return self._told[like.text()]
        return _Told(
            requester=self._words.organisations[0].members[0],
            purpose=slug(body.at("purpose"), "purpose"),
            items=frozenset(),
            facts={},
            declarations=frozenset(),
            judged={},
            countersigned_by=NOT_COUNTERSIGNED,
            urgency="",
        )

    def _changed(self, told: _Told, entries: Mapping[str, Written]) -> _Told:
        def word(key: str, before: Slug) -> Slug:
            return slug(entries[key], key) if key in entries else before

        return _Told(
            requester=OrganisationId(word("requester", Slug(told.requester))),
            purpose=word("purpose", told.purpose),
            items=told.items if "items" not in entries else self._items(entries["items"]),
            facts=told.facts if "facts" not in entries else self._facts(told.facts, entries["facts"]),
            declarations=(
                told.declarations if "declarations" not in entries else self._declarations(entries["declarations"])
            ),
            judged=told.judged if "judged" not in entries else _judged(told.judged, entries["judged"]),
            countersigned_by=word("countersigned_by", told.countersigned_by),
            urgency=told.urgency if "urgency" not in entries else entries["urgency"].text(),
        )

    def _items(self, written: Written) -> frozenset[DataItem]:
        """Return data items; the name of a class stands for all its items."""
        found: set[DataItem] = set()
        for part in written.parts():
            named = part.text()
            if named in self._words.item_classes:
                found |= self._words.item_classes[Slug(named)]
            elif named in tuple(DataItem):
                found.add(DataItem(named))
            else:
                raise part.fault(f"`{named}` is no data item and no class of items", "correct the word")
        return frozenset(found)

    def _facts(self, before: Mapping[str, FactValue], written: Written) -> Mapping[str, FactValue]:
        """Return the facts before with those written put over them; an empty one is taken away."""
        facts = dict(before)
        for name, value in written.entries().items():
            known = self._words.fact(name)
            if known is None:
                raise value.fault(f"`{name}` is no fact of the vocabulary", "publish it there first")
            if value.is_empty:
                facts.pop(name, None)
            elif known.kind is FieldKind.YES_NO:
                facts[name] = value.flag()
            elif known.kind is FieldKind.WHOLE_NUMBER:
                facts[name] = value.whole_number()
            else:
                facts[name] = _choice(value, frozenset(choice for choice, _ in known.choices))
        return facts

    def _declarations(self, written: Written) -> frozenset[Slug]:
        """Return declarations; `all` means every one, `all but [x]` is written as `{all_but: [x]}`."""
        every = frozenset(row.name for row in self._words.declarations)
        if written.is_list:
            return frozenset(_choice(part, every) for part in written.parts())
        if written.is_mapping:
            written.only("all_but")
            return every - {_choice(part, every) for part in written.at("all_but").parts()}
        if written.text() != "all":
            raise written.fault(f"`{written.text()}` names no declarations", "write `all` or a list")
        return every

    def _expected(self, version: str, body: Written) -> Expected:
        entries = body.only("standing", "cites", "asks", "struck", "urgency")
        known = self._family.version(VersionName(version))
        if known is None:
            raise body.fault(f"there is no version `{version}`", "name one of the folders")
        clauses = frozenset(clause.name for clause in known.clauses)
        questions = frozenset(question.name for question in known.questions)
        struck = entries["struck"].entries() if "struck" in entries else {}
        return Expected(
            version=known.name,
            standing=Standing(_choice(body.at("standing"), frozenset(Slug(row.value) for row in Standing))),
            cites=_names(body.at("cites"), clauses),
            asks=frozenset(Slug(name) for name in _names(entries.get("asks"), questions)),
            struck={_item(item, part): _names(part, clauses) for item, part in struck.items()},
            urgency=_urgency(entries.get("urgency")),
            line=body.line,
        )


def _names(written: Written | None, known: frozenset[str] | frozenset[Slug]) -> frozenset[str]:
    if written is None:
        return frozenset()
    for part in written.parts():
        if part.text() not in known:
            raise part.fault(f"`{part.text()}` is no clause or question of the version", "correct the name")
    return frozenset(written.texts())


def _item(name: str, written: Written) -> DataItem:
    if name not in tuple(DataItem):
        raise written.fault(f"`{name}` is no data item", "correct the word")
    return DataItem(name)


def _choice(written: Written, known: frozenset[Slug]) -> Slug:
    if written.text() not in known:
        raise written.fault(f"`{written.text()}` is not a word of this place", f"use {', '.join(sorted(known))}")
    return Slug(written.text())


def _judged(before: Mapping[Slug, bool], written: Written) -> Mapping[Slug, bool]:
    answers = dict(before)
    for name, value in written.entries().items():
        answers[Slug(name)] = value.flag()
    return answers


def _urgency(written: Written | None) -> UrgencyExpected:
    if written is None:
        return UrgencyExpected.NOT_ASKED
    if written.text() not in tuple(UrgencyExpected):
        raise written.fault(f"`{written.text()}` is not expected of a clock", "write `accepted` or `refused`")
    return UrgencyExpected(written.text())


def _timed(body: Written) -> TimedCase:
    body.only("case", "says", "source", "at", "expect", "by")
    expected = _choice(body.at("expect"), frozenset(Slug(row.value) for row in GoverningExpected))
    by = body.maybe("by")
    return TimedCase(
        name=body.at("case").text(),
        says=body.at("says").text(),
        source=body.at("source").text(),
        at=body.at("at").moment(),
        expected=GoverningExpected(expected),
        by="" if by is None else by.text(),
        line=body.line,
    )
