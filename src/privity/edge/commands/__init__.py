"""The command line: one module a word, loaded only when its word is said.

Rules of the room:
- A command returns an exit code: 0 done and true, 1 checked and not so. Errors of the tree carry theirs.
- What a person or a machine asked for goes to stdout; everything else goes to stderr.
- An outsider's command never loads Django.
"""
