"""PDS behind an instance's register, over HTTPS against the double: it confirms, refreshes, and is never searched."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.fakes.corridor import FIRST, SECOND, Corridor, police_request
from tests.fakes.pds import Patient, PdsDouble
from tests.integration.test_people_protected import CHARITY, identity, practice, register_it, with_letters

from privity.casework.lifecycle import Status
from privity.casework.permits import purpose_permit
from privity.definitions.item import DataItem
from privity.definitions.person import Demographics, NhsNumber, Particulars
from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.settings.places import DataDirectory
from privity.edge.wiring.pds_confirmed import PdsConfirmedRegister, register_of
from privity.edge.wiring.protected_register import nothing_registered
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Mistaken, Unavailable
from privity.judgement.decision import ApprovedPurpose
from privity.trace.certificate import Certificate, Trial
from privity.trace.outcome import TraceState

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@dataclass
class Served:
    """The double behind HTTPS, and the headers of every call."""

    double: PdsDouble
    address: str
    authority: Path
    headers: list[dict[str, str]]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for this machine, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a relay")])
    begins = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251  certificates of a real handshake know real time
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("relay") / "relay.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return path


@pytest.fixture
def served(certificate: Path, somebody: Demographics) -> Iterator[Served]:
    double, headers = PdsDouble([patient(somebody)]), list[dict[str, str]]()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = double.get(asked.path, dict(parse_qsl(asked.query)))
            body = json.dumps(answer.resource).encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Served(double, f"https://127.0.0.1:{server.server_port}", certificate, headers)
    server.shutdown()
    server.server_close()


@pytest.fixture
def somebody(register_file: Path) -> Demographics:
    with SqliteRegister.open(register_file) as register:
        people = (register.demographics(one) for one in register.everybody()[:399])
        return next(one for one in people if not one.sensitive and one.residence and one.given_name)


@pytest.fixture
def data(instance: "Instance", register_file: Path, served: Served) -> DataDirectory:
    """Return the data directory of an instance that asks PDS by way of its own relay."""
    place = instance.data
    place.register.write_bytes(register_file.read_bytes())
    (place.root / "relay.pem").write_bytes(served.authority.read_bytes())
    place.pds.write_text(
        json.dumps({"address": served.address, "calls_per_second": 500, "authority": "relay.pem"}), encoding="utf-8"
    )
    place.pds_token.write_text("a-token\n", encoding="ascii")
    return place


def patient(person: Demographics, **changed: object) -> Patient:
    assert person.residence is not None
    made = Patient(
        number=person.nhs_number.digits,
        family=person.family_name,
        given=(person.given_name,),
        born=person.date_of_birth,
        postcode="QV7 7ZZ",
        lines=("7 New Row",),
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # fields by name


def known(person: Demographics) -> Particulars:
    return Particulars(
        family_name=person.family_name,
        given_name=person.given_name,
        date_of_birth=person.date_of_birth,
        nhs_number=person.nhs_number,
    )


def permit(corridor: Corridor) -> ApprovedPurpose:
    return purpose_permit(corridor.read(corridor.approved()))


def in_force(register: GuardedRegister) -> Certificate:
    rows = register.tracer_in_use().register_rows
    shown = Trial(register_rows=rows, register_digest="e" * 64, labels=10_000, absent=2_100, accepted=7_000, wrong=1)
    return Certificate(
        alpha=0.001,
        confidence=0.95,
        threshold=0.9,
        model_digest=default_model().digest,
        synthetic=True,
        labels_from="made up",
        trials=(shown,),
    )


def test_an_instance_without_the_file_asks_nobody_and_one_with_it_asks_pds(
    instance: "Instance", data: DataDirectory
) -> None:
    assert type(instance.register) is GuardedRegister
    assert type(register_of(data, nothing_registered)) is PdsConfirmedRegister


@pytest.mark.parametrize("text", ["{", "[]", '{"address": 3}', '{"address": "https://a", "search": true}'])
def test_a_file_that_says_something_else_opens_no_instance(data: DataDirectory, text: str) -> None:
    data.pds.write_text(text, encoding="utf-8")
    with pytest.raises(Mistaken, match=r"pds\.json"):
        register_of(data, nothing_registered)


def test_what_pds_confirms_stays_a_proposal_and_what_it_does_not_is_for_people(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics
) -> None:
    register = register_of(data, nothing_registered)
    agreed = permit(corridor)
    confirmed = register.trace(agreed, known(somebody), under=in_force(register))
    assert confirmed.state is TraceState.PROPOSED
    twin = patient(somebody, number="9434765919")
    served.double.patients = [*served.double.patients, twin]
    assert register.trace(agreed, known(somebody), under=in_force(register)).state is TraceState.REVIEW
    assert {path for path, _ in served.double.asked} <= {"/Patient", f"/Patient/{somebody.nhs_number.digits}"}
    searches = [query for path, query in served.double.asked if path == "/Patient"]
    assert searches
    assert not any("postal" in name or "practitioner" in name for query in searches for name in query)
    assert {sent["authorization"] for sent in served.headers} == {"Bearer a-token"}
    assert len({sent["x-request-id"] for sent in served.headers}) == len(served.headers)


def test_whom_pds_restricts_is_the_guardians_and_officers_see_no_place(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics
) -> None:
    served.double.patients = [patient(somebody, restricted=True)]
    register = register_of(data, nothing_registered)
    corridor.register = register  # type: ignore[assignment]  # the real one in place of the counting one
    reference = corridor.approved(replace(police_request(), particulars=known(somebody)))
    corridor.trace(reference)
    assert corridor.read(reference).status is Status.PROTECTED
    shown = register.candidate(permit(corridor), somebody.person)
    assert (shown.sensitive, shown.residence, shown.gp_practice_code) == (True, None, "")


def test_what_leaves_is_the_record_as_pds_holds_it_today(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics
) -> None:
    corridor.register = register_of(data, nothing_registered)  # type: ignore[assignment]  # the real one
    reference = corridor.approved(replace(police_request(), particulars=known(somebody)))
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, somebody.person)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED
    left = {item.item: str(item.values) for item in corridor.sealer.packs[-1].answer.items}
    assert "7 New Row" in left[DataItem.LAST_KNOWN_ADDRESS]


def test_a_number_that_pds_no_longer_knows_leaves_nothing(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics
) -> None:
    register = register_of(data, nothing_registered)
    served.double.patients = [patient(somebody, invalidated=True)]
    assert register.trace(permit(corridor), known(somebody), under=in_force(register)).state is TraceState.REVIEW
    assert register.candidate(permit(corridor), somebody.person).family_name == somebody.family_name


@pytest.mark.parametrize("under", ["the number before", "the number now"])
def test_what_a_practice_registered_holds_for_whoever_bears_another_number_by_now(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics, under: str
) -> None:
    from privity.edge.wiring.public_protection import kept_registrations

    now = NhsNumber("9434765919")
    served.double.patients = [patient(somebody, replaced_by=now.digits), patient(somebody, number=now.digits)]
    register = register_of(data, kept_registrations)
    assert register.candidate(permit(corridor), somebody.person).nhs_number == now
    asked = {"the number before": somebody.nhs_number, "the number now": now}[under]
    register_it(corridor, with_letters(asked), practice())
    shown = register.candidate(permit(corridor), somebody.person)
    assert (shown.sensitive, shown.correspondence) == (True, CHARITY)
    assert register.signs(identity(corridor, somebody), shown).hidden
    corridor.register = register  # type: ignore[assignment]  # the real one in place of the counting one
    asks = replace(police_request(reference="KP/2"), particulars=known(somebody))
    reference = corridor.approved(asks)
    corridor.trace(reference)
    assert corridor.read(reference).status is Status.PROTECTED


@pytest.mark.parametrize("trouble", ["busy", "token", "silent"])
def test_pds_in_trouble_traces_nobody_and_the_case_stays(
    corridor: Corridor, data: DataDirectory, served: Served, somebody: Demographics, trouble: str
) -> None:
    if trouble == "busy":
        served.double.busy = True
    elif trouble == "token":
        data.pds_token.unlink()
    else:
        data.pds.write_text('{"address": "https://127.0.0.1:1"}', encoding="utf-8")
    corridor.register = register_of(data, nothing_registered)  # type: ignore[assignment]  # the real one
    reference = corridor.approved(replace(police_request(), particulars=known(somebody)))
    before = len(corridor.entries())
    with pytest.raises(Unavailable) as told:
        corridor.trace(reference)
    assert somebody.family_name not in str(told.value)
    assert corridor.read(reference).status is Status.APPROVED
    assert len(corridor.entries()) == before
