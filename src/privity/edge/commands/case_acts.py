"""`privity case assign | question | determine | identify | trace | explain | release`: the desk's pages at a terminal.

Whoever acts signs in: the account and its password are asked for, as on the pages. There is no way around it.
"""

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.lifecycle import Status
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, Slug, read_case_reference
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.edge.commands.case_explained import explained_lines
from privity.edge.commands.options import add_data
from privity.edge.commands.signing import proved
from privity.edge.wiring.instance import Instance

Act = Callable[[Instance, argparse.Namespace, CaseReference, Officer, datetime], None]


def configure(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the acts to the command `case`."""
    assign = acts.add_parser("assign", help="take a case")
    question = acts.add_parser("question", help="ask the requester something; the clock stands still")
    question.add_argument("--words", required=True)
    determine = acts.add_parser("determine", help="answer a question reserved to a person, with reasons")
    determine.add_argument("--question", default="public_interest", help="default: %(default)s")
    determine.add_argument("--answer", choices=["yes", "no"], required=True)
    determine.add_argument("--reasons", required=True)
    determine.add_argument("--factor", action="append", default=[], metavar="FACTOR")
    identify = acts.add_parser("identify", help="say which candidate is the person, or none")
    identify.add_argument("--choice", required=True, metavar="NUMBER|none", help="the register's number, as shown")
    identify.add_argument("--reasons", required=True)
    trace = acts.add_parser("trace", help="trace the person of an approved case, and show the candidates' evidence")
    screen = acts.add_parser(
        "screen", help="look once more at who might come to harm, and say what becomes of the case"
    )
    screen.add_argument("--course", required=True, choices=[one.value for one in Course])
    answers = [answer.value for answer in SafetyAnswer]
    for asked in SafetyQuestion:
        screen.add_argument(f"--{asked.value}", required=True, choices=answers, help=asked.words)
    screen.add_argument("--reasons", default="", help="needed unless nothing is found and every answer is `no`")
    release = acts.add_parser("release", help="seal the least data, or the answer that nobody was found")
    explain = acts.add_parser(
        "explain", help="why the trace came out so: side by side, weight by weight; shows people, and is on record"
    )
    explain.add_argument("--candidate", type=int, default=1, metavar="NUMBER", help="default: the likeliest")
    for act in (assign, question, determine, identify, trace, explain, screen, release):
        act.add_argument("reference", metavar="PRV-…")
        act.add_argument("--as", dest="staff_id", required=True, metavar="STAFF-ID", help="who you are")
        act.add_argument("--password-file", type=Path, default=None, help="instead of being asked")
        add_data(act)


def run(instance: Instance, arguments: argparse.Namespace) -> int:
    """Sign in, do the act, and say where the case stands.

    Raises: Mistaken: the sign-in or the act is refused; nothing is recorded.
    """
    officer = proved(instance, arguments.staff_id, arguments.password_file)
    reference = read_case_reference(arguments.reference)
    ACTS[arguments.act](instance, arguments, reference, officer, datetime.now(UTC))
    file = instance.store.case(reference)
    print(f"{reference}  {file.status.words}")
    if arguments.act != "explain" and file.status in (Status.JUDGING_IDENTITY, Status.IDENTITY_DIVIDED):
        for candidate in file.candidates():
            evidence = ", ".join(f"{line.field} {line.weight_bits:+.1f}" for line in candidate.evidence)
            print(f"  {candidate.person}  probability {candidate.probability:.3f}  ({evidence} bits)")
    return 0


def _assign(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.take(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


def _question(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.desk.ask(reference, words=arguments.words, revision=revision, by=by, at=at)


def _determine(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.determine_purpose(
        reference,
        question=Slug(arguments.question),
        answer=arguments.answer == "yes",
        reasons=arguments.reasons,
        factors=[Slug(factor) for factor in arguments.factor],
        revision=instance.store.case(reference).state.revision,
        by=by,
        at=at,
    )


def _identify(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.determine_identity(
        reference,
        choice=None if arguments.choice == "none" else int(arguments.choice),
        reasons=arguments.reasons,
        revision=instance.store.case(reference).state.revision,
        by=by,
        at=at,
    )


def _trace(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.trace(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


def _explain(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    view = instance.desk.case(reference, by=by, at=at, candidates=True)
    print("\n".join(explained_lines(view, arguments.candidate)))


def _screen(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    desk = instance.custody.safety
    shown = desk.safety(reference, by=by, at=at)
    for concern in shown.concerns:
        print(f"  {concern.words}")
    desk.screen(
        reference,
        course=Course(arguments.course),
        answers={one: SafetyAnswer(getattr(arguments, one.value.replace("-", "_"))) for one in SafetyQuestion},
        reasons=arguments.reasons,
        seen=shown.seen,
        revision=shown.file.state.revision,
        by=by,
        at=at,
    )


def _release(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.release(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


ACTS: Mapping[str, Act] = {
    "assign": _assign,
    "question": _question,
    "determine": _determine,
    "identify": _identify,
    "trace": _trace,
    "explain": _explain,
    "screen": _screen,
    "release": _release,
}
"""What each word does."""
