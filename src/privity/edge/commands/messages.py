"""`privity messages`: every sentence of the pages, as the gettext template a translator starts from."""

import argparse
import json

from privity.edge.commands.options import add_json
from privity.edge.web.messages import catalogue, in_context, messages


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the sentences."""
    if arguments.json:
        listed = [
            {"context": context, "message": sentence, "places": places}
            for message, places in messages().items()
            for context, sentence in [in_context(message)]
        ]
        print(json.dumps({"messages": listed}, ensure_ascii=False))
    else:
        print(catalogue())
    return 0
