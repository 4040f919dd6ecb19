"""A PostgreSQL server of our own for a few tests: made in a folder, without a port, thrown away."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def missing() -> str:
    """Return what is missing for a server, empty for nothing."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if not PLACES or not (PLACES[0] / "initdb").exists():
        return "the PostgreSQL server is not on this machine"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root and there is no runuser"
    return ""


@contextmanager
def server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Yield the address of a fresh server listening on a socket in the folder; one that waits for the disk if asked."""
    folder.mkdir(parents=True)
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        shutil.chown(folder, user)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    run(user, "initdb", "-D", str(folder / "cluster"), "-U", "privity", "-A", "trust", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync={'on' if durable else 'off'}"
    run(user, "pg_ctl", "-D", str(folder / "cluster"), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"host={folder} user=privity dbname=postgres"
    finally:
        run(user, "pg_ctl", "-D", str(folder / "cluster"), "-m", "immediate", "stop")


def run(user: str, program: str, *words: str) -> None:
    """Run one of the server's programs, not as root."""
    command = [str(PLACES[0] / program), *words]
    if os.geteuid() == 0:
        command = ["runuser", "-u", user, "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
