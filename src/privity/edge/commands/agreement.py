"""`privity agreement …`: check, test, explain and compare agreements. Files only; no database, no Django.

A PATH is the folder of a family. Without one, every family shipped with the program is meant. A version is
named `family@version`; a family is looked for on the shelf given with --shelf.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.assessment import Assessment, Standing
from privity.agreement.cases import Case, read_cases
from privity.agreement.comparison import ChangeKind, compare
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import Held, InForce, NoAgreement, governing, timeline
from privity.agreement.lint import lint
from privity.agreement.reading import read_family
from privity.agreement.replay import Replay, replay
from privity.agreement.trial import Coverage, Trial, coverage, try_cases
from privity.agreement.version import Family, Version
from privity.definitions.reference import VersionName
from privity.edge.commands.options import add_json
from privity.edge.commands.replay_file import read_requests
from privity.edge.settings.shelf import VOCABULARY_FILE, default_shelf, family_files, shelf_files
from privity.errors import Mistaken
from privity.request.due import british

DONE, NOT_SO = 0, 1
Json = Mapping[str, object]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words and options of the command."""
    parser.add_argument(
        "--shelf", type=Path, default=None, metavar="DIR", help="the folder of families (default: as shipped)"
    )
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for name, (does, run_word, arguments) in _WORDS.items():
        word = words.add_parser(name, help=does, description=does)
        for argument, meant in arguments:
            word.add_argument(argument, nargs="*" if argument == "paths" else None, metavar=meant)
        if name == "replay":
            word.add_argument("--under", required=True, metavar="FAMILY@VERSION", help="the version to replay under")
        if name == "explain":
            word.add_argument("--under", metavar="FAMILY@VERSION", help="only this version (default: all expected)")
        add_json(word)
        word.set_defaults(run_word=run_word)


def run(arguments: argparse.Namespace) -> int:
    """Run one word of the command and return its exit code."""
    run_word: Callable[[argparse.Namespace], int] = arguments.run_word
    return run_word(arguments)


def _families(arguments: argparse.Namespace) -> Iterator[Family]:
    """Yield the families meant, in the order named.

    Raises: Mistaken: a path is no folder of a family, or a file says something that cannot be.
    """
    paths: Sequence[str] = arguments.paths
    if not paths:
        for files in shelf_files(arguments.shelf or default_shelf()).values():
            yield read_family(files)
    for path in paths:
        folder = Path(path)
        if not (folder / VOCABULARY_FILE).is_file() and (folder.parent / VOCABULARY_FILE).is_file():
            folder = folder.parent
        if (folder / VOCABULARY_FILE).is_file():
            yield read_family(family_files(folder))
        elif folder.exists() and len(paths) > 1:
            print(f"privity: `{path}` is no family of agreements and was left out", file=sys.stderr)
        else:
            yield _family(arguments, path)


def _family(arguments: argparse.Namespace, name: str) -> Family:
    """Return a family by its name on the shelf."""
    shelf = shelf_files(arguments.shelf or default_shelf())
    if name not in shelf:
        raise Mistaken(
            f"the agreement `{name}` was not found",
            why="it is neither a folder with a vocabulary nor a family on the shelf",
            next_step=f"name a folder or one of {', '.join(sorted(shelf)) or 'none'}",
        )
    return read_family(shelf[name])


def _version(arguments: argparse.Namespace, reference: str) -> tuple[Family, Version]:
    """Return a version by `family@version`."""
    name, _, wanted = reference.partition("@")
    family = _family(arguments, name)
    found = family.version(VersionName(wanted))
    if found is None:
        raise Mistaken(
            f"the version `{reference}` was not found",
            why="the family has no version of that name",
            next_step=f"use one of {', '.join(version.reference for version in family.versions)}",
        )
    return family, found


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _lint(arguments: argparse.Namespace) -> int:
    today = datetime.now(UTC).date()
    for family in _families(arguments):
        for row in lint(family, today):
            if arguments.json:
                where = {"family": family.name, "file": row.file, "line": row.line}
                _print_json({**where, "what": row.what, "next": row.next_step})
            else:
                print(f"{family.name}/{row.file}:{row.line}: {row.what}; {row.next_step}")
        if not arguments.json:
            print(f"{family.name}: reads well, {len(family.versions)} versions, {len(family.instruments)} instruments")
    return DONE


def _test(arguments: argparse.Namespace) -> int:
    right = True
    for family in _families(arguments):
        trials = try_cases(family, read_cases(family))
        covered = coverage(family, trials)
        right = right and bool(trials) and not any(trial.faults for trial in trials)
        if arguments.json:
            _print_json(_test_json(family, trials, covered))
        else:
            _print_test(family, trials, covered)
    return DONE if right else NOT_SO


def _test_json(family: Family, trials: Sequence[Trial], covered: Sequence[Coverage]) -> Json:
    return {
        "family": family.name,
        "cases": [
            {"case": row.case, "under": row.under, "right": not row.faults, "faults": list(row.faults)}
            for row in trials
        ],
        "coverage": [{"version": row.version, "clauses": row.clauses, "uncited": list(row.uncited)} for row in covered],
    }


def _print_test(family: Family, trials: Sequence[Trial], covered: Sequence[Coverage]) -> None:
    wrong = [trial for trial in trials if trial.faults]
    for trial in wrong:
        print(f"WRONG {family.name}/{trial.file}:{trial.line}: case {trial.case} under {trial.under}")
        for fault in trial.faults:
            print(f"      {fault}")
    print(
        f"{family.name}: {len(trials) - len(wrong)} of {len(trials)} worked cases give outcome and clauses as written"
    )
    for row in covered:
        told = f"; none turns on {', '.join(row.uncited)}" if row.uncited else ""
        print(f"  {row.version}: {row.clauses - len(row.uncited)} of {row.clauses} clauses decide a case{told}")


def _explain(arguments: argparse.Namespace) -> int:
    family_name, _, case_name = str(arguments.case).partition("/")
    family = _family(arguments, family_name)
    cases = {case.name: case for case in read_cases(family).requests}
    if case_name not in cases:
        raise Mistaken(
            f"the case `{arguments.case}` was not found",
            why="the family has no worked case of that name",
            next_step=f"write it as `{family_name}/CASE`, with one of {', '.join(cases)}",
        )
    case = cases[case_name]
    versions = [_version(arguments, arguments.under)[1]] if arguments.under else _expected_versions(family, case)
    for version in versions:
        assessment = assess_asked(version, case.asked)
        if arguments.json:
            _print_json(assessment_json(version, assessment))
        else:
            print(f"Case {case.name} under {version.reference}: {case.says}")
            for line in explanation(assessment):
                print(f"  {line}")
    return DONE


def _expected_versions(family: Family, case: Case) -> list[Version]:
    wanted = {row.version for row in case.expected}
    return [version for version in family.versions if version.name in wanted]


_OUTCOME_WORDS = {
    Standing.PERMITTED: "Permitted.",
    Standing.ORDERED: "To be disclosed exactly as the court ordered.",
    Standing.NEEDS_JUDGEMENT: "The facts pass; a named person must weigh it.",
    Standing.NEEDS_RULING: "A named person must first rule on a term.",
    Standing.INCOMPLETE: "Goes back to be completed.",
    Standing.REFUSED: "Refused.",
}


def explanation(assessment: Assessment) -> Iterator[str]:
    """Yield an assessment in lines a person can read: outcome, clauses, questions, cures, items."""
    yield _OUTCOME_WORDS[assessment.standing]
    for clause in assessment.cited:
        yield f"by {clause.ref.clause}: {clause.says}"
    for question in assessment.open_questions:
        yield f"open ({question.kind.value}, {' or '.join(role.value for role in question.by)}): {question.ask}"
    for cure in assessment.cures:
        yield f"cure: {cure}"
    for row in assessment.struck_items:
        yield f"struck: {row.item.words}, by {', '.join(clause.ref.clause for clause in row.cited)}"
    if assessment.urgency.asked:
        told = "accepted" if assessment.urgency.accepted else "refused, the request keeps its ordinary clock"
        yield f"shorter clock: {told} ({assessment.urgency.reason})"
    for finding in assessment.findings:
        yield f"[{finding.answer.value}] {finding.clause.ref.clause}: {finding.clause.says}"


def assessment_json(version: Version, assessment: Assessment) -> Json:
    """Return an assessment as JSON, with everything needed to compute it again."""
    return {
        "version": version.reference,
        "policy_sha256": assessment.policy_sha256,
        "vocabulary_sha256": assessment.vocabulary_sha256,
        "engine": assessment.engine,
        "standing": assessment.standing.value,
        "cited": [clause.ref.clause for clause in assessment.cited],
        "questions": [question.name for question in assessment.open_questions],
        "cures": list(assessment.cures),
        "items": {
            row.item.value: {"outcome": row.outcome.value, "cited": [clause.ref.clause for clause in row.cited]}
            for row in assessment.items
        },
        "findings": {row.clause.ref.clause: row.answer.value for row in assessment.findings},
        "urgency": {"asked": assessment.urgency.asked, "accepted": assessment.urgency.accepted},
    }


def _compare(arguments: argparse.Namespace) -> int:
    _, before = _version(arguments, arguments.before)
    _, after = _version(arguments, arguments.after)
    if before.family != after.family:
        raise Mistaken(
            "the versions were not compared",
            why="they belong to different agreements",
            next_step="name two versions of one family",
        )
    comparison = compare(before, after)
    if arguments.json:
        changed = [change for change in comparison.clauses if change.kind is not ChangeKind.SAME]
        _print_json(
            {
                "before": before.reference,
                "after": after.reference,
                "clauses": [{"clause": change.name, "change": change.kind.value} for change in changed],
                "words": list(comparison.words),
            }
        )
        return DONE
    print(f"{before.reference} -> {after.reference}")
    for sentence in comparison.words or ("Nothing differs but the name.",):
        print(f"  {sentence}")
    return DONE


def _timeline(arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    for family in _families(arguments):
        events = timeline(family)
        today = _today(family, now)
        if arguments.json:
            listed = [{"at": row.at.isoformat(), "kind": row.kind.value, "says": row.says} for row in events]
            _print_json({"family": family.name, "events": listed, "today": today})
            continue
        print(family.name)
        for row in events:
            print(f"  {british(row.at.date()):>17}  {row.kind.value:<12}  {row.says}")
        print(f"  {'today':>17}  {today}")
    return DONE


def _today(family: Family, now: datetime) -> str:
    match governing(family, now):
        case InForce(version=version):
            return f"`{version.name}` is in force."
        case Held(instrument=instrument):
            return f"Everything is held: {instrument.title}."
        case NoAgreement(reason=reason, since=since):
            told = "" if since is None else f" ({reason.value}, {british(since.date())})"
            return f"No agreement is in force{told}."


def _replay(arguments: argparse.Namespace) -> int:
    family, version = _version(arguments, arguments.under)
    requests = read_requests(Path(arguments.file), family)
    result = replay(requests, version)
    if arguments.json:
        _print_json(_replay_json(version, result))
        return DONE
    print(f"{len(result.outcomes)} requests under {version.reference}")
    for row in result.classes:
        offence = f", {row.offence}" if row.offence else ""
        by = ", ".join(clause.ref.clause for clause in row.cited)
        print(f"  {row.count:>6}  {row.purpose}{offence}: {row.outcome}, by {by}")
    return DONE


def _replay_json(version: Version, result: Replay) -> Json:
    return {
        "under": version.reference,
        "outcomes": [row.outcome for row in result.outcomes],
        "classes": [
            {
                "purpose": row.purpose,
                "offence": row.offence,
                "outcome": row.outcome,
                "cited": [clause.ref.clause for clause in row.cited],
                "count": row.count,
            }
            for row in result.classes
        ],
    }


_PATHS = (("paths", "PATH"),)
_WORDS: Mapping[str, tuple[str, Callable[[argparse.Namespace], int], tuple[tuple[str, str], ...]]] = {
    "lint": ("read families and say what to look at: stale, doubtful, late, untested", _lint, _PATHS),
    "test": ("try every worked case: outcome, cited clauses, clause coverage", _test, _PATHS),
    "explain": ("explain a worked case clause by clause", _explain, (("case", "FAMILY/CASE"),)),
    "compare": (
        "say what differs between two versions",
        _compare,
        (("before", "FAMILY@VERSION"), ("after", "FAMILY@VERSION")),
    ),
    "timeline": ("list what happened to an agreement, and what governs today", _timeline, _PATHS),
    "replay": ("say what would have become of past requests", _replay, (("file", "FILE"),)),
}
