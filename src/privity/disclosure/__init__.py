"""The least that may leave, and for how long it may be kept.

Rules of the room:
- Nothing is released without a permit, and never more than the permit and the record both hold.
- A residence may leave; a correspondence address may not, nor a home found by way of one.
- A protected record releases nothing, and its answer is the one for no trace, letter for letter.
- What was withheld, and why, stays with the custodian.
- A pack says what it is for, on what terms, and until when it may be kept. It never repeats whom it is about
  beyond the items released: the requester has its own reference.
"""
