"""Every address there is, read from the tables that Django and the interface answer by."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern

from privity.edge.api.routes import api
from privity.edge.wiring.urls import urlpatterns

PAGES, INTERFACE = "pages", "interface"
UNDER = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address. `methods` is empty for a page, which is read, and written to where it has a form."""

    kind: str
    path: str
    name: str
    methods: tuple[str, ...] = ()


def addresses() -> tuple[Address, ...]:
    """Return every address, the pages first, each kind by path."""
    return (*sorted(_pages(), key=lambda one: one.path), *sorted(_interface(), key=lambda one: one.path))


def _pages() -> Iterator[Address]:
    for found in urlpatterns:
        if isinstance(found, URLPattern):
            yield Address(kind=PAGES, path=f"/{found.pattern}", name=found.name or "")


def _interface() -> Iterator[Address]:
    for within, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                name = operation.view_func.__name__
                yield Address(
                    kind=INTERFACE, path=f"{UNDER}{within}{path}", name=name, methods=tuple(sorted(operation.methods))
                )
