"""`privity agreement new` and `anchors`: the files an author starts from, and the words held to the rules."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from privity.agreement.anchors import ANCHORS_FILE, drift
from privity.agreement.anchors import anchors as anchors_of
from privity.agreement.reading import read_family
from privity.agreement.scaffold import scaffold
from privity.definitions.reference import AgreementFamily, read_slug
from privity.edge.commands.agreement_shelf import families_meant, folder_of, print_json
from privity.edge.settings.shelf import default_shelf
from privity.errors import Mistaken, Unavailable

DONE, NOT_SO = 0, 1
OFFENCES = "offences.yaml"
"""The table of offences that families share; it lies beside their folders."""


def new(arguments: argparse.Namespace) -> int:
    """Write the files of a new agreement into a folder that is not there yet, and say what to do next."""
    folder = Path(arguments.folder)
    family = AgreementFamily(read_slug(folder.name, what="agreement family"))
    if folder.exists():
        raise Mistaken(
            f"`{folder}` was not written",
            why="it is there already",
            next_step="name a folder that is not; its name becomes the name of the agreement",
        )
    today = datetime.now(UTC).date()
    files = scaffold(family, custodian=arguments.custodian, requester=arguments.requester, today=today)
    read_family(files)
    try:
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        table = folder.parent / OFFENCES
        if not table.exists():
            table.write_bytes((default_shelf() / OFFENCES).read_bytes())
    except OSError as error:
        raise Unavailable(
            f"`{folder}` was not written whole",
            why=error.strerror or "a file could not be opened",
            next_step="name a folder you may write to",
        ) from error
    if arguments.json:
        print_json({"family": family, "folder": str(folder), "files": sorted(files)})
        return DONE
    print(f"`{family}` is written in {folder}:")
    for path in sorted(files):
        print(f"  {path}")
    print("It reads well and its cases are green; it governs nothing until it is assessed and published. Next:")
    print(f"  privity agreement test {folder}     after every change")
    print(f"  privity agreement lint {folder}     what is still missing")
    print(f"  privity agreement prove {folder}    what can never happen")
    return DONE


def anchors(arguments: argparse.Namespace) -> int:
    """Print the clauses whose words and rule were not read together; with --write, record that they now were."""
    right = True
    for family in families_meant(arguments):
        for version in family.versions:
            if arguments.write:
                target = folder_of(arguments, family) / str(version.name) / ANCHORS_FILE
                target.write_text(anchors_of(version), encoding="utf-8")
                print(f"{version.reference}: {len(version.clauses)} clauses recorded as read beside their rules")
                continue
            found = list(drift(version))
            right = right and bool(version.anchors) and not found
            if arguments.json:
                print_json(
                    {
                        "version": version.reference,
                        "read": bool(version.anchors),
                        "drift": [row.clause for row in found],
                    }
                )
                continue
            if not version.anchors:
                print(f"{version.reference}: nobody has recorded reading its words beside its rules")
            for row in found:
                print(f"{family.name}/{version.name}/policy.cedar:{row.line}: `{row.clause}` {row.what}")
    return DONE if right else NOT_SO
