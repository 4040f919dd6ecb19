"""`privity doctor`: looks at clock, disk, keys, certificates and lists, and says what to do. Changes nothing.

Exit code 0: all well, or only things to plan for. 1: something that stops or soon stops releases.
"""

import argparse
import json
from datetime import UTC, datetime

from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.findings import Gravity
from privity.edge.wiring.instance import open_instance

MARKS = {Gravity.WELL: "well", Gravity.PLAN: "plan", Gravity.ACT: "act "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look, and say what to do.

    Raises: Mistaken: there is no instance. Unavailable: its ledger key cannot be read.
    """
    instance = open_instance(arguments.data)
    found = instance.doctor.look(datetime.now(UTC))
    if arguments.json:
        lines = [{"what": one.what, "gravity": one.gravity.value, "found": one.found, "do": one.do} for one in found]
        print(json.dumps(lines))
    else:
        for one in found:
            print(f"[{MARKS[one.gravity]}] {one.what}: {one.found}" + (f" -> {one.do}" if one.do else ""))
    return 1 if any(one.gravity is Gravity.ACT for one in found) else 0
