"""Finding families and versions for `privity agreement`: folders named on the command line, or the shelf."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from privity.agreement.reading import read_family
from privity.agreement.version import Family, Version
from privity.definitions.reference import VersionName
from privity.edge.settings.shelf import VOCABULARY_FILE, default_shelf, family_files, shelf_files
from privity.errors import Mistaken


def families_meant(arguments: argparse.Namespace) -> Iterator[Family]:
    """Yield the families meant, in the order named.

    Raises: Mistaken: a path is no folder of a family, or a file says something that cannot be.
    """
    paths: Sequence[str] = arguments.paths
    if not paths:
        for files in shelf_files(arguments.shelf or default_shelf()).values():
            yield read_family(files)
    for path in paths:
        folder = Path(path)
        if not (folder / VOCABULARY_FILE).is_file() and (folder.parent / VOCABULARY_FILE).is_file():
            folder = folder.parent
        if (folder / VOCABULARY_FILE).is_file():
            yield read_family(family_files(folder))
        elif folder.exists() and len(paths) > 1:
            print(f"privity: `{path}` is no family of agreements and was left out", file=sys.stderr)
        else:
            yield family_called(arguments, path)


def family_called(arguments: argparse.Namespace, name: str) -> Family:
    """Return a family by its name on the shelf."""
    shelf = shelf_files(arguments.shelf or default_shelf())
    if name not in shelf:
        raise Mistaken(
            f"the agreement `{name}` was not found",
            why="it is neither a folder with a vocabulary nor a family on the shelf",
            next_step=f"name a folder or one of {', '.join(sorted(shelf)) or 'none'}",
        )
    return read_family(shelf[name])


def version_called(arguments: argparse.Namespace, reference: str) -> tuple[Family, Version]:
    """Return a version by `family@version`."""
    name, _, wanted = reference.partition("@")
    found_family = family_called(arguments, name)
    found = found_family.version(VersionName(wanted))
    if found is None:
        raise Mistaken(
            f"the version `{reference}` was not found",
            why="the family has no version of that name",
            next_step=f"use one of {', '.join(row.reference for row in found_family.versions)}",
        )
    return found_family, found


def print_json(value: object) -> None:
    """Print a value as one JSON object."""
    print(json.dumps(value, ensure_ascii=False))


def folder_of(arguments: argparse.Namespace, found: Family) -> Path:
    """Return the folder a family was read from, for what is written beside it."""
    for path in getattr(arguments, "paths", ()):
        folder = Path(path)
        for place in (folder, folder.parent):
            if (place / VOCABULARY_FILE).is_file() and read_family(family_files(place)).name == found.name:
                return place
    return Path(arguments.shelf or default_shelf()) / str(found.name)
