"""The acts, in order, each one transaction: state, ledger entry and outbox together.

Rules of the room:
- An act says everything it writes in one value; the unit of work makes all of it durable, or nothing.
- A status is set in `lifecycle` and nowhere else.
- Time, officers and random bytes are given to an act; it asks nobody.
- Nothing reads the register but `casework.trace` and `casework.release`, and both need a permit.
"""
