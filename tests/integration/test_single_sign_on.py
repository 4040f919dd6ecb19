"""Signing on at a real provider over HTTP: who is let in, and every answer that is not believed."""

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from tests.fakes.corridor import ADMINISTRATORS, FIRST
from tests.fakes.people import BEGINS, with_account
from tests.fakes.provider import CLIENT, SECRET, Provider, RunningProvider
from tests.fakes.visitor import at_the_pages

from privity.casework import officers
from privity.definitions.party import Role
from privity.errors import Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

BACK = "/sign-in/elsewhere/back/"


@pytest.fixture
def provider(instance: "Instance") -> Iterator[Provider]:
    """Return a running provider that the instance is set up for, with one officer linked to its subject."""
    from privity.edge.store.people_rows import Officer
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    with RunningProvider() as running:
        told = {
            "called": "the trust’s sign-on",
            "issuer": running.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "acr": ["AAL2", "AAL3"],
        }
        (instance.data.root / "sign-on.json").write_text(json.dumps(told), encoding="utf-8")
        with_account(instance, FIRST)
        with instance.store.unit() as unit:
            officers.link(unit, "first", issuer="https://id.example", subject="7f3c", by=ADMINISTRATORS[0], at=BEGINS)
        # The act takes an issuer under TLS only; this one is of this machine.
        Officer.objects.filter(reference="first").update(issuer=running.issuer)
        open_inner_doors(instance)
        door.open_with(instance.desk)
        yield running


@pytest.fixture
def visitor(provider: Provider) -> "Client":
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def sent_back(visitor: "Client", provider: Provider) -> str:
    """Leave for the provider and return the path one comes back to."""
    left = visitor.get("/sign-in/elsewhere/?next=/your-role/")
    assert left.status_code == 302
    back = urlsplit(provider.authorize(left["Location"]))
    return f"{back.path}?{back.query}"


def arrives(visitor: "Client", provider: Provider) -> Any:
    return visitor.get(sent_back(visitor, provider))


def is_in(visitor: "Client") -> bool:
    return "_auth_user_id" in visitor.session


def test_somebody_linked_comes_in_without_a_second_factor_here_and_goes_where_they_were_going(
    visitor: "Client", provider: Provider
) -> None:
    assert b"Sign on with the trust" in visitor.get("/sign-in/").content
    asked = parse_qs(urlsplit(visitor.get("/sign-in/elsewhere/")["Location"]).query)
    assert (asked["scope"], asked["acr_values"], asked["prompt"]) == (["openid"], ["AAL2 AAL3"], ["login"])
    done = arrives(visitor, provider)
    assert (done.status_code, done["Location"]) == (302, "/your-role/")
    assert is_in(visitor)
    assert visitor.get("/your-role/").status_code == 200


def test_the_gateway_proves_itself_by_its_own_key_where_the_provider_wants_that(
    visitor: "Client", provider: Provider, instance: "Instance"
) -> None:
    provider.client_key = RSAKey.generate_key(2048)
    (instance.data.root / "sign-on-key.pem").write_bytes(provider.client_key.as_pem(private=True))
    told = {"called": "x", "issuer": provider.issuer, "client_id": CLIENT, "acr": ["AAL2"]}
    with_key = json.dumps({**told, "private_key_file": "sign-on-key.pem"})
    (instance.data.root / "sign-on.json").write_text(with_key, encoding="utf-8")
    assert arrives(visitor, provider).status_code == 302
    assert is_in(visitor)


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "not the one asked for"},
    "no nonce": {"nonce": None},
    "a low level of assurance": {"acr": "AAL1"},
    "no level of assurance": {"acr": None},
    "expired": {"exp": NOW - 3600, "iat": NOW - 3900},
    "made long ago": {"iat": NOW - 3600},
    "made tomorrow": {"iat": NOW + 86_400},
    "without an end": {"exp": None},
    "another audience": {"aud": "another-desk"},
    "several audiences and no party": {"aud": [CLIENT, "another-desk"]},
    "another party": {"azp": "another-desk"},
    "another issuer": {"iss": "https://evil.example"},
    "nobody linked": {"sub": "somebody-else"},
    "without a subject": {"sub": None},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES.keys())
def test_a_token_that_is_not_right_lets_nobody_in(visitor: "Client", provider: Provider, lies: dict[str, Any]) -> None:
    provider.lies = lies
    refused = arrives(visitor, provider)
    assert refused.status_code == 403
    assert b"You are not signed in" in refused.content
    assert not is_in(visitor)


@pytest.mark.parametrize("how", ["another_key", "unsigned"])
def test_a_token_signed_by_a_stranger_or_by_nobody_lets_nobody_in(
    visitor: "Client", provider: Provider, how: str
) -> None:
    setattr(provider, how, True)
    assert arrives(visitor, provider).status_code == 403
    assert not is_in(visitor)


def test_an_answer_is_good_once_in_the_browser_that_asked_and_for_its_own_question(
    visitor: "Client", provider: Provider
) -> None:
    from django.test import Client

    path = sent_back(visitor, provider)
    assert Client(SERVER_NAME="localhost").get(path).status_code == 403, "another browser"
    assert visitor.get(path.replace("state=", "state=x")).status_code == 403
    assert visitor.get(path).status_code == 403, "the question was spent by the wrong answer"
    good = sent_back(visitor, provider)
    assert visitor.get(good).status_code == 302
    visitor.post("/sign-out/")
    assert visitor.get(good).status_code == 403, "the same answer again"
    replayed = sent_back(visitor, provider)
    code = parse_qs(urlsplit(replayed).query)["code"][0]
    provider.asked.pop(code)
    assert visitor.get(replayed).status_code == 403, "the provider has given this code's token already"


def test_an_answer_of_another_provider_and_a_refusal_let_nobody_in(visitor: "Client", provider: Provider) -> None:
    path = sent_back(visitor, provider)
    assert visitor.get(path.replace("iss=http", "iss=https")).status_code == 403
    state = parse_qs(urlsplit(visitor.get("/sign-in/elsewhere/")["Location"]).query)["state"][0]
    assert visitor.get(f"{BACK}?error=access_denied&state={state}").status_code == 403
    assert not is_in(visitor)


def test_a_closed_account_is_not_let_in_by_the_sign_on(
    visitor: "Client", provider: Provider, instance: "Instance"
) -> None:
    instance.keeper.close("first", officers.Reason.LEFT, by=ADMINISTRATORS[0], at=BEGINS)
    assert arrives(visitor, provider).status_code == 403


def test_a_provider_that_does_not_answer_or_says_it_is_another_is_unavailable(
    visitor: "Client", provider: Provider, instance: "Instance"
) -> None:
    issuer = provider.issuer
    provider.issuer = "https://another.example"
    assert visitor.get("/sign-in/elsewhere/").status_code == 503
    provider.issuer = issuer
    (instance.data.root / "sign-on.json").unlink()
    assert visitor.get("/sign-in/elsewhere/").status_code == 503
    assert b"Sign on with" not in visitor.get("/sign-in/").content


@pytest.mark.parametrize(
    "wrong",
    [
        "not json",
        "{}",
        '{"called":"x","issuer":"http://id.example","client_id":"c","client_secret":"s","acr":["AAL2"]}',
        '{"called":"x","issuer":"https://id.example","client_id":"c","client_secret":"s","acr":[]}',
        '{"called":"x","issuer":"https://id.example","client_id":"c","acr":["AAL2"]}',
    ],
)
def test_a_configuration_that_would_check_too_little_is_refused(instance: "Instance", wrong: str) -> None:
    from privity.edge.wiring.single_sign_on import read_provider

    file = instance.data.root / "sign-on.json"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(Unavailable, match="sign-on"):
        read_provider(file)


def signed_on(visitor: "Client", provider: Provider) -> None:
    assert arrives(visitor, provider).status_code == 302
    assert is_in(visitor)


def test_who_signed_on_elsewhere_is_offered_to_sign_out_there_and_comes_back(
    visitor: "Client", provider: Provider
) -> None:
    signed_on(visitor, provider)
    left = visitor.post("/sign-out/")
    assert (left.status_code, left["Location"]) == (302, "/sign-out/done/")
    assert not is_in(visitor), "here the session has ended, whatever becomes of the one there"
    page = visitor.get("/sign-out/done/")
    (address,) = re.findall(r'href="(http://127[^"]+)"', page.content.decode())
    back = urlsplit(provider.logged_out(unescape(address)))
    assert b"signed out here and at the trust" in visitor.get(f"{back.path}?{back.query}").content
    assert visitor.get("/sign-out/done/")["Location"] == "/", "what was kept for it is gone"


def test_where_the_sign_on_cannot_end_sessions_or_does_not_answer_the_page_says_to_close_the_browser(
    visitor: "Client", provider: Provider
) -> None:
    for issuer in (provider.issuer, "https://another.example"):
        provider.ends_sessions = False
        signed_on(visitor, provider)
        visitor.post("/sign-out/")
        kept, provider.issuer = provider.issuer, issuer
        page = visitor.get("/sign-out/done/")
        provider.issuer = kept
        assert (page.status_code, b"close the browser" in page.content) == (200, True)
        assert b"127.0.0.1" not in page.content


def test_who_came_in_by_password_is_not_sent_anywhere(provider: Provider, instance: "Instance") -> None:
    client = at_the_pages(FIRST)
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/sign-out/done/")["Location"] == "/"


def told(provider: Provider, token: str) -> int:
    from django.test import Client

    return (
        Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        .post("/sign-out/elsewhere/", {"logout_token": token})
        .status_code
    )


def test_who_signs_out_at_the_sign_on_is_signed_out_here_at_once_and_it_is_on_record(
    visitor: "Client", provider: Provider, instance: "Instance"
) -> None:
    signed_on(visitor, provider)
    assert visitor.get("/your-role/").status_code == 200
    assert told(provider, provider.logout_token()) == 200
    assert visitor.get("/your-role/").status_code == 302
    newest = instance.log.entry(instance.log.size() - 1)
    assert (newest.kind, newest.role) == (EntryKind.OFFICER_SIGNED_OUT, Role.SYSTEM)


def test_the_sign_on_says_so_of_somebody_who_is_not_linked_here_and_nothing_happens(
    visitor: "Client", provider: Provider, instance: "Instance"
) -> None:
    signed_on(visitor, provider)
    size = instance.log.size()
    assert told(provider, provider.logout_token(sub="somebody-else")) == 200
    assert (instance.log.size(), visitor.get("/your-role/").status_code) == (size, 200)


LOGOUT_LIES: dict[str, dict[str, Any]] = {
    "about nothing": {"events": None},
    "about something else": {"events": {"https://example.org/event": {}}},
    "with a nonce, as the token of a sign-on": {"nonce": "x"},
    "another audience": {"aud": "another-desk"},
    "another issuer": {"iss": "https://evil.example"},
    "without a subject": {"sub": None},
    "without a name": {"jti": None},
    "expired": {"exp": NOW - 3600, "iat": NOW - 3900},
    "made long ago": {"iat": NOW - 3600},
}


@pytest.mark.parametrize("lies", LOGOUT_LIES.values(), ids=LOGOUT_LIES.keys())
def test_a_logout_token_that_is_not_right_signs_nobody_out(
    visitor: "Client", provider: Provider, lies: dict[str, Any]
) -> None:
    signed_on(visitor, provider)
    assert told(provider, provider.logout_token(**lies)) == 400
    assert visitor.get("/your-role/").status_code == 200


def test_nobody_but_the_sign_on_signs_anybody_out(visitor: "Client", provider: Provider) -> None:
    signed_on(visitor, provider)
    for nonsense in ("", "x", "a.b.c", "x" * 20_000):
        assert told(provider, nonsense) == 400
    provider.another_key = True
    assert told(provider, provider.logout_token()) == 400
    assert visitor.get("/your-role/").status_code == 200


def test_the_token_of_a_sign_on_is_no_logout_token(visitor: "Client", provider: Provider) -> None:
    signed_on(visitor, provider)
    assert told(provider, visitor.session["signed_on"]) == 400
    assert is_in(visitor)
