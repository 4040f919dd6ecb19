"""Seals: the custodian signs, the requester's certificate closes, and only both together open.

Rules of the room:
- The signature lies inside the encryption; nothing is shown before both have held, and the chain with them.
- Sealing takes a recipient whose certificates were checked against their enrolment. There is no other way in,
  and no unsealed way out: where a certificate does not hold, the release parks.
- Every pack sealed for the same certificates has the same length, whatever it answers.
- Key material is given by wiring; nothing here looks for it. Time is an argument here too.

Source: RFC 5652 (CMS), RFC 8551 (S/MIME).
"""
