"""How a requester's packs are sealed: chosen once, when its certificate is enrolled, and never guessed.

Source: ledger.md section 3: mail programs open EnvelopedData alone; programs open the authenticated kind too.
"""

from enum import StrEnum


class SealProfile(StrEnum):
    """Which kind of CMS message a requester can open."""

    MAIL = "mail"
    """EnvelopedData, AES-256-CBC, RSA: Outlook, Thunderbird, gpgsm. The signature inside is what protects it."""
    MACHINE = "machine"
    """AuthEnvelopedData, AES-256-GCM, RSA-OAEP or ECDH on P-256: programs, MESH. Changed bytes do not open."""
