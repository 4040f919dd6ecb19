"""Who in the register this is, and how sure; never why, nor who asks.

Rules of the room:
- The tracer sees particulars and a register, nothing of the request, the requester or the agreement.
- A person who is not in the register is an outcome of its own, with its own probability.
- Two close candidates are a question for two officers; the nearer one is never picked.
- The place of a sensitive record is neither evidence nor a key.
- Every probability says of what, given what.
"""
