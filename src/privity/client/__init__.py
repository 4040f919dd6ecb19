"""For requesters' systems: a typed client of the interface under `/api/v1`, with nothing but the standard library.

Rules of the room:
- It imports no other room: a requester can copy this folder and needs nothing else of Privity.
- What the gateway refuses is an exception that carries the gateway's own words; nothing of a person is in it.
- A request that may be sent twice carries an idempotency key, so that sending it again is safe.
"""
