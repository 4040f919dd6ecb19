"""`privity notify run | contact | language | list`: tells organisations by e-mail that something waits.

The mails name nobody. They are written in the language that was chosen for the organisation, as its letters are.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from privity.casework.instance_records import ContactRecord
from privity.definitions.party import Role
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.outbox import read_transport
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.transports.peers import UnusableTransport
from privity.edge.transports.secure_mail import SecureMail
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken, Unavailable

if TYPE_CHECKING:
    from privity.edge.wiring.languages import Chosen

TELLING_PEOPLE = "privity.edge.wiring.telling_people"
"""Loaded by name: its rows can be imported only once the instance is open."""
PAUSE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 900
RELAY = "smtp://HOST:PORT?from=MAILBOX&ca=FILE[&user=U&password-file=FILE]"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="run|contact|language|list")
    running = acts.add_parser("run", help="tell whoever has not been told, every minute or once")
    running.add_argument("--relay", required=True, metavar="RELAY", help=RELAY)
    running.add_argument("--sign-in", default="", metavar="URL", help="where readers sign in; stands in the mails")
    running.add_argument("--once", action="store_true", help="tell once and stop")
    contact = acts.add_parser("contact", help="set the mailbox an organisation is told at")
    contact.add_argument("organisation", help="its short name; `custodian` and `department` are told too")
    contact.add_argument("address", help="one mailbox; `none` ends it")
    add_signature(contact)
    spoken = acts.add_parser("language", help="choose the language of letters and mails to an organisation")
    spoken.add_argument("organisation", help="its short name; `people` is whoever asked about themselves")
    spoken.add_argument("language", metavar="CODE", help="a language of `translations/`, like cy; `en-gb` for English")
    add_signature(spoken)
    listed = acts.add_parser("list", help="show the mailboxes and languages")
    for act in (running, contact, spoken, listed):
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Tell, set a mailbox, or show them.

    Raises: Mistaken: the relay or mailbox is none, the sign-in fails. Unavailable: with `--once`, no relay answers.
    """
    if arguments.act == "run":
        return _run(arguments)
    instance = open_instance(arguments.data)
    if arguments.act == "contact":
        by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
        address = "" if arguments.address == "none" else arguments.address
        record = instance.notifier.set_contact(arguments.organisation, address, by=by, at=datetime.now(UTC))
        _tell([record], [], as_json=arguments.json)
        return 0
    if arguments.act == "language":
        by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
        chosen = instance.languages.choose(arguments.organisation, arguments.language, by=by, at=datetime.now(UTC))
        print(json.dumps(asdict(chosen)) if arguments.json else _said(chosen))
        return 0
    _tell(list(instance.notifier.contacts()), list(instance.languages.chosen()), as_json=arguments.json)
    return 0


def _run(arguments: argparse.Namespace) -> int:
    relay = read_transport(arguments.relay)
    if not isinstance(relay, SecureMail):
        raise UnusableTransport("notifications go by mail", f"write the relay as `{RELAY}`")
    address = arguments.sign_in
    if address and not (address.startswith(("https://", "http://")) and address.isascii() and address.isprintable()):
        raise Mistaken(
            "nobody was told", why="`--sign-in` is no address of a page", next_step="write it as `https://…`"
        )
    instance, pause = open_instance(arguments.data), PAUSE_SECONDS
    while True:
        try:
            _once(instance, relay, arguments)
        except Unavailable as silent:
            if arguments.once:
                raise
            print(f"privity: {silent}", file=sys.stderr, flush=True)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            pause = PAUSE_SECONDS
        if arguments.once:
            return 0
        time.sleep(pause)


def _once(instance: Instance, relay: SecureMail, arguments: argparse.Namespace) -> None:
    done = instance.notifier.send(relay, sender=relay.sender, gateway=arguments.sign_in, at=datetime.now(UTC))
    people = import_module(TELLING_PEOPLE).tell_people(
        instance.store,
        instance.notifier.languages,
        relay,
        sender=relay.sender,
        gateway=arguments.sign_in,
        at=datetime.now(UTC),
    )
    if arguments.json:
        print(json.dumps({**asdict(done), "people": asdict(people)}), flush=True)
    elif arguments.once or done.made or done.sent or people.told:
        people_told = counted(people.told, "person", "people")
        told = f"{counted(done.sent, 'mail')} sent, {done.waiting} waiting, {people_told} told"
        looked = f", {done.given_up} given up: look at the mailbox" if done.given_up else ""
        print(told + looked, flush=True)


def _tell(records: list[ContactRecord], chosen: "list[Chosen]", *, as_json: bool) -> None:
    if as_json:
        lines = [{"organisation": one.reference, "address": one.address, "since": one.since} for one in records]
        print(json.dumps({"contacts": lines, "languages": [asdict(one) for one in chosen]}))
        return
    for one in records:
        print(f"{one.reference}  {one.address or 'nobody is told'}  since {one.since}")
    if not records:
        print("no organisation is told: set a mailbox with `privity notify contact`")
    for choice in chosen:
        print(_said(choice))


def _said(chosen: "Chosen") -> str:
    """Return for whom a language was chosen, and how much of it there is, in one line."""
    left = chosen.of - chosen.translated
    lacking = f"; {left} of {chosen.of} sentences are not translated and stay English" if left else ""
    return f"{chosen.organisation}  {chosen.language}  since {chosen.since}{lacking}"
