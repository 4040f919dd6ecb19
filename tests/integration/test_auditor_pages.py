"""The auditor at the pages: entries, filters, one entry with its proof, the export, the check; never plaintext."""

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor, officer
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text

from privity.definitions.party import Role
from privity.ledger.audit import Intact, audit

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

AUDITOR = officer("reader", Role.AUDITOR)


@pytest.fixture
def auditor(corridor: Corridor, instance: "Instance") -> "Client":
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    corridor.sealed()
    with_account(instance, AUDITOR)
    door.open_with(instance.desk, requester_desk=instance.requester_desk)
    open_inner_doors(instance)
    return at_the_pages(AUDITOR)


def test_entries_are_shown_newest_first_and_filtered_by_kind_organisation_and_case(auditor: "Client") -> None:
    page = auditor.get("/audit/")
    shown = [int(index) for index in re.findall(r"/audit/entries/(\d+)/", page.content.decode())]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) > 5
    one = auditor.get("/audit/?kind=case.opened").content.decode()
    indexes = re.findall(r"/audit/entries/(\d+)/", one)
    assert len(indexes) == 1
    entry = auditor.get(f"/audit/entries/{indexes[0]}/").content.decode()
    case = re.search(r"\?case=([0-9a-f]{64})", entry)
    assert case
    of_case = auditor.get(f"/audit/?case={case[1]}").content.decode()
    assert 5 < len(re.findall(r"/audit/entries/(\d+)/", of_case)) < len(shown)
    assert "kent-police" in of_case
    assert "No" in text(auditor.get("/audit/?organisation=nobody-of-that-name"))
    for nonsense, answer in (("kind=x&case=zz&before=-1", 200), (f"before={'9' * 22}", 200), ("organisation=%00", 400)):
        assert auditor.get(f"/audit/?{nonsense}").status_code == answer


def test_no_page_of_an_auditor_names_anybody_or_says_what_was_asked(auditor: "Client", instance: "Instance") -> None:
    pages = [auditor.get("/audit/")] + [auditor.get(f"/audit/entries/{index}/") for index in range(instance.log.size())]
    for page in pages:
        assert page.status_code == 200
        main = page.content.decode().partition("<main")[2]
        assert not [word for word in GOLDEN_WORDS if word in main]
        assert "PRV-" not in main, "a case is its key's identifier here, not its reference"
    assert auditor.get(f"/audit/entries/{instance.log.size()}/").status_code == 404


def test_the_export_is_what_an_outsider_verifies_with_the_public_key(
    auditor: "Client", instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.tiles.directory import DirectoryLog

    sent = auditor.get("/audit/export/")
    assert sent["Content-Disposition"].startswith('attachment; filename="ledger-')
    with zipfile.ZipFile(io.BytesIO(b"".join(sent.streaming_content))) as packed:  # type: ignore[attr-defined]  # streamed
        packed.extractall(tmp_path / "ledger")
    found = audit(DirectoryLog(root=tmp_path / "ledger"), instance.note_signer.verifier)
    assert isinstance(found, Intact)
    assert found.size == instance.log.size()


def test_the_check_says_intact_and_where_it_is_not(auditor: "Client", instance: "Instance") -> None:
    from django.db import connection

    assert auditor.get("/audit/verify/").status_code == 405
    good = auditor.post("/audit/verify/")
    assert "The ledger is intact" in text(good)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER log_entry_no_update")
        cursor.execute("UPDATE log_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '2', '3') AS BLOB) WHERE idx = 3")
    bad = text(auditor.post("/audit/verify/"))
    assert "The ledger is not intact" in bad
    assert "First entry concerned 3" in bad
