"""The verifier that ships alone: what an auditor runs who will not install a gateway (tools/build_verifier.py).

    python3 privity-verify.pyz verify DIR --key VKEY [--checkpoint OLD] [--json]
    python3 privity-verify.pyz check-opening FILE --key VKEY [--json]
    python3 privity-verify.pyz check-succession NOTE --key FORMER --new-key NEW [--json]

Exit codes are those of `privity ledger`: 0 it holds · 1 altered · 2 rolled back or forked, or wrong usage ·
3 unreadable.
"""

import sys
from collections.abc import Sequence

from privity.edge.commands import ledger as ledger  # noqa: PLC0414  so that it is shipped: the console loads it by name
from privity.edge.commands.console import main as run_command

ACTS = ("verify", "check-opening", "check-succession")
HELP = """\
privity-verify verify DIR --key VKEY [--checkpoint OLD] [--json]        check an exported ledger
privity-verify check-opening FILE --key VKEY [--json]                   check a field that was opened for you
privity-verify check-succession NOTE --key FORMER --new-key NEW [--json]  check that a ledger follows a former one
0 it holds, 1 altered, 2 rolled back or forked, or wrong usage, 3 unreadable. More of each: verify --help\
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the acts and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["-h"], ["--help"]):
        print(HELP)
        return 0
    if not words or words[0] not in ACTS:
        print(f"privity-verify: the first word is one of: {', '.join(ACTS)}; --help tells more", file=sys.stderr)
        return 2
    return run_command(["ledger", *words])
