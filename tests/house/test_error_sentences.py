"""Every sentence of an error can be translated: it is found where it is written, with named places in it."""

import re
from pathlib import Path

import privity
from privity.edge.web.error_sentences import sentences_of_errors, unread_texts

NOT_OURS = {
    "agreement/evaluation.py": "what Cedar says of a policy",
    "agreement/reading.py": "what Cedar says of a policy",
    "agreement/written.py": "what the YAML parser says of a file",
    "edge/registers/limits.py": "how far a register moved, told where it is taken in: at a terminal",
}
"""Who else speaks in an error, by the file that quotes them, and one sum that only a terminal prints."""
WRITTEN = """
from privity.errors import Mistaken

_WHY = {"late": "it came too late", "early": "it came before `{day}`"}

class Shut(Mistaken):
    def __init__(self, door: str) -> None:
        super().__init__(f"the door `{door}` is shut", why="it is night", next_step="come back")

def _refused(why: str) -> Mistaken:
    return Mistaken("nothing was done", why=why, next_step="look again" if why else "wait")

def act(names: list[str], when: str) -> None:
    if not names:
        raise _refused(f"none of {len(names)} names fits {when}")
    if when == "late":
        raise _refused(_WHY[when].format(day=when))
    worst = "the first" if when else "the last"
    raise Mistaken(f"{worst} was refused", why=names[0], next_step=look_up(names))
"""


def test_every_text_of_an_error_is_a_sentence_that_a_translator_is_given() -> None:
    unread = [one for one in unread_texts() if one.place.partition(":")[0] not in NOT_OURS]
    assert unread == [], (
        "write the text where the error is made, or hand it on as an argument: what is put together elsewhere cannot"
        " be found, and would stay English for ever"
    )


def test_whoever_else_speaks_in_an_error_still_does() -> None:
    assert {one.place.partition(":")[0] for one in unread_texts()} == set(NOT_OURS)


def test_no_sentence_counts_things_by_hand() -> None:
    """`1 file(s)` has no plural that a language with six of them could use, and reads like a machine at a terminal."""
    assert [one for one in sentences_of_errors() if "(s)" in one.sentence.replace(")s", "")] == []
    edge = Path(privity.__file__).parent / "edge"
    written = {path.name: path.read_text(encoding="utf-8") for path in edge.rglob("*.py")}
    assert [name for name, text in written.items() if re.search(r"(?<!%)\b[a-z]+\(s\)", text)] == []


def test_the_search_follows_texts_to_where_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text(
        "class PrivityError(Exception):\n    def __init__(self, what, *, why, next_step): ...\n"
        "class Mistaken(PrivityError): ...\n",
        encoding="utf-8",
    )
    (tmp_path / "doors.py").write_text(WRITTEN, encoding="utf-8")
    assert {one.sentence for one in sentences_of_errors(tmp_path)} == {
        *("the door `%(door)s` is shut", "it is night", "come back"),
        *("nothing was done", "look again", "wait", "none of %(count)s names fits %(when)s"),
        *("it came too late", "it came before `%(day)s`"),
        *("%(worst)s was refused", "the first", "the last"),
    }
    assert [one.sentence for one in unread_texts(tmp_path)] == ["names[0]", "look_up(names)"]
