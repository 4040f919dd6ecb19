"""The model: what each level of agreement is worth, and where the lines are drawn. A file, not code.

Rules of the room:
- The file has no dialect: fields, levels and probabilities only. Any engine can be built from it.
- It says where its numbers come from, and its SHA-256 names it in every result.
- P(level given the same person) is `m`, P(level given two different people) is `u`. Where the register tells
  how rare a name, a birthday or a postcode is, that rarity is used in place of `u` (weight.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType

from privity.errors import Mistaken
from privity.trace.bound import WrongPersonBound, bound_for
from privity.trace.calibration import Calibration, read_calibration
from privity.trace.certificate import Certificate
from privity.trace.comparison import LEVELS, Field, Level

FORMAT = 2
_SLACK = 0.005


@dataclass(frozen=True, slots=True)
class LevelOdds:
    """P(level given the same person) and P(level given two different people)."""

    m: float
    u: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A checked model.

    `present` is P(the person sought is in the register) before anything is compared; `missed` is
    P(blocking does not find the record, given that it is there). `relatives` is how many records per person
    share family and home; `twin_share` is the share of those born on the same day.
    `propose_at` and `review_at` are posterior probabilities; `ambiguous_within_bits` is how close a
    runner-up makes a trace ambiguous.
    """

    name: str
    provenance: str
    digest: str
    present: float
    missed: float
    relatives: float
    twin_share: float
    propose_at: float
    review_at: float
    ambiguous_within_bits: float
    bound: WrongPersonBound
    odds: Mapping[tuple[Field, Level], LevelOdds]
    calibration: Calibration | None = None
    certificate: Certificate | None = None

    @property
    def threshold(self) -> float:
        """Return the probability from which a trace is proposed: the certified one where there is one."""
        return self.certificate.threshold if self.certificate else self.propose_at

    def bound_on(self, register_rows: int) -> WrongPersonBound:
        """Return the bound in force on a register of that size."""
        return bound_for(self.certificate, self.bound, register_rows)

    @property
    def label(self) -> str:
        """Return the model as results cite it: name and the first twelve digits of its SHA-256."""
        return f"{self.name}@{self.digest[:12]}"


def read_model(text: str) -> Model:
    """Return the model written in a JSON text.

    Raises: Mistaken: not JSON, another format, a missing or unknown level, a number that is no probability.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("it is not JSON") from error
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise _refused(f"its `format` is not `{FORMAT}`")
    bound = tree.get("bound")
    if not isinstance(bound, dict) or not isinstance(bound.get("certified"), bool):
        raise _refused("its `bound` does not say whether it is certified")
    model = Model(
        name=_text(tree, "name"),
        provenance=_text(tree, "provenance"),
        digest=sha256(text.encode()).hexdigest(),
        present=_share(tree, "present"),
        missed=_share(tree, "missed"),
        relatives=_number(tree, "relatives"),
        twin_share=_share(tree, "twin_share"),
        propose_at=_share(tree, "propose_at"),
        review_at=_share(tree, "review_at"),
        ambiguous_within_bits=_number(tree, "ambiguous_within_bits"),
        bound=WrongPersonBound(
            alpha=_share(bound, "alpha"),
            confidence=_share(bound, "confidence"),
            certified=bound["certified"],
        ),
        odds=_odds(tree.get("fields")),
        calibration=read_calibration(tree.get("calibration")),
    )
    if model.review_at >= model.propose_at:
        raise _refused("`review_at` is not below `propose_at`")
    return model


def with_certificate(model: Model, certificate: Certificate) -> Model:
    """Return the model with a certificate, which sets where traces are proposed.

    Raises: Mistaken: the certificate is of another model.
    """
    if certificate.model_digest != model.digest:
        raise Mistaken(
            "the certificate was not accepted",
            why="it was made for another model",
            next_step="certify this model with `privity trace certify`",
        )
    return replace(model, certificate=certificate)


def _odds(fields: object) -> Mapping[tuple[Field, Level], LevelOdds]:
    """Return the level odds of every field, each level once, every m column adding up to 1."""
    if not isinstance(fields, dict) or set(fields) != {field.value for field in Field}:
        raise _refused("its `fields` are not exactly those that are compared")
    odds: dict[tuple[Field, Level], LevelOdds] = {}
    for field, expected in LEVELS.items():
        levels = fields[field.value]
        if not isinstance(levels, dict) or set(levels) != {level.value for level in expected}:
            raise _refused(f"the levels of `{field}` are not exactly those it can show")
        for level in expected:
            pair = levels[level.value]
            if not isinstance(pair, dict):
                raise _refused(f"`{field}` `{level}` has no `m` and `u`")
            odds[field, level] = LevelOdds(_share(pair, "m"), _share(pair, "u"))
        total = sum(odds[field, level].m for level in expected)
        if abs(total - 1) > _SLACK:
            raise _refused(f"the `m` of `{field}` add up to `{total:.4f}`, not 1")
    return MappingProxyType(odds)


def _text(tree: Mapping[str, object], key: str) -> str:
    value = tree.get(key)
    if not isinstance(value, str) or not value:
        raise _refused(f"`{key}` is not a text")
    return value


def _number(tree: Mapping[str, object], key: str) -> float:
    value = tree.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise _refused(f"`{key}` is not a number of 0 or more")
    return float(value)


def _share(tree: Mapping[str, object], key: str) -> float:
    value = _number(tree, key)
    if not 0 < value < 1:
        raise _refused(f"`{key}` does not lie between 0 and 1")
    return value


def _refused(why: str) -> Mistaken:
    return Mistaken("the model was not accepted", why=why, next_step="use a model that `privity trace train` wrote")
