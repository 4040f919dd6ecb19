"""What mail says came of a pack: delivery reports and read receipts. Claims, since anybody can write such mail.

Rules of the module:
- Only a report that names a pack by the digits of its digest is read; everything else is none of our business.
- A report moves nothing on its own word but a failed pack back into the outbox, which sends the same bytes again.
- Only a signed confirmation (edge.seals.statements) or a MESH mailbox counts as the requester's word.

Source: RFC 3464 (delivery status), RFC 8098 (disposition).
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message

from privity.casework.news import Fate, Receipt

LONGEST_REPORT = 1_000_000
_ENVELOPE = re.compile(r"pkg-([0-9a-f]{16})", re.ASCII)
_MESSAGE_ID = re.compile(r"<([0-9a-f]{40})@privity\.invalid>", re.ASCII)
_FATES = {"delivered": Fate.DELIVERED, "relayed": Fate.DELIVERED, "expanded": Fate.DELIVERED, "failed": Fate.FAILED}
_READ = ("displayed", "processed", "dispatched")


def read_report(mail: bytes) -> Receipt | None:
    """Return what a delivery report or read receipt claims about one of our packs, or None where it is neither."""
    if len(mail) > LONGEST_REPORT:
        return None
    message = message_from_bytes(mail, policy=policy.default)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    for part in message.iter_parts():
        match part.get_content_type():
            case "message/delivery-status":
                return _delivery(part)
            case "message/disposition-notification":
                return _disposition(part)
            case _:
                continue
    return None


def _delivery(part: Message) -> Receipt | None:
    groups = list(_groups(part))
    named = _ENVELOPE.search(str(groups[0].get("Original-Envelope-Id", ""))) if groups else None
    fates = [_FATES.get(str(group.get("Action", "")).strip().lower()) for group in groups[1:]]
    if named is None or not fates or fates[0] is None:
        return None
    reason = "returned" if fates[0] is Fate.FAILED else ""
    return Receipt(digest_begins=named[1], fate=fates[0], claimed=True, reason=reason)


def _disposition(part: Message) -> Receipt | None:
    for group in _groups(part):
        named = _MESSAGE_ID.search(str(group.get("Original-Message-ID", "")))
        done = str(group.get("Disposition", "")).lower().rpartition(";")[2].strip().partition("/")[0]
        if named is not None and done in _READ:
            return Receipt(digest_begins=named[1], fate=Fate.COLLECTED, claimed=True, reason=done)
    return None


def _groups(part: Message) -> Iterator[Message]:
    """Yield the groups of fields in a report, whichever way the parser has read them."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Message))
    else:
        yield message_from_bytes(str(payload).encode())
