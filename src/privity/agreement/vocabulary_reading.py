"""The vocabulary of a family, from text to value. Every fault names its file and line."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from privity.agreement.vocabulary import (
    NOT_COUNTERSIGNED,
    NOT_STATED,
    Choices,
    DatedMaximum,
    Declaration,
    Fact,
    FactSource,
    MaximumTerm,
    Offence,
    OrganisationGroup,
    QuestionKind,
    ReservedQuestion,
    Vocabulary,
)
from privity.agreement.written import Written, read_written
from privity.definitions.item import DataItem, ItemClass
from privity.definitions.party import OrganisationId, Role
from privity.definitions.reference import AgreementFamily, Slug, read_slug
from privity.errors import Mistaken
from privity.request.form import FieldKind

VOCABULARY_FILE = "vocabulary.yaml"
OFFENCES_FILE = "../offences.yaml"
"""The shared table of offences, one for all families: its path seen from a family's folder."""
WITHOUT_LIMIT = 1200
"""Months that stand for `life` and `at large`: above every threshold an agreement could name."""
LONGEST_PURPOSE = 40
"""Letters of a purpose's word: as long as a word of the ledger may be."""
_RESERVED = frozenset({"purpose", "declared", "judged", "countersigned_by"})
_OFFENCE = "offence"


def read_vocabulary(family: AgreementFamily, files: Mapping[str, str]) -> Vocabulary:
    """Return the vocabulary of a family.

    Args:   files: path relative to the family's folder to text; the shared table as `../offences.yaml`.
    Raises: Unreadable: a file says something that cannot be. Mistaken: the vocabulary is not there.
    """
    if VOCABULARY_FILE not in files:
        raise Mistaken(
            f"the agreement `{family}` was not read",
            why=f"its `{VOCABULARY_FILE}` is missing",
            next_step="write the vocabulary first: clauses can only use words it publishes",
        )
    page = read_written(files[VOCABULARY_FILE], VOCABULARY_FILE)
    entries = page.only(
        "family", "organisations", "purposes", "items", "offences", "ranks", "facts", "derived",
        "declared", "judged", "exceptional",
    )  # fmt: skip
    if page.at("family").text() != family:
        raise page.at("family").fault("it is not the name of the folder", f"write `{family}`")
    offences = _chosen_offences(entries.get("offences"), files)
    purposes = _purposes(page.at("purposes"))
    facts = _facts(entries.get("facts"), purposes, offences)
    return Vocabulary(
        family=family,
        organisations=_organisations(page.at("organisations")),
        purposes=purposes,
        item_classes=_item_classes(page.at("items")),
        offences=offences,
        ranks=_choices(entries.get("ranks"), "rank"),
        facts=facts,
        derived=_derived(entries.get("derived"), facts),
        declarations=_declarations(entries.get("declared"), purposes),
        questions=_questions(entries.get("judged")),
        exceptional=_choices(entries.get("exceptional"), "exceptional circumstance"),
        sha256=_digest(files),
    )


def _digest(files: Mapping[str, str]) -> str:
    """Return one digest over the vocabulary and the shared table it chooses from."""
    digest = hashlib.sha256()
    for name in (VOCABULARY_FILE, OFFENCES_FILE):
        digest.update(hashlib.sha256(files.get(name, "").encode()).digest())
    return digest.hexdigest()


def slug(written: Written, what: str) -> Slug:
    """Return a vocabulary word.

    Raises: Unreadable: it holds anything but lower case letters, digits, `-` and `_`.
    """
    try:
        return read_slug(written.text(), what=what)
    except Mistaken as error:
        raise written.fault(error.why, "write it like `lost_contact` or `immigration-offence`") from error


def _choices(written: Written | None, what: str) -> Choices:
    if written is None:
        return ()
    found = []
    for key, words in written.entries().items():
        try:
            word = read_slug(key, what=what)
        except Mistaken as error:
            raise words.fault(f"`{key}`: {error.why}", "rename it") from error
        if word in (NOT_STATED, NOT_COUNTERSIGNED):
            raise words.fault(f"`{key}` is kept for a value that was not given", "choose another word")
        found.append((word, words.text()))
    return tuple(found)


def _purposes(written: Written) -> Choices:
    """Return the purposes, each short enough to stand in the ledger, which says what every request is for."""
    found = _choices(written, "purpose")
    for (word, _words), at in zip(found, written.entries().values(), strict=True):
        if len(word) > LONGEST_PURPOSE:
            raise at.fault(f"`{word}` is longer than {LONGEST_PURPOSE} letters", "choose a shorter word")
    return found


def _organisations(written: Written) -> tuple[OrganisationGroup, ...]:
    groups = []
    for name, members in written.entries().items():
        ids = tuple(OrganisationId(slug(member, "organisation")) for member in members.parts())
        if not ids:
            raise members.fault(f"the group `{name}` has no member", "name at least one organisation")
        groups.append(OrganisationGroup(name=Slug(name), members=ids))
    return tuple(groups)


def _item_classes(written: Written) -> Mapping[Slug, frozenset[DataItem]]:
    classes: dict[Slug, frozenset[DataItem]] = {}
    for name, members in written.entries().items():
        if name in tuple(ItemClass):
            raise members.fault(f"`{name}` is a class of its own already", "choose another name")
        classes[Slug(name)] = frozenset(_item(member) for member in members.parts())
    return MappingProxyType(classes)


def _item(written: Written) -> DataItem:
    try:
        return DataItem(written.text())
    except ValueError as error:
        known = ", ".join(item.value for item in DataItem)
        raise written.fault(f"`{written.text()}` is no data item", f"use one of {known}") from error


def _facts(written: Written | None, purposes: Choices, offences: tuple[Offence, ...]) -> tuple[Fact, ...]:
    if written is None:
        return ()
    return tuple(_fact(name, body, purposes, offences) for name, body in written.entries().items())


def _fact(name: str, body: Written, purposes: Choices, offences: tuple[Offence, ...]) -> Fact:
    entries = body.only("type", "words", "help", "choices", "required_for", "stated_by")
    if name in _RESERVED or not name.isidentifier():
        raise body.fault(f"`{name}` cannot name a fact", "write lower case words joined by `_`")
    kind_written = body.at("type").text()
    is_offence = kind_written == _OFFENCE
    try:
        kind = FieldKind.ONE_OF if is_offence else FieldKind(kind_written)
    except ValueError as error:
        known = ", ".join([*(kind.value for kind in FieldKind), _OFFENCE])
        raise body.at("type").fault(f"`{kind_written}` is no type of fact", f"use one of {known}") from error
    choices = tuple((row.code, row.words) for row in offences) if is_offence else ()
    if "choices" in entries:
        choices = _choices(entries["choices"], "choice")
    if (kind is FieldKind.ONE_OF) != bool(choices):
        raise body.fault(f"the fact `{name}` and its choices do not fit", "list choices for one-of, and only there")
    return Fact(
        name=name,
        kind=kind,
        words=body.at("words").text(),
        help=_optional(body, "help"),
        choices=choices,
        required_for=_required_for(entries.get("required_for"), purposes),
        source=FactSource(_optional(body, "stated_by") or FactSource.REQUESTER.value),
        is_offence=is_offence,
    )


def _optional(body: Written, key: str) -> str:
    found = body.maybe(key)
    return "" if found is None else found.text()


def _required_for(written: Written | None, purposes: Choices) -> frozenset[Slug]:
    """Return the purposes for which an answer must be given; `all` means every one."""
    known = {purpose for purpose, _ in purposes}
    if written is None:
        return frozenset()
    if not written.is_list:
        if written.text() == "all":
            return frozenset(known)
        raise written.fault(f"`{written.text()}` is no list of purposes", "write `all` or a list")
    wanted = frozenset(slug(part, "purpose") for part in written.parts())
    if not wanted <= known:
        raise written.fault("it names a purpose that is not published", f"use {', '.join(sorted(known))}")
    return wanted


def _derived(written: Written | None, facts: tuple[Fact, ...]) -> tuple[MaximumTerm, ...]:
    if written is None:
        return ()
    offences = {fact.name for fact in facts if fact.is_offence}
    found = []
    for name, body in written.entries().items():
        body.only("maximum_term_of", "at_least_months", "words")
        source = body.at("maximum_term_of")
        if source.text() not in offences:
            raise source.fault(f"`{source.text()}` is no fact of type offence", "name one that is")
        found.append(MaximumTerm(name=name, offence=source.text(), months=body.at("at_least_months").whole_number()))
    return tuple(found)


def _declarations(written: Written | None, purposes: Choices) -> tuple[Declaration, ...]:
    if written is None:
        return ()
    found = []
    for name, body in written.entries().items():
        entries = body.only("words", "help", "required_for")
        found.append(
            Declaration(
                name=read_slug(name, what="declaration"),
                words=body.at("words").text(),
                help=_optional(body, "help"),
                required_for=_required_for(entries.get("required_for"), purposes),
            )
        )
    return tuple(found)


def _questions(written: Written | None) -> tuple[ReservedQuestion, ...]:
    if written is None:
        return ()
    return tuple(_question(name, body) for name, body in written.entries().items())


def _question(name: str, body: Written) -> ReservedQuestion:
    body.only("ask", "by", "kind", "words")
    kind = body.at("kind")
    if kind.text() not in tuple(QuestionKind):
        raise kind.fault(f"`{kind.text()}` is no kind of question", "write `judgement` or `ruling`")
    roles = tuple(_role(part) for part in body.at("by").parts())
    if not roles:
        raise body.at("by").fault("nobody may answer it", "name at least one role")
    return ReservedQuestion(
        name=read_slug(name, what="question"),
        ask=body.at("ask").text(),
        kind=QuestionKind(kind.text()),
        by=roles,
        words=body.at("words").text(),
    )


def _role(written: Written) -> Role:
    """Return a role that may answer: an officer or the guardian, never the department or a machine."""
    allowed = (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
    if written.text() not in allowed:
        raise written.fault(
            f"`{written.text()}` may not answer a reserved question",
            f"use {' or '.join(role.value for role in allowed)}",
        )
    return Role(written.text())


def _chosen_offences(written: Written | None, files: Mapping[str, str]) -> tuple[Offence, ...]:
    """Return the offences a family chooses from the shared table, in its order."""
    if written is None:
        return ()
    if OFFENCES_FILE not in files:
        raise written.fault("the shared table of offences is missing", f"add `{OFFENCES_FILE}`")
    table = read_offences(files[OFFENCES_FILE])
    chosen = []
    for part in written.parts():
        if part.text() not in table:
            raise part.fault(f"`{part.text()}` is not in the table of offences", "add it there first")
        chosen.append(table[part.text()])
    return tuple(chosen)


def read_offences(text: str) -> Mapping[str, Offence]:
    """Return the shared table of offences by code.

    Raises: Unreadable: a row is not well formed.
    """
    page = read_written(text, OFFENCES_FILE)
    return {code: _offence(code, body) for code, body in page.at("offences").entries().items()}


def _offence(code: str, body: Written) -> Offence:
    entries = body.only("words", "group", "maxima")
    maxima = [_maximum(part) for part in entries["maxima"].parts()] if "maxima" in entries else []
    if [row.since for row in maxima] != sorted({row.since for row in maxima}):
        raise entries["maxima"].fault("the days do not run from the oldest to the newest", "sort the rows")
    return Offence(
        code=read_slug(code, what="offence"),
        words=body.at("words").text(),
        group=slug(body.at("group"), "group of offences"),
        maxima=tuple(maxima),
    )


def _maximum(body: Written) -> DatedMaximum:
    body.only("since", "months", "verified", "source")
    months = body.at("months")
    if months.text() in ("life", "at-large"):
        limit: int | None = WITHOUT_LIMIT
    else:
        limit = None if months.text() == "not-in-law" else months.whole_number()
    return DatedMaximum(
        since=body.at("since").day(),
        months=limit,
        verified=body.at("verified").flag(),
        source=body.at("source").text(),
    )
