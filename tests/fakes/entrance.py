"""An entrance that asks for nothing but the password, as a demonstration's does."""

from privity.casework.entrance import Need, Proofs


class OpenEntrance:
    """Whoever knows the password is in."""

    def need(self, staff_id: str) -> Need:
        """Return that nothing is missing."""
        return Need.NOTHING

    def proofs(self, staff_id: str) -> Proofs:
        """Return that nothing is enrolled."""
        return Proofs(app=False, passkeys=(), recovery_codes=0, sign_on="")

    def sign_on_called(self) -> str:
        """Return that there is no other sign-on."""
        return ""
