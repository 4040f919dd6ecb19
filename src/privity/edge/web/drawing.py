"""How pages are drawn: the Jinja environment, and what every page is given.

The design system's macros escape what they are given as text. They do not escape `html` and `attributes`:
nothing a person typed may go there, and a test of the house looks for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from privity.casework.told_words import said_again
from privity.definitions.party import Role
from privity.definitions.reference import CaseReference
from privity.edge.web import debt_door, door
from privity.edge.web.acts_told import act_words
from privity.edge.web.locale_forms import day, decimal, figure, iso_day, listed, moment, month, number, percent, say
from privity.edge.web.said_errors import error_said
from privity.errors import PrivityError
from privity.request.intake_row import RowError

SHORT_FORMS = frozenset({"gp", "nhs"})
"""Words that are always written in capitals."""
PROPER = re.compile(r"\b(england|scotland|wales|northern ireland|home office|national crime agency|hong kong)\b")
"""Names that begin with a capital wherever they stand."""
BACKTICKED = re.compile(r"`([^`]*)`")
IDLE_SECONDS = 30 * 60
"""After how long without a page somebody is signed out; every page says so before it happens."""
LEFT_TO_RIGHT, AS_BEFORE = "\u2066", "\u2069"
"""Unicode's marks around text that runs from left to right wherever it stands."""
SHORT_REFERENCE = 12
"""`PRV-` and eight of the 26: 38 random bits, enough to tell the cases of a desk apart."""


def environment(*, loader: BaseLoader, auto_reload: bool, **theirs: object) -> Environment:
    """Return the environment all pages are drawn in. Of what Django passes, loader and reloading are used."""
    drawn = Environment(
        loader=ChoiceLoader([loader, PackageLoader("nhsuk_frontend_jinja")]),
        auto_reload=auto_reload,
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    drawn.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by i18n
    drawn.globals.update(static=static, url=reverse, counting=counting)
    drawn.filters.update(
        day=day,
        iso_day=iso_day,
        month=month,
        moment=moment,
        short=short,
        spoken=spoken,
        number=number,
        figure=figure,
        decimal=decimal,
        percent=percent,
        listed=listed,
        called=called,
        agreed=agreed,
        in_english=agreed,
        typed=typed,
        wire=wire,
        act=act_words,
        said=said,
        error=error_said,
        begin=begin,
        within=within,
        plain=plain,
        who=who,
    )
    return drawn


def said(words: str) -> str:
    """Return what an act left in the history, or a clock told, in the reader's language; a note as it was written."""
    return said_again(words, say)


def called(words: str) -> str:
    """Return words of ours (what a requester is called, say) in the reader's language, and a name as it is."""
    return gettext(words) if words else ""


def typed(words: str) -> Markup | str:
    """Return what somebody is called, or wrote: marked as not to be translated where the page was."""
    if (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
        return words
    return Markup('<bdi translate="no">{}</bdi>').format(words)


def agreed(words: str) -> Markup | str:
    """Return words that stay English (an agreement's, the interface's): marked so where the page around them is not."""
    if (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
        return words
    return Markup('<span lang="{}" dir="ltr">{}</span>').format(settings.LANGUAGE_CODE, words)


def short(reference: CaseReference) -> str:
    """Return the first characters of a reference, for lists."""
    return in_order(f"{reference[:SHORT_REFERENCE]}…")


def in_order(text: str) -> str:
    """Return text of letters, digits and signs so that a page that runs from right to left does not turn it round."""
    return f"{LEFT_TO_RIGHT}{text}{AS_BEFORE}" if get_language_bidi() else text


def spoken(word: str) -> str:
    """Return a word of a vocabulary as people say it, in the reader’s language where somebody translated it."""
    return gettext(spoken_in_english(word))


def spoken_in_english(word: str) -> str:
    """Return a word of a vocabulary as people say it: `lost_contact` becomes `Lost contact`."""
    words = word.replace("_", " ").replace("-", " ").replace(".", " ").split()
    said = " ".join(each.upper() if each in SHORT_FORMS else each for each in words)
    return begin(PROPER.sub(lambda name: name[0].title(), said))


def begin(words: str) -> str:
    """Return a sentence with a capital first letter, and every other letter as it is."""
    return words[:1].upper() + words[1:]


def plain(words: str) -> str:
    """Return a message as a page shows it: what a terminal sets in backticks stands in quotation marks."""
    return BACKTICKED.sub(r"‘\1’", words)


def within(words: str) -> str:
    """Return words as they stand within a sentence: `Disclosure officer` becomes `disclosure officer`, `GP` stays."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def who(name: str) -> str:
    """Return who acted: a name as it is, a role that stands for one as people say it."""
    roles = {role.value.replace("-", " ") for role in Role}
    return spoken(name) if name.replace("-", " ") in roles else name


def wire(digest: str) -> Markup | str:
    """Return a digest in groups of eight, so that it can be read and can wrap."""
    return typed(" ".join(digest[start : start + 8] for start in range(0, len(digest), 8)))


def counting() -> Mapping[str, object]:
    """Return what the design system's character count says: its own words are English."""
    return {
        "textareaDescriptionText": gettext("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": gettext("You have %{count} character left"),
            "other": gettext("You have %{count} characters left"),
        },
        "charactersAtLimitText": gettext("You have 0 characters left"),
        "charactersOverLimitText": {
            "one": gettext("You have %{count} character too many"),
            "other": gettext("You have %{count} characters too many"),
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that went wrong with what was sent; `field` is where on the page to mend it, if anywhere."""

    words: str
    field: str = ""


def told(refused: PrivityError) -> list[Problem]:
    """Return a refusal as one problem: what, why and what next, as sentences."""
    parts = (refused.what, refused.why, refused.next_step)
    return [Problem(words=" ".join(f"{begin(error_said(part))}." for part in parts))]


def fault_told(fault: RowError) -> str:
    """Return one wrong field as a line of its own: what, and what next."""
    return begin(row_told(fault))


def row_told(fault: RowError) -> str:
    """Return one wrong field behind what names it."""
    return f"{error_said(fault.what)}; {error_said(fault.next_step)}"


def draw(
    request: HttpRequest,
    page: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    """Return a page, with the name of who is signed in and what just happened."""
    person = request.user if request.user.is_authenticated else None
    heard = list(messages.get_messages(request))
    # What an act refused on the way here is told as what is wrong, above what was done.
    problems = [
        *(Problem(words=plain(problem.words), field=problem.field) for problem in problems),
        *(Problem(words=plain(str(message))) for message in heard if message.level >= messages.WARNING),
    ]
    given = {
        "person": person,
        "is_officer": person is not None and person.role in (Role.DISCLOSURE_OFFICER, Role.GUARDIAN),
        "is_administrator": person is not None and person.role == Role.ADMINISTRATOR,
        "is_auditor": person is not None and person.role == Role.AUDITOR,
        "is_requester": person is not None and person.role == Role.REQUESTING_OFFICER,
        "is_collator": person is not None
        and person.role == Role.REQUESTING_OFFICER
        and debt_door.collates(person.organisation),
        "idle_seconds": IDLE_SECONDS,
        "made_up": door.shows_made_up_people(),
        "stands_still": door.standstill() is not None,
        "language": get_language() or settings.LANGUAGE_CODE,
        "right_to_left": get_language_bidi(),
        "languages": settings.LANGUAGES,
        "told": [str(message) for message in heard if message.level < messages.WARNING],
        "problems": problems,
        "problem_at": {problem.field: problem.words for problem in problems if problem.field},
        # Drawn as text: the lazy value counts as empty until somebody has drawn it.
        "here": "administration" if request.path.startswith("/administration/") else "",
        "cspNonce": str(getattr(request, "csp_nonce", "")),
        **(context or {}),
    }
    return render(request, f"{page}.jinja", given, status=status)
