"""What the parties agreed, in force from a day, and what it says of one request.

Rules of the room:
- The Cedar text of a version is the enforced agreement; everything else here is arrangement.
- A permit is one lawful purpose. Each condition precedent is its own `forbid … unless` with one atom, so
  that the engine's own diagnostics name every unmet condition as a cited clause.
- A fact that was not stated is never taken for a favourable one; an unsigned declaration is false.
- A judgement not yet made is tried both ways; what only a person may decide is never guessed.
- An engine error, an unknown word or a missing version is no decision: nothing leaves.
- Clause names and numbers are ours. No text of the memoranda of 2017 and 2018 could be obtained.
"""
