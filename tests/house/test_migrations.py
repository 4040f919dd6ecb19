"""Migrations form one chain: two that follow the same one would keep every instance from being made or upgraded."""

import re
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "src/privity/edge/store/migrations"
FOLLOWS = re.compile(r"""\(['"]store['"], ['"]([0-9]{4}_[0-9a-z_]+)['"]\)""")


def test_every_migration_follows_the_one_before_it() -> None:
    names = sorted(path.stem for path in FOLDER.glob("0*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for before, name in pairwise(names):
        assert FOLLOWS.findall((FOLDER / f"{name}.py").read_text(encoding="utf-8")) == [before], name
