"""The spool: files that appear whole, once, and under names that say nothing."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tests.fakes.packs import CASE, HOME_OFFICE

from privity.casework.ports import Outgoing
from privity.definitions.party import OrganisationId
from privity.edge.transports.spool import Spool, SpoolFull
from privity.errors import Impossible

SEALED = b"sealed bytes"
DIGEST = sha256(SEALED).hexdigest()
MESSAGE = Outgoing(case=CASE, organisation=HOME_OFFICE, sha256=DIGEST, sealed=SEALED, proof="a proof\n")


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_pack_and_proof_lie_side_by_side_under_the_digest(tmp_path: Path) -> None:
    Spool(tmp_path / "outbox").send(MESSAGE)
    assert files(tmp_path) == {
        f"outbox/home-office/{DIGEST}.eml": SEALED,
        f"outbox/home-office/{DIGEST}.tlog-proof": b"a proof\n",
    }


def test_sending_again_changes_nothing_and_leaves_the_files_untouched(tmp_path: Path) -> None:
    Spool(tmp_path).send(MESSAGE)
    pack = tmp_path / "home-office" / f"{DIGEST}.eml"
    before, seen = files(tmp_path), pack.stat()
    Spool(tmp_path).send(MESSAGE)
    assert files(tmp_path) == before
    assert (pack.stat().st_mtime_ns, pack.stat().st_ino) == (seen.st_mtime_ns, seen.st_ino)


def test_a_newer_proof_of_the_same_pack_takes_the_place_of_the_older(tmp_path: Path) -> None:
    Spool(tmp_path).send(MESSAGE)
    Spool(tmp_path).send(replace(MESSAGE, proof="a newer proof\n"))
    assert files(tmp_path)[f"home-office/{DIGEST}.tlog-proof"] == b"a newer proof\n"
    assert files(tmp_path)[f"home-office/{DIGEST}.eml"] == SEALED


def test_bytes_that_are_not_those_of_the_digest_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="do not fit its digest"):
        Spool(tmp_path).send(replace(MESSAGE, sealed=b"other bytes"))
    assert files(tmp_path) == {}


def test_a_pack_that_was_changed_in_the_spool_is_not_sent_over(tmp_path: Path) -> None:
    Spool(tmp_path).send(MESSAGE)
    pack = tmp_path / "home-office" / f"{DIGEST}.eml"
    pack.write_bytes(b"changed")
    with pytest.raises(Impossible):
        Spool(tmp_path).send(MESSAGE)
    assert pack.read_bytes() == b"changed"


@pytest.mark.parametrize("name", ["", "..", "../up", "a/b", "A", "home office", "home-office\n", "."])
def test_an_organisation_cannot_name_its_way_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(Impossible):
        Spool(tmp_path / "outbox").send(replace(MESSAGE, organisation=OrganisationId(name)))
    assert files(tmp_path) == {}


def test_a_folder_that_cannot_be_written_leaves_the_pack_in_the_outbox(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(SpoolFull, match="privity outbox run") as refused:
        Spool(tmp_path / "outbox").send(MESSAGE)
    assert str(tmp_path) not in str(refused.value)


def test_the_proof_is_there_before_the_pack_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []
    rename = Path.replace

    def noted(draft: Path, target: str | os.PathLike[str]) -> Path:
        placed.append(Path(target).suffix)
        return rename(draft, target)

    monkeypatch.setattr(Path, "replace", noted)
    Spool(tmp_path).send(MESSAGE)
    assert placed == [".tlog-proof", ".eml"]


def test_a_crash_before_the_rename_leaves_no_pack_and_the_next_send_makes_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(draft: Path, target: str | os.PathLike[str]) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            Spool(tmp_path).send(MESSAGE)
    assert not list(tmp_path.rglob("*.eml"))
    Spool(tmp_path).send(MESSAGE)
    assert [name for name in files(tmp_path) if name.endswith(".eml")] == [f"home-office/{DIGEST}.eml"]
    assert not [name for name in files(tmp_path) if Path(name).name.startswith(".")]
