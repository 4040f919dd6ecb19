"""Splink's rows alone, put into a table that tracing_bench.py kept: same people, same 10,000 requests.

    python benchmarks/tracing_splink.py --folder FOLDER [--memory GIB]

FOLDER holds the table.json of a run of `tracing_bench.py --without-splink`: what Splink needs is drawn again from its
seeds. Besides the two rows of the table, one of Splink with fewer of the blocking rules, those that find most nearly as
many of the people present as the Splink of our first findings did, whose rules are not on record. Times are not
measured here: tracing_speeds.py does. Needs the extra `benchmarks`.
"""

import argparse
import json
import sys
import time
from itertools import chain, combinations, islice
from pathlib import Path

import numpy as np
from tracing_bench import COMPARED, TRAINED_ON, Table, ratios
from tracing_compare import BLOCKING, add_training, blocked_by, by_splink, first_of, judged, opened

from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import Asked, Design, drawn

FOUND_THEN = 0.924
"""Candidate recall of Splink at ten million in the findings that the goal for F1 was drawn from."""
PRESENT = 0.79


def nearest(found: np.ndarray, wanted: float) -> tuple[int, ...]:
    """Return which rules together find most nearly the wanted share; `found` has a row a rule, a column a person."""
    places = range(len(found))
    some = chain.from_iterable(combinations(places, count) for count in range(1, len(found) + 1))
    return min(some, key=lambda rules: abs(float(found[list(rules)].any(axis=0).mean()) - wanted))


def requests(table: Table) -> tuple[object, list[Asked], list[Asked]]:
    """Return the columns of the register of a table, its requests, and the requests Splink is trained on."""
    people_seed, label_seed, training_seed = table["seeds"]
    population = generate(table["people"], people_seed)
    designs = (
        Design(people=table["people"], people_seed=people_seed, labels=count, label_seed=seed)
        for count, seed in ((table["labels"], label_seed), (TRAINED_ON, training_seed))
    )
    asked, training = (list(islice(drawn(population, design), COMPARED)) for design in designs)
    return population.columns, asked, training


def measure(table: Table, memory: int) -> Table:
    """Return Splink's rows, and what its blocking finds."""
    columns, asked, training = requests(table)
    truth = np.array([one.truth or 0 for one in asked])
    database = opened(columns, asked, memory)
    del columns
    found = blocked_by(database, truth)
    fewer = [BLOCKING[place] for place in nearest(found, FOUND_THEN)]
    rows: Table = {}
    by_em, _, _ = by_splink(database, len(asked), labels=False, present=PRESENT)
    rows["splink, trained by EM"] = judged(by_em, truth)
    print(time.process_time(), rows, file=sys.stderr, flush=True)
    by_fewer, _, _ = by_splink(database, len(asked), labels=False, present=PRESENT, blocking=fewer)
    rows["splink, trained by EM, fewer blocking rules"] = judged(by_fewer, truth)
    add_training(database, training, len(asked))
    by_labels, _, _ = by_splink(database, len(asked) + len(training), labels=True, present=PRESENT)
    rows["splink, trained on labels"] = judged(first_of(by_labels, len(asked)), truth)
    return {
        "methods": rows,
        "splink_candidate_recall": float(found.any(axis=0).mean()),
        "fewer_rules": [list(rule) for rule in fewer],
        "fewer_rules_candidate_recall": float(blocked_by(database, truth, fewer).any(axis=0).mean()),
    }


def main() -> int:
    """Put Splink's rows into the table and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True, help="what tracing_bench.py wrote")
    parser.add_argument("--memory", type=int, default=8, metavar="GIB", help="what DuckDB may take")
    arguments = parser.parse_args()
    path = arguments.folder / "table.json"
    table: Table = json.loads(path.read_text(encoding="utf-8"))
    found = measure(table, arguments.memory)
    table["beside"] |= {**found, "methods": table["beside"]["methods"] | found["methods"]}
    ratios(table)
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(table["beside"], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
