"""What a person, or their GP on their behalf, has put in the way.

Rules of the room:
- The whereabouts behind a sensitive flag are never returned, and no place is evidence in a trace of them.
- To the requester a protected record and no record at all are one and the same answer.
- The guardian is told of every protected record that a permit reaches; nobody else is.
- A correspondence address is where letters go. It is never where a person lives.
- Whoever looked a person up by another address is not told the home address.
"""
