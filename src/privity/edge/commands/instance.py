"""`privity init`: an instance that can disclose nothing yet."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.begin import begin
from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import make_instance


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the instance and say what it is called and how to check it.

    Raises: Mistaken: there is one already.
    """
    root: Path = arguments.data
    instance = make_instance(root)
    with instance.store.unit() as unit:
        begin(unit, at=datetime.now(UTC), demonstration=False)
    key = str(instance.note_signer.verifier)
    if arguments.json:
        print(json.dumps({"data": str(root), "origin": instance.origin, "key": key}))
        return 0
    print(
        "\n".join(
            [
                f"An instance was made in {root}. It can disclose nothing: no agreement is published,",
                "no officer has an account, no requester has a certificate, no register is imported.",
                "",
                f"  ledger       {instance.origin}",
                f"  check it by  {key}",
                "",
                "Hand the key out now, before the first request: whoever has it can check everything later.",
                "Next: privity user add, privity register import, privity serve (docs/how-to/start.md).",
            ]
        )
    )
    return 0
