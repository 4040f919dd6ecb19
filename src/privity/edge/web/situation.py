"""What is shared now, and the agreements behind it: public, computed at the moment of asking."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from privity.casework.leaflet import short_answer
from privity.casework.one_sentence import one_sentence
from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.beside import side_by_side
from privity.edge.web.drawing import draw


@require_safe
@answered
def situation(request: HttpRequest) -> HttpResponse:
    """Return what may leave today, for whom and why, and what never leaves."""
    found = door.desk().situation(door.now())
    return draw(
        request,
        "situation",
        {
            "situation": found,
            "sentence": one_sentence(found, gettext),
            "short": short_answer(found, gettext),
            "here": "situation",
        },
    )


@require_safe
@answered
def agreement(request: HttpRequest, family: str, version: str) -> HttpResponse:
    """Return one published version: its words beside its rules."""
    words, rules = door.desk().agreement(family, version)
    language = get_language() or settings.LANGUAGE_CODE
    told = "" if language == settings.LANGUAGE_CODE else door.desk().agreement_in(family, version, language)
    lines = door.desk().situation(door.now()).lines
    return draw(
        request,
        "agreement",
        {
            "family": family,
            "called": next((line.requester for line in lines if line.family == family), family),
            "version": version,
            "text": side_by_side(words, rules),
            "told": side_by_side(told, "").passages if told else (),
            "language": language,
            "here": "situation",
        },
    )


@require_safe
@answered
def accessibility(request: HttpRequest) -> HttpResponse:
    """Return how these pages can be used, what is known not to work, and what was checked."""
    return draw(request, "accessibility")
