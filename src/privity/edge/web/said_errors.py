"""What went wrong, in the reader's language: an error is written in English and said again on the page.

Rules of the module:
- An error keeps its English words (`str()`, the log, the API's `detail`, the console): they are what is quoted to
  whoever helps. A page recognises each part among the sentences of the reader's translation and says that.
- What a sentence is filled in with is said again where it is a sentence or word of ours too; a name, a reference or a
  number stays as it is. What nobody translated, or translated with other places in it, stays English.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext, to_locale

from privity.casework.told_words import said_again
from privity.definitions.language import is_translation, pattern_of
from privity.edge.web.error_sentences import CONTEXT

JOINED = "; "
"""Between several reasons of one kind."""
DEEPEST = 3
"""How often a sentence is filled in with a sentence."""


def error_said(words: str) -> str:
    """Return a part of an error in the reader's language, or as it is where nobody translated it."""
    code = get_language() or settings.LANGUAGE_CODE
    return words if code == settings.LANGUAGE_CODE else _said(words, code, DEEPEST)


def _said(words: str, code: str, deep: int) -> str:
    if not words.strip():
        return words
    whole = pgettext(CONTEXT, words)
    if whole != words:
        return whole
    for pattern, translated in _filled_sentences(code) if deep else ():
        found = pattern.fullmatch(words)
        if found is not None:
            return translated % {name: _said(value, code, deep - 1) for name, value in found.groupdict().items()}
    if JOINED in words and deep:
        return JOINED.join(_said(part, code, deep - 1) for part in words.split(JOINED))
    return said_again(words, gettext) if said_again(words, gettext) != words else gettext(words)


@cache
def _filled_sentences(code: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Return what recognises each translated sentence with places in it, and its translation; the longest first."""
    found = []
    for folder in settings.LOCALE_PATHS:
        file = Path(folder) / to_locale(code) / "LC_MESSAGES" / "django.mo"
        if not file.exists():
            continue
        with file.open("rb") as opened:
            for message in read_mo(opened):
                sentence, translated = str(message.id), str(message.string)
                # Babel reads a sentence as text and its context as bytes.
                if (
                    message.context in (CONTEXT, CONTEXT.encode())
                    and "%(" in sentence
                    and is_translation(sentence, translated)
                ):
                    found.append((sentence, translated))
    found.sort(key=lambda pair: len(re.sub(r"%\(\w+\)s", "", pair[0])), reverse=True)
    return tuple((pattern_of(sentence), translated) for sentence, translated in found)
