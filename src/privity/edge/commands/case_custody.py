"""`privity case challenges | thread | reply | sample | review`: what guardian and department do about decided cases.

The same acts as on the pages `challenges` and `guardian/samples`, by the same desks, under the same table.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.broker_desk import ChallengeView
from privity.casework.challenge import Outcome
from privity.casework.guardian_desk import SampleView
from privity.casework.sampling import Finding
from privity.definitions.day import LONDON
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import proved
from privity.edge.wiring.instance import Instance


def configure(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> list[argparse.ArgumentParser]:
    """Add the acts to the command `case`, and return those on one case."""
    listing = acts.add_parser("challenges", help="for guardian and department: the refusals that were challenged")
    sample = acts.add_parser("sample", help="for the guardian: the closed cases a month's sample drew, or draw it")
    sample.add_argument("month", metavar="2026-10")
    sample.add_argument("--draw", action="store_true", help="draw it: once, when the month is over")
    for act in (listing, sample):
        add_signed(act)
    thread = acts.add_parser("thread", help="read a challenge: both sides, and the clauses of the refusal")
    reply = acts.add_parser("reply", help="reply to a challenge, or broker it; both sides can read it")
    reply.add_argument("--words", required=True)
    ends = [one.value for one in Outcome if one is not Outcome.GOES_ON]
    reply.add_argument("--outcome", choices=ends, default="", help="ends the thread; for the guardian alone")
    reply.add_argument("--after", type=int, default=None, metavar="NUMBER", help="how many contributions you had read")
    review = acts.add_parser("review", help="for the guardian: say what you found in a case that a sample drew")
    review.add_argument("--month", required=True, metavar="2026-10", help="the month of the sample")
    review.add_argument("--finding", required=True, choices=[one.value for one in Finding])
    review.add_argument("--words", required=True, help="what you looked at")
    return [thread, reply, review]


def add_signed(act: argparse.ArgumentParser) -> None:
    """Add who acts, and where."""
    act.add_argument("--as", dest="staff_id", required=True, metavar="STAFF-ID", help="who you are")
    act.add_argument("--password-file", type=Path, default=None, help="instead of being asked")
    add_data(act)
    add_json(act)


def run(instance: Instance, arguments: argparse.Namespace) -> int:
    """Sign in, and show the list of challenges or a month's sample.

    Raises: Mistaken: the sign-in or the act is refused.
    """
    officer = proved(instance, arguments.staff_id, arguments.password_file)
    if arguments.act == "challenges":
        _print_challenges(instance, officer, as_json=arguments.json)
        return 0
    guardian = instance.custody.guardian
    if arguments.draw:
        guardian.draw(arguments.month, by=officer, at=datetime.now(UTC))
    _print_sample(guardian.sample(arguments.month, by=officer), as_json=arguments.json)
    return 0


def _print_challenges(instance: Instance, officer: Officer, *, as_json: bool) -> None:
    lines = instance.custody.broker.challenges(by=officer)
    if as_json:
        told = [
            {
                "case": line.reference,
                "organisation": line.organisation,
                "raised_at": line.raised_at.isoformat(),
                "last_at": line.last_at.isoformat(),
                "last_side": line.last_side,
                "outcome": line.outcome.words,
            }
            for line in lines
        ]
        print(json.dumps({"challenges": told}))
        return
    for line in lines:
        print(f"{line.reference}  {line.outcome.words:32}  {_when(line.last_at)} by the {line.last_side}")
        print(f"  {line.organisation}")
    print(f"{len(lines)} challenged")


def _print_sample(sample: SampleView, *, as_json: bool) -> None:
    if as_json:
        cases = [
            {
                "case": one.reference,
                "finding": one.finding.value if one.finding else None,
                "words": one.words,
                "by_lot": one.by_lot,
            }
            for one in sample.cases
        ]
        drawn = {"ledger_size": sample.ledger_size, "root": sample.root, "population": sample.population}
        print(json.dumps({"month": sample.period, **drawn, "unread": sample.unread, "cases": cases}))
        return
    print(f"{sample.period}: {len(sample.cases)} of {sample.population} closed cases, drawn by {sample.drawn_by}")
    print(f"  from the ledger at {sample.ledger_size} entries, root {sample.root}")
    for one in sample.cases:
        beyond = "" if one.by_lot else ", beyond the lot: two people's reasons are nearly the same words"
        print(f"  {one.reference}  {one.finding.words if one.finding else 'to be read'}{beyond}")


def _thread(
    instance: Instance, _arguments: argparse.Namespace, reference: CaseReference, by: Officer, _at: datetime
) -> Sequence[str]:
    return _told(instance.custody.broker.challenge(reference, by=by))


def _reply(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> Sequence[str]:
    broker = instance.custody.broker
    after = broker.challenge(reference, by=by).entries if arguments.after is None else arguments.after
    broker.reply(reference, words=arguments.words, outcome=Outcome(arguments.outcome), after=after, by=by, at=at)
    return _told(broker.challenge(reference, by=by))


def _review(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> Sequence[str]:
    guardian, finding = instance.custody.guardian, Finding(arguments.finding)
    guardian.review(arguments.month, reference, finding=finding, words=arguments.words, by=by, at=at)
    return [f"  {finding.words}; still to be read: {guardian.sample(arguments.month, by=by).unread}"]


def _told(view: ChallengeView) -> list[str]:
    """Return a challenge as lines, every contribution with its number."""
    lines = [f"  refused under {number or 'the agreement'}: {says}" for number, says in view.clauses]
    for number, said in enumerate(view.thread, 1):
        lines += [
            f"  {number}. {_when(said.at)}, the {said.side}:",
            *(f"     {one}" for one in said.words.splitlines()),
        ]
    return [*lines, f"  {view.outcome.words}"]


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


ON_NO_CASE = ("challenges", "sample")
ON_A_CASE: Mapping[str, Callable[..., Sequence[str] | None]] = {"thread": _thread, "reply": _reply, "review": _review}
"""What each word does; takes what `case_acts.Act` says."""
