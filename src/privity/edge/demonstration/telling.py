"""Telling a person what happened: progress while it works, and a summary that says what is made up."""

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from privity.casework.calling import named
from privity.edge.demonstration.cast import PASSWORD, PRACTICE_WORDS, SIGN_IN_AS
from privity.edge.demonstration.plans import REPORTED, REPORTED_REFUSED, REPORTED_TRACED, REPORTED_UNTRACED
from privity.edge.demonstration.results import Done
from privity.statistics.counts import total
from privity.statistics.suppression import Suppression
from privity.statistics.table import table_of

SHORT = ("received", "rejected", "unreadable", "refused", "traced", "untraced", "withdrawn", "held", "open")
MOST_CLASSES = 14


@dataclass(slots=True)
class Teller:
    """Says on stderr what is being done; bars only on a terminal."""

    quiet: bool = False

    def step(self, words: str) -> None:
        """Say what comes next."""
        print(f"  · {words}", file=sys.stderr, flush=True)

    @contextmanager
    def bar(self, words: str, steps: int) -> Iterator[Callable[[int], None]]:
        """Yield what advances a bar; without a terminal, a line at the start is all there is."""
        console = Console(stderr=True)
        if not console.is_terminal:
            self.step(words)
            yield lambda _count: None
            return
        columns = (TextColumn("  · {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(words, total=steps)
            yield lambda count: progress.advance(task, count)

    def done(self) -> None:
        """End the progress with an empty line."""
        print(file=sys.stderr, flush=True)


def tell(done: Done, *, seconds: float) -> str:
    """Return the summary."""
    return "\n".join(
        [
            *_opening(done),
            *_figures(done),
            *_reported(),
            *_replayed(done),
            *_outside(done),
            *_looking(done),
            f"Took {seconds:.0f} seconds.",
        ]
    )


def _opening(done: Done) -> list[str]:
    return [
        "Privity: a made-up year through the real corridor",
        "=" * 49,
        f"{done.wishes.people:,} made-up people; requests with the volumes reported for January to November 2016"
        + (f", times {done.wishes.scale:g}" if done.wishes.scale != 1 else "")
        + ".",
        "In 2016 no written terms were in force, so the requests are received in 2017, the first year that had them.",
        f"{done.sent.refused_files} files came with {done.sent.row_errors} row errors: refused whole, then corrected.",
        *([f"  for example: {done.sent.example}"] if done.sent.example else []),
        "",
    ]


def _figures(done: Done) -> list[str]:
    table = table_of(done.statistics, Suppression.EXACT)
    rows = [(named(row.requester), *row.cells) for row in table.rows]
    rows.append(("All", *table.total.cells))
    whole = total(done.statistics)
    return [
        "What became of them (counted from the ledger; each row adds up)",
        *_columns(("", *SHORT), rows),
        "",
        f"Of {whole.refused:,} refused, {whole.refused_by_terms:,} follow from the terms, rulings on what a term means",
        "among them; people refused the rest in the public interest.",
        "From the rules: rejected, refused where nobody ruled, held. Simulated, seeded: the mix of requests, what",
        "officers judge and rule, who is absent from the register, withdrawals.",
        f"Register reads for requests not approved: {done.register_reads_without_approval}.",
        f"Wrong person named in {done.traces.wrong} of {done.traces.traced:,} traced (only a simulation can know);",
        f"{done.traces.found:,} of {done.traces.present:,} people who are on the register were found.",
        *textwrap.wrap(done.tracer, 108),
        "",
    ]


def _reported() -> list[str]:
    rows = [
        (
            named(name),
            f"{REPORTED[name]:,}",
            f"{REPORTED_TRACED[name]:,}",
            f"{REPORTED_UNTRACED[name]:,}" if name in REPORTED_UNTRACED else "not reported",
            REPORTED_REFUSED.get(name, "not reported"),
        )
        for name in sorted(REPORTED)
    ]
    return [
        "Reported for January to November 2016 (S1)",
        *_columns(("", "received", "traced", "untraced", "refused"), rows),
        "The Home Office's own figures do not close: 8,127 less 7,437 approved leaves 690, and fewer than 120",
        "were refused. At least 570 are not accounted for. Here every request stands in a column.",
        "",
    ]


def _replayed(done: Done) -> list[str]:
    lines = [
        "The Home Office's year replayed under the terms of May 2018, as announced",
        *(
            f"  {count:>6,}  {outcome}"
            for outcome, count in sorted(done.replay_totals.items(), key=lambda one: -one[1])
        ),
        "By class, largest first, with the clause that decides:",
    ]
    for one in done.replayed[:MOST_CLASSES]:
        clauses = ", ".join(cited.ref.clause for cited in one.cited) or "-"
        lines.append(
            f"  {one.count:>6,}  {one.purpose}, {one.offence or 'no offence named'}: {one.outcome} [{clauses}]"
        )
    if len(done.replayed) > MOST_CLASSES:
        lines.append(f"          and {len(done.replayed) - MOST_CLASSES} smaller classes (--json has all)")
    return [*lines, f"One overstay request: {done.example}", ""]


def _program() -> str:
    """Return how this program is called from where the reader stands: by its path where it is not installed."""
    return "privity" if shutil.which("privity") else os.path.relpath(sys.argv[0])


def _outside(done: Done) -> list[str]:
    checked, root = done.checked, done.wishes.data.resolve()
    export = done.wishes.data / checked.export.relative_to(root)
    lines = [
        "Checked from outside",
        f"  ledger: {'intact' if checked.intact else 'NOT INTACT'}, {checked.size:,} entries, {checked.origin}",
        "  again by hand:",
        f"    {_program()} ledger verify {export} --key '{checked.key}'",
    ]
    if checked.pack is not None:
        folder = done.wishes.data / "requesters" / checked.organisation
        pack = done.wishes.data / checked.pack.relative_to(root)
        said = {True: "and with openssl", False: "BUT NOT with openssl", None: "(no openssl here)"}[checked.openssl]
        opened = "opened" if checked.opened else "NOT OPENED"
        lines += [
            f"  one pack: {opened} with the requester's key {said}",
            "  again by hand:",
            f"    {_program()} open {pack} \\",
            f"      --key {folder / 'key.pem'}",
            f"    openssl cms -decrypt -in {pack} \\",
            f"      -recip {folder / 'certificate.pem'} -inkey {folder / 'key.pem'} \\",
            f"      | openssl cms -verify -CAfile {folder / 'custodian-ca.pem'} -purpose any",
        ]
    return [*lines, ""]


def _looking(done: Done) -> list[str]:
    present = ", ".join(f"{count} {status}" for status, count in sorted(done.present.items()))
    return [
        "Look at it",
        f"  {_program()} serve --data {done.wishes.data}      then open http://127.0.0.1:8000/",
        f"  every account has the password {PASSWORD} (all of them: {done.wishes.data / 'accounts.json'})",
        *accounts_told(),
        f"  as a patient: open http://127.0.0.1:8000/disclosed/ with a code that {PRACTICE_WORDS} gave:",
        *(f"    {code}  {shows}" for code, shows in done.codes),
        f"  {sum(done.present.values())} present-day cases on the desk: {present}",
        "  two refusals are challenged (one is decided), and somebody was wrongly disclosed: both made up by us, not",
        "  reported; look as g.hale at /challenges/ and /incidents/, as d.oversight at /oversight/",
        f"  files sent in: {done.wishes.data / 'sent-in'}; sealed packs: {done.wishes.data / 'outbox'}",
        "",
    ]


def accounts_told() -> list[str]:
    """Return whom one can sign in as, one account a line."""
    width = max(len(officer.staff_id) for officer, _ in SIGN_IN_AS)
    return [f"    {officer.staff_id.ljust(width)}  {what}" for officer, what in SIGN_IN_AS]


def _columns(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in (headings, *rows)) for place in range(len(headings))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (headings, *rows)
    ]
