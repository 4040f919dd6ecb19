"""A YAML text as values that remember their file and line, so that an author is told where to look.

Rules of the room:
- Only mappings, lists and scalars; no anchors, no tags. A key stands once.
- A scalar is read by what is expected of it, never by YAML's own guess: `no` is text where text is asked for.
- A key nobody reads is a mistake, not a comment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import yaml

from privity.errors import Mistaken

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C where it was built, which is eight times as fast."""
_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false"})


class Unreadable(Mistaken):
    """A file of an agreement could not be read; says which file and which line."""

    def __init__(self, file: str, line: int, *, why: str, next_step: str) -> None:
        super().__init__(f"`{file}` line {line} was not understood", why=why, next_step=next_step)
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One value of a YAML file and the place where it stands."""

    node: yaml.Node
    file: str

    @property
    def line(self) -> int:
        """Return the line of the value, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def fault(self, why: str, next_step: str) -> Unreadable:
        """Return the error that points at this value."""
        return Unreadable(self.file, self.line, why=why, next_step=next_step)

    def entries(self) -> Mapping[str, "Written"]:
        """Return the entries of a mapping in the order written.

        Raises: Unreadable: it is no mapping, or a key stands twice.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("a mapping `key: value` is expected here", "write keys and values")
        found: dict[str, Written] = {}
        for key_node, value_node in self.node.value:
            key = Written(node=key_node, file=self.file).text()
            if key in found:
                raise Written(node=key_node, file=self.file).fault(f"the key `{key}` stands twice", "keep one of them")
            found[key] = Written(node=value_node, file=self.file)
        return MappingProxyType(found)

    def only(self, *allowed: str) -> Mapping[str, "Written"]:
        """Return the entries of a mapping whose keys are all known.

        Raises: Unreadable: a key is not one of `allowed`.
        """
        entries = self.entries()
        for key, value in entries.items():
            if key not in allowed:
                raise value.fault(f"`{key}` is not a key of this place", f"use one of {', '.join(allowed)}")
        return entries

    def parts(self) -> Iterator["Written"]:
        """Yield the members of a list.

        Raises: Unreadable: it is no list.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fault("a list is expected here", "write `- ` before each member, or `[a, b]`")
        for member in self.node.value:
            yield Written(node=member, file=self.file)

    def texts(self) -> tuple[str, ...]:
        """Return the members of a list of texts."""
        return tuple(part.text() for part in self.parts())

    @property
    def is_list(self) -> bool:
        """Return whether the value is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_mapping(self) -> bool:
        """Return whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing, `~` or `null` is written."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.value in ("", "~", "null")

    def text(self) -> str:
        """Return a scalar as it is written, line ends folded to spaces.

        Raises: Unreadable: it is a list or a mapping.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fault("one word or sentence is expected here", "write a single value")
        return " ".join(str(self.node.value).split())

    def whole_number(self) -> int:
        """Return a whole number, zero or more.

        Raises: Unreadable: it is anything else.
        """
        written = self.text()
        if not (written.isascii() and written.isdigit()) or len(written) > 9:
            raise self.fault(f"`{written}` is not a whole number", "write digits only")
        return int(written)

    def flag(self) -> bool:
        """Return yes or no.

        Raises: Unreadable: it is anything else.
        """
        written = self.text().lower()
        if written not in _YES | _NO:
            raise self.fault(f"`{written}` is neither yes nor no", "write `yes` or `no`")
        return written in _YES

    def moment(self) -> datetime:
        """Return an instant with its offset from UTC.

        Raises: Unreadable: it is no ISO 8601 instant, or the offset is missing.
        """
        written = self.text()
        try:
            read = datetime.fromisoformat(written)
        except ValueError as error:
            raise self.fault(f"`{written}` is no instant", "write it as `2017-01-01T00:00:00+00:00`") from error
        if read.tzinfo is None:
            raise self.fault(f"`{written}` has no offset from UTC", "add `+00:00` or `+01:00`")
        return read

    def day(self) -> date:
        """Return a civil date.

        Raises: Unreadable: it is no ISO 8601 date.
        """
        written = self.text()
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise self.fault(f"`{written}` is no date", "write it as `2017-01-01`") from error

    def at(self, key: str) -> "Written":
        """Return the entry that must be there.

        Raises: Unreadable: it is missing.
        """
        found = self.entries().get(key)
        if found is None:
            raise self.fault(f"`{key}` is missing", f"add `{key}:`")
        return found

    def maybe(self, key: str) -> "Written | None":
        """Return the entry, or None where it is missing or empty."""
        found = self.entries().get(key)
        return None if found is None or found.is_empty else found


def read_written(text: str, file: str) -> Written:
    """Return a YAML text as a value with its places.

    Raises: Unreadable: it is not YAML, is empty, or uses an anchor or a tag.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
        _refuse_cleverness(text, file)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise Unreadable(
            file, line, why="a character stands there that no text has", next_step="take it out; an editor may hide it"
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise Unreadable(
            file, line, why=error.problem or "it is not YAML", next_step="correct the line and the ones above"
        ) from error
    if node is None:
        raise Unreadable(file, 1, why="the file is empty", next_step="write the file or remove it")
    return Written(node=node, file=file)


def _refuse_cleverness(text: str, file: str) -> None:
    """Refuse anchors, aliases and tags: what is written must be what is read."""
    for token in yaml.scan(text, Loader=_LOADER):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            raise Unreadable(
                file,
                token.start_mark.line + 1,
                why="anchors, aliases and tags are not used in agreements",
                next_step="write the value out",
            )
