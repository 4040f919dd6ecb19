"""The pages: what the public is shown, and the desk at which cases are judged.

Rules of the room:
- A page talks to the desk it is handed (`door`) and to nothing of the store; it decides nothing.
- Every change is a POST that carries the revision the person was looking at, and ends in a redirect.
- A refused act is shown with what, why and what next, and keeps what the person typed.
- Nobody is shown another person's view before both are in.
- No inline style, no inline script without a nonce, no address outside: the security policy forbids them.
- Every page works without JavaScript, by keyboard, and on a telephone.
"""
