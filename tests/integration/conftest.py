"""A corridor over the real store."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor
from tests.fakes.corridors import stored_corridor
from tests.fakes.guarded_register import CountingRegister
from tests.fakes.shelf import ShelfAgreements

from privity.edge.registers.sqlite import build
from privity.edge.synthetic.people import generate

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def register() -> CountingRegister:
    """Return the register that the corridor traces in, and that is looked at before anything leaves."""
    return CountingRegister()


@pytest.fixture
def instance(instance: "Instance", register: CountingRegister) -> "Instance":
    """Return this test's instance; what follows its answers is read from the shelf the corridor judges by."""
    from privity.edge.wiring.requester import InstanceRequesterDesk
    from privity.edge.wiring.watching import Watcher

    shelf = ShelfAgreements()
    gateway = replace(instance.gateway, register=register)
    asked = instance.requester_desk
    assert isinstance(asked, InstanceRequesterDesk)
    return replace(
        instance,
        watcher=Watcher(instance.store, shelf),
        outbox=replace(instance.outbox, agreements=shelf, gateway=gateway),
        requester_desk=replace(asked, gateway=gateway),
        shredder=replace(instance.shredder, agreements=shelf),
    )


@pytest.fixture
def corridor(instance: "Instance", register: CountingRegister) -> Corridor:
    """Return a corridor over this test's own instance."""
    return replace(stored_corridor(instance), register=register)


@pytest.fixture(scope="module")
def register_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register of four hundred made-up people, for the tests of one file."""
    path = tmp_path_factory.mktemp("register") / "register.sqlite"
    build(generate(400, 1), path)
    return path
