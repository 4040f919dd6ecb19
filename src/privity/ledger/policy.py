"""Whom to trust: which logs, which witnesses, and how many of them must have vouched for a checkpoint.

    log VKEY [URL]
    witness NAME VKEY [URL]
    group NAME all|any|K MEMBER…
    quorum NAME|none

Rules of the module:
- Names are known before they are used, are used once at most, and mean nothing outside the file.
- A key stands in the file once, whatever it is called.
Source: C2SP tlog-policy.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from privity.errors import Mistaken

NO_QUORUM = "none"
MOST_LINES = 1_000
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class PolicyRefused(Mistaken):
    """A policy file that would leave open whom to trust."""

    def __init__(self, line: int, why: str) -> None:
        where = f"line {line} of the policy" if line else "the policy"
        super().__init__(f"{where} was not accepted", why=why, next_step="correct the file; C2SP tlog-policy says how")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A log or witness: its verifier key as text, and where to reach it (empty where it need not be)."""

    key: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """At least `threshold` of `members`, each a witness or an earlier group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a policy file says. INVARIANT: every name in it is defined, and none contains itself."""

    logs: tuple[Known, ...]
    witnesses: Mapping[str, Known]
    groups: Mapping[str, Group]
    quorum: str

    def is_met(self, cosigned: Collection[str]) -> bool:
        """Return whether these witnesses, by their names in the file, are enough."""
        return self.quorum == NO_QUORUM or self._has_witnessed(self.quorum, frozenset(cosigned))

    def _has_witnessed(self, name: str, cosigned: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._has_witnessed(member, cosigned) for member in group.members) >= group.threshold


def read_policy(content: bytes) -> Policy:
    """Return what a policy file says.

    Raises: PolicyRefused: malformed, or it names what it has not defined.
    """
    if _CONTROL.search(content):
        raise PolicyRefused(0, "it holds control characters")
    lines = content.decode(errors="surrogateescape").split("\n")
    if len(lines) > MOST_LINES:
        raise PolicyRefused(0, f"it has more than {MOST_LINES} lines")
    draft = _Draft()
    for number, line in enumerate(lines, start=1):
        words = re.split("[ \t]+", line.strip(" \t"))
        if words != [""] and not words[0].startswith("#"):
            draft.take(number, words)
    return draft.policy()


class _Draft:
    """A policy while it is read."""

    def __init__(self) -> None:
        self.logs: list[Known] = []
        self.witnesses: dict[str, Known] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.keys: set[tuple[str, str]] = set()
        self.members: set[str] = set()

    def take(self, number: int, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._unused(number, "log", key)
                self.logs.append(Known(key=key, url="".join(url)))
            case ["witness", name, key, *url] if len(url) <= 1:
                self._unused(number, "witness", key)
                self._new(number, name)
                self.witnesses[name] = Known(key=key, url="".join(url))
            case ["group", name, threshold, *members] if members:
                group = self._group(number, threshold, members)
                self._new(number, name)
                self.groups[name] = group
            case ["quorum", name] if self.quorum is None:
                if name != NO_QUORUM and name not in self.witnesses and name not in self.groups:
                    raise PolicyRefused(number, "it names what no line above it defines")
                self.quorum = name
            case _:
                raise PolicyRefused(number, "it is no line of a policy, or a second quorum")

    def policy(self) -> Policy:
        if self.quorum is None:
            raise PolicyRefused(0, "it has no quorum line")
        return Policy(
            logs=tuple(self.logs), witnesses=dict(self.witnesses), groups=dict(self.groups), quorum=self.quorum
        )

    def _unused(self, number: int, kind: str, key: str) -> None:
        material = key.rpartition("+")[2]
        if (kind, material) in self.keys:
            raise PolicyRefused(number, "the same key stands on an earlier line")
        self.keys.add((kind, material))

    def _new(self, number: int, name: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise PolicyRefused(number, "its name is taken")

    def _group(self, number: int, threshold: str, members: list[str]) -> Group:
        for member in members:
            if member in self.members or (member not in self.witnesses and member not in self.groups):
                raise PolicyRefused(number, "a member is not defined above, or is a member already")
            self.members.add(member)
        wanted = {"all": len(members), "any": 1}.get(threshold)
        if wanted is None:
            wanted = int(threshold) if _THRESHOLD.fullmatch(threshold) else 0
        if not 1 <= wanted <= len(members):
            raise PolicyRefused(number, "the threshold is not `all`, `any` or a number from 1 to that of its members")
        return Group(threshold=wanted, members=tuple(members))
