"""What a model file must hold to be accepted."""

import json
from importlib.resources import files

import pytest

from privity.errors import Mistaken
from privity.trace.model import read_model

TEXT = files("privity.edge.registers").joinpath("default_model.json").read_text(encoding="utf-8")


def changed(path: tuple[str, ...], value: object) -> str:
    tree = json.loads(TEXT)
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(tree)


def test_the_model_that_ships_says_where_its_numbers_come_from_and_claims_no_certificate() -> None:
    model = read_model(TEXT)
    assert "not on real requests" in model.provenance
    assert not model.bound.certified


def test_any_change_of_the_file_changes_the_label() -> None:
    assert read_model(TEXT).label != read_model(TEXT + "\n").label


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("format",), 1, "its `format` is not `2`"),
        (("name",), "", "`name` is not a text"),
        (("present",), 1.0, "`present` does not lie between 0 and 1"),
        (("present",), True, "`present` is not a number"),
        (("review_at",), 0.9999, "`review_at` is not below `propose_at`"),
        (("bound",), {"alpha": 0.1, "confidence": 0.9}, "whether it is certified"),
        (("fields", "gender"), {"exact": {"m": 1, "u": 0.5}}, "the levels of `gender`"),
        (("fields", "gender", "exact"), 3, "`gender` `exact` has no `m` and `u`"),
        (("fields", "gender", "exact"), {"m": 0.5, "u": 0.5}, "the `m` of `gender` add up to"),
        (("fields", "shoe_size"), {}, "not exactly those that are compared"),
    ],
)
def test_a_model_that_is_not_whole_is_refused(path: tuple[str, ...], value: object, why: str) -> None:
    with pytest.raises(Mistaken) as refused:
        read_model(changed(path, value))
    assert why in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_what_is_no_model_at_all_is_refused(text: str) -> None:
    with pytest.raises(Mistaken, match="the model was not accepted"):
        read_model(text)
