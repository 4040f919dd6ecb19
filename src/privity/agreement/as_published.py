"""What may not change once it was published: the rules and the text of a version, and the words they are made of.

Rules of the room:
- A published version is enforced as it was published. A change of it is a version of its own, which people can read.
- The words of a family are append only: a new word may join, a word that stands means what it meant. Two things of a
  word may change: the help beside a question, and for how many purposes it is asked.
"""

from collections.abc import Collection, Mapping

from privity.agreement.reading import AGREEMENT_FILE
from privity.agreement.vocabulary_reading import OFFENCES_FILE, VOCABULARY_FILE
from privity.agreement.written import Written, read_written

BINDING = (AGREEMENT_FILE, "policy.cedar", "text.md")
"""The files of a version that say what is agreed; what lies beside them may be added to."""
_HELP, _REQUIRED_FOR, _ALL = "help", "required_for", "all"
Plain = str | tuple["Plain", ...] | dict[str, "Plain"]


def altered(before: Mapping[str, str], after: Mapping[str, str], versions: Collection[str]) -> tuple[str, ...]:
    """Return what of the published versions of a family is not as it was published, by file or by word.

    Args:   before, after: the family's files as they were published, and as they would be.
    Raises: Unreadable: a list of words cannot be read.
    """
    files = [f"{version}/{file}" for version in sorted(versions) for file in BINDING]
    changed = [path for path in files if before.get(path) != after.get(path)]
    for file in (VOCABULARY_FILE, OFFENCES_FILE):
        if before.get(file) != after.get(file) and file in before:
            changed += _altered_words(file, before[file], after.get(file, "{}"))
    return tuple(changed)


def _altered_words(file: str, before: str, after: str) -> list[str]:
    old, new = read_written(before, file).entries(), read_written(after, file).entries()
    found: list[str] = []
    for section, written in old.items():
        words, now = _plain(written), _plain(new[section]) if section in new else None
        if isinstance(words, dict):
            kept = now if isinstance(now, dict) else {}
            found += [f"{file}: {section}.{word}" for word in words if not _means_the_same(words[word], kept.get(word))]
        elif isinstance(words, tuple) and isinstance(now, tuple):
            found += [f"{file}: {section}.{word}" for word in words if word not in now]
        elif words != now:
            found.append(f"{file}: {section}")
    return found


def _means_the_same(before: Plain, after: Plain | None) -> bool:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return before == after
    left = {key: value for key, value in before.items() if key not in (_HELP, _REQUIRED_FOR)}
    right = {key: value for key, value in after.items() if key not in (_HELP, _REQUIRED_FOR)}
    asked, now = before.get(_REQUIRED_FOR, ()), after.get(_REQUIRED_FOR, ())
    return left == right and (now == _ALL or (asked != _ALL and set(asked) <= set(now)))


def _plain(written: Written) -> Plain:
    if written.is_mapping:
        return {key: _plain(value) for key, value in written.entries().items()}
    return tuple(_plain(part) for part in written.parts()) if written.is_list else written.text()
