"""`privity agreement …` as a test runs it, and the files of a family as an author writes them."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from privity.edge.commands import agreement


def run(*words: str) -> int:
    """Run `privity agreement` with these words and return its exit code.

    Raises: what the command raises, before the console puts it into words.
    """
    parser = argparse.ArgumentParser()
    agreement.configure(parser)
    return agreement.run(parser.parse_args(words))


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths below a folder, and return the folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder
