"""What the main job was asked for and what it found, for people and for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from privity.agreement.replay import RequestClass
from privity.edge.demonstration.checking import Checked
from privity.edge.demonstration.year import Sent
from privity.statistics.counts import Counts

LATER_VERSION = "2018-05"
"""The version the year is replayed under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the demonstration was asked for."""

    data: Path
    people: int
    scale: float
    seed: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What only a simulation can know: of those traced, how many were the wrong person."""

    traced: int
    wrong: int
    present: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Everything the main job found, for people and for machines."""

    wishes: Wishes
    statistics: tuple[Counts, ...]
    replayed: tuple[RequestClass, ...]
    replay_totals: Mapping[str, int]
    example: str
    sent: Sent
    checked: Checked
    traces: Traces
    present: Mapping[str, int]
    codes: tuple[tuple[str, str], ...]
    """Codes with which a made-up patient reads what was disclosed, each with what it shows."""
    register_reads_without_approval: int
    tracer: str
    """How the tracer stood at the end, in a sentence."""

    @property
    def holds(self) -> bool:
        """Return whether everything that was checked held."""
        opened = self.checked.pack is None or (self.checked.opened and self.checked.openssl is not False)
        return self.checked.intact and opened and self.register_reads_without_approval == 0

    def as_json(self) -> dict[str, object]:
        """Return the figures as one object."""
        return {
            "statistics": [asdict(row) for row in self.statistics],
            "replay": {
                "under": LATER_VERSION,
                "totals": dict(self.replay_totals),
                "classes": [
                    {
                        "purpose": one.purpose,
                        "offence": one.offence,
                        "outcome": one.outcome,
                        "clauses": [cited.ref.clause for cited in one.cited],
                        "count": one.count,
                    }
                    for one in self.replayed
                ],
                "example": self.example,
            },
            "ledger": {
                "size": self.checked.size,
                "origin": self.checked.origin,
                "key": self.checked.key,
                "intact": self.checked.intact,
                "export": str(self.checked.export),
            },
            "pack": {
                "file": str(self.checked.pack) if self.checked.pack else None,
                "opened": self.checked.opened,
                "openssl": self.checked.openssl,
            },
            "files_refused": self.sent.refused_files,
            "row_errors": self.sent.row_errors,
            "traces": asdict(self.traces),
            "present_day": dict(self.present),
            "patients": [{"code": code, "shows": shows} for code, shows in self.codes],
            "register_reads_without_approval": self.register_reads_without_approval,
            "data": str(self.wishes.data),
            "people": self.wishes.people,
            "scale": self.wishes.scale,
            "seed": self.wishes.seed,
        }
