"""What the simulated guardian says of alerts: nobody fishes in a made-up year, so every pattern in it is chance."""

import json
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.fishing import AlertAnswer, alerts_of, answer_alert, mark_of
from privity.casework.ports import UnitOfWork
from privity.definitions.party import Officer

REASONS = "Simulated word of the guardian: made-up people who look alike by chance, each with a case of their own."


def call_harmless(unit: UnitOfWork, file: CaseFile, *, by: Officer, at: datetime) -> None:
    """Let the guardian call harmless every open alert that holds a case up."""
    mark = mark_of(unit, file.reference)
    for alert in alerts_of(unit, file.organisation):
        if not alert.answer and mark in json.loads(alert.cases):
            answer_alert(unit, file.organisation, alert.number, AlertAnswer.HARMLESS, reasons=REASONS, by=by, at=at)
