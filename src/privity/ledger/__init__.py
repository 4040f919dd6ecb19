"""What happened, without saying to whom: entries, the tree over them, and what an outsider checks.

Rules of the room:
- Nothing here can name a person. A leaf carries words of closed lists, digests, days, counts and commitments.
- The tree is RFC 6962 over SHA-256; tiles, notes, checkpoints and proofs are the C2SP formats, read strictly.
- Keys and random bytes are arguments; signing and verifying come in through a protocol.
"""
