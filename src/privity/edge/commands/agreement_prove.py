"""`privity agreement prove`, `examples`, `mutate`, `matrix` and `meaning`: the words that need the solver."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from privity.agreement.assessment import Assessment, ItemOutcome
from privity.agreement.cases import FOUND_FILE, read_cases
from privity.agreement.claims import Found, Proof, prove
from privity.agreement.evaluation import ENGINE as CEDAR
from privity.agreement.evaluation import assess_asked
from privity.agreement.examples import Example, as_case, examples
from privity.agreement.matrix import Cell, matrix
from privity.agreement.meaning import Meaning, meaning, told
from privity.agreement.mutation import CaughtBy
from privity.agreement.narrowing import ENGINE as SOLVER
from privity.agreement.papers import MEANING_FILE
from privity.agreement.telling_apart import Broken, as_expected, break_on_purpose
from privity.agreement.trial import coverage, try_cases
from privity.agreement.version import Family, Version
from privity.definitions.reference import VersionName
from privity.edge.commands.agreement_shelf import families_meant, folder_of, print_json, version_called
from privity.errors import Mistaken

DONE, NOT_SO = 0, 1
_MARKS = {Found.PROVED: "proved", Found.FAILED: "FAILED", Found.NOTED: "noted"}
PROOFS_FOLDER = "proofs"
REPORT_FILE = "report.json"
_FOUND_HEADING = """\
# Cases the solver found (`privity agreement examples --write`): one for each clause, and for each way of breaking
# a condition, on which no written case turns. A person reads them once; what they expect is what the version says.
cases:
"""


_MEANING_HEADING = """\
# What this version means for requests, against the one it amends: found by the solver, each example run through Cedar.
# Written by `privity agreement prove --write`; it holds for exactly the two texts whose digests stand here.
"""


def prove_families(arguments: argparse.Namespace) -> int:
    """Prove every claim about every version, print what became of them, and write the texts where asked."""
    right = True
    for family in families_meant(arguments):
        for version in family.versions:
            proofs = prove(family, version)
            right = right and all(proof.found is not Found.FAILED for proof in proofs)
            if arguments.json:
                print_json(_report(version, proofs))
            else:
                _print_proofs(family, version, proofs)
            if arguments.write:
                folder = folder_of(arguments, family) / str(version.name)
                _write_proofs(folder / PROOFS_FOLDER, version, proofs)
                _write_meaning(folder / MEANING_FILE, family, version)
    return DONE if right else NOT_SO


def _print_proofs(family: Family, version: Version, proofs: Sequence[Proof]) -> None:
    print(version.reference)
    for proof in proofs:
        where = f" ({family.name}/{proof.file}:{proof.line})" if proof.file else ""
        print(f"  {_MARKS[proof.found]:<7} {proof.says}{where}")
        if proof.witness is not None:
            print(f"          for instance: {proof.witness.says}")
            for reference, allowed in proof.witness.ran:
                print(f"          run through Cedar: {reference} {'lets it leave' if allowed else 'does not'}")
            shown = _worked_cases(family, proof)
            if shown:
                print(f"          worked cases that show it: {', '.join(shown)}")


def _worked_cases(family: Family, proof: Proof) -> list[str]:
    """Return the worked cases that the same versions answer as they answer the witness, in their last answer."""
    assert proof.witness is not None, "only a proof with a witness has cases beside it"
    answers = [(family.version(_named(reference)), allowed) for reference, allowed in proof.witness.ran]
    if len(answers) < 2:
        return []
    return [
        case.name
        for case in read_cases(family).requests
        if case.source != "found by the solver"
        and all(
            version is not None and _could_leave(assess_asked(version, case.asked)) is allowed
            for version, allowed in answers
        )
    ]


def _named(reference: str) -> VersionName:
    return VersionName(reference.partition("@")[2])


def _could_leave(assessment: Assessment) -> bool:
    """Return whether anything could leave once every open question were answered in favour."""
    return bool(assessment.open_questions) or any(row.outcome is ItemOutcome.PERMITTED for row in assessment.items)


def _report(version: Version, proofs: Sequence[Proof]) -> dict[str, object]:
    return {
        "version": version.reference,
        "sha256": version.sha256,
        "solver": SOLVER,
        "engine": CEDAR,
        "proofs": [
            {
                "name": proof.name,
                "says": proof.says,
                "found": proof.found.value,
                "expects": proof.expects.value if proof.script else None,
                "witness": None
                if proof.witness is None
                else {"says": proof.witness.says, "situation": proof.witness.situation, "ran": dict(proof.witness.ran)},
            }
            for proof in proofs
        ],
    }


def _write_proofs(folder: Path, version: Version, proofs: Sequence[Proof]) -> None:
    folder.mkdir(exist_ok=True)
    kept = {REPORT_FILE}
    for proof in proofs:
        if proof.script:
            name = f"{proof.name}.smt2"
            kept.add(name)
            (folder / name).write_text(proof.script, encoding="utf-8")
    for stale in folder.iterdir():
        if stale.name not in kept:
            stale.unlink()
    report = json.dumps(_report(version, proofs), ensure_ascii=False, indent=1)
    (folder / REPORT_FILE).write_text(report + "\n", encoding="utf-8")


def meaning_text(before: Version, after: Version) -> str:
    """Return what a version means against another as the text that is published with it."""
    found = meaning(before, after)
    lines = [
        f"before: {before.name}",
        f"after: {after.name}",
        f"before_sha256: {before.sha256}",
        f"after_sha256: {after.sha256}",
        f"relation: {found.relation.value}",
        "says:",
        *(f"  - {json.dumps(sentence, ensure_ascii=False)}" for sentence in told(found)),
    ]
    return _MEANING_HEADING + "\n".join(lines) + "\n"


def _write_meaning(file: Path, family: Family, version: Version) -> None:
    before = family.version(version.amends) if version.amends else None
    if before is not None:
        file.write_text(meaning_text(before, version), encoding="utf-8")


def find_examples(arguments: argparse.Namespace) -> int:
    """Print a request for every clause; with --write, keep those that nothing written turns on."""
    for family in families_meant(arguments):
        if arguments.write:
            found = _needed(family)
            target = folder_of(arguments, family) / FOUND_FILE
            if found:
                target.write_text(_FOUND_HEADING + "\n".join(as_case(row) for row in found) + "\n", encoding="utf-8")
            elif target.exists():
                target.unlink()
            print(f"{family.name}: {len(found)} cases found that nothing written turns on")
            continue
        for version in family.versions:
            listed = list(examples(version))
            for row in listed:
                if arguments.json:
                    print_json(
                        {"version": version.reference, "clause": row.clause, "says": row.says, "case": as_case(row)}
                    )
                else:
                    print(f"{version.reference} {row.clause}: {row.says} -> {row.assessment.standing.value}")
            for clause in version.clauses:
                if clause.name not in {row.clause for row in listed}:
                    print(f"{version.reference} {clause.name}: no request turns on it")
    return DONE


def _needed(family: Family) -> list[Example]:
    """Return the cases a family lacks beside its written ones: clauses first, then ways of breaking them."""
    written = read_cases(replace(family, found=""))
    uncited = {row.version: row.uncited for row in coverage(family, try_cases(family, written))}
    found: list[Example] = []
    for version in family.versions:
        own = list(examples(version, uncited[version.name]))
        known = replace(written, requests=(*written.requests, *(as_expected(row) for row in own)))
        found += [*own, *break_on_purpose(version, known).found]
    return found


def mutate(arguments: argparse.Namespace) -> int:
    """Break every condition of every version and say what noticed."""
    right = True
    for family in families_meant(arguments):
        cases = read_cases(family)
        for version in family.versions:
            if arguments.under in (None, version.reference):
                result = break_on_purpose(version, cases)
                right = right and not result.missed
                _print_broken(arguments, result)
    return DONE if right else NOT_SO


def _print_broken(arguments: argparse.Namespace, result: Broken) -> None:
    by = {way: sum(row.caught_by is way for row in result.tried) for way in CaughtBy}
    if arguments.json:
        print_json(
            {
                "version": result.version.reference,
                "caught": {way.value: count for way, count in by.items()},
                "missed": [row.mutant.says for row in result.missed],
                "alike": [row.mutant.says for row in result.alike],
            }
        )
        return
    caught = len(result.tried) - len(result.missed)
    print(f"{result.version.reference}: {caught} of {len(result.tried)} broken conditions noticed")
    print(f"  by reading {by[CaughtBy.READING]}, by a case {by[CaughtBy.CASE]}")
    for row in result.missed:
        print(f"  MISSED {row.mutant.says}")
    for row in result.alike:
        print(f"  no request tells it apart: {row.mutant.says}")


def show_matrix(arguments: argparse.Namespace) -> int:
    """Print who could obtain what for which purpose under one version."""
    _, version = version_called(arguments, arguments.version)
    cells = matrix(version)
    if arguments.json:
        print_json({"version": version.reference, "cells": [_cell_json(cell) for cell in cells]})
        return DONE
    print(f"{version.reference}: what could leave at all, proved for every possible request")
    for cell in cells:
        listed = ", ".join(item.words for item in cell.items) or "nothing"
        print(f"  {cell.requester}, {cell.purpose}: {listed}")
        for question in cell.always:
            print(f"      never without a person finding {question.words}")
        if cell.alone:
            print("      something could leave without anybody's judgement")
    return DONE


def _cell_json(cell: Cell) -> dict[str, object]:
    return {
        "requester": cell.requester,
        "purpose": cell.purpose,
        "items": [item.value for item in cell.items],
        "always": [question.name for question in cell.always],
        "alone": cell.alone,
    }


def show_meaning(arguments: argparse.Namespace) -> int:
    """Print which requests are newly possible or newly refused, one example each."""
    _, before = version_called(arguments, arguments.before)
    _, after = version_called(arguments, arguments.after)
    if before.family != after.family:
        raise Mistaken(
            "the versions were not compared",
            why="they belong to different agreements",
            next_step="name two versions of one family",
        )
    found = meaning(before, after)
    if arguments.json:
        print_json(meaning_json(found))
        return DONE
    print(f"What it means ({found.relation.value}):")
    for line in told(found):
        print(f"  {line}")
    return DONE


def meaning_json(found: Meaning) -> dict[str, object]:
    """Return the meaning of a change as JSON."""
    return {
        "before": found.before.reference,
        "after": found.after.reference,
        "relation": found.relation.value,
        "shifts": [
            {
                "purpose": shift.purpose,
                "opened": [item.value for item in shift.gained],
                "shut": [item.value for item in shift.lost],
                "newly_possible": None if shift.newly_possible is None else shift.newly_possible.says,
                "newly_refused": None if shift.newly_refused is None else shift.newly_refused.says,
            }
            for shift in found.shifts
        ],
    }
