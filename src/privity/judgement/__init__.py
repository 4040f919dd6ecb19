"""What only a named person may decide, twice over.

Rules of the room:
- Purpose is judged before the register is read; identity after it. Each time by two people.
- The two are blind to each other: neither sees the other's view until both are saved.
- Two people are two staff identifiers, whatever their accounts.
- Where the two differ the guardian has the last word, in words of their own.
- A permit is a value that cannot be built without its determinations. Later rooms accept nothing else.
"""
