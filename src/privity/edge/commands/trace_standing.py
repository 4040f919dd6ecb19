"""`privity trace status | certify --data | suspend | resume`: the certified tracer of an instance.

Whoever changes something signs: the account and its password are asked for, as on the pages.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.watch_desk import TracerView
from privity.definitions.party import Officer, Role
from privity.edge.commands.signing import signed_by
from privity.edge.registers.models import default_certificates, text_of
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken
from privity.trace.certificate import Certificate, fitting, read_certificate

SIGNED_BY = {
    "certify": (Role.ADMINISTRATOR, Role.GUARDIAN),
    "suspend": (Role.DISCLOSURE_OFFICER, Role.GUARDIAN),
    "resume": (Role.GUARDIAN,),
}
"""Who may sign what; the desk asks the table of authorisation once more."""


def run(action: str, arguments: argparse.Namespace) -> int:
    """Show or change how the tracer stands; 1 where nobody is proposed.

    Raises: Mistaken: no instance was named, or what was asked is refused.
    """
    if arguments.data is None:
        raise Mistaken("nothing was done", why="no instance was named", next_step="add `--data DIR`")
    instance = open_instance(arguments.data)
    if action == "certify":
        put_in_force(instance, _certificate(instance, arguments.certificate), arguments)
    elif action in ("suspend", "resume"):
        act = instance.watch_desk.suspend if action == "suspend" else instance.watch_desk.resume
        act(reasons=arguments.reasons, by=_signed(instance, arguments, action), at=datetime.now(UTC))
    view = instance.watch_desk.tracer_stands(Role.AUDITOR)
    print(json.dumps(as_tree(view)) if arguments.json else "\n".join(told(view)))
    return 1 if view.hindrance else 0


def put_in_force(instance: Instance, certificate: Certificate, arguments: argparse.Namespace) -> None:
    """Put a certificate in force, signed for by the administrator or the guardian."""
    by = _signed(instance, arguments, "certify")
    instance.watch_desk.certify(certificate, by=by, at=datetime.now(UTC))


def told(view: TracerView) -> list[str]:
    """Return how the tracer stands, in lines."""
    stands = view.standing
    lines = ["the tracer proposes" if view.hindrance is None else f"nobody is proposed: {view.hindrance.words}"]
    if stands.record is not None and stands.record.suspended_for:
        lines.append(f"  since {stands.record.suspended_at}: {stands.record.words}")
    if view.in_use is not None:
        lines.append(f"  model        {view.in_use.model}, register of {view.in_use.register_rows:,} people")
    if stands.certificate is None or stands.record is None or stands.evidence is None:
        return [*lines, "  certificate  none was ever put in force here: `privity trace certify --data DIR --by YOU`"]
    recent, record = stands.recent, stands.record
    limit = 1 / (1 - stands.evidence.confidence)
    certified = stands.certificate
    share = f"{recent.share:.0%}; {certified.most_absent:.0%} absent would make {certified.most_unproposed:.0%}"
    still = record.left_open
    return [
        *lines,
        f"  certificate  number {record.certificate}, {stands.certificate.digest[:12]}: {view.bound_words}",
        f"  recent       {sum(recent.unproposed)} of {len(recent.unproposed)} traces without a proposal, {share}",
        f"  officers     {record.determined - record.wrong} right, {record.wrong} somebody else, {still} left open",
        f"  evidence     {stands.evidence.against:.2f} against the promise; at {limit:.0f} it is refuted",
        *(f"  disparity    {words}" for words in view.disparities),
    ]


def as_tree(view: TracerView) -> dict[str, object]:
    """Return how the tracer stands, for programs."""
    stands, record = view.standing, view.standing.record
    return {
        "proposes": view.hindrance is None,
        "hindrance": view.hindrance.value if view.hindrance else None,
        "model": view.in_use.model if view.in_use else None,
        "model_digest": view.in_use.model_digest if view.in_use else None,
        "register_rows": view.in_use.register_rows if view.in_use else None,
        "certificate": stands.certificate.digest if stands.certificate else None,
        "recent_traces": len(stands.recent.unproposed),
        "recent_without_proposal": sum(stands.recent.unproposed),
        "most_without_proposal": stands.certificate.most_unproposed if stands.certificate else None,
        "determined": record.determined if record else 0,
        "wrong": record.wrong if record else 0,
        "left_open": record.left_open if record else 0,
        "evidence_against": stands.evidence.against if stands.evidence else None,
        "suspended_for": record.suspended_for or None if record else None,
        "suspended_at": record.suspended_at or None if record else None,
        "words": record.words or None if record else None,
        "disparities": list(view.disparities),
    }


def _certificate(instance: Instance, file: Path | None) -> Certificate:
    """Return the certificate in a file, or the one that ships with the program for a register of this size."""
    if file is not None:
        return read_certificate(text_of(file, "certificate"))
    return fitting(default_certificates(), instance.register.tracer_in_use().register_rows)


def _signed(instance: Instance, arguments: argparse.Namespace, action: str) -> Officer:
    if not arguments.by:
        raise Mistaken("nothing was done", why="nobody signed", next_step="add `--by STAFF-ID`; the password is asked")
    return signed_by(arguments, instance, SIGNED_BY[action])
