"""`privity upgrade`: brings the tables of an instance up to date with this version of the program.

Stop what serves the instance and copy its data directory first; there is no way back but that copy.
"""

import argparse
import json

from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import upgrade


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Bring the tables up to date and say how many steps it took.

    Raises: Mistaken: there is no instance, or its tables are newer than the program.
    """
    steps = upgrade(arguments.data)
    if arguments.json:
        print(json.dumps({"steps": steps}))
    else:
        print(f"up to date: {counted(steps, 'step')} taken" if steps else "up to date: nothing was to be done")
    return 0
