"""A corridor over the real store."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor
from tests.fakes.corridors import stored_corridor
from tests.fakes.shelf import ShelfAgreements

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def instance(instance: "Instance") -> "Instance":
    """Return this test's instance; what follows its answers is read from the shelf the corridor judges by."""
    from privity.edge.wiring.watching import Watcher

    shelf = ShelfAgreements()
    return replace(
        instance,
        watcher=Watcher(instance.store, shelf),
        outbox=replace(instance.outbox, agreements=shelf),
        shredder=replace(instance.shredder, agreements=shelf),
    )


@pytest.fixture
def corridor(instance: "Instance") -> Corridor:
    """Return a corridor over this test's own instance."""
    return stored_corridor(instance)
