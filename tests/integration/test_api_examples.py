"""Every example of `docs/how-to/use-the-api.md` is sent as it stands there, and every call has an example."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.corridor import FIRST, SECOND, Corridor, police_request
from tests.integration.test_api import Caller, kent, opened
from tests.integration.test_public_pages import published

from privity.statistics.suppression import Suppression

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

__all__ = ["kent", "opened"]
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"
BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One call as the page shows it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int


def examples(text: str, names: dict[str, str]) -> list[Example]:
    found = []
    for block in BLOCK.findall(text):
        for name, value in names.items():
            block = block.replace("{" + name + "}", value)
        head, *parts = block.strip().split("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ")
        found.append(
            Example(
                method=method,
                path=path,
                headers=dict(line.split(": ", 1) for line in lines),
                body="\n\n".join(parts[:-1]),
                status=int(parts[-1]),
            )
        )
    return found


def sent(caller: Caller, example: Example) -> Any:
    kind = example.headers.pop("Content-Type", "application/json")
    headers = {"Authorization": f"Bearer {caller.token}", **example.headers}
    if example.method == "GET":
        return caller.client.get(example.path, headers=headers)
    return caller.client.post(example.path, data=example.body, content_type=kind, headers=headers)


def test_every_example_is_answered_as_the_page_says_and_every_call_has_one(
    opened: "Instance",
    kent: Caller,
    corridor: Corridor,
) -> None:
    corridor.ask(asked := corridor.received(police_request(reference="KP/2")))
    refused = corridor.received(police_request(reference="KP/3"))
    for who in (FIRST, SECOND):
        corridor.view(refused, who, False)
    names = {
        "asked": asked,
        "refused": refused,
        "answered": corridor.sealed(),
        "client_id": kent.program,
        "client_secret": kent.secret,
        "today": corridor.now.date().isoformat(),
    }
    published(opened, Suppression.EXACT, at=datetime.now(UTC))  # noqa: TID251  real clock
    tried = set()
    for example in examples(PAGE.read_text(encoding="utf-8"), names):
        got = sent(kent, example)
        assert got.status_code == example.status, (example.method, example.path, got.content[:300])
        tried.add((example.method.lower(), example.path.partition("?")[0]))
    document = kent.client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        form = re.compile(re.sub(r"\{[a-z]+\}", "[^/]+", path) + "$")
        for method in methods:
            assert any(verb == method and form.match(where) for verb, where in tried), f"{method} {path} has no example"
