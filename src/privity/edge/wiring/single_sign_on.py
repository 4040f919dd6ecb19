"""Signing on with the organisation's own OpenID Connect provider: code flow with PKCE, nothing believed unchecked.

Rules of the module:
- `sign-on.json` in the data directory says which provider, and which levels of assurance (`acr`) are enough.
- What was asked (state, nonce, PKCE verifier) is kept in the browser's session and is spent by the first answer.
- The ID token's signature, issuer, audience, age, nonce and level are checked; then its subject, and only its subject,
  is looked up among the officers two administrators linked to it. Nobody is enrolled by signing on.
- Who signed on there can sign out there too: the browser is offered the provider's own address for it, and the provider
  can end sessions here with a logout token, which is checked like any other.
- The provider is asked over HTTPS, without following redirects, with a deadline. Only this machine may be plain HTTP.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from privity.casework.entrance import Departure
from privity.errors import Mistaken, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by the provider's own key; `none` and shared secrets are not among them."""
TIMEOUT = 10
LARGEST = 200_000
LEEWAY = 30
"""Seconds clocks may differ."""
OLDEST = 300
"""Seconds since the provider made the token."""
WELL_KNOWN = "/.well-known/openid-configuration"
SAYS_HOW = "compare it with docs/how-to/let-people-in.md"
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
"""The event a logout token is about (OpenID Connect Back-Channel Logout 1.0)."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What the operator wrote about the provider."""

    called: str
    issuer: str
    client_id: str
    acr: tuple[str, ...]
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn:
    """Who signed on, and the token that says so: the provider asks for it again when its session is to end."""

    issuer: str
    subject: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The organisation's own sign-on, where `sign-on.json` names one."""

    file: Path

    def provider(self) -> Provider | None:
        """Return the provider, or None where there is none.

        Raises: Unavailable: the file is not as it must be.
        """
        return read_provider(self.file) if self.file.exists() else None

    def depart(self, back: str) -> Departure:
        """Return where to send a browser, and what to keep until it is back.

        Raises: Unavailable: there is no sign-on, or it does not answer.
        """
        provider = self._needed()
        kept = {
            "state": secrets.token_urlsafe(32),
            "nonce": secrets.token_urlsafe(32),
            "verifier": secrets.token_urlsafe(48),
        }
        with _client(provider, back) as client:
            address, _ = client.create_authorization_url(
                _described(provider)["authorization_endpoint"],
                state=kept["state"],
                nonce=kept["nonce"],
                code_verifier=kept["verifier"],
                acr_values=" ".join(provider.acr),
                prompt="login",
            )
        return Departure(address=address, kept=kept)

    def arrive(self, query: Mapping[str, str], kept: Mapping[str, str], back: str, *, at: datetime) -> SignedOn:
        """Return who came back.

        Raises: Mistaken: the answer is not one to our question, or proves too little. Unavailable: no answer.
        """
        provider = self._needed()
        if not kept or not secrets.compare_digest(kept["state"].encode(), query.get("state", "").encode()):
            raise _not_believed("it does not answer what was asked in this browser")
        if query.get("iss", provider.issuer) != provider.issuer:
            raise _not_believed("it comes from another provider")
        if query.get("error") or not query.get("code"):
            raise _not_believed("the sign-on did not let you in")
        described = _described(provider)
        token = _token(provider, described, query["code"], kept["verifier"], back)
        claims = _believed(token, provider, described, kept["nonce"], at)
        return SignedOn(issuer=provider.issuer, subject=str(claims["sub"]), token=token)

    def leave(self, token: str, back: str, state: str) -> str:
        """Return the address at which a browser ends its session at the provider; nothing where it has none.

        Args:   token: the one that let the person in. back: where the provider sends the browser afterwards.
        Raises: Unavailable: there is no sign-on, or it does not answer.
        """
        provider = self._needed()
        ends = _described(provider).get("end_session_endpoint")
        if not isinstance(ends, str) or not _is_safe(ends):
            return ""
        asked = {
            "id_token_hint": token,
            "client_id": provider.client_id,
            "post_logout_redirect_uri": back,
            "state": state,
        }
        return f"{ends}{'&' if '?' in ends else '?'}{urlencode(asked)}"

    def told_of_leaving(self, logout_token: str, *, at: datetime) -> tuple[str, str]:
        """Return issuer and subject of somebody who signed out at the provider, as its logout token says.

        Raises: Mistaken: the token is not believed. Unavailable: there is no sign-on, or it does not answer.
        """
        provider = self._needed()
        claims = _signed_by_provider(logout_token, provider, _described(provider), at, {"jti": {"essential": True}})
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGGED_OUT), dict) or "nonce" in claims:
            raise _not_believed("it is not about signing out")
        return provider.issuer, str(claims["sub"])

    def _needed(self) -> Provider:
        provider = self.provider()
        if provider is None:
            raise _unavailable("none is set up here", "sign in with your staff identifier and password")
        return provider


def read_provider(file: Path) -> Provider:
    """Return what a file says about the provider.

    Raises: Unavailable: it cannot be read or is not as it must be. The message repeats nothing of it.
    """
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
        provider = Provider(
            called=str(stated["called"]),
            issuer=str(stated["issuer"]),
            client_id=str(stated["client_id"]),
            acr=tuple(str(level) for level in stated["acr"]),
            client_secret=str(stated.get("client_secret", "")),
            private_key=(file.parent / str(stated["private_key_file"])).read_text(encoding="ascii")
            if "private_key_file" in stated
            else "",
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _unavailable("`sign-on.json` is not as it must be", SAYS_HOW) from wrong
    if not provider.acr or bool(provider.client_secret) == bool(provider.private_key) or not _is_safe(provider.issuer):
        raise _unavailable(
            "`sign-on.json` names no level of assurance, not exactly one of secret and key, or an address without TLS",
            SAYS_HOW,
        )
    return provider


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def _client(provider: Provider, back: str) -> Any:
    client = OAuth2Session(
        provider.client_id,
        provider.private_key or provider.client_secret,
        scope="openid",
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method="private_key_jwt" if provider.private_key else "client_secret_basic",
    )
    if provider.private_key:
        client.register_client_auth_method(PrivateKeyJWT(alg="RS512"))
    client.max_redirects = 0
    return client


def _described(provider: Provider) -> dict[str, str]:
    """Return what the provider publishes about itself.

    Raises: Unavailable: it does not answer, or describes another issuer, or an address without TLS.
    """
    described = _fetch(provider.issuer.rstrip("/") + WELL_KNOWN)
    wanted = [described.get(name) for name in ENDPOINTS]
    if described.get("issuer") != provider.issuer or not all(isinstance(one, str) and _is_safe(one) for one in wanted):
        raise _unavailable("it describes itself otherwise than `sign-on.json` does", "check the issuer")
    return described


def _fetch(address: str) -> dict[str, Any]:
    try:
        with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            body = answer.raw.read(LARGEST, decode_content=True)
            if answer.status_code != 200:
                raise _unavailable("it did not answer", "try again, or sign in with your password")
        read = json.loads(body)
    except (requests.RequestException, ValueError, OSError) as wrong:
        raise _unavailable("it did not answer", "try again, or sign in with your password") from wrong
    if not isinstance(read, dict):
        raise _unavailable("it did not answer as a provider does", "ask its operator")
    return read


def _token(provider: Provider, described: Mapping[str, str], code: str, verifier: str, back: str) -> str:
    try:
        with _client(provider, back) as client:
            answer = client.fetch_token(
                described["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        return str(answer["id_token"])
    except OAuthError as refused:
        raise _not_believed("the code was refused: it is used already, or too old") from refused
    except (requests.RequestException, KeyError, TypeError, ValueError) as wrong:
        raise _unavailable("it did not answer", "try again, or sign in with your password") from wrong


def _believed(
    token: str, provider: Provider, described: Mapping[str, str], nonce: str, at: datetime
) -> Mapping[str, Any]:
    """Return the claims of a token that holds.

    Raises: Mistaken: signature, issuer, audience, age, nonce or level of assurance does not.
    """
    claims = _signed_by_provider(token, provider, described, at, {"nonce": {"essential": True, "value": nonce}})
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise _not_believed("it was made for somebody else")
    if claims.get("acr") not in provider.acr:
        raise Mistaken(
            "you are not signed in",
            why="you proved less at the sign-on than this service needs",
            next_step="sign on again with a smartcard, passkey or other strong factor",
        )
    return claims


def _signed_by_provider(
    token: str,
    provider: Provider,
    described: Mapping[str, str],
    at: datetime,
    besides: Mapping[str, Mapping[str, object]],
) -> Mapping[str, Any]:
    """Return the claims of a token that the provider made for this gateway in the last minutes.

    Args:   besides: what this kind of token must carry besides issuer, audience, subject and its two moments.
    Raises: Mistaken: it did not, or something is missing.
    """
    keys = _fetch(described["jwks_uri"])
    now = int(at.timestamp())
    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]  # checked by it
        claims = read.claims
        jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            **besides,  # type: ignore[arg-type]  # claims with what they must be, as the line above
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as wrong:
        raise _not_believed("its signature, issuer, audience, age or nonce is not right") from wrong
    if now - int(claims["iat"]) > OLDEST:
        raise _not_believed("it is more than five minutes old")
    return claims


def _not_believed(why: str) -> Mistaken:
    return Mistaken("you are not signed in", why=why, next_step="start again from the sign-in page")


def _unavailable(why: str, next_step: str) -> Unavailable:
    return Unavailable("the organisation's sign-on cannot be used", why=why, next_step=next_step)
