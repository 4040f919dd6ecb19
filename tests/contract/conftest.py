"""Every act is walked through both units of work."""

import pytest
from tests.fakes.corridor import Corridor
from tests.fakes.corridors import memory_corridor, stored_corridor


@pytest.fixture(params=["memory", "store"])
def corridor(request: pytest.FixtureRequest) -> Corridor:
    """Return a corridor with three organisations enrolled."""
    return memory_corridor() if request.param == "memory" else stored_corridor(request.getfixturevalue("instance"))
