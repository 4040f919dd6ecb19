"""Proof that it is gone: when a pack is due for destruction, who confirmed it, and who has not.

Rules of the room:
- What is due is computed from the release on read; nothing is counted down.
- A confirmation is the requester's own statement, about one sealed pack, by its digest. It is never assumed.
- It shows who said so, when and how. It cannot show that no copy is left, and says that.
- Overdue is told to the requester first, then to the department that brokers the agreement.
"""
