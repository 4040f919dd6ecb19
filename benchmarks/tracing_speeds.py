"""The tracer's speeds beside Splink's, and nothing else: both sides in one process, for a machine left alone.

    python benchmarks/tracing_speeds.py [--people N | --national] --folder FOLDER [--again]

The same functions, seeds and requests as `tracing_bench.py`, without what takes long and needs no quiet. The register
is made in FOLDER; with `--again` the one that lies there is taken. Needs the extra `benchmarks`.
"""

import argparse
import json
import os
import sys
from itertools import islice
from pathlib import Path

from tracing_bench import COMPARED, LABEL_SEED, NATIONAL, PEOPLE_SEED, machine
from tracing_compare import by_privity, by_splink, opened, single
from tracing_measures import TIMED, WARMING, latency

from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import Design, drawn

LABELS = 300_000
"""Of the tables' design: the first of them are the requests here and there."""


def measure(people: int, folder: Path, *, again: bool, memory: int) -> dict[str, object]:
    """Return what both sides took, in seconds and milliseconds, and the ratios."""
    population, path = generate(people, PEOPLE_SEED), folder / "register.sqlite"
    if not again:
        build(population, path)
    design = Design(people=people, people_seed=PEOPLE_SEED, labels=LABELS, label_seed=LABEL_SEED)
    asked = list(islice(drawn(population, design), max(COMPARED, WARMING + TIMED)))
    database = opened(population.columns, asked[:COMPARED], memory)
    del population
    _, timed, linker = by_splink(database, COMPARED, labels=False, present=0.79)
    one_by_one = single(linker, database, 5 if people >= NATIONAL else 20)
    with SqliteRegister.open(path) as register:
        model = default_model(register.size)
        _, _, bulk = by_privity(asked[:COMPARED], register, model)
        alone = latency(asked[: WARMING + TIMED], register, model)
    return {
        "people": people, "machine": machine(), "load": os.getloadavg()[0], **alone,
        "splink_single_ms": one_by_one, "single_ratio": one_by_one / alone["p50_ms"],
        "bulk_s": bulk, "splink_predict_s": timed.predict, "bulk_ratio": bulk / timed.predict,
    }  # fmt: skip


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--national", action="store_true", help="ten million people")
    parser.add_argument("--folder", type=Path, required=True, help="where the register lies")
    parser.add_argument("--again", action="store_true", help="on the register already in FOLDER")
    parser.add_argument("--memory", type=int, default=8, metavar="GIB", help="what DuckDB may take")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    people = NATIONAL if arguments.national else arguments.people
    print(json.dumps(measure(people, arguments.folder, again=arguments.again, memory=arguments.memory), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
