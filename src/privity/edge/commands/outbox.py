"""`privity outbox run`: sends what is sealed and unsent, and hears what became of it; repeats are byte-identical.

Secrets are read from files that only their owner can read, never from the command line, which others can see.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from privity.casework.ports import Transport
from privity.casework.take_back import Doubt
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.transports.mesh import WORKFLOW, Mesh
from privity.edge.transports.peers import UnusableTransport
from privity.edge.transports.secure_mail import SecureMail
from privity.edge.transports.spool import Spool
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken, Unavailable

PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 300
GREET_EVERY = timedelta(hours=12)
"""MESH wants to hear from a mailbox once a day, even where there is nothing to send."""
LONGEST_MAIL = 2_000_000
DESCRIPTIONS = (
    "spool:DIR",
    "smtp://HOST:PORT?from=MAILBOX&ca=FILE[&user=U&password-file=FILE]",
    "smtps://… (TLS from the first byte)",
    "mesh://MAILBOX@HOST:PORT?ca=FILE&cert=FILE&key=FILE&password-file=FILE&shared-key-file=FILE[&workflow=W]",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("act", choices=["run", "take-in"], help="send and hear, or take in mail about packs")
    parser.add_argument("mail", nargs="*", type=Path, metavar="MAIL.eml", help="for take-in: reports, confirmations")
    add_data(parser)
    parser.add_argument("--once", action="store_true", help="send once and stop, instead of every few seconds")
    parser.add_argument(
        "--transport",
        default="",
        metavar="TRANSPORT",
        help="where to (default: the instance's own spool folder): " + "; ".join(DESCRIPTIONS),
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send until stopped, or once; or take in mail.

    Raises: Mistaken: a transport that is not known, mail that is not taken. Unavailable: with `--once`, the
            transport cannot be used now; without, the worker says so, waits and tries again.
    """
    if arguments.act == "take-in":
        return _take_in(arguments)
    if arguments.mail:
        raise Mistaken("nothing was sent", why="`run` takes no mail", next_step="use `privity outbox take-in MAIL.eml`")
    transport = read_transport(arguments.transport)
    instance = open_instance(arguments.data)
    called = arguments.transport.partition(":")[0] or "spool"
    pause = PAUSE_SECONDS
    greeted: datetime | None = None
    waits: tuple[str, ...] = ()
    while True:
        at = datetime.now(UTC)
        try:
            if isinstance(transport, Mesh) and (greeted is None or at - greeted > GREET_EVERY):
                transport.handshake()
                greeted = at
            sent = instance.outbox.send(at=at, transport=transport, called=called)
            heard = asdict(instance.ear.listen(transport, at=at)) if isinstance(transport, Mesh) else {}
        except Unavailable as silent:
            if arguments.once:
                raise
            print(f"privity: {silent}", file=sys.stderr, flush=True)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            time.sleep(pause)
            continue
        pause = PAUSE_SECONDS
        waits = _tell_waits(instance.outbox.held_back(at=at), waits)
        _tell(sent, heard, as_json=arguments.json, always=arguments.once)
        if arguments.once:
            return 0
        time.sleep(pause)


def read_transport(text: str) -> Transport | None:
    """Return the transport a description stands for, or None for the instance's own spool.

    Raises: Mistaken: it is none of those known, or lacks something.
    """
    if not text:
        return None
    if text.startswith("spool:") and text != "spool:":
        return Spool(Path(text.removeprefix("spool:")))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UnusableTransport("its port is no number", "write it as `privity outbox --help` shows") from None
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return _mail(parts, port)
    if parts.scheme == "mesh" and parts.hostname:
        return _mesh(parts, port)
    raise UnusableTransport(
        f"the transport `{text.partition(':')[0][:20]}` is not known", "use `spool:DIR`, `smtp://…` or `mesh://…`"
    )


def _mail(parts: SplitResult, port: int | None) -> SecureMail:
    options = _options(parts, {"from", "ca", "user", "password-file"})
    sender = _given(options, "from")
    if not sender.isascii() or not sender.isprintable() or "@" not in sender or " " in sender:
        raise UnusableTransport("`from` is no mail address", "give the custodian's own mailbox")
    from_the_start = parts.scheme == "smtps"
    return SecureMail(
        host=parts.hostname or "",
        port=port or (465 if from_the_start else 587),
        sender=sender,
        authorities=Path(options["ca"]) if "ca" in options else None,
        user=options.get("user", ""),
        password=_secret(options["password-file"]) if "password-file" in options else "",
        from_the_start=from_the_start,
    )


def _mesh(parts: SplitResult, port: int | None) -> Mesh:
    options = _options(parts, {"ca", "cert", "key", "password-file", "shared-key-file", "workflow"})
    return Mesh(
        host=parts.hostname or "",
        port=port or 443,
        mailbox=(parts.username or "").upper(),
        password=_secret(_given(options, "password-file")),
        shared_key=_secret(_given(options, "shared-key-file")).encode(),
        authorities=Path(_given(options, "ca")),
        certificate=Path(_given(options, "cert")),
        key=Path(_given(options, "key")),
        workflow=options.get("workflow", WORKFLOW),
    )


def _options(parts: SplitResult, known: set[str]) -> Mapping[str, str]:
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    strange = sorted(given.keys() - known)
    if strange:
        raise UnusableTransport(f"`{strange[0][:20]}` is not one of its options", f"use {', '.join(sorted(known))}")
    return given


def _given(options: Mapping[str, str], name: str) -> str:
    if not options.get(name):
        raise UnusableTransport(f"`{name}` is missing", "write it as `privity outbox --help` shows")
    return options[name]


def _secret(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as refusal:
        raise Unavailable(
            "nothing was sent",
            why=f"`{Path(path).name}` was not read ({(refusal.strerror or 'refused').lower()})",
            next_step="check that the file is there and that you may read it",
        ) from None


def _take_in(arguments: argparse.Namespace) -> int:
    if not arguments.mail:
        raise Mistaken("nothing was taken in", why="no mail was given", next_step="name one or more `.eml` files")
    instance = open_instance(arguments.data)
    for path in arguments.mail:
        try:
            with path.open("rb") as file:
                mail = file.read(LONGEST_MAIL)
        except OSError as refusal:
            raise Unavailable(
                f"`{path.name}` was not read",
                why=(refusal.strerror or "the system refused").lower(),
                next_step="check that the file is there and that you may read it",
            ) from None
        heard = asdict(instance.ear.take_mail(mail, at=datetime.now(UTC)))
        _tell([], heard, as_json=arguments.json, always=True)
    return 0


def _tell_waits(held: Mapping[Doubt, int], told: tuple[str, ...]) -> tuple[str, ...]:
    """Say what rests and why, once until that changes, and return it."""
    waits = tuple(f"{count} sealed and not sent: {doubt.why}" for doubt, count in sorted(held.items()))
    for line in waits:
        if line not in told:
            print(f"privity: {line}; see `privity doctor` for what to do", file=sys.stderr, flush=True)
    return waits


def _tell(sent: Sequence[str], heard: Mapping[str, int], *, as_json: bool, always: bool) -> None:
    if as_json:
        print(json.dumps({"sent": len(sent), "cases": list(sent), **heard}), flush=True)
    elif sent or always or any(heard.values()):
        told = "".join(f", {count} {what}" for what, count in heard.items() if count)
        print(f"sent {counted(len(sent), 'sealed pack')}{told}", flush=True)
