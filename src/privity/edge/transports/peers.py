"""What peers do to us, as errors: each says what did not happen and that nothing is lost."""

from privity.casework.ports import NotTaken
from privity.errors import Mistaken, Unavailable


class PeerSilent(Unavailable):
    """The peer stalled, went away, or spoke nonsense. The pack stays in the outbox and goes again as it is."""

    def __init__(self, peer: str, why: str) -> None:
        super().__init__(
            f"nothing more was handed to `{peer}`",
            why=why,
            next_step="the packs stay in the outbox and go again, byte for byte, at the next run",
        )


class PeerRefused(NotTaken):
    """The peer does not take this pack or notification, for this address."""

    def __init__(self, peer: str, code: str, what: str = "a pack") -> None:
        super().__init__(
            f"{what} was not taken by `{peer}`",
            why=f"it answered `{code}`",
            next_step="check the address that is enrolled for the organisation",
        )
        self.code = code


class NoAddress(NotTaken):
    """Two people enrolled no address of this transport for the requester; none is ever typed in or guessed."""

    def __init__(self, organisation: str, kind: str) -> None:
        super().__init__(
            f"the pack for `{organisation}` was not sent",
            why=f"no {kind} is enrolled with its certificate",
            next_step="enrol the certificate again with `--deliver-to`, and have a second person approve it",
        )
        self.code = "no-address"


class UnusableTransport(Mistaken):
    """The transport was described in a way that cannot be used."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__("nothing was sent", why=why, next_step=next_step)
