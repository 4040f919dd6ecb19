"""Every sentence of the pages, for a translator: from the templates, from the views, and from the words they show.

Rules of the module:
- A sentence is listed where it is written through `_()`, `gettext` or `ngettext`; a test draws the pages in a language
  in which every listed sentence is marked, and looks for sentences that are not.
- The words of agreements are not listed. They are what the parties agreed; a translation of them would be another text.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

from privity.agreement.assessment import Standing
from privity.agreement.version import InstrumentKind
from privity.casework import auditor, languages, leaflet, one_sentence, told_words
from privity.casework.account_records import Outcome as ProposalOutcome
from privity.casework.approach import AskedFor, Channel
from privity.casework.calling import CALLED, heading
from privity.casework.challenge import Outcome
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.dispatch import COLLECTED, FAILED, SEALED, SENT, TAKEN_BACK
from privity.casework.letters import LetterKind
from privity.casework.lifecycle import Status
from privity.casework.mail_desk import TOLD_HERE, MailState
from privity.casework.officers import Reason
from privity.casework.progress import Progress
from privity.casework.sampling import Finding
from privity.definitions.item import DataItem
from privity.definitions.party import Role
from privity.definitions.person import Gender
from privity.disclosure import debt_receipt
from privity.disclosure.pack import Outcome as PackOutcome
from privity.disclosure.safety import Concern, Course, SafetyQuestion
from privity.edge.web import locale_forms
from privity.edge.web.acts_told import TOLD, TOLD_ELSEWHERE
from privity.edge.web.drawing import spoken_in_english
from privity.edge.web.error_sentences import CONTEXT, sentences_of_errors
from privity.judgement.public_interest import Factor
from privity.ledger.entry_facts import ALLOWED
from privity.protection.registration import (
    EFFECTS_OF_A_FLAG,
    EFFECTS_OF_AN_ADDRESS,
    EFFECTS_OF_LIFTING,
    EFFECTS_OF_YOUR_ADDRESS,
    EFFECTS_OF_YOUR_FLAG,
)
from privity.request.debt_file import MAY_BE, NEEDED, SETTLEMENT_COLUMNS
from privity.request.intake import OPTIONAL_COLUMNS, REQUIRED_COLUMNS

Message = str | tuple[str, str]
"""A sentence, or its singular and plural. Where it needs a context, that stands before it, as in a catalogue."""
IN_CONTEXT = "\x04"
"""Between a context and its sentence."""
PAGES = Path(__file__).parent / "pages"
VIEWS = Path(__file__).parent
CALLS = frozenset({"_", "gettext", "gettext_noop", "ngettext", "say_many"})
RESULT = VIEWS.parent / "registers" / "default_fairness.json"
"""The fairness result that ships: its groups are the ones a custodian's first pages show."""
CALENDARS = ("england-and-wales", "any-part-of-the-uk")
"""The bank-holiday lists that ship."""
PLAIN = (
    *("version", "custodian", "requester", "department", "person", "system", "yes", "no", "none of these"),
    *("which-record", "safety-screen", "met", "not met", "reserved", "held", "no agreement"),
)
"""Words that lists and views are made of, which belong to no closed list."""
STEPS = ("Asked those concerned", "Assessed the effect on data protection", "Assessed the effect on equality")


def messages() -> Mapping[Message, tuple[str, ...]]:
    """Return every sentence with the places it comes from, as `file:line`."""
    found: dict[Message, list[str]] = {}
    for message, place in (*_of_templates(), *_of_views(), *_of_words(), *_of_errors()):
        found.setdefault(message, []).append(place)
    return {message: tuple(places) for message, places in sorted(found.items(), key=lambda each: each[1])}


def in_context(message: Message) -> tuple[str, Message]:
    """Return the context of a sentence, empty for most, and the sentence."""
    if isinstance(message, tuple):
        return "", message
    context, _, sentence = message.rpartition(IN_CONTEXT)
    return context, sentence


def catalogue() -> str:
    """Return the sentences as a gettext template: what a translator starts from."""
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for message, places in messages().items():
        context, sentence = in_context(message)
        singular, plural = sentence if isinstance(sentence, tuple) else (sentence, "")
        lines += [f"#: {' '.join(places)}"]
        lines += ["#, python-format"] if "%(" in singular else []
        lines += [f"msgctxt {_quoted(context)}"] if context else []
        lines += [f"msgid {_quoted(singular)}"]
        lines += [f"msgid_plural {_quoted(plural)}", 'msgstr[0] ""', 'msgstr[1] ""'] if plural else ['msgstr ""']
        lines += [""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _of_templates() -> Iterator[tuple[Message, str]]:
    reading = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True, lstrip_blocks=True)
    for page in sorted(PAGES.glob("*.jinja")):
        for line, _, message in extract_from_ast(reading.parse(page.read_text(encoding="utf-8"))):
            yield from _message(message, f"{page.name}:{line}")


def _message(found: str | tuple[str | None, ...] | None, place: str) -> Iterator[tuple[Message, str]]:
    if found is None or isinstance(found, str):
        yield from [] if found is None else [(found, place)]
        return
    texts = [text for text in found if text is not None]
    if len(texts) == 1:
        yield texts[0], place
    elif len(texts) > 1:
        yield (texts[0], texts[1]), place


def _of_views() -> Iterator[tuple[Message, str]]:
    for module in sorted(VIEWS.glob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        yield from ((words, f"{module.name}:{line}") for words, line in _listed(tree))
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS):
                continue
            texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            yield from _message(tuple(texts), f"{module.name}:{node.lineno}")


def _listed(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the words in the lists a view chooses from: constants of several words, called when they are shown."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for part in ast.walk(value) if isinstance(value, ast.Dict | ast.Tuple) else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value.strip():
                yield part.value, part.lineno


def _of_errors() -> Iterator[tuple[Message, str]]:
    for written in sentences_of_errors():
        yield f"{CONTEXT}{IN_CONTEXT}{written.sentence}", written.place


def _of_words() -> Iterator[tuple[Message, str]]:
    """Yield the words that pages show and that stand in rooms which know of no language."""
    groups = json.loads(RESULT.read_text(encoding="utf-8"))["groups"]
    words = {
        "one_sentence": one_sentence.SENTENCES,
        "leaflet": leaflet.SENTENCES,
        "item": tuple(item.words for item in DataItem),
        "registration": (
            *(*EFFECTS_OF_A_FLAG, *EFFECTS_OF_AN_ADDRESS, *EFFECTS_OF_LIFTING),
            *(*EFFECTS_OF_YOUR_FLAG, *EFFECTS_OF_YOUR_ADDRESS),
        ),
        "public_agreements": STEPS,
        "lifecycle": tuple(status.words for status in Status),
        "requester_desk": tuple(progress.words for progress in Progress),
        "challenge": tuple(outcome.words for outcome in Outcome),
        "letters": tuple(kind.words for kind in LetterKind),
        "public_interest": tuple(factor.words for factor in Factor),
        "safety": (*(one.words for one in Concern), *(one.words for one in SafetyQuestion)),
        "mail_desk": (*(state.words for state in MailState), *TOLD_HERE),
        "auditor": auditor.SAID,
        "sampling": tuple(finding.words for finding in Finding),
        "approach": (*(one.words for one in AskedFor), *(one.words for one in Channel)),
        "debt_lifecycle": tuple(standing.words for standing in DebtStanding),
        "acts_told": (*TOLD.values(), *TOLD_ELSEWHERE.values()),
        "vocabularies": tuple(dict.fromkeys(spoken_in_english(word) for word in _vocabularies())),
        "letters_and_mails": languages.SENTENCES,
        "debt_receipt": debt_receipt.SENTENCES,
        "locale_forms": locale_forms.SENTENCES,
        "calling": (*CALLED.values(), *(heading(name) for name in CALLED.values())),
        "entry_facts": tuple(sorted({spoken_in_english(name) for facts in ALLOWED.values() for name in facts})),
        "fairness": tuple(dict.fromkeys(word for one in groups for word in (one["trait"], *_spellings(one["name"])))),
        "told_words": (*told_words.SENTENCES, *told_words.PHRASES),
    }
    for room, sentences in words.items():
        for number, sentence in enumerate(sentences, start=1):
            yield sentence, f"{room}:{number}"


def _vocabularies() -> Iterator[str]:
    """Yield the words of closed lists, of columns and of calendars that pages speak; those of agreements are theirs."""
    closed: tuple[type[StrEnum], ...] = (
        Role,
        InstrumentKind,
        Gender,
        PackOutcome,
        Course,
        Reason,
        ProposalOutcome,
        Standing,
    )
    for words in closed:
        yield from (member.value for member in words if member.value)
    yield from (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS, *NEEDED, *MAY_BE, *SETTLEMENT_COLUMNS)
    yield from (*CALENDARS, *PLAIN, SEALED, SENT, COLLECTED, FAILED, TAKEN_BACK)


def _spellings(word: str) -> tuple[str, str]:
    """Return a word of a vocabulary as it begins a line and as it stands in a sentence."""
    return spoken_in_english(word), word.replace("_", " ")
