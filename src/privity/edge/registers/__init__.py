"""Registers: where the records lie that a trace reads.

Rules of the room:
- A register file is built whole beside the old one and takes its place in one step, or not at all.
- Whatever is written passes the same checks, wherever it came from.
- Reading is counted; the correspondence address is neither key nor evidence.
"""
