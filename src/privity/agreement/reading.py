"""A family of agreements from text to value. Text in, value out; every fault names its file and line.

The layout of a family's folder:
    vocabulary.yaml  invariants.cedar  cases.yaml  found.yaml
    <version>/agreement.yaml  policy.cedar  text.md  anchors.yaml
    instruments/<name>/instrument.yaml  text.md  [forbid.cedar]
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from privity.agreement.evaluation import PolicyUnreadable, parse_policy, policy_faults
from privity.agreement.making import Making
from privity.agreement.policy import Statements
from privity.agreement.terms_reading import (
    read_claim,
    read_clock,
    read_commencement,
    read_footings,
    read_making,
    read_maybe_moment,
    read_party,
    read_register_terms,
    read_retention,
    read_state,
)
from privity.agreement.translated import translations_of
from privity.agreement.version import (
    Claim,
    Clause,
    Effect,
    Family,
    Instrument,
    InstrumentKind,
    Version,
)
from privity.agreement.vocabulary import Vocabulary
from privity.agreement.vocabulary_reading import VOCABULARY_FILE, read_vocabulary, slug
from privity.agreement.written import Unreadable, Written, read_written
from privity.definitions.reference import AgreementFamily, Slug, VersionName, read_slug
from privity.errors import Mistaken

AGREEMENT_FILE = "agreement.yaml"
INSTRUMENT_FILE = "instrument.yaml"
_INSTRUMENTS = "instruments"
_ID = re.compile(r'@id\("([^"]*)"\)')
_ANCHOR = re.compile(r"\{#c([0-9]+(?:\.[0-9]+)*)\}")


def read_family(files: Mapping[str, str]) -> Family:
    """Return a family of agreements.

    Args:   files: path relative to the family's folder to text; the shared table as `../offences.yaml`.
    Raises: Unreadable: a file says something that cannot be. Mistaken: the vocabulary is missing.
    """
    if VOCABULARY_FILE in files:
        page = read_written(files[VOCABULARY_FILE], VOCABULARY_FILE)
        name = AgreementFamily(slug(page.at("family"), "agreement family"))
    else:
        name = AgreementFamily("agreement")
    vocabulary = read_vocabulary(name, files)
    versions = [_version(vocabulary, folder, files) for folder in _folders(files, AGREEMENT_FILE) if "/" not in folder]
    if not versions:
        raise Mistaken(
            f"the agreement `{name}` was not read",
            why="it has no version",
            next_step=f"write `<version>/{AGREEMENT_FILE}` with its policy and text",
        )
    instruments = [
        _instrument(vocabulary, folder, files)
        for folder in _folders(files, INSTRUMENT_FILE)
        if folder.startswith(f"{_INSTRUMENTS}/")
    ]
    for version in versions:
        overlaid(version, tuple(row for row in instruments if row.forbids))
    invariants = files.get("invariants.cedar", "")
    _check_forbids("invariants.cedar", invariants, vocabulary)
    return Family(
        name=name,
        vocabulary=vocabulary,
        versions=tuple(sorted(versions, key=lambda version: (version.effective_from, version.name))),
        instruments=tuple(sorted(instruments, key=lambda row: (row.effective_from, row.name))),
        invariants=invariants,
        cases=files.get("cases.yaml", ""),
        found=files.get("found.yaml", ""),
        translations=translations_of(files),
    )


def _folders(files: Mapping[str, str], ending: str) -> list[str]:
    """Return the folders that hold a file called `ending`, sorted."""
    return sorted(path.removesuffix(f"/{ending}") for path in files if path.endswith(f"/{ending}"))


def _needed(files: Mapping[str, str], path: str, beside: str) -> str:
    if path not in files:
        raise Unreadable(beside, 1, why=f"`{path}` is missing", next_step="write it beside this file")
    return files[path]


def _version(vocabulary: Vocabulary, folder: str, files: Mapping[str, str]) -> Version:
    file = f"{folder}/{AGREEMENT_FILE}"
    page = read_written(files[file], file)
    page.only(
        "version", "title", "summary", "state", "parties", "legal_basis", "sources", "relies_on", "amends",
        "effective_from", "effective_to", "published_at", "clock", "retention", "transport", "decided_by",
        "statutes_as_at", "items", "claim", "said_to", "recorded_at", "making", "commencement", "register",
    )  # fmt: skip
    if page.at("version").text() != folder:
        raise page.at("version").fault("it is not the name of the folder", f"write `{folder}`")
    policy = _needed(files, f"{folder}/policy.cedar", file)
    text = _needed(files, f"{folder}/text.md", file)
    item_class = slug(page.at("items"), "class of items")
    if item_class not in vocabulary.item_classes:
        raise page.at("items").fault(f"`{item_class}` is no class of items", "publish it in the vocabulary")
    name = VersionName(read_slug(folder, what="version"))
    clauses = read_clauses(vocabulary, name, f"{folder}/policy.cedar", policy)
    _check_anchors(f"{folder}/text.md", text, clauses)
    amends = page.maybe("amends")
    claim = read_claim(page.maybe("claim"))
    making = read_making(page.maybe("making"))
    _check_backdating(page, claim, making)
    return Version(
        family=vocabulary.family,
        name=name,
        title=page.at("title").text(),
        summary=page.at("summary").text(),
        state=read_state(page.at("state")),
        parties=tuple(read_party(part) for part in page.at("parties").parts()),
        legal_basis=read_footings(page.at("legal_basis")),
        sources=read_footings(page.at("sources")),
        relies_on=read_footings(page.maybe("relies_on")),
        effective_from=page.at("effective_from").moment(),
        effective_to=read_maybe_moment(page, "effective_to"),
        published_at=read_maybe_moment(page, "published_at"),
        clock=read_clock(page.at("clock")),
        retention=read_retention(page.at("retention")),
        transport=page.at("transport").text(),
        decided_by=page.at("decided_by").text(),
        statutes_as_at=page.at("statutes_as_at").day(),
        amends=None if amends is None else VersionName(amends.text()),
        claim=claim,
        said_to=read_claim(page.maybe("said_to")),
        recorded_at=read_maybe_moment(page, "recorded_at"),
        making=making,
        commencement=read_commencement(page.maybe("commencement"), claim),
        register=read_register_terms(page.maybe("register")),
        item_class=item_class,
        vocabulary=vocabulary,
        clauses=clauses,
        policy=policy,
        text=text,
        policy_sha256=_sha256(policy),
        text_sha256=_sha256(text),
        sha256=_sha256(vocabulary.sha256, policy, text, files[file]),
        anchors=files.get(f"{folder}/anchors.yaml", ""),
    )


def _check_backdating(page: Written, claim: Claim | None, making: Making) -> None:
    """A version may reach back before it was recorded only if it narrows; history is kept as it was."""
    recorded = page.maybe("recorded_at")
    if recorded is None or making.is_history or recorded.moment() <= page.at("effective_from").moment():
        return
    if claim not in (Claim.NARROWS, Claim.RESTATES):
        raise recorded.fault(
            "it would take effect before it was recorded, and does not claim to narrow",
            "let it take effect when it is recorded, or claim and prove that it narrows",
        )


def _sha256(*texts: str) -> str:
    """Return one digest over some texts, each digested first, so that no text can pass for two."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest() if len(texts) > 1 else hashlib.sha256(texts[0].encode()).hexdigest()


def read_clauses(vocabulary: Vocabulary, version: VersionName, file: str, policy: str) -> tuple[Clause, ...]:
    """Return the clauses of a policy text.

    Raises: Unreadable: it does not parse, breaks the house style, or does not fit the schema.
    """
    try:
        statements = parse_policy(policy)
    except PolicyUnreadable as error:
        raise Unreadable(file, _line_of_fault(policy), why=error.why, next_step="correct the Cedar text") from error
    reader = Statements(family=vocabulary.family, version=version, file=file, text=policy, vocabulary=vocabulary)
    clauses = reader.clauses(statements)
    for fault in policy_faults(policy, vocabulary):
        line = next((clause.line for clause in clauses if _names_it(fault, clause, clauses)), 1)
        raise Unreadable(file, line, why=fault, next_step="use the words and types of the vocabulary")
    return clauses


def _names_it(fault: str, clause: Clause, clauses: tuple[Clause, ...]) -> bool:
    """Return whether a fault of Cedar's validation names a clause; Cedar counts statements from nought."""
    match = re.search(r"policy(\d+)", fault)
    return match is not None and clauses[int(match.group(1)) : int(match.group(1)) + 1] == (clause,)


def _line_of_fault(policy: str) -> int:
    """Return the first line of the first statement that does not parse by itself."""
    start = 1
    waiting: list[str] = []
    for number, line in enumerate(policy.splitlines(), start=1):
        if not waiting and not line.strip():
            start = number + 1
            continue
        waiting.append(line)
        if line.rstrip().endswith(";"):
            try:
                parse_policy("\n".join(waiting))
            except PolicyUnreadable:
                return start
            waiting, start = [], number + 1
    return start


def _check_anchors(file: str, text: str, clauses: tuple[Clause, ...]) -> None:
    """Every clause has its heading in the text, and every numbered heading a clause."""
    anchors = {
        match.group(1): number
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := _ANCHOR.search(line))
    }
    numbers = {clause.number for clause in clauses}
    for clause in clauses:
        if clause.number not in anchors:
            raise Unreadable(
                file,
                1,
                why=f"clause `{clause.number}` ({clause.name}) has no heading",
                next_step=f"add a heading that ends in `{{#c{clause.number}}}`",
            )
    for number, line in anchors.items():
        if number not in numbers:
            raise Unreadable(
                file,
                line,
                why=f"no clause of the policy is numbered `{number}`",
                next_step="write the rule, or remove the anchor from words that are no rule",
            )


def _instrument(vocabulary: Vocabulary, folder: str, files: Mapping[str, str]) -> Instrument:
    file = f"{folder}/{INSTRUMENT_FILE}"
    page = read_written(files[file], file)
    page.only("kind", "title", "says", "effective_from", "lifted_at", "recorded_at", "sources")
    kind = page.at("kind")
    if kind.text() not in tuple(InstrumentKind):
        known = ", ".join(row.value for row in InstrumentKind)
        raise kind.fault(f"`{kind.text()}` is no kind of instrument", f"use one of {known}")
    name = Slug(folder.removeprefix(f"{_INSTRUMENTS}/"))
    forbids = files.get(f"{folder}/forbid.cedar", "")
    if bool(forbids) != (kind.text() == InstrumentKind.PROHIBITION):
        raise kind.fault("only a prohibition has a `forbid.cedar`, and it must have one", "add it or remove it")
    _check_forbids(f"{folder}/forbid.cedar", forbids, vocabulary)
    return Instrument(
        family=vocabulary.family,
        name=read_slug(name, what="instrument"),
        kind=InstrumentKind(kind.text()),
        title=page.at("title").text(),
        says=page.at("says").text(),
        effective_from=page.at("effective_from").moment(),
        lifted_at=read_maybe_moment(page, "lifted_at"),
        recorded_at=read_maybe_moment(page, "recorded_at"),
        sources=read_footings(page.at("sources")),
        forbids=forbids,
        text=_needed(files, f"{folder}/text.md", file),
    )


@lru_cache(maxsize=32)
def overlaid(version: Version, overlays: tuple[Instrument, ...]) -> Version:
    """Return a version with prohibitions laid over it: the same text and its forbids on top.

    Adding a forbid never turns a refusal into a permit, so the result can only be narrower.
    """
    if not overlays:
        return version
    return _laid_over(version, tuple(row.forbids for row in overlays))


@lru_cache(maxsize=32)
def with_invariants(version: Version, invariants: str) -> Version:
    """Return a version with the family's invariants laid over it. They must change nothing.

    Their ids are set apart, because an invariant repeats what a clause already says.
    """
    return _laid_over(version, (_ID.sub(r'@id("invariant.\1")', invariants),))


def _laid_over(version: Version, forbids: tuple[str, ...]) -> Version:
    policy = "\n".join([version.policy, *forbids])
    clauses = read_clauses(version.vocabulary, version.name, "the policy and what is laid over it", policy)
    return replace(
        version,
        policy=policy,
        clauses=clauses,
        policy_sha256=_sha256(policy),
        sha256=_sha256(version.sha256, policy),
    )


def _check_forbids(file: str, text: str, vocabulary: Vocabulary) -> None:
    """A text laid over a version may only forbid: adding a forbid never turns a refusal into a permit."""
    if not text:
        return
    for clause in read_clauses(vocabulary, VersionName("overlay"), file, text):
        if clause.effect is not Effect.FORBID:
            raise Unreadable(file, clause.line, why="it permits something", next_step="write only forbids here")
