"""A corridor over the real store."""

from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor
from tests.fakes.corridors import stored_corridor

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def corridor(instance: "Instance") -> Corridor:
    """Return a corridor over this test's own instance."""
    return stored_corridor(instance)
