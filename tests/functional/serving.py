"""Serves the pages with a desk in memory, in a process of its own, so that no other test's Django is touched.

python -m tests.functional.serving DIR      prints {"port": …} and serves until its input ends
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from subprocess import PIPE, Popen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

PASSWORD = "correct horse battery staple"
PEOPLE = {
    "okafor": ("A. Okafor", "disclosure-officer"),
    "rahman": ("M. Rahman", "disclosure-officer"),
    "lindqvist": ("S. Lindqvist", "guardian"),
    "asker": ("DC R. Patel", "requesting-officer"),
    "overseer": ("D. Whitehall", "department"),
    "reader": ("A. Uditor", "auditor"),
    "keeper": ("K. Eeper", "administrator"),
}
ROOT = Path(__file__).parents[2]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library’s
        """Say nothing: the tests read the answers."""


def serve(folder: Path) -> None:
    """Open the pages with a fake desk and serve them until standard input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret-key").write_text("for-tests-only-" + "x" * 50, encoding="ascii")
    os.environ["PRIVITY_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "privity.edge.settings.base"
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from tests.fakes.desk import FakeDesk
    from tests.fakes.entrance import OpenEntrance

    from privity.edge.store.account import Account
    from privity.edge.store.people_rows import Officer
    from privity.edge.web import door
    from privity.edge.web.inner_door import open_entrance

    call_command("migrate", verbosity=0)
    for staff_id, (name, role) in PEOPLE.items():
        account = Account(staff_id=staff_id, name=name, organisation="custodian", role=role)
        account.set_password(PASSWORD)
        account.save()
        Officer.objects.create(
            reference=staff_id, name=name, organisation="custodian", role=role, standing="open",
            rank="", sessions=0, factors=0, issuer="", subject="", entry=0,
        )  # fmt: skip
    open_entrance(OpenEntrance())  # type: ignore[arg-type]  # what a page of a demonstration asks of it
    if "--shut" not in sys.argv:
        door.open_with(FakeDesk(datetime.now(UTC).date()), made_up=True)  # noqa: TID251  as the served pages do
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.shutdown()
    server.server_close()


@contextmanager
def served(folder: Path, *words: str) -> Iterator[str]:
    """Serve in a process of its own; yields the address."""
    command = [sys.executable, "-m", "tests.functional.serving", str(folder), *words]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, "the pages did not start"
        try:
            yield f"http://127.0.0.1:{json.loads(first)['port']}"
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=20)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
