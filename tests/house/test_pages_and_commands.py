"""Whatever the table of authorisation lets somebody do is done on a page and at a terminal, or it is said why not.

That a page does it is read from the code: `edge/wiring` asks the table in a method, or in what that method calls beside
it, and the page's module calls a method of that name.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.functional.typing_in import LEAVES

import privity
from privity.casework.authorisation import Operation as Op

EDGE = Path(privity.__file__).parent / "edge"
PAGES: Mapping[Op, str] = {
    Op.READ_QUEUE: "queue", Op.READ_CASE: "case", Op.READ_CANDIDATES: "identity", Op.TAKE: "take", Op.NOTE: "note",
    Op.SEND_MAIL_AGAIN: "mail-again", Op.ASK: "ask", Op.CHASE: "chase", Op.ASSIGN: "assign", Op.HOLD: "holds",
    Op.INCIDENT: "case-incidents", Op.REVIEW: "review", Op.DETERMINE_PURPOSE: "purpose", Op.TRACE: "trace",
    Op.SET_TRACE_ASIDE: "set-aside", Op.END_CASE: "end-case",
    Op.DETERMINE_IDENTITY: "identity", Op.CLOSE_PROTECTED: "protected", Op.SCREEN: "safety", Op.RELEASE: "release",
    Op.DRAFT_LETTER: "forwarding", Op.FORWARD_LETTER: "forwarding-post", Op.LIST_OWN: "requests", Op.CHECK: "draft",
    Op.SUBMIT: "draft-send", Op.COUNTERSIGN: "draft-countersign", Op.READ_OWN: "own-request", Op.ANSWER: "own-answer",
    Op.WITHDRAW: "own-withdrawal", Op.COLLECT: "own-response", Op.CONFIRM_DESTRUCTION: "own-destruction",
    Op.CHALLENGE: "own-challenge", Op.REPLY: "challenge", Op.GUARD: "samples", Op.OVERSEE: "oversight",
    Op.READ_TRACER: "tracer", Op.SUSPEND_TRACER: "tracer", Op.RESUME_TRACER: "tracer", Op.READ_ALERTS: "alerts",
    Op.ANSWER_ALERT: "alerts", Op.REPORT_APPROACH: "approaches", Op.LIST_CHALLENGES: "challenges",
    Op.READ_CHALLENGE: "challenge", Op.KEEP_CALENDAR: "calendar", Op.READ_HEALTH_WORDS: "health-words",
    Op.ADD_HEALTH_WORD: "health-words", Op.TAKE_BACK_HEALTH_WORD: "health-words", Op.KEEP_CONTACTS: "mails",
    Op.LIST_DEBTS: "debts", Op.TAKE_DEBTS: "debt-file", Op.SETTLE_DEBTS: "debt-settle", Op.CHECK_DEBT: "debt-judge",
    Op.COLLATE_DEBTS: "debt-runs", Op.RECEIPT_FOR_DEBT: "debt-receipt", Op.LIST_COLLATIONS: "collations",
    Op.COLLECT_COLLATION: "collation", Op.READ_PEOPLE: "people", Op.READ_PROPOSALS: "proposals",
    Op.PROPOSE: "new-person", Op.CONFIRM: "confirm-proposal", Op.CONFIRM_PUBLICATION: "confirm-proposal",
    Op.TAKE_AWAY: "take-away", Op.KEEP_ORGANISATIONS: "organisations", Op.KEEP_CERTIFICATES: "certificates",
    Op.REVOKE_CERTIFICATE: "certificate-act", Op.READ_SHELF: "shelf", Op.READ_ENTRIES: "entries",
    Op.READ_READINGS: "register-readings", Op.EXPORT_LEDGER: "export-ledger", Op.VERIFY_LEDGER: "verify-ledger",
    Op.READ_RESTORE: "restored", Op.ACKNOWLEDGE_RESTORE: "restored",
}  # fmt: skip
"""The page on which each is done, by the name of its address."""
NO_PAGE: Mapping[Op, str] = {
    Op.TAKE_REGISTER: "a register is a file of gigabytes that lies on the machine",
    Op.CONFIRM_REGISTER: "two people confirm it at the terminal that takes it in",
    Op.CERTIFY_TRACER: "a certificate is a file that the tracer's trial wrote on the machine",
}
"""What only commands do, and why that is right."""
COMMANDS: Mapping[Op, str] = {
    Op.READ_QUEUE: "case list", Op.READ_CASE: "case show", Op.READ_CANDIDATES: "case explain", Op.TAKE: "case assign",
    Op.NOTE: "case note", Op.ASK: "case question", Op.CHASE: "case chase", Op.ASSIGN: "case assign",
    Op.HOLD: "destroy hold", Op.INCIDENT: "incident open", Op.REVIEW: "case review", Op.GUARD: "case sample",
    Op.DETERMINE_PURPOSE: "case determine", Op.TRACE: "case trace", Op.SET_TRACE_ASIDE: "case set-aside",
    Op.END_CASE: "case end",
    Op.DETERMINE_IDENTITY: "case identify",
    Op.CLOSE_PROTECTED: "case close-protected", Op.SCREEN: "case screen", Op.DRAFT_LETTER: "case draft",
    Op.FORWARD_LETTER: "case post", Op.RELEASE: "case release", Op.CHECK: "request check",
    Op.SUBMIT: "request submit", Op.REPLY: "case reply", Op.LIST_CHALLENGES: "case challenges",
    Op.READ_CHALLENGE: "case thread", Op.READ_TRACER: "trace", Op.CERTIFY_TRACER: "trace", Op.SUSPEND_TRACER: "trace",
    Op.RESUME_TRACER: "trace", Op.KEEP_CALENDAR: "holiday proclaim", Op.KEEP_CONTACTS: "notify contact",
    Op.LIST_DEBTS: "debt list", Op.TAKE_DEBTS: "debt submit", Op.SETTLE_DEBTS: "debt settle",
    Op.CHECK_DEBT: "debt judge", Op.COLLATE_DEBTS: "debt run", Op.RECEIPT_FOR_DEBT: "debt receipt",
    Op.LIST_COLLATIONS: "debt runs", Op.COLLECT_COLLATION: "debt acknowledge", Op.READ_PEOPLE: "user list",
    Op.READ_PROPOSALS: "role waiting", Op.PROPOSE: "role grant", Op.CONFIRM: "role confirm",
    Op.CONFIRM_PUBLICATION: "role confirm", Op.TAKE_AWAY: "user disable", Op.KEEP_ORGANISATIONS: "organisation add",
    Op.KEEP_CERTIFICATES: "certificate enrol", Op.REVOKE_CERTIFICATE: "certificate revoke",
    Op.TAKE_REGISTER: "register import", Op.CONFIRM_REGISTER: "register import", Op.READ_READINGS: "register reads",
    Op.EXPORT_LEDGER: "ledger export", Op.VERIFY_LEDGER: "ledger verify",
    Op.READ_RESTORE: "restore", Op.ACKNOWLEDGE_RESTORE: "restore",
}  # fmt: skip
"""The command that does each; `trace` and `restore` have an action for each of theirs."""
_REQUESTERS = "a requester has no account on the custodian's machine: pages, interface and `privity.client` are theirs"
_ALERTS = "whoever answers has to read the cases behind an alert, which its page names; `watch --once` lists alerts"
_WORDS = "one word at a time, read beside the whole list; nobody keeps it from a script"
NO_COMMAND: Mapping[Op, str] = {
    **dict.fromkeys((Op.LIST_OWN, Op.READ_OWN, Op.ANSWER, Op.WITHDRAW, Op.COLLECT), _REQUESTERS),
    **dict.fromkeys((Op.CONFIRM_DESTRUCTION, Op.CHALLENGE, Op.COUNTERSIGN), _REQUESTERS),
    **dict.fromkeys((Op.READ_ALERTS, Op.ANSWER_ALERT), _ALERTS),
    **dict.fromkeys((Op.READ_HEALTH_WORDS, Op.ADD_HEALTH_WORD, Op.TAKE_BACK_HEALTH_WORD), _WORDS),
    Op.OVERSEE: "the department oversees from its own desk; `watch --once` and `statistics` print what is due and done",
    Op.REPORT_APPROACH: "told by whoever was rung up, officers and practices, where they work",
    Op.SEND_MAIL_AGAIN: "`notify run` tries by itself; what it gave up needs a look at the mailbox first",
    Op.READ_SHELF: "`agreement timeline` and `agreement compare` read the shelf's files, published or not",
    Op.READ_ENTRIES: "at a terminal the ledger is read as files, which `ledger export` writes",
}
"""What only pages do, and why that is right."""
SHOWN_ON_REQUEST = (Op.READ_CANDIDATES,)
"""Asked for by an argument of the method that shows the case."""


def addresses() -> dict[str, str]:
    """Return every page's name with the module its view is in."""
    return {
        str(keyword.value.value): node.args[1].value.id
        for path in EDGE.joinpath("web").glob("*urls.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Attribute)
        if isinstance(node.args[1].value, ast.Name)
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }


def names_in(node: ast.AST) -> frozenset[str]:
    """Return what a piece of code calls by name, or names as a part of something."""
    parts = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    called = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return frozenset(parts | {one.id for one in called if isinstance(one, ast.Name)})


def functions() -> Iterator[tuple[Path, str, frozenset[str]]]:
    """Yield every function of the wiring with its file and the names in it."""
    for path in EDGE.joinpath("wiring").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path, node.name, names_in(node)


FUNCTIONS = tuple(functions())
ADDRESSES = addresses()


def asking(operation: Op) -> set[str]:
    """Return the methods of the wiring that ask the table for an operation, themselves or through one beside them."""
    found = {(path, name) for path, name, names in FUNCTIONS if operation.name in names}
    size = 0
    while len(found) > size:
        size = len(found)
        for path, name, names in FUNCTIONS:
            if any((path, one) in found for one in names):
                found.add((path, name))
    return {name for _path, name in found}


@pytest.mark.parametrize("operation", Op)
def test_everything_that_somebody_may_do_has_its_page_and_its_command_or_a_reason(operation: Op) -> None:
    assert (operation in PAGES) != (operation in NO_PAGE)
    assert (operation in COMMANDS) != (operation in NO_COMMAND)
    assert operation in PAGES or operation in COMMANDS, "somebody may do it and nobody can"


@pytest.mark.parametrize("operation", PAGES)
def test_the_page_that_is_named_does_it(operation: Op) -> None:
    module = EDGE / "web" / f"{ADDRESSES[PAGES[operation]]}.py"
    called = names_in(ast.parse(module.read_text(encoding="utf-8")))
    assert asking(operation) & called or operation in SHOWN_ON_REQUEST


def test_the_commands_that_are_named_are_there() -> None:
    assert set(COMMANDS.values()) <= {leaf.named for leaf in LEAVES}


def test_nobody_is_left_without_a_reason() -> None:
    assert all(len(why) > 30 for why in (*NO_PAGE.values(), *NO_COMMAND.values()))
