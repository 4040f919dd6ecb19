"""Answers that leave at even moments, so that how long the work took cannot be told from them.

What a case holds inside, and what a person is told later, is in no byte of an answer; but it is read before the answer
is drawn, and reading more takes longer, by some hundred millionths of a second. Whoever asks a thousand times can tell
that. Waiting for the next whole step hides what lies below a step, and nobody notices.

Rules of the module:
- Even are answers to whoever asked for somebody, about what became of it, and to a person about what was given out.
- A reference is even however it is written: `read_case_reference` forgives small letters and blanks, and so does this.
- Not even is taking a request in: nothing of it is read before it is acknowledged (decision 82), and many are sent.

Source: reliability.md I7, T5, S4.
"""

import re
from collections.abc import Callable
from time import monotonic, sleep

from django.http import HttpRequest, HttpResponseBase

STEP_SECONDS = 0.025
"""Some ten times what such an answer takes. Ours, and measured by tests/integration/test_answers_alike.py."""
Answering = Callable[[HttpRequest], HttpResponseBase]
_ABOUT_CASES = re.compile(r"/(?:api/v1/)?requests/\s*PRV-|/requests/$|/api/v1/changes$", re.IGNORECASE)
_LISTED, _ASKED = "/api/v1/requests", "/disclosed/"


class AnswersLeaveEvenly:
    """Middleware: an answer about what became of a request, or to a person who asked, leaves at a whole step."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = monotonic()
        response = self.get_response(request)
        if is_even(request.method or "", request.path):
            sleep(rest_of_step(monotonic() - begun))
        return response


def is_even(method: str, path: str) -> bool:
    """Return whether how long an answer took may not show."""
    sends = method == "POST"
    return bool(_ABOUT_CASES.match(path)) or (path == _LISTED and not sends) or (path == _ASKED and sends)


def rest_of_step(took: float, step: float = STEP_SECONDS) -> float:
    """Return how many seconds are left of the step in which the work ended."""
    return step - took % step
