"""Privity: a lawful-disclosure gateway.

The rooms, in the order a request walks them; a room looks only back:

    definitions    words with one meaning
    protection     what a person or their GP has put in the way
    request        what is asked, by whom, for what, on which declarations
    agreement      what the parties agreed, in force from a day
    trace          who in the register this is, and how sure; never why
    judgement      what only a named person may decide, twice over
    disclosure     the least that may leave, and for how long
    destruction    proof that it is gone
    ledger         what happened, without saying to whom
    statistics     what the public may count
    casework       the acts, in order, each one transaction
    edge           the only doors to the street
    client         the other side of the street: a requester's own program
"""

__version__ = "0.1.0"
