"""The ledger's proofs against the vectors of transparency-dev/merkle, good and bad alike.

The subtree vectors are not run: we make and accept no proofs about ranges of entries, because every proof
of ours goes from one entry to one checkpoint, or from one checkpoint to the next.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.ledger import VECTORS

from privity.ledger.merkle import NotProved, verify_consistency, verify_inclusion

FOLDER = VECTORS / "rfc6962"
EXPECTED = {"inclusion": 98, "consistency": 98}


def vectors(kind: str) -> list[Any]:
    """Return one parameter for each vector, or one that is skipped by name where the folder is absent."""
    files = sorted((FOLDER / kind).rglob("*.json"))
    if not files:
        reason = f"the vectors {FOLDER.name}/{kind} are not here: nothing was compared"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id=f"{kind}-absent")]
    return [pytest.param(file, id=str(file.relative_to(FOLDER))) for file in files]


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def path_of(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(step) for step in vector["proof"] or []]


def bytes_of(vector: dict[str, Any], name: str) -> bytes:
    return b64decode(vector[name] or "")


def prove_inclusion(vector: dict[str, Any]) -> None:
    verify_inclusion(
        index=vector["leafIdx"],
        size=vector["treeSize"],
        leaf=bytes_of(vector, "leafHash"),
        path=path_of(vector),
        root=bytes_of(vector, "root"),
    )


def prove_consistency(vector: dict[str, Any]) -> None:
    verify_consistency(
        old=vector["size1"],
        new=vector["size2"],
        path=path_of(vector),
        old_root=bytes_of(vector, "root1"),
        new_root=bytes_of(vector, "root2"),
    )


@pytest.mark.parametrize("file", vectors("inclusion"))
def test_an_inclusion_proof_is_accepted_exactly_when_the_vector_says_so(file: Path) -> None:
    vector = read(file)
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            prove_inclusion(vector)
    else:
        prove_inclusion(vector)


@pytest.mark.parametrize("file", vectors("consistency"))
def test_a_consistency_proof_is_accepted_exactly_when_the_vector_says_so(file: Path) -> None:
    vector = read(file)
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            prove_consistency(vector)
    else:
        prove_consistency(vector)


@pytest.mark.parametrize("kind", sorted(EXPECTED))
def test_no_vector_went_missing_and_both_answers_are_among_them(kind: str) -> None:
    files = list((FOLDER / kind).rglob("*.json"))
    if not files:
        pytest.skip(f"the vectors {FOLDER.name}/{kind} are not here: nothing was compared")
    assert len(files) == EXPECTED[kind]
    assert {bool(read(file)["wantErr"]) for file in files} == {True, False}
