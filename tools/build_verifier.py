"""Writes the verifier that ships alone: one file, the standard library and `cryptography`, nothing else.

    python tools/build_verifier.py dist/privity-verify.pyz

What goes in is what `privity ledger verify` and `check-opening` really import, asked of a fresh interpreter, so the
file cannot hold less than it needs nor more. The same source gives the same bytes.
"""

import argparse
import subprocess
import sys
import zipfile
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
ENTRY = "privity.edge.commands.verify_alone"
FIRST_LINE = b"#!/usr/bin/env python3\n"
ONE_MOMENT = (1980, 1, 1, 0, 0, 0)
RUNNABLE = 0o755
MAIN = f"import sys\n\nfrom {ENTRY} import main\n\nsys.exit(main())\n"
ALLOWED = {"privity", "cryptography", "_cffi_backend"}
ASKED = f"""
import sys
before = set(sys.modules)
import {ENTRY}
after = {{name: module for name, module in sys.modules.items() if name not in before}}
print("\\n".join(sorted(name for name in after if name.split(".")[0] == "privity")))
strangers = {{name for name, module in after.items() if "site-packages" in (getattr(module, "__file__", "") or "")}}
strangers = {{name.split(".")[0] for name in strangers}} - {ALLOWED!r}
sys.exit(f"the verifier imports {{sorted(strangers)}}" if strangers else 0)
"""


def modules() -> list[Path]:
    """Return the source files the verifier imports."""
    asked = subprocess.run(  # noqa: S603  our own interpreter and text
        [sys.executable, "-c", ASKED], stdout=subprocess.PIPE, text=True, check=True, env={"PYTHONPATH": str(SOURCE)}
    )
    found = []
    for name in asked.stdout.split():
        place = SOURCE.joinpath(*name.split("."))
        found.append(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
    return found


def build(out: Path) -> int:
    """Write the verifier and return its size in bytes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        file.write(FIRST_LINE)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in modules():
                _add(archive, path.relative_to(SOURCE).as_posix(), path.read_bytes())
            _add(archive, "__main__.py", MAIN.encode())
    out.chmod(RUNNABLE)
    return out.stat().st_size


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, ONE_MOMENT), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    print(f"{build(parser.parse_args().out):,} bytes")
