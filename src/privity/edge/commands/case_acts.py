"""`privity case assign | question | … | release`: what the desk's pages do to a case, at a terminal.

Whoever acts signs in: the account and its password are asked for, as on the pages. There is no way around it.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from privity.casework.case_file import CaseFile, ShownCandidate
from privity.casework.lifecycle import Status
from privity.definitions.party import Officer
from privity.definitions.person import NhsNumber
from privity.definitions.reference import CaseReference, Slug, read_case_reference
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.edge.commands import case_custody
from privity.edge.commands.case_explained import explained_lines
from privity.edge.commands.signing import proved
from privity.edge.wiring.instance import Instance

Act = Callable[[Instance, argparse.Namespace, CaseReference, Officer, datetime], Sequence[str] | None]
"""Does one act and returns what it has to show besides where the case stands."""


def configure(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the acts to the command `case`."""
    assign = acts.add_parser("assign", help="take a case, or put somebody else in charge of it")
    assign.add_argument("--to", default=None, metavar="STAFF-ID", help="who is in charge (default: you; empty: nobody)")
    note = acts.add_parser("note", help="write a note into the case's history")
    note.add_argument("--words", required=True)
    chase = acts.add_parser("chase", help="remind the requester of the open question")
    ending = acts.add_parser("end", help="for the guardian: end a case that nobody at the requester follows")
    ending.add_argument("--reasons", required=True)
    question = acts.add_parser("question", help="ask the requester something; the clock stands still")
    question.add_argument("--words", required=True)
    determine = acts.add_parser("determine", help="answer a question reserved to a person, with reasons")
    determine.add_argument("--question", default="public_interest", help="default: %(default)s")
    determine.add_argument("--answer", choices=["yes", "no"], required=True)
    determine.add_argument("--reasons", required=True)
    determine.add_argument("--factor", action="append", default=[], metavar="FACTOR")
    identify = acts.add_parser("identify", help="say which candidate is the person, or none")
    identify.add_argument("--choice", required=True, metavar="NHS-NUMBER|none", help="as `explain` shows it")
    identify.add_argument("--reasons", required=True)
    trace = acts.add_parser("trace", help="trace the person of an approved case, and show the candidates' evidence")
    aside = acts.add_parser("set-aside", help="set aside what a trace found, so that the person is traced again")
    aside.add_argument("--reasons", required=True)
    screen = acts.add_parser(
        "screen", help="look once more at who might come to harm, and say what becomes of the case"
    )
    screen.add_argument("--course", required=True, choices=[one.value for one in Course])
    answers = [answer.value for answer in SafetyAnswer]
    for asked in SafetyQuestion:
        screen.add_argument(f"--{asked.value}", required=True, choices=answers, help=asked.words)
    screen.add_argument("--reasons", default="", help="needed unless nothing is found and every answer is `no`")
    closing = acts.add_parser("close-protected", help="for the guardian: nothing leaves of a protected record")
    closing.add_argument("--reasons", required=True)
    letter = acts.add_parser("letter", help="the letter that is forwarded instead of an address: show it")
    letter.add_argument(
        "--envelope", action="store_true", help="with the address, which is read from the register: on record"
    )
    drafting = acts.add_parser("draft", help="write that letter, or write it anew")
    drafting.add_argument("--words", required=True, help="the whole letter")
    posting = acts.add_parser("post", help="say that you read a colleague's letter and posted it")
    returning = acts.add_parser("give-back", help="give a case whose letter should not go back to the guardian")
    release = acts.add_parser("release", help="seal the least data, or the answer that nobody was found")
    explain = acts.add_parser(
        "explain", help="why the trace came out so: side by side, weight by weight; shows people, and is on record"
    )
    explain.add_argument("--candidate", type=int, default=1, metavar="NUMBER", help="default: the likeliest")
    letters = (letter, drafting, posting, returning)
    decided = case_custody.configure(acts)
    judging = (determine, identify, closing, trace, aside, explain, screen)
    for act in (assign, note, question, chase, ending, *judging, *letters, release, *decided):
        act.add_argument("reference", metavar="PRV-…")
        case_custody.add_signed(act)


def run(instance: Instance, arguments: argparse.Namespace) -> int:
    """Sign in, do the act, and say where the case stands.

    Raises: Mistaken: the sign-in or the act is refused; nothing is recorded.
    """
    officer = proved(instance, arguments.staff_id, arguments.password_file)
    reference = read_case_reference(arguments.reference)
    shown = ACTS[arguments.act](instance, arguments, reference, officer, datetime.now(UTC)) or ()
    file = instance.store.case(reference)
    judged = arguments.act != "explain" and file.status in (Status.JUDGING_IDENTITY, Status.IDENTITY_DIVIDED)
    candidates = file.candidates() if judged else ()
    if arguments.json:
        print(json.dumps(_as_json(file, candidates, shown)))
        return 0
    if shown:
        print("\n".join(shown))
    print(f"{reference}  {file.status.words}")
    for number, candidate in enumerate(candidates, 1):
        evidence = ", ".join(f"{line.field} {line.weight_bits:+.1f}" for line in candidate.evidence)
        print(f"  {number}  probability {candidate.probability:.3f}  ({evidence} bits)")
    return 0


def _as_json(file: CaseFile, candidates: Sequence[ShownCandidate], shown: Sequence[str]) -> dict[str, object]:
    """Return where a case stands, the candidates people judge, and what the act had to show."""
    return {
        "case": file.reference,
        "status": file.status.value,
        "candidates": [
            {
                "candidate": number,
                "probability": one.probability,
                "evidence": {line.field: line.weight_bits for line in one.evidence},
            }
            for number, one in enumerate(candidates, 1)
        ],
        "shown": list(shown),
    }


def _assign(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    if arguments.to is None:
        instance.desk.take(reference, revision=revision, by=by, at=at)
    else:
        instance.custody.upkeep.assign(reference, to=arguments.to, revision=revision, by=by, at=at)


def _note(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.desk.note(reference, words=arguments.words, revision=revision, by=by, at=at)


def _chase(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.custody.upkeep.chase(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


def _end(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.custody.upkeep.end_case(reference, reasons=arguments.reasons, revision=revision, by=by, at=at)


def _set_aside(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.desk.set_trace_aside(reference, reasons=arguments.reasons, revision=revision, by=by, at=at)


def _close_protected(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.desk.close_protected(reference, reasons=arguments.reasons, revision=revision, by=by, at=at)


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
        choice=None if arguments.choice == "none" else int(NhsNumber("".join(arguments.choice.split())).digits),
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
) -> Sequence[str]:
    view = instance.desk.case(reference, by=by, at=at, candidates=True)
    return explained_lines(view, arguments.candidate)


def _screen(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> Sequence[str]:
    desk = instance.custody.safety
    shown = desk.safety(reference, by=by, at=at)
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
    return [f"  {concern.words}" for concern in shown.concerns]


def _letter(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> Sequence[str]:
    view = instance.custody.safety.letter(reference, by=by, at=at, envelope=arguments.envelope)
    if view.letter is None:
        return ["  no letter has been written yet"]
    lines = ["", view.letter.words, "", f"  written by {view.written_by}"]
    if view.envelope is not None:
        lines += [
            "  on the envelope:",
            f"    {view.envelope.name}",
            *(f"    {one}" for one in view.envelope.address.lines),
        ]
        lines.append(f"    {view.envelope.address.postcode}")
    return lines


def _draft(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    revision = instance.store.case(reference).state.revision
    instance.custody.safety.draft(reference, words=arguments.words, revision=revision, by=by, at=at)


def _post(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.custody.safety.post(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


def _give_back(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.custody.safety.give_back(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


def _release(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> None:
    instance.desk.release(reference, revision=instance.store.case(reference).state.revision, by=by, at=at)


ACTS: Mapping[str, Act] = {
    "assign": _assign,
    "note": _note,
    "chase": _chase,
    "end": _end,
    "close-protected": _close_protected,
    "letter": _letter,
    "draft": _draft,
    "post": _post,
    "give-back": _give_back,
    "question": _question,
    "determine": _determine,
    "identify": _identify,
    "trace": _trace,
    "set-aside": _set_aside,
    "explain": _explain,
    "screen": _screen,
    "release": _release,
    **case_custody.ON_A_CASE,
}
"""What each word does."""
