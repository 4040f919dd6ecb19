"""What acts leave in a history can be said again in another language: every sentence of every act is known."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.fakes.calendars import ENGLAND
from tests.functional.pseudo_language import CLOSING, OPENING, marked

import privity.casework
from privity.casework import languages
from privity.casework.told_words import PHRASES, SENTENCES, said_again, told_sentence
from privity.definitions.language import as_written, is_translation, spoken_day
from privity.definitions.person import PersonId
from privity.request.due import Pause, clock
from privity.trace.bound import WrongPersonBound
from privity.trace.comparison import LEVELS, Level
from privity.trace.explanation import explained
from privity.trace.outcome import Candidate, FieldEvidence
from privity.trace.standing import Hindrance
from privity.trace.tracer import words

ROOM = Path(privity.casework.__file__).parent
WRITERS = {"write_act", "_written"}
SPEAKING = [path for path in sorted(ROOM.glob("*.py")) if "write_act(" in path.read_text(encoding="utf-8")]
PASSED_ON = {"words", "told"}
"""What a module's own writer is handed: the sentences are where it is called."""


def filled(node: ast.expr) -> Iterator[str]:
    """Yield every sentence an expression can be, with `X` where something is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "3" for part in parts)  # type: ignore[misc]  # a constant of a string is text
        case ast.IfExp(body=first, orelse=second):
            yield from (*filled(first), *filled(second))
        case _:
            return


def sentences(tree: ast.Module) -> Iterator[str]:
    """Yield every sentence a module hands to whoever writes an act."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                values = value.values if isinstance(value, ast.Dict) else [value]
                named.setdefault(name, []).extend(values)
            case ast.FunctionDef(name=name):
                returns = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
                named.setdefault(name, []).extend(returns)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS):
            continue
        handed = [one.value for one in node.keywords if one.arg == "words"]
        handed += [one for one in node.args if isinstance(one, ast.Name) and one.id in PASSED_ON]
        for value in handed:
            match value:
                case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)):
                    for one in named.get(name, []):
                        yield from filled(one)
                case _:
                    found = list(filled(value))
                    assert found, f"line {value.lineno}: this test cannot read the words of an act"
                    yield from found


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.stem)
def test_every_sentence_an_act_leaves_is_known_to_translators(path: Path) -> None:
    if path.stem == "writing":
        return
    found = list(sentences(ast.parse(path.read_text(encoding="utf-8"))))
    assert found
    unknown = [one for one in found if told_sentence(one) is None]
    assert unknown == [], "write it into `casework/told_words.py` too, so that it can be said in another language"


def test_every_known_sentence_can_be_said_in_another_language_with_what_it_is_filled_in_with() -> None:
    for sentence in (*SENTENCES, *PHRASES):
        written = sentence.replace("%(", "<").replace(")s", ">")
        again = said_again(written, marked)
        assert again.startswith(OPENING), sentence
        assert again.endswith(CLOSING), sentence
        assert said_again(written, as_written) == written


def test_days_reasons_and_phrases_inside_a_sentence_are_said_again_too() -> None:
    words = "The due date moved from 1 May 2026 to 5 May 2026: 4 May 2026 was proclaimed a bank holiday (Late day)."
    assert said_again(words, as_written) == words
    assert said_again(words, lambda text: {"May": "Mai"}.get(text, text)) == words.replace("May", "Mai")
    late = "A confirmation of destruction was not taken: the day has not come yet: confirm when it is done."
    assert said_again(late, marked).count(OPENING) == 2


def test_what_a_person_wrote_is_shown_as_it_was_written() -> None:
    for note in ("Rang the station: Sgt Hill will call back.", "", "50%(off)s"):
        assert said_again(note, marked) == note


def test_how_a_due_date_was_made_is_known_sentence_by_sentence() -> None:
    made = clock(
        date(2017, 3, 31),
        ENGLAND,
        working_days=20,
        pauses=(Pause(asked=date(2017, 4, 5), answered=date(2017, 4, 7)),),
    )
    stands = clock(date(2017, 3, 31), ENGLAND, working_days=20, pauses=(Pause(asked=date(2017, 4, 5)),))
    for step in (*made.steps(), *stands.steps()):
        assert told_sentence(step) is not None, step
        assert said_again(step, marked).startswith(OPENING)


def test_a_translation_is_filled_in_with_what_its_sentence_is() -> None:
    assert is_translation("Due on %(day)s.", "%(day)s: am Ende.")
    for wrong in ("Bald.", "%(tag)s.", "%(day)s %(day)s", "%(day)s 100%", "%(day)d"):
        assert not is_translation("Due on %(day)s.", wrong), wrong
    assert all(is_translation(one, marked(one)) for one in languages.SENTENCES)


def test_a_day_is_spoken_with_the_month_of_its_language() -> None:
    assert spoken_day(date(2018, 5, 9), as_written) == "9 May 2018"
    assert spoken_day(date(2018, 5, 9), lambda text: {"May": "Mai"}.get(text, text)) == "9 Mai 2018"


def test_whatever_a_trace_says_of_a_candidate_is_known() -> None:
    evidence = tuple(
        FieldEvidence(field=field, level=level, weight_bits=1.0, words=words(field, level))
        for field, levels in LEVELS.items()
        for level in (*levels, Level.MISSING)
    )
    weight = float(len(evidence))
    candidate = Candidate(person=PersonId(1), weight_bits=weight, probability=0.9, evidence=evidence, sensitive=False)
    explanation = explained(
        candidate,
        register_rows=20_000,
        chance_before=1 / 20_000,
        probability_absent=0.1,
        runner_up_probability=0.0,
        bound_words="",
    )
    told = [step.words for step in explanation.steps]
    bounds = [
        WrongPersonBound(alpha=0.001, confidence=0.95, certified=certified, synthetic=synthetic, most_absent=0.2)
        for certified in (True, False)
        for synthetic in (True, False)
    ]
    told += [explanation.namesakes_in_words, *(bound.words for bound in bounds), *(one.words for one in Hindrance)]
    assert [one for one in told if told_sentence(one) is None] == []
