"""The second factor: six digits from an app (TOTP, RFC 6238) or a recovery code; each is taken once.

Rules of the module:
- The shared secret is enciphered at rest. A time step is taken once: the database moves forward or nothing happens.
- The step before and the step after are taken too, for clocks that differ; nothing wider.
- Failures are counted by the person within the same window as passwords, and shut it even for the right code.
- Recovery codes are 80 random bits each, ten at a time, kept as their hashes; new ones make the old ones void.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.db.models import Q

from privity.edge.store.account import Account
from privity.edge.store.people_rows import Passkey, RecoveryCode
from privity.edge.wiring.secrecy import Cipher
from privity.edge.wiring.throttle import Throttle
from privity.errors import Mistaken

STEP = 30
"""Seconds a code is shown."""
DRIFT = 1
"""Steps a clock may be wrong, either way."""
RECOVERY_CODES = 10
SECRET_BYTES = 20
ISSUER = "Privity"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """The second factors of an instance's accounts, but for passkeys."""

    cipher: Cipher
    throttle: Throttle

    def fresh_secret(self) -> str:
        """Return a new shared secret in Base32, which nobody has enrolled yet."""
        return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()

    def address(self, staff_id: str, secret: str) -> str:
        """Return the `otpauth://` address that an app reads from a picture."""
        return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=staff_id, issuer_name=ISSUER)

    def has_app(self, staff_id: str) -> bool:
        """Return whether the person has enrolled an app."""
        return Account.objects.filter(~Q(factor=""), staff_id=staff_id).exists()

    def is_enrolled(self, staff_id: str) -> bool:
        """Return whether the person has any second factor."""
        return self.has_app(staff_id) or Passkey.objects.filter(staff_id=staff_id).exists()

    def enrol_app(self, staff_id: str, secret: str, code: str, at: datetime) -> None:
        """Enrol an app that showed the right code for a new secret; that code is used up with it.

        Raises: Mistaken: it did not, or failed too often.
        """
        step = None if self._is_shut(staff_id, at) else _step_of(secret, "".join(code.split()), at)
        self._count(staff_id, at, right=step is not None)
        if step is None:
            raise _not_right()
        Account.objects.filter(staff_id=staff_id).update(
            factor=self.cipher.close(secret, of=staff_id), factor_step=step
        )

    def holds(self, staff_id: str, typed: str, at: datetime) -> bool:
        """Return whether a code from the app or a recovery code is right, and use it up."""
        code = "".join(typed.split())
        right = not self._is_shut(staff_id, at) and (
            self._use_step(staff_id, code, at) or self._use_recovery(staff_id, code, at)
        )
        self._count(staff_id, at, right=right)
        return right

    def fresh_recovery_codes(self, staff_id: str) -> tuple[str, ...]:
        """Return ten new recovery codes; the ones before are void."""
        codes = tuple(_grouped(b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES))
        RecoveryCode.objects.filter(staff_id=staff_id).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(staff_id=staff_id, sha256=_digest(code)) for code in codes)
        return codes

    def recovery_codes_left(self, staff_id: str) -> int:
        """Return how many recovery codes are unused."""
        return RecoveryCode.objects.filter(staff_id=staff_id, used_at=None).count()

    def forget(self, staff_id: str) -> None:
        """Make everything void that the person has enrolled."""
        Account.objects.filter(staff_id=staff_id).update(factor="", factor_step=0)
        Passkey.objects.filter(staff_id=staff_id).delete()
        RecoveryCode.objects.filter(staff_id=staff_id).delete()

    def _use_step(self, staff_id: str, code: str, at: datetime) -> bool:
        account = Account.objects.filter(~Q(factor=""), staff_id=staff_id).first()
        if account is None:
            return False
        step = _step_of(self.cipher.open(account.factor, of=staff_id), code, at)
        if step is None:
            return False
        # One statement moves the newest step forward or changes nothing: the same code twice, even at once, is once.
        return bool(Account.objects.filter(staff_id=staff_id, factor_step__lt=step).update(factor_step=step))

    @staticmethod
    def _use_recovery(staff_id: str, code: str, at: datetime) -> bool:
        unused = RecoveryCode.objects.filter(staff_id=staff_id, sha256=_digest(code), used_at=None)
        return bool(unused.update(used_at=at))

    def _is_shut(self, staff_id: str, at: datetime) -> bool:
        return self.throttle.is_shut(f"factor:{staff_id}", at)

    def _count(self, staff_id: str, at: datetime, *, right: bool) -> None:
        """Count a failure; forget the failures on success."""
        if right:
            self.throttle.succeeded(f"factor:{staff_id}")
        else:
            self.throttle.failed(f"factor:{staff_id}", at)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step whose code this is, or None; every step is compared, whichever fits."""
    now, totp, found = int(at.timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "surrogatepass")):
            found = step
    return found


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _digest(code: str) -> str:
    plain = code.replace("-", "").lower()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _not_right() -> Mistaken:
    return Mistaken(
        "the app was not enrolled",
        why="the code is not the one the app shows now, or it was wrong too often",
        next_step="check the clock of the device and type the newest code",
    )
