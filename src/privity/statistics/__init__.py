"""What the public may count: a fold over ledger entries, and nothing else.

Rules of the room:
- Every figure can be recomputed from the ledger by an auditor.
- Totals close: received is the sum of every place a case can stand in.
- Suppression is a published setting, applied before anything is drawn.
"""
