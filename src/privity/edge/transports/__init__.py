"""How sealed packs travel. A transport sees ciphertext and a proof, and can make neither.

Rules of the room:
- The same message twice leaves the same bytes once.
- A name on the way (folder, file, subject, header) is a digest or an organisation, never a case or a person.
"""
