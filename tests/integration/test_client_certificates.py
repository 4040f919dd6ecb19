"""Certificates of programs (RFC 8705): who can say that one was proved, and what a bound token is good for."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.corridor import KENT, Corridor

from privity.definitions.party import OrganisationId, StaffId
from privity.edge.seals.authority import make_authority
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

NOW = datetime(2026, 11, 2, tzinfo=UTC)
AUTHORITY = make_authority("Made-up authority", first=NOW, last=NOW + timedelta(days=30))
THEIRS, OTHERS = (
    AUTHORITY.issue_machine(name, first=NOW, last=NOW + timedelta(days=20)).certificate.public_bytes(Encoding.DER)
    for name in ("theirs", "others")
)
PROXY, ANYBODY = "10.0.0.7", "192.0.2.9"


def header(der: bytes) -> str:
    return f":{b64encode(der).decode()}:"


class Caller:
    """A program behind a proxy, or not."""

    def __init__(self, instance: "Instance", bound_to: bytes) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost")
        digest = hashlib.sha256(bound_to).hexdigest() if bound_to else ""
        self.program, self.secret = instance.programs.add(
            OrganisationId(KENT), by=StaffId("a"), seconded_by=StaffId("b"), at=NOW, certificate_sha256=digest
        )

    def token(self, shown: bytes = b"", address: str = PROXY) -> Any:
        fields = {"grant_type": "client_credentials", "client_id": self.program, "client_secret": self.secret}
        return self.client.post("/api/v1/token", fields, **self._surroundings(shown, address))

    def asks(self, token: str, shown: bytes = b"", address: str = PROXY) -> int:
        told = self.client.get(
            "/api/v1/requests", headers={"Authorization": f"Bearer {token}"}, **self._surroundings(shown, address)
        )
        return int(told.status_code)

    def _surroundings(self, shown: bytes, address: str) -> dict[str, Any]:
        return {"REMOTE_ADDR": address} | ({"HTTP_CLIENT_CERT": header(shown)} if shown else {})


@pytest.fixture
def opened(corridor: Corridor, instance: "Instance", monkeypatch: pytest.MonkeyPatch) -> "Instance":
    from privity.edge.api import door
    from privity.edge.wiring.public_desk import public_desk

    monkeypatch.setenv("PRIVITY_TLS_PROXIES", "10.0.0.7, 2001:db8::/32")
    door.open_with(
        door.Behind(
            desk=instance.desk,
            requester_desk=instance.requester_desk,
            programs=instance.programs,
            public_desk=public_desk(instance),
        )
    )
    return instance


def test_a_program_bound_to_a_certificate_gets_no_token_without_it(opened: "Instance") -> None:
    theirs = Caller(opened, THEIRS)
    assert theirs.token().status_code == 422
    assert theirs.token(OTHERS).status_code == 422
    assert theirs.token(THEIRS).status_code == 200


def test_a_token_fetched_with_a_certificate_is_no_good_without_it_or_with_another(opened: "Instance") -> None:
    for bound_to in (THEIRS, b""):
        caller = Caller(opened, bound_to)
        token = caller.token(THEIRS).json()["access_token"]
        assert caller.asks(token, THEIRS) == 200
        assert caller.asks(token) == caller.asks(token, OTHERS) == 401


def test_a_header_of_anybody_but_the_trusted_proxy_says_nothing(opened: "Instance") -> None:
    theirs = Caller(opened, THEIRS)
    assert theirs.token(THEIRS, ANYBODY).status_code == 422
    token = theirs.token(THEIRS).json()["access_token"]
    assert theirs.asks(token, THEIRS, ANYBODY) == 401
    assert theirs.asks(token, THEIRS, "2001:db8::5") == 200
    assert theirs.asks(token, THEIRS, "") == theirs.asks(token, THEIRS, "not an address") == 401


def test_a_program_without_a_certificate_works_as_before(opened: "Instance") -> None:
    caller = Caller(opened, b"")
    token = caller.token(address=ANYBODY).json()["access_token"]
    assert caller.asks(token, address=ANYBODY) == 200


@pytest.mark.parametrize(
    "wrong", ["", "::", ":AAAA:", "AAAA", ":not base64!:", header(b"x" * 13_000), header(THEIRS)[:-3]]
)
def test_a_header_that_is_not_one_certificate_proves_nothing(opened: "Instance", wrong: str) -> None:
    theirs = Caller(opened, THEIRS)
    fields = {"grant_type": "client_credentials", "client_id": theirs.program, "client_secret": theirs.secret}
    assert theirs.client.post("/api/v1/token", fields, REMOTE_ADDR=PROXY, HTTP_CLIENT_CERT=wrong).status_code == 422


def test_where_the_gateway_ends_tls_the_connection_says_it_and_no_header_does(opened: "Instance") -> None:
    class Connection:
        def __init__(self, shown: bytes | None) -> None:
            self.shown = shown

        def getpeercert(self, binary_form: bool) -> bytes | None:
            assert binary_form
            return self.shown

    theirs = Caller(opened, THEIRS)
    fields = {"grant_type": "client_credentials", "client_id": theirs.program, "client_secret": theirs.secret}

    def status(shown: bytes | None) -> int:
        told = theirs.client.post(
            "/api/v1/token",
            fields,
            REMOTE_ADDR=PROXY,
            HTTP_CLIENT_CERT=header(THEIRS),
            **{"gunicorn.socket": Connection(shown)},  # type: ignore[arg-type]  # the server's own
        )
        return int(told.status_code)

    assert [status(shown) for shown in (None, OTHERS, THEIRS)] == [422, 422, 200]


def test_a_list_of_proxies_that_is_none_stops_the_gateway() -> None:
    from privity.edge.wiring.client_certificates import trusted_proxies

    assert trusted_proxies(" ") == ()
    with pytest.raises(Mistaken, match="not started"):
        trusted_proxies("10.0.0.7,localhost")
