"""How fast an agreement decides, replays and is proved. CPU time of one process; best of interleaved rounds.

Figures: a decision with its explanation 2,000 a second, or 0.4 of the engine's own validated call on the same
request; 11,169 requests replayed in 12 s; all proofs of one family in 5 s.
"""

import importlib
import importlib.util
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cedarpy

from privity.agreement.assessment import Asked
from privity.agreement.cases import read_cases
from privity.agreement.evaluation import assess_afresh, forget, parse_policy
from privity.agreement.policy import as_tree
from privity.agreement.reading import read_family
from privity.agreement.replay import replay, replay_asked
from privity.agreement.schema import cedar_entities, cedar_schema
from privity.agreement.shown import cedar_request
from privity.agreement.version import Family, Version
from privity.definitions.item import DataItem
from privity.definitions.reference import VersionName
from privity.edge.commands.replay_file import read_requests
from privity.edge.settings.shelf import default_shelf, shelf_files

ROUNDS = 9
DECISIONS_A_SECOND, OF_THE_ENGINE = 2_000, 0.4
REPLAYED, REPLAY_S, PROVE_S = 11_169, 12.0, 5.0


def per_second(what: Callable[[Asked], object], asked: Sequence[Asked]) -> float:
    """Return how many of the requests a second of CPU time answers, in one round."""
    start = time.process_time()
    for row in asked:
        what(row)
    return len(asked) / (time.process_time() - start)


def validated_call(version: Version) -> Callable[[Asked], object]:
    """Return the engine's own call on one item, policies, entities and schema parsed before."""
    by_id = {str(as_tree(body["annotations"])["id"]): body for body in parse_policy(version.policy)}
    whole = {"staticPolicies": by_id, "templates": {}, "templateLinks": []}
    policies = cedarpy.PolicySet.from_json_str(json.dumps(whole))
    entities = cedarpy.Entities.from_json_str(json.dumps(cedar_entities(version.vocabulary)))
    schema = cedarpy.Schema.from_json_str(json.dumps(cedar_schema(version.vocabulary)))

    def call(asked: Asked) -> object:
        item = min(asked.items)
        return cedarpy.is_authorized(cedar_request(version, asked, item.value), policies, entities, schema)

    return call


def decisions(family: Family, name: str) -> bool:
    """Measure decisions over every worked case of a version, and print the ratio to the engine's own call."""
    version = family.version(VersionName(name))
    assert version is not None, "the version is shipped"
    own = [case.asked for case in read_cases(family).requests if any(row.version == name for row in case.expected)]
    asked = (own * (400 // len(own) + 1))[:400]
    ours, engines = 0.0, 0.0
    call = validated_call(version)
    for _ in range(ROUNDS):
        ours = max(ours, per_second(lambda row: assess_afresh(version, row), asked))
        engines = max(engines, per_second(call, asked))
    print(
        f"decision with explanation, {version.reference}: {ours:,.0f}/s; "
        f"the engine's validated call {engines:,.0f}/s; ratio {ours / engines:.2f}"
    )
    return ours >= DECISIONS_A_SECOND or ours / engines >= OF_THE_ENGINE


def replays(family: Family) -> bool:
    """Measure the replay of as many requests as were made in 2016, under every version."""
    requests = read_requests(default_shelf() / "home-office" / "year-2016.jsonl", family)
    year = (requests * 2)[:REPLAYED]
    rounds = {"as made": year, "all kinds of items asked for": varied(year)}
    kept = True
    for told, asked in rounds.items():
        slowest = max(replayed_in(asked, version) for version in family.versions)
        kept = kept and slowest <= REPLAY_S
        print(f"replay of {REPLAYED:,} requests, {told} ({len(set(asked))} differ): {slowest:.2f} s at most")
    return kept


def varied(year: Sequence[Asked]) -> list[Asked]:
    """Return the requests with items drawn anew, so that hardly two ask alike. Seeded."""
    chance = random.Random(2016)
    every = sorted({item for row in year for item in row.items} | {DataItem.NAME, DataItem.GENDER, DataItem.TELEPHONE})
    return [replace(row, items=frozenset(chance.sample(every, chance.randint(1, len(every))))) for row in year]


def replayed_in(asked: Sequence[Asked], version: Version) -> float:
    """Return the CPU seconds of one replay from cold."""
    forget()
    replay_asked.cache_clear()
    start = time.process_time()
    replay(asked, version)
    return time.process_time() - start


def proofs(families: Sequence[Family]) -> bool:
    """Measure all proofs of each family; where the solver is not installed, say so."""
    if importlib.util.find_spec("z3") is None:
        print("proofs were not measured: the solver z3 is not installed")
        return True
    prove = importlib.import_module("privity.agreement.claims").prove
    slowest = 0.0
    for family in families:
        start = time.process_time()
        count = sum(len(prove(family, version)) for version in family.versions)
        spent = time.process_time() - start
        slowest = max(slowest, spent)
        print(f"proofs of {family.name}: {count} in {spent:.2f} s")
    return slowest <= PROVE_S


def main() -> int:
    """Measure everything and return 1 where a figure is missed."""
    shelf = shelf_files(Path(default_shelf()))
    families = [read_family(files) for files in shelf.values()]
    home_office = next(family for family in families if family.name == "home-office")
    kept = [decisions(home_office, str(version.name)) for version in home_office.versions]
    kept += [replays(home_office), proofs(families)]
    print("every figure is kept" if all(kept) else "A FIGURE IS MISSED")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
