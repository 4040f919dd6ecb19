"""Synthetic people, and particulars as a requester would know them: everything from one seed.

Rules of the room:
- Nobody in here exists: NHS numbers lie in the synthetic range, postcodes in areas that no real one uses.
- Names are drawn from name traditions, each with its own structure; where every list comes from is written in
  docs/reference/synthetic-data.md.
- The same seed gives the same people on every machine.
"""
