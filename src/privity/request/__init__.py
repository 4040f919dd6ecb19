"""What is asked, by whom, for what, on which declarations.

Rules of the room:
- One request asks about one person.
- A request is complete or it goes back; a batch is taken whole or not at all.
- The clock is computed from dated events when it is read, never counted down.
"""
