"""A real SMTP server on this machine, which keeps what it was given."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.peers import LOCALHOST, Machine


class Relay:
    """A real SMTP server that keeps what it was given, and refuses whom it is told to refuse."""

    def __init__(self, folder: Path) -> None:
        controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd is not installed")
        smtp = pytest.importorskip("aiosmtpd.smtp", reason="aiosmtpd is not installed")
        self.machine = Machine(folder)
        self.mails: list[bytes] = []
        self.envelopes: list[Any] = []
        outer = self

        class Server(smtp.SMTP):  # type: ignore[misc, name-defined]  # the base comes by name, when it is installed
            async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802  the base names it
                outer.envelopes.append(arg)
                await super().smtp_MAIL(" ".join(word for word in arg.split() if not word.startswith(("RET", "ENVID"))))

            async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
                outer.envelopes.append(arg)
                await super().smtp_RCPT(" ".join(word for word in arg.split() if not word.startswith("NOTIFY")))

        class Handler:
            async def handle_EHLO(self, _server: Any, on: Any, _env: Any, name: str, says: list[str]) -> list[str]:  # noqa: N802
                on.host_name = name
                return [*says[:-1], "250-DSN", says[-1]]

            async def handle_RCPT(self, _server: Any, _on: Any, envelope: Any, address: str, _said: Any) -> str:  # noqa: N802
                if address.startswith("gone@"):
                    return "550 no such mailbox"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
                outer.mails.append(envelope.content)
                return "250 taken"

        class Running(controller.Controller):  # type: ignore[misc, name-defined]  # as above
            def factory(self) -> Any:
                return Server(
                    Handler(), hostname=LOCALHOST, tls_context=outer.machine.server_context(), require_starttls=True
                )

        with socket.create_server((LOCALHOST, 0)) as free:
            self.port = free.getsockname()[1]
        self.running = Running(Handler(), hostname=LOCALHOST, port=self.port)
        self.running.start()
