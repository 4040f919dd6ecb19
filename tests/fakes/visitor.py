"""Somebody at the pages of this process's instance, and what they read there."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from privity.definitions.party import Officer

if TYPE_CHECKING:
    from django.test import Client


def somebody() -> "Client":
    """Return a visitor whom nobody knows."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def at_the_pages(who: Officer) -> "Client":
    """Return a visitor who has signed in as somebody."""
    from privity.edge.store.account import Account

    client = somebody()
    client.force_login(Account.objects.get(staff_id=who.staff_id))
    return client


def text(page: Any) -> str:
    """Return the words of a page without its tags, one space between each two."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def field(page: Any, name: str) -> str:
    """Return what a page's form carries in a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, f"the page has no field {name}"
    return found[1]
