"""The receipt a patient carries: that a debt is settled, that its report was taken back, and who has said so.

Source: domain.md 4: payers are told to carry proof for three months, as long as a correction may take to arrive
everywhere.
"""

from dataclasses import dataclass
from datetime import date
from html import escape
from textwrap import wrap

from privity.definitions.language import ENGLISH, IN_ENGLISH, Tongue, spoken_day
from privity.disclosure.standalone_page import page_around
from privity.errors import Impossible
from privity.request.debt_report import months_after

CARRY_FOR_MONTHS = 3
_LINE = 80


_TITLE = "Receipt: your debt, and the report about it"
_FOR = "For %(name)s"
_REFERENCES = "Our reference %(reference)s. The bill: %(bill)s."
_REPORTED = "We reported an unpaid bill to %(recipient)s on %(day)s."
_NEVER_RIGHT = "The debt should not have been reported, as of %(day)s."
_SETTLED = "The debt is settled, as of %(day)s."
_TAKEN_BACK = "We told %(recipient)s so on %(day)s, and took the report back."
_SAID_SO = "%(recipient)s acknowledged this on %(day)s."
_NOT_SAID_YET = "%(recipient)s has not acknowledged this yet. Ask us again for a receipt that says when it has."
_CARRY = "Carry this with you until %(day)s: it can take that long until every office has the correction."
_GIVEN = (
    "Given on %(day)s. The digest of this receipt stands in the ledger %(ledger)s, "
    "so that anybody we show the entry to can tell that it is real."
)
SENTENCES = (
    *(_TITLE, _FOR, _REFERENCES, _REPORTED, _NEVER_RIGHT, _SETTLED),
    *(_TAKEN_BACK, _SAID_SO, _NOT_SAID_YET, _CARRY, _GIVEN),
)
"""What a translator translates of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReceipt:
    """One receipt. The representation hides the person.

    Raises: Impossible: its days are out of order.
    """

    reference: str
    finance_reference: str
    name: str
    recipient: str
    reported_on: date
    settled_on: date
    never_right: bool
    retracted_on: date
    acknowledged_on: date | None
    given_on: date
    origin: str

    def __post_init__(self) -> None:
        if not self.reported_on <= self.retracted_on <= (self.acknowledged_on or self.retracted_on) <= self.given_on:
            raise Impossible(
                f"the receipt of `{self.reference}` was not made",
                why="its days are out of order",
                next_step="report this: nothing was given",
            )

    def __repr__(self) -> str:
        return f"DebtReceipt({self.reference})"

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the receipt as the ledger's digest is over it: in English, the title first."""
        return self.lines_in(IN_ENGLISH)

    def lines_in(self, tongue: Tongue) -> tuple[str, ...]:
        """Return the receipt as its reader sees it, the title first."""
        say = tongue.say

        def day(of: date) -> str:
            return spoken_day(of, say)

        became = _NEVER_RIGHT if self.never_right else _SETTLED
        said_so = _SAID_SO if self.acknowledged_on else _NOT_SAID_YET
        acknowledged = {"recipient": self.recipient, "day": day(self.acknowledged_on) if self.acknowledged_on else ""}
        return (
            say(_TITLE),
            say(_FOR) % {"name": self.name},
            say(_REFERENCES) % {"reference": self.reference, "bill": self.finance_reference},
            say(_REPORTED) % {"recipient": self.recipient, "day": day(self.reported_on)},
            say(became) % {"day": day(self.settled_on)},
            say(_TAKEN_BACK) % {"recipient": self.recipient, "day": day(self.retracted_on)},
            say(said_so) % acknowledged,
            say(_CARRY) % {"day": day(months_after(self.given_on, CARRY_FOR_MONTHS))},
            say(_GIVEN) % {"day": day(self.given_on), "ledger": self.origin},
        )


def receipt_text(receipt: DebtReceipt) -> bytes:
    """Return the receipt as plain text; its digest is what the ledger keeps."""
    folded = [part for line in receipt.lines for part in (*wrap(line, _LINE, break_on_hyphens=False), "")]
    return "".join(f"{line}\n" for line in folded).encode()


def receipt_html(receipt: DebtReceipt, tongue: Tongue = IN_ENGLISH) -> bytes:
    """Return the receipt as one accessible page that stands alone and prints on one sheet.

    In another language the English words follow: the digest in the ledger is over them, and offices here read them.
    """
    title, *rest = receipt.lines_in(tongue)
    body = [f"<p>{escape(line)}</p>" for line in rest]
    if tongue.code != ENGLISH:
        original = [f"<p>{escape(line)}</p>" for line in receipt.lines]
        body += ["<hr>", '<div lang="en-GB" dir="ltr">', *original, "</div>"]
    return page_around(body, title=title, ending="\n", tongue=tongue)
