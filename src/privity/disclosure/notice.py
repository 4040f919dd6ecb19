"""A notice that follows a pack: what it said was wrong, or it must come back. It travels sealed, as packs do.

Rules of the module:
- It names the case, the digest of the pack and what to do. It does not repeat what was disclosed, so that a
  notice about the wrong person does not disclose that person a second time.
- It is plain that it must be acted on, and by when.

Source: UK GDPR 5(1)(d) as reliability.md 2c has it (a correction reaches recipients); domain.md 3 (errors).
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from textwrap import wrap
from typing import Final

from privity.definitions.language import IN_ENGLISH, Tongue, Translate, spoken_day
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.standalone_page import standalone_page
from privity.errors import Impossible

FORMAT: Final = "privity.notice"
_LINE: Final = 100


class NoticeKind(StrEnum):
    """What a notice asks for."""

    CORRECTION = "correction"
    """What was disclosed is wrong: do not rely on it."""
    RECALL = "recall"
    """It should not have been disclosed to you: destroy it and everything taken from it, and confirm."""

    @property
    def words(self) -> str:
        """Return what the reader must do, in plain words."""
        return _WORDS[self]


_WORDS = {
    NoticeKind.CORRECTION: (
        "An answer we gave you is wrong. Do not rely on it. Mark every copy and every record made from it as wrong, "
        "tell everybody you passed it to, and tell us that you have done so."
    ),
    NoticeKind.RECALL: (
        "An answer we gave you should not have been given. Do not use it. Destroy every copy and everything taken "
        "from it, tell everybody you passed it to to do the same, and confirm the destruction to us."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice about one pack.

    Raises: Impossible: the reader would have no time to act.
    """

    case: CaseReference
    requester: OrganisationId
    requester_reference: str
    kind: NoticeKind
    pack_sha256: str
    issued_on: date
    act_by: date

    def __post_init__(self) -> None:
        if self.act_by < self.issued_on:
            raise Impossible(
                f"the notice on `{self.case}` was not made",
                why="it would have to be acted on before it was issued",
                next_step="report this: nothing has left",
            )


_TITLES = {
    NoticeKind.CORRECTION: "Correction of the answer to your request %(reference)s",
    NoticeKind.RECALL: "Recall of the answer to your request %(reference)s",
}
_CASE = "Case %(case)s"
_ACT_BY = "Act by %(act_by)s. Issued on %(issued)s to %(requester)s."
_WHICH = "The answer is the one whose digest is %(digest)s"
SENTENCES = (*_TITLES.values(), _CASE, _ACT_BY, _WHICH, *(kind.words for kind in NoticeKind))
"""What a translator translates of a notice."""


def notice_json(notice: Notice) -> bytes:
    """Return the notice as canonical JSON."""
    whole = {
        "v": 1,
        "format": FORMAT,
        "case": notice.case,
        "requester": notice.requester,
        "requester_reference": notice.requester_reference,
        "kind": notice.kind.value,
        "says": notice.kind.words,
        "pack_sha256": notice.pack_sha256,
        "issued_on": notice.issued_on.isoformat(),
        "act_by": notice.act_by.isoformat(),
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def notice_text(notice: Notice, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the notice as plain text: the body a mail program shows."""
    folded = [part for line in _lines(notice, tongue.say) for part in wrap(line, _LINE, break_on_hyphens=False) or [""]]
    return "".join(f"{line}\r\n" for line in folded).encode()


def notice_html(notice: Notice, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the notice as one accessible page that stands alone."""
    return standalone_page(_lines(notice, tongue.say), ending="\r\n", tongue=tongue)


def _lines(notice: Notice, say: Translate) -> list[str]:
    reference = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in notice.requester_reference
    )
    act_by, issued = spoken_day(notice.act_by, say), spoken_day(notice.issued_on, say)
    return [
        say(_TITLES[notice.kind]) % {"reference": reference},
        say(_CASE) % {"case": notice.case},
        "",
        say(notice.kind.words),
        "",
        say(_ACT_BY) % {"act_by": act_by, "issued": issued, "requester": notice.requester},
        say(_WHICH) % {"digest": notice.pack_sha256},
    ]
