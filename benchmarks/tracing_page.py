"""Draws the tables of docs/reference/tracing-benchmark.md from what tracing_bench.py kept.

    python benchmarks/tracing_page.py FOLDER [FOLDER …]

Each FOLDER holds the table.json of one run, at a million people or at ten. The section of that size is drawn anew; the
words of the page, and sections of sizes not named, stay as they are.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "tracing-benchmark.md"
NATIONAL = 10_000_000
HEADINGS = {False: "## One million people", True: "## Ten million people"}
Table = Mapping[str, Any]


def share(one: Table) -> str:
    """Return a share with its interval and of how many."""
    return f"{one['share']:.4f} ({one['low']:.4f} to {one['high']:.4f}), n {one['of']:,}"


def wrong(one: Table) -> str:
    """Return a small share with its interval and how many of how many."""
    return f"{one['share']:.5f} ({one['low']:.5f} to {one['high']:.5f}), {one['hits']:,} of {one['of']:,}"


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def alone(table: Table, *, national: bool) -> Iterator[str]:
    """Yield the rows of the tracer by itself."""

    def goal(million: str, ten: str) -> str:
        return ten if national else million

    yield row("measure", "goal", "measured")
    yield row("---", "---", "---")
    yield row("generate (processor)", goal("1 minute", ""), f"{table['generate_cpu_s']:.1f} s")
    size = f"{table['memory_gib']:.1f} GiB, file of {table['file_gib']:.2f} GiB"
    took = f"{table['import_s']:.0f} s wall, {table['import_cpu_s']:.0f} s processor, {size}"
    yield row("import", goal("40 s", "6 minutes"), took)
    if "import_csv_s" in table:
        by_file = f"{table['import_csv_s']:.0f} s wall, file of {table['csv_gib']:.2f} GiB"
        yield row("import by way of a CSV file", goal("40 s", ""), by_file)
    cpu = f"processor {table['cpu_p50_ms']:.2f} and {table['cpu_p99_ms']:.1f}"
    single = f"p50 {table['p50_ms']:.2f} ms, p99 {table['p99_ms']:.1f} ms ({cpu}); n {table['timed']:,}"
    yield row("single trace, warm", goal("", "p50 1.5 ms, p99 12 ms"), single)
    several = (f"{name} {table[f'candidates_{name}']:.0f}" for name in ("p50", "p99", "most"))
    yield row("records compared", goal("", "p99 300"), ", ".join(several))
    yield row("candidate recall", "0.993", share(table["candidate_recall"]))
    worst = table["candidate_recall_worst_group"]
    yield row("candidate recall, worst group", goal("0.988", ""), f"{worst['group']} {share(worst)}")
    for rate, words, wanted in (("0.001", "1e-3", goal("0.95", "0.88")), ("0.0003", "3e-4", goal("0.80", ""))):
        found = table["certified"][rate]
        if found is None:
            yield row(f"certified {words} (a third of the labels)", wanted, "nothing could be certified")
            continue
        held = (
            f"certified {words} (a third of the labels, from {found['threshold']:.4f}), coverage of present on the rest"
        )
        yield row(held, wanted, share(found["coverage_of_present"]))
        yield row("... realised wrong on the rest", words, wrong(found["realised_wrong"]))
    yield from by_groups(table, "by this run's certificate", goal("0.88", "0.75"))
    if "shipped" in table:
        yield from by_groups(table["shipped"], "by the certificate that ships", "")


def by_groups(table: Table, whose: str, least: str) -> Iterator[str]:
    """Yield the rows of everybody and of the worst groups, at one threshold."""
    every = f"all labels, {whose} (from {table['threshold']:.4f}), coverage of present"
    yield row(every, "", share(table["coverage_of_present"]))
    yield row("... wrong person", "1e-3", wrong(table["wrong"]))
    yield row("... somebody proposed for an absent person", "", wrong(table["wrong_of_absent"]))
    gate = "the gate holds" if table["gate_holds"] else "the gate FAILS"
    yield row(
        "... worst group, wrong person",
        "2e-3",
        f"{table['worst_wrong']['group']} {wrong(table['worst_wrong'])}; {gate}",
    )
    worst = table["worst_coverage"]
    yield row("... worst group, coverage of present", least, f"{worst['group']} {share(worst)}")
    for one in table["groups"]:
        if one["group"] == "under 16":
            children = f"{share(one['found'])}; {wrong(one['wrong'])}"
            yield row("... under 16, coverage of present; wrong person", "", children)


def beside(found: Table, p50_ms: float, *, national: bool) -> Iterator[str]:
    """Yield the tracer beside the others."""
    yield "### Beside others, the same 10,000 requests"
    yield row("method", "F1*", "recall*", "wrong*", "recall, no threshold", "wrong, no threshold")
    yield row(*["---"] * 6)
    for name, one in found["methods"].items():
        cells = [one.get(key) for key in ("f1", "recall", "wrong", "recall_of_all", "wrong_of_all")]
        yield row(name, *("" if cell is None else f"{cell:.4f}" for cell in cells))
    yield ""
    yield row("in one run", "goal", "measured")
    yield row("---", "---", "---")
    if "splink_single_ms" in found:
        yield from times_beside_splink(found, p50_ms, national=national)
    if "f1_over_em" in found:
        yield from beside_splink(found, national=national)
    rules, fewer = found["rules_on_all"], found.get("fewer_wrong_than_rules")
    yield row("rules of PDS on all labels, recall", "", share(rules["recall"]))
    yield row("... wrong person", "", wrong(rules["wrong"]))
    yield row(
        "wrong persons, rules of PDS beside what is proposed, all labels", "15 times" if national else "",
        f"{fewer:.1f} times" if fewer else "none was wrong here",
    )  # fmt: skip
    yield row(
        "recall above the rules of PDS, all labels", "0.08" if national else "", f"{found['recall_over_rules']:+.4f}"
    )


def times_beside_splink(found: Table, p50_ms: float, *, national: bool) -> Iterator[str]:
    """Yield how long Splink takes and how long the tracer."""
    yield row(
        "one request, Splink's `predict_between` beside a single trace", "4,000 times" if national else "1,000 times",
        f"{found['splink_single_ms']:,.0f} ms beside {p50_ms:.2f} ms: {found['single_ratio']:,.0f} times",
    )  # fmt: skip
    splink = f"{found['splink_predict_s']:.1f} s (after {found['splink_train_s']:.0f} s of training)"
    yield row(
        "all 10,000, Splink's `predict` on two threads beside a batch",
        "a fifth of its time" if national else "never slower",
        f"{splink} beside {found['bulk_s']:.1f} s: {found['bulk_ratio']:.2f} of its time",
    )  # fmt: skip


def beside_splink(found: Table, *, national: bool) -> Iterator[str]:
    """Yield what the tracer finds more than Splink."""
    if "f1_over_labels" in found:
        yield row("F1 above label-trained Splink", "" if national else "0.025", f"{found['f1_over_labels']:+.4f}")
    yield row("F1 above EM-trained Splink", "0.06" if national else "", f"{found['f1_over_em']:+.4f}")
    yield row("... the most that any threshold could reach, all whom it ranks first accepted and nobody else", "",
              f"{found['most_f1_over_em']:+.4f}")  # fmt: skip
    if "splink_candidate_recall" in found:
        yield row("candidate recall of Splink", "", f"{found['splink_candidate_recall']:.4f}")
        yield row("... with fewer blocking rules", "", f"{found['fewer_rules_candidate_recall']:.4f}")


def febrl(found: Mapping[str, float]) -> Iterator[str]:
    """Yield the table of FEBRL."""
    yield from ("", "### FEBRL", row("data", "F1", "goal"), row("---", "---", "---"))
    for name, goal in (
        ("febrl4 with number", 0.9995),
        ("febrl4 without number", 0.993),
        ("febrl3 without number", 0.975),
    ):
        yield row(name, f"{found[name]:.4f}", f"{goal}")
    yield ""
    yield "FEBRL is easy and has no absent people; it is here so that a change that breaks the tracer is seen. m is"
    yield "found without labels; the threshold is the best one; FEBRL 4 takes each record once. The number is the"
    yield "social security number."


def section(table: Table) -> str:
    """Return the section of one size."""
    national = table["people"] >= NATIONAL
    lines = [HEADINGS[national], *alone(table, national=national), ""]
    lines.append(
        f"{table['labels']:,} labels, seeds {table['seeds'][0]} and {table['seeds'][1]}; model `{table['model']}`; "
        f"{table['machine']}."
    )
    lines += ["", *beside(table["beside"], table["p50_ms"], national=national)]
    lines += febrl(table["febrl"]) if "febrl" in table else []
    return "\n".join(lines) + "\n\n"


def main(folders: list[str]) -> int:
    """Draw the sections of the folders named."""
    if not folders:
        print("name a folder that `tracing_bench.py --folder` wrote", file=sys.stderr)
        return 2
    text = PAGE.read_text(encoding="utf-8")
    for folder in folders:
        table = json.loads((Path(folder) / "table.json").read_text(encoding="utf-8"))
        heading = f"{HEADINGS[table['people'] >= NATIONAL]}\n"
        before, _, rest = text.partition(heading)
        after = re.search(r"^(## |\*At the )", rest, re.MULTILINE)
        text = before + section(table) + (rest[after.start() :] if after else "")
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
