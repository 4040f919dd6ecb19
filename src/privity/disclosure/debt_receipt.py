"""The receipt a patient carries: that a debt is settled, that its report was taken back, and who has said so.

Source: domain.md 4: payers are told to carry proof for three months, as long as a correction may take to arrive
everywhere.
"""

from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from privity.disclosure.standalone_page import standalone_page
from privity.errors import Impossible
from privity.request.debt_report import months_after
from privity.request.due import british

CARRY_FOR_MONTHS = 3
_LINE = 80


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
        """Return the receipt as its reader sees it, the title first."""
        became = "should not have been reported" if self.never_right else "is settled"
        acknowledged = (
            f"{self.recipient} acknowledged this on {british(self.acknowledged_on)}."
            if self.acknowledged_on
            else f"{self.recipient} has not acknowledged this yet. Ask us again for a receipt that says when it has."
        )
        until = british(months_after(self.given_on, CARRY_FOR_MONTHS))
        carry = f"Carry this with you until {until}: it can take that long until every office has the correction."
        given = f"Given on {british(self.given_on)}. The digest of this receipt stands in the ledger {self.origin}"
        return (
            "Receipt: your debt, and the report about it",
            f"For {self.name}",
            f"Our reference {self.reference}. The bill: {self.finance_reference}.",
            f"We reported an unpaid bill to {self.recipient} on {british(self.reported_on)}.",
            f"The debt {became}, as of {british(self.settled_on)}.",
            f"We told {self.recipient} so on {british(self.retracted_on)}, and took the report back.",
            acknowledged,
            carry,
            f"{given}, so that anybody we show the entry to can tell that it is real.",
        )


def receipt_text(receipt: DebtReceipt) -> bytes:
    """Return the receipt as plain text; its digest is what the ledger keeps."""
    folded = [part for line in receipt.lines for part in (*wrap(line, _LINE, break_on_hyphens=False), "")]
    return "".join(f"{line}\n" for line in folded).encode()


def receipt_html(receipt: DebtReceipt) -> bytes:
    """Return the receipt as one accessible page that stands alone and prints on one sheet."""
    return standalone_page(receipt.lines, ending="\n")
