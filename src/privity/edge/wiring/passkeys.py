"""Passkeys (WebAuthn): a key pair that lives in somebody's device; the gateway has the public half.

Rules of the module:
- A challenge is fresh for every ceremony and is spent by its first use, whatever becomes of it (the caller keeps it).
- The device must have made sure who holds it (user verification), and sign for this site and no other.
- A signature counter that does not move forward is a copied key: it is refused. Devices that do not count say nought.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from privity.casework.entrance import Ceremony, Site
from privity.edge.store.people_rows import Passkey
from privity.edge.wiring.throttle import Throttle
from privity.errors import Mistaken

LARGEST_ANSWER = 20_000
MOST_PASSKEYS = 10
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises on an answer that no device gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """The passkeys of an instance's accounts."""

    throttle: Throttle

    def begin_enrolment(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to make a passkey."""
        options = generate_registration_options(
            rp_id=site.host,
            rp_name="Privity",
            user_name=staff_id,
            exclude_credentials=_known(staff_id),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return Ceremony(options=options_to_json(options), challenge=bytes_to_base64url(options.challenge))

    def enrol(self, staff_id: str, answer: str, challenge: str, called: str, site: Site, at: datetime) -> None:
        """Keep the passkey that a browser made.

        Raises: Mistaken: the answer is not one to this challenge from this site, or there are enough passkeys.
        """
        if len(answer) > LARGEST_ANSWER or Passkey.objects.filter(staff_id=staff_id).count() >= MOST_PASSKEYS:
            raise _refused("there are enough, or the answer is too long")
        try:
            made = verify_registration_response(
                credential=json.loads(answer),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except _MALFORMED as wrong:
            raise _refused("the device's answer does not fit this page") from wrong
        credential = bytes_to_base64url(made.credential_id)
        if Passkey.objects.filter(credential=credential).exists():
            raise _refused("it is enrolled already")
        Passkey.objects.create(
            credential=credential,
            staff_id=staff_id,
            public_key=bytes_to_base64url(made.credential_public_key),
            signed=made.sign_count,
            called=called.strip()[:60] or "Passkey",
            added_at=at,
        )

    def begin_sign_in(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to sign with one of the person's passkeys."""
        options = generate_authentication_options(
            rp_id=site.host,
            allow_credentials=_known(staff_id),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return Ceremony(options=options_to_json(options), challenge=bytes_to_base64url(options.challenge))

    def holds(self, staff_id: str, answer: str, challenge: str, site: Site, at: datetime) -> bool:
        """Return whether one of the person's passkeys signed this challenge for this site."""
        name = f"factor:{staff_id}"
        if self.throttle.is_shut(name, at) or not self._signed(staff_id, answer, challenge, site, at):
            self.throttle.failed(name, at)
            return False
        self.throttle.succeeded(name)
        return True

    @staticmethod
    def _signed(staff_id: str, answer: str, challenge: str, site: Site, at: datetime) -> bool:
        if len(answer) > LARGEST_ANSWER:
            return False
        try:
            given = json.loads(answer)
            key = Passkey.objects.filter(staff_id=staff_id, credential=str(given["id"])).first()
            if key is None:
                return False
            signed = verify_authentication_response(
                credential=given,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.signed,
                require_user_verification=True,
            )
        except _MALFORMED:
            return False
        count = signed.new_sign_count
        # Moved forward in one statement, so that one signature sent twice at once is taken once where devices count.
        forward = Q(signed__lt=count) if count else Q(signed=0)
        return bool(Passkey.objects.filter(forward, pk=key.pk).update(signed=count, used_at=at))


def _known(staff_id: str) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential))
        for credential in Passkey.objects.filter(staff_id=staff_id).values_list("credential", flat=True)
    ]


def _refused(why: str) -> Mistaken:
    return Mistaken("the passkey was not enrolled", why=why, next_step="try again, or use an app instead")
