"""Runs every benchmark, or those named: `python benchmarks/run.py [NAME …]`, each `*_bench.py` in a process of its own.

A benchmark prints what it measured and ends with 1 where a figure it promises is missed.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Run the benchmarks and return 1 where one of them missed a figure."""
    scripts = sorted(HERE.glob("*_bench.py"))
    known = {script.stem.removesuffix("_bench"): script for script in scripts}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"there is no benchmark `{unknown[0]}`; there are {', '.join(known)}", file=sys.stderr)
        return 2
    missed = []
    for name in names or known:
        print(f"== {name}", flush=True)
        ran = subprocess.run([sys.executable, str(known[name])], check=False)  # noqa: S603  our own scripts
        if ran.returncode != 0:
            missed.append(name)
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
