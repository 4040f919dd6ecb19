"""`privity agreement …`: check, test, explain and compare agreements. Files only; no database, no Django.

The words that change what governs an instance live in a module of their own, with all that an instance needs.

A PATH is the folder of a family. Without one, every family shipped with the program is meant. A version is
named `family@version`; a family is looked for on the shelf given with --shelf.
"""

import argparse
import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.assessment import Assessment, Standing
from privity.agreement.cases import Case, read_cases
from privity.agreement.comparison import ChangeKind, compare
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import Held, InForce, NoAgreement, governing, timeline
from privity.agreement.lint import lint
from privity.agreement.replay import Replay, replay
from privity.agreement.trial import Coverage, Trial, coverage, try_cases
from privity.agreement.version import Family, Version
from privity.edge.commands.agreement_shelf import families_meant, family_called, print_json, version_called
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.replay_file import read_requests
from privity.errors import Mistaken, Unavailable
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
        _configure_more(name, word)
        add_json(word)
        word.set_defaults(run_word=run_word)


def run(arguments: argparse.Namespace) -> int:
    """Run one word of the command and return its exit code."""
    run_word: Callable[[argparse.Namespace], int] = arguments.run_word
    return run_word(arguments)


def _lint(arguments: argparse.Namespace) -> int:
    today = datetime.now(UTC).date()
    for family in families_meant(arguments):
        for row in lint(family, today):
            if arguments.json:
                where = {"family": family.name, "file": row.file, "line": row.line}
                print_json({**where, "what": row.what, "next": row.next_step})
            else:
                print(f"{family.name}/{row.file}:{row.line}: {row.what}; {row.next_step}")
        if not arguments.json:
            versions = counted(len(family.versions), "version")
            print(f"{family.name}: reads well, {versions}, {counted(len(family.instruments), 'instrument')}")
    return DONE


def _test(arguments: argparse.Namespace) -> int:
    right = True
    for family in families_meant(arguments):
        trials = try_cases(family, read_cases(family))
        covered = coverage(family, trials)
        right = right and bool(trials) and not any(trial.faults for trial in trials)
        if arguments.json:
            print_json(_test_json(family, trials, covered))
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
    family = family_called(arguments, family_name)
    cases = {case.name: case for case in read_cases(family).requests}
    if case_name not in cases:
        raise Mistaken(
            f"the case `{arguments.case}` was not found",
            why="the family has no worked case of that name",
            next_step=f"write it as `{family_name}/CASE`, with one of {', '.join(cases)}",
        )
    case = cases[case_name]
    versions = [version_called(arguments, arguments.under)[1]] if arguments.under else _expected_versions(family, case)
    for version in versions:
        assessment = assess_asked(version, case.asked)
        if arguments.json:
            print_json(assessment_json(version, assessment))
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
            row.item.value: {
                "outcome": row.outcome.value,
                "cited": [clause.ref.clause for clause in row.cited],
                "needs": [list(found) for found in row.needs],
                "vetoes": [list(found) for found in row.vetoes],
            }
            for row in assessment.items
        },
        "findings": {row.clause.ref.clause: row.answer.value for row in assessment.findings},
        "urgency": {"asked": assessment.urgency.asked, "accepted": assessment.urgency.accepted},
    }


def _compare(arguments: argparse.Namespace) -> int:
    _, before = version_called(arguments, arguments.before)
    _, after = version_called(arguments, arguments.after)
    if before.family != after.family:
        raise Mistaken(
            "the versions were not compared",
            why="they belong to different agreements",
            next_step="name two versions of one family",
        )
    comparison = compare(before, after)
    if arguments.json:
        changed = [change for change in comparison.clauses if change.kind is not ChangeKind.SAME]
        print_json(
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
    if importlib.util.find_spec("z3") is None:
        print("What it means for requests was not worked out: the solver z3 is not installed (the extra `prove`).")
        return DONE
    return _elsewhere(_PROVE, "show_meaning")(arguments)


def _timeline(arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    for family in families_meant(arguments):
        events = timeline(family)
        today = _today(family, now)
        if arguments.json:
            listed = [{"at": row.at.isoformat(), "kind": row.kind.value, "says": row.says} for row in events]
            print_json({"family": family.name, "events": listed, "today": today})
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
    family, version = version_called(arguments, arguments.under)
    requests = read_requests(Path(arguments.file), family)
    result = replay(requests, version)
    if arguments.json:
        print_json(_replay_json(version, result))
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


def _elsewhere(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a word that lives in a module of its own, imported only when the word is said."""

    def run_word(arguments: argparse.Namespace) -> int:
        try:
            found = importlib.import_module(f"privity.edge.commands.{module}")
        except ModuleNotFoundError as error:
            if error.name != "z3":
                raise
            raise Unavailable(
                "nothing was proved",
                why="the solver z3 is not installed; only proofs need it, the gateway does not",
                next_step="install the extra `prove`; docs/how-to/start.md says how",
            ) from error
        word: Callable[[argparse.Namespace], int] = getattr(found, name)
        return word(arguments)

    return run_word


_Arguments = tuple[tuple[str, str], ...]
_PATHS = (("paths", "PATH"),)
_VERSION = (("version", "FAMILY@VERSION"),)
_PROVE = "agreement_prove"
_TELL = "agreement_tell"
_MAKE = "agreement_make"
_HERE = "agreement_instance"
_WORDS: Mapping[str, tuple[str, Callable[[argparse.Namespace], int], _Arguments]] = {
    "new": ("make the files of a new agreement, ready to be filled in", _elsewhere(_MAKE, "new"), (("folder", "DIR"),)),
    "lint": ("read families and say what to look at: stale, doubtful, late, untested", _lint, _PATHS),
    "test": ("try every worked case: outcome, cited clauses, clause coverage", _test, _PATHS),
    "anchors": (
        "hold every clause's words against its rule, as a person last read them",
        _elsewhere(_MAKE, "anchors"),
        _PATHS,
    ),
    "explain": ("explain a worked case clause by clause", _explain, (("case", "FAMILY/CASE"),)),
    "prove": (
        "prove what can never happen, and what an amendment claims",
        _elsewhere(_PROVE, "prove_families"),
        _PATHS,
    ),
    "examples": ("find a request that turns on each clause", _elsewhere(_PROVE, "find_examples"), _PATHS),
    "mutate": ("break every condition on purpose, and say what noticed", _elsewhere(_PROVE, "mutate"), _PATHS),
    "matrix": ("show who could obtain what for which purpose", _elsewhere(_PROVE, "show_matrix"), _VERSION),
    "meaning": (
        "say which requests are newly possible or newly refused, one example each",
        _elsewhere(_PROVE, "show_meaning"),
        (("before", "FAMILY@VERSION"), ("after", "FAMILY@VERSION")),
    ),
    "compare": (
        "say what differs between two versions: words, clauses and meaning",
        _compare,
        (("before", "FAMILY@VERSION"), ("after", "FAMILY@VERSION")),
    ),
    "words": ("write a version's page in plain words", _elsewhere(_TELL, "words"), _VERSION),
    "export": ("list agreements in the 18 fields of the public register", _elsewhere(_TELL, "export"), _PATHS),
    "timeline": ("list what happened to an agreement, and what governs today", _timeline, _PATHS),
    "replay": ("say what would have become of past requests", _replay, (("file", "FILE"),)),
    "year": (
        "replay requests under every version of a family, in one table",
        _elsewhere(_TELL, "year"),
        (("file", "FILE"),),
    ),
    "review": (
        "list disclosures that what was learnt later would not have allowed",
        _elsewhere(_TELL, "review"),
        (("family", "FAMILY"), ("file", "FILE")),
    ),
    "publish": (
        "on an instance: put what lies on the shelf forward for publication",
        _elsewhere(_HERE, "publish"),
        (("family", "FAMILY@NAME"),),
    ),
    "amend": ("the same as `publish`, of an amendment", _elsewhere(_HERE, "publish"), (("family", "FAMILY@NAME"),)),
    "suspend": (
        "on an instance, for the guardian: suspend an agreement at once",
        _elsewhere(_HERE, "suspend"),
        (("family", "FAMILY"),),
    ),
    "resume": (
        "on an instance: put the end of a suspension forward",
        _elsewhere(_HERE, "resume"),
        (("family", "FAMILY"),),
    ),
}


def _configure_more(name: str, word: argparse.ArgumentParser) -> None:
    """Add the options that only some words have."""
    if name in ("publish", "amend", "suspend", "resume"):
        word.add_argument("--by", required=True, metavar="STAFF-ID", help="who acts; password and code are asked for")
        add_data(word)
    if name in ("suspend", "resume"):
        word.add_argument("--reasons", required=True, metavar="WORDS", help="why, in words that everybody may read")
    if name == "replay":
        word.add_argument("--under", required=True, metavar="FAMILY@VERSION", help="the version to replay under")
    if name == "explain":
        word.add_argument("--under", metavar="FAMILY@VERSION", help="only this version (default: all expected)")
    if name in ("prove", "examples", "anchors"):
        word.add_argument("--write", action="store_true", help="write what was found beside the agreement")
    if name == "mutate":
        word.add_argument("--under", metavar="FAMILY@VERSION", help="only this version")
    if name == "year":
        word.add_argument(
            "--family", default="home-office", metavar="FAMILY", help="whose versions (default: %(default)s)"
        )
        word.add_argument("--chart", type=Path, default=None, metavar="OUT.svg", help="write one chart of it")
    if name == "new":
        word.add_argument("--custodian", default="the custodian", metavar="WHO", help="who holds the records")
        word.add_argument("--requester", default="the requester", metavar="WHO", help="who will ask for them")
