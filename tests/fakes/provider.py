"""An OpenID Connect provider of our own: real keys, real HTTP, and every way to answer wrongly.

It signs in whoever comes as its `subject`, checks PKCE and the client's secret, and takes a code once.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

OWN_KEY, STRANGERS_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
CLIENT, SECRET = "privity-desk", "the secret of the desk"


@dataclass(slots=True)
class Provider:
    """What the provider knows, and how it goes wrong: `lies` replace claims, `another_key` signs with a stranger's."""

    subject: str = "7f3c"
    acr: str = "AAL2"
    lies: dict[str, Any] = field(default_factory=dict)
    another_key: bool = False
    unsigned: bool = False
    key: RSAKey = field(default_factory=lambda: OWN_KEY)
    stranger: RSAKey = field(default_factory=lambda: STRANGERS_KEY)
    ends_sessions: bool = True
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    issuer: str = ""
    client_key: RSAKey | None = None
    """Where it is set, the asker proves itself by a signature of this key and not by its secret."""

    def described(self) -> dict[str, str]:
        """Return what the provider publishes about itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | ({"end_session_endpoint": f"{self.issuer}/logout"} if self.ends_sessions else {})

    def logged_out(self, address: str) -> str:
        """Return where a browser is sent back to that ends its session at this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        hint = jwt.decode(asked["id_token_hint"], self.key, algorithms=["RS256"]).claims
        assert (hint["sub"], asked["client_id"]) == (self.subject, CLIENT)
        return f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"

    def logout_token(self, **lies: Any) -> str:
        """Return the token that tells the gateway that somebody signed out here; `lies` replace claims."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "events": {LOGGED_OUT: {}},
        } | lies
        told = {name: value for name, value in claims.items() if value is not None}
        key = self.stranger if self.another_key else self.key
        return jwt.encode({"alg": "RS256", "kid": "one", "typ": "logout+jwt"}, told, key)

    def authorize(self, address: str) -> str:
        """Return where a browser that asks at this address is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, str] | None:
        """Return tokens for a code, or None where it is used, unknown, or not the asker's."""
        if self.client_key is not None:
            asserted = jwt.decode(sent["client_assertion"], self.client_key, algorithms=["RS512"]).claims
            assert (asserted["iss"], asserted["sub"]) == (CLIENT, CLIENT)
            assert asserted["aud"] == f"{self.issuer}/token"
            authorization = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.asked.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or authorization not in (f"Basic {basic}", f"Basic {plain}"):
            return None
        if challenge != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "acr": self.acr,
        } | self.lies
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.unsigned:
            parts = ({"alg": "none"}, claims)
            encoded = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts]
            return {"access_token": "x", "token_type": "Bearer", "id_token": ".".join([*encoded, ""])}
        key = self.stranger if self.another_key else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        """Answer what a browser or the gateway asks."""
        path = urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            self._say(200, self.provider.described())
        elif path == "/keys":
            self._say(200, {"keys": [self.provider.key.as_dict(private=False)]})
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        """Exchange a code."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.provider.token(sent, self.headers.get("Authorization", ""))
        self._say(200, tokens) if tokens else self._say(400, {"error": "invalid_grant"})

    def _say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Say nothing."""


class RunningProvider:
    """A provider behind a port of this machine, as long as the block lasts."""

    def __init__(self) -> None:
        self.provider = Provider()
        answers = type("Answers", (_Answers,), {"provider": self.provider})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
        self.provider.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Provider:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self.provider

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
