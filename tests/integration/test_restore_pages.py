"""The pages of a restored instance: read only until it is acknowledged; then they tell which ledger was before."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.backups import back_up, elsewhere, restore
from tests.fakes.corridor import FIRST, GUARDIAN, Corridor
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

PASSWORD = "correct horse battery staple"


def opened(instance: "Instance") -> "Client":
    """Open an instance's pages as `privity serve` does, and sign the first officer in."""
    from privity.edge.store.standstill import standstill
    from privity.edge.web import door
    from privity.edge.web.custody_door import open_custody_with
    from privity.edge.wiring.inside import open_inner_doors

    open_inner_doors(instance)
    door.open_with(instance.desk, requester_desk=instance.requester_desk, standstill=standstill)
    open_custody_with(instance.custody)
    return at_the_pages(FIRST)


def test_pages_are_read_and_nothing_is_sent_from_them_until_two_people_acknowledged(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    reference = corridor.approved()
    with_account(instance, FIRST, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        client = opened(again)
        shown = client.get("/cases/")
        assert shown.status_code == 200
        assert "Read only" in text(shown)
        assert reference in shown.content.decode()
        size = again.log.size()
        for path, fields in (
            (f"/cases/{reference}/note/", {"words": "Rang them."}),
            (f"/cases/{reference}/take/", {}),
            ("/cases/saved/", {"name": "mine"}),
            ("/your-account/sign-out-everywhere/", {}),
        ):
            refused = client.post(path, fields)
            assert refused.status_code == 503
            assert "privity restore acknowledge" in text(refused)
        assert again.log.size() == size
        again.restorer.acknowledge(by=FIRST, second=GUARDIAN, at=corridor.now + timedelta(hours=1))
        assert "Read only" not in text(client.get("/cases/"))


def test_the_public_page_tells_which_ledger_this_one_goes_on_from_and_never_how_large_it_was(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    with_account(instance, FIRST, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    found = restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        client = opened(again)
        again.restorer.acknowledge(by=FIRST, second=GUARDIAN, at=corridor.now + timedelta(hours=1))
        page = text(client.get("/ledger/"))
        assert f"Earlier ledger {instance.origin}" in page
        assert str(instance.note_signer.verifier) in page
        assert again.origin in page
        assert not re.search(rf"\b{found.size_restored}\b", page)


def test_a_program_is_told_that_nothing_is_taken_now(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    from privity.edge.store.standstill import StandsStill, standstill

    corridor.sealed()
    assert standstill() is None
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored"):
        still = standstill()
        assert isinstance(still, StandsStill)
        assert "acknowledge" in still.next_step
