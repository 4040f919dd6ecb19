"""The outbox over a real database: nothing lost, nothing sent differently, one refusal holds up no other."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.certificates import FIRST as FIRST_DAY
from tests.fakes.certificates import LAST, enrolment
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, Corridor, police_request
from tests.fakes.corridors import stored_corridor
from tests.fakes.guarded_register import CountingRegister

from privity.casework import certificates
from privity.casework.dispatch import COLLECTED, FAILED, MOST_ATTEMPTS, RETRY_AFTER, SEALED, SENT
from privity.casework.incident import send_notice
from privity.casework.instance_records import CertificateRecord, NoticeRecord
from privity.casework.lifecycle import Status
from privity.casework.news import Awaited, Fate, News, Receipt, Statement
from privity.casework.ports import NotTaken, Outgoing, SealedPack, UnitOfWork
from privity.casework.watch_clock import Task, tasks
from privity.definitions.day import civil_day
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.destruction.certificate import DestructionConfirmation, DestructionMethod
from privity.disclosure.notice import Notice, NoticeKind
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import write_certificate, write_key
from privity.edge.seals.ledger_proof import find_in_ledger
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

MESH = "mesh:X26ABC2"


@dataclass
class Carrier:
    """A transport that takes, refuses or dies as told, and remembers what it was given."""

    given: list[Outgoing] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    dies_after: int = 1_000
    numbers_before: int = 0
    mailbox: list[News] = field(default_factory=list)
    settled: list[News] = field(default_factory=list)
    awaited: list[Awaited] = field(default_factory=list)

    def send(self, message: Outgoing) -> str:
        if message.sha256 in self.refuses:
            raise NotTaken("a pack was not taken", why="it was refused", next_step="look at the address")
        if len(self.given) >= self.dies_after:
            raise Unavailable("nothing was taken", why="the line is dead", next_step="try again")
        self.given.append(message)
        return f"NUMBER{self.numbers_before + len(self.given)}"

    def news(self, awaited: Sequence[Awaited]) -> Iterator[News]:
        self.awaited = list(awaited)
        yield from self.mailbox

    def settle(self, heard: News) -> None:
        self.settled.append(heard)


@pytest.fixture
def corridor(instance: "Instance", register: CountingRegister) -> Corridor:
    found = replace(stored_corridor(instance), register=register)
    found.do(lambda unit, at: _enrol(unit, at, MESH))
    return found


def _enrol(unit: UnitOfWork, at: datetime, deliver_to: str, profile: str = "mail", pem: str = "a certificate") -> None:
    digest = sha256(f"{deliver_to}{profile}{pem}".encode()).hexdigest()
    certificates.put_forward(
        unit,
        OrganisationId(KENT),
        sha256=digest,
        pem=pem,
        not_after=LAST,
        profile=profile,
        deliver_to=deliver_to,
        by=ADMINISTRATORS[0],
        at=at,
    )
    certificates.approve(unit, OrganisationId(KENT), digest[:16], by=ADMINISTRATORS[1], at=at)


def sealed_cases(corridor: Corridor, count: int) -> list[CaseReference]:
    return [corridor.sealed(police_request(reference=f"KP/{number}")) for number in range(count)]


def state_of(corridor: Corridor, reference: CaseReference) -> str:
    outbox = corridor.read(reference).outbox
    assert outbox is not None
    return outbox.state


def digest_of(corridor: Corridor, reference: CaseReference) -> str:
    pack = corridor.read(reference).pack
    assert pack is not None
    return pack.sha256


def test_a_pack_goes_to_the_address_two_people_approved_with_its_proof(
    corridor: Corridor, instance: "Instance"
) -> None:
    (reference,) = sealed_cases(corridor, 1)
    carrier = Carrier()
    assert instance.outbox.send(at=corridor.tick(), transport=carrier, called="mesh") == [reference]
    (message,) = carrier.given
    assert message.address == MESH
    assert (
        find_in_ledger(message.sealed, message.proof.encode(), instance.note_signer.verifier).sha256 == message.sha256
    )
    file = corridor.read(reference)
    assert (file.status, state_of(corridor, reference)) == (Status.SENT, SENT)
    assert file.outbox is not None
    assert file.outbox.receipt == "NUMBER1"


def test_one_pack_that_is_refused_holds_up_no_other_and_rests_before_it_goes_again(
    corridor: Corridor, instance: "Instance"
) -> None:
    first, second, third = sealed_cases(corridor, 3)
    carrier = Carrier(refuses={digest_of(corridor, second)})
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == [first, third]
    assert state_of(corridor, second) == FAILED
    carrier.refuses.clear()
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == []
    corridor.now += RETRY_AFTER
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == [second]
    assert corridor.read(second).status is Status.SENT


def test_a_pack_that_fails_too_often_waits_for_a_person(corridor: Corridor, instance: "Instance") -> None:
    (reference,) = sealed_cases(corridor, 1)
    carrier = Carrier(refuses={digest_of(corridor, reference)})
    for _ in range(MOST_ATTEMPTS + 3):
        corridor.now += RETRY_AFTER * MOST_ATTEMPTS
        instance.outbox.send(at=corridor.tick(), transport=carrier)
    outbox = corridor.read(reference).outbox
    assert outbox is not None
    assert (outbox.state, outbox.attempts) == (FAILED, MOST_ATTEMPTS)
    kinds = [task.kind.value for task in _tasks(corridor, reference)]
    assert kinds == ["stuck"]


def _tasks(corridor: Corridor, reference: CaseReference) -> Sequence[Task]:
    return tasks(corridor.read(reference), corridor.now)


def test_a_line_that_dies_loses_nothing_and_the_rest_goes_later_byte_for_byte(
    corridor: Corridor, instance: "Instance"
) -> None:
    references = sealed_cases(corridor, 3)
    dying = Carrier(dies_after=1)
    with pytest.raises(Unavailable):
        instance.outbox.send(at=corridor.tick(), transport=dying)
    assert [state_of(corridor, one) for one in references] == [SENT, SEALED, SEALED]
    living = Carrier(numbers_before=1)
    assert instance.outbox.send(at=corridor.tick(), transport=living) == references[1:]
    assert [message.sealed for message in living.given] == [corridor.sealed_bytes(one) for one in references[1:]]


def test_a_pack_given_back_goes_again_with_the_same_bytes_and_the_same_proof_of_sealing(
    corridor: Corridor, instance: "Instance"
) -> None:
    (reference,) = sealed_cases(corridor, 1)
    carrier = Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    given_back = Receipt(
        digest_begins=digest_of(corridor, reference)[:32], fate=Fate.FAILED, claimed=False, reason="mesh-14"
    )
    carrier.mailbox = [given_back, given_back]
    heard = instance.ear.listen(carrier, at=corridor.tick())
    assert (heard.failed, heard.ignored) == (1, 1)
    assert state_of(corridor, reference) == FAILED
    corridor.now += RETRY_AFTER * 2
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    first, second = carrier.given
    assert first.sealed == second.sealed
    assert find_in_ledger(second.sealed, second.proof.encode(), instance.note_signer.verifier).sha256 == second.sha256


def test_an_acknowledgement_collects_a_pack_once_and_is_settled_only_when_it_is_durable(
    corridor: Corridor, instance: "Instance"
) -> None:
    (reference,) = sealed_cases(corridor, 1)
    carrier = Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    receipt = Receipt(digest_begins=digest_of(corridor, reference), fate=Fate.COLLECTED, claimed=False)
    carrier.mailbox = [receipt, receipt]
    heard = instance.ear.listen(carrier, at=corridor.tick())
    assert (heard.collected, heard.ignored) == (1, 1)
    assert carrier.awaited == [Awaited(sha256=digest_of(corridor, reference), receipt="NUMBER1")]
    assert corridor.read(reference).status is Status.COLLECTED
    assert state_of(corridor, reference) == COLLECTED
    assert carrier.settled == [receipt, receipt]


@pytest.mark.parametrize("fate", [Fate.DELIVERED, Fate.COLLECTED])
def test_what_nobody_signed_is_a_claim_and_moves_nothing(corridor: Corridor, instance: "Instance", fate: Fate) -> None:
    (reference,) = sealed_cases(corridor, 1)
    carrier = Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    carrier.mailbox = [Receipt(digest_begins=digest_of(corridor, reference)[:16], fate=fate, claimed=True)]
    assert instance.ear.listen(carrier, at=corridor.tick()).claims == 1
    assert state_of(corridor, reference) == SENT
    assert corridor.entries()[-1].kind is EntryKind.PACK_CLAIMED


@pytest.mark.parametrize("digits", ["", "ab" * 7, "00" * 16])
def test_a_receipt_for_no_pack_of_ours_is_let_go(corridor: Corridor, instance: "Instance", digits: str) -> None:
    sealed_cases(corridor, 1)
    entries = len(corridor.entries())
    carrier = Carrier(mailbox=[Receipt(digest_begins=digits, fate=Fate.COLLECTED, claimed=False)])
    assert instance.ear.listen(carrier, at=corridor.tick()).ignored == 1
    assert len(corridor.entries()) == entries


def confirmation(corridor: Corridor, reference: CaseReference, **changes: object) -> bytes:
    told = DestructionConfirmation(
        pack_sha256=digest_of(corridor, reference),
        destroyed_on=civil_day(corridor.now),
        method=DestructionMethod.PURGE,
        stated_by="Records desk",
        stated_role="records officer",
        copies_remain=False,
    )
    return json.dumps(json.loads(told.statement()) | changes).encode()


def sent_case(corridor: Corridor, instance: "Instance") -> CaseReference:
    (reference,) = sealed_cases(corridor, 1)
    instance.outbox.send(at=corridor.tick(), transport=Carrier())
    return reference


def test_a_confirmation_from_the_enrolled_mailbox_closes_the_case(corridor: Corridor, instance: "Instance") -> None:
    reference = sent_case(corridor, instance)
    statement = Statement(address=MESH, content=confirmation(corridor, reference))
    assert instance.ear.listen(Carrier(mailbox=[statement, statement]), at=corridor.tick()).destroyed == 1
    file = corridor.read(reference)
    assert file.status is Status.DESTROYED
    assert file.destruction is not None
    assert sha256(file.destruction.statement.encode()).hexdigest() == file.destruction.statement_sha256


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"copies_remain": True}, "copies-remain"),
        ({"destroyed_on": "2030-01-01"}, "in-the-future"),
        ({"destroyed_on": "2016-01-01"}, "before-release"),
    ],
)
def test_a_confirmation_that_does_not_fit_is_refused_on_record(
    corridor: Corridor, instance: "Instance", changes: dict[str, object], fault: str
) -> None:
    reference = sent_case(corridor, instance)
    statement = Statement(address=MESH, content=confirmation(corridor, reference, **changes))
    assert instance.ear.listen(Carrier(mailbox=[statement]), at=corridor.tick()).refused == 1
    assert corridor.read(reference).status is Status.SENT
    assert corridor.entries()[-1].kind is EntryKind.DESTRUCTION_REFUSED
    assert corridor.entries()[-1].facts["reason"] == fault


@pytest.mark.parametrize("address", ["mesh:X26OTHER", "", "mailto:x@y.example"])
def test_a_confirmation_from_anybody_else_is_let_go(corridor: Corridor, instance: "Instance", address: str) -> None:
    reference = sent_case(corridor, instance)
    statement = Statement(address=address, content=confirmation(corridor, reference))
    assert instance.ear.listen(Carrier(mailbox=[statement]), at=corridor.tick()).ignored == 1
    assert corridor.read(reference).status is Status.SENT


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"v":1,"format":"privity.destruction"}', b"[" * 9_000]
)
def test_nonsense_from_a_mailbox_is_counted_and_let_go(
    corridor: Corridor, instance: "Instance", content: bytes
) -> None:
    sent_case(corridor, instance)
    heard = instance.ear.listen(Carrier(mailbox=[Statement(address=MESH, content=content)]), at=corridor.tick())
    assert heard.refused == 1


def signed_mail(content: bytes) -> tuple[bytes, str, str]:
    """Return a confirmation signed with openssl, as mail programs do, and the signer's pin and PEM."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl program is not on this machine")
    holder = enrolment().requester_authority.issue_recipient("Signs", first=FIRST_DAY, last=LAST, for_signing=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_key(folder / "key.pem", holder.key)
        write_certificate(folder / "certificate.pem", holder.certificate)
        (folder / "destruction.json").write_bytes(content)
        words = ["openssl", "cms", "-sign", "-text", "-in", "destruction.json", "-signer", "certificate.pem"]
        subprocess.run([*words, "-inkey", "key.pem", "-out", "out.eml"], cwd=folder, check=True, capture_output=True)
        mail = (folder / "out.eml").read_bytes()
    return mail, fingerprint(holder.certificate), holder.certificate.public_bytes(Encoding.PEM).decode()


def test_a_signed_mail_confirms_where_its_certificate_was_enrolled_for_that_and_nowhere_else(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = sent_case(corridor, instance)
    mail, pin, pem = signed_mail(confirmation(corridor, reference))
    with pytest.raises(Mistaken, match="not one that two people enrolled"):
        instance.ear.take_mail(mail, at=corridor.tick())
    with instance.store.unit() as unit:
        certificates.put_forward(
            unit,
            OrganisationId(KENT),
            sha256=pin,
            pem=pem,
            not_after=LAST,
            profile="statements",
            deliver_to="",
            by=ADMINISTRATORS[0],
            at=corridor.tick(),
        )
    with pytest.raises(Mistaken, match="not one that two people enrolled"):
        instance.ear.take_mail(mail, at=corridor.tick())
    with instance.store.unit() as unit:
        certificates.approve(unit, OrganisationId(KENT), pin, by=ADMINISTRATORS[1], at=corridor.tick())
    with pytest.raises(Mistaken, match="changed after it was signed"):
        instance.ear.take_mail(mail.replace(b'"purge"', b'"clear"'), at=corridor.tick())
    assert instance.ear.take_mail(mail, at=corridor.tick()).destroyed == 1
    file = corridor.read(reference)
    assert file.status is Status.DESTROYED
    assert file.destruction is not None
    assert "multipart/signed" in file.destruction.statement


def test_a_signed_mail_of_a_revoked_certificate_confirms_nothing(corridor: Corridor, instance: "Instance") -> None:
    reference = sent_case(corridor, instance)
    mail, pin, pem = signed_mail(confirmation(corridor, reference))
    with instance.store.unit() as unit:
        organisation, at = OrganisationId(KENT), corridor.tick()
        certificates.put_forward(
            unit,
            organisation,
            sha256=pin,
            pem=pem,
            not_after=LAST,
            profile="statements",
            deliver_to="",
            by=ADMINISTRATORS[0],
            at=at,
        )
        certificates.approve(unit, organisation, pin, by=ADMINISTRATORS[1], at=at)
        certificates.revoke(unit, organisation, pin, reason="left", by=ADMINISTRATORS[0], at=at)
    with pytest.raises(Mistaken):
        instance.ear.take_mail(mail, at=corridor.tick())
    assert corridor.read(reference).status is Status.SENT


class NoticeSealer:
    """Seals a notice into bytes anybody can read."""

    def seal_notice(self, notice: Notice, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        sealed = f"sealed {notice}".encode()
        return SealedPack(sealed=sealed, sha256=sha256(sealed).hexdigest(), recipient_sha256="ab" * 32)


def recalled(corridor: Corridor, instance: "Instance") -> tuple[CaseReference, NoticeRecord]:
    reference = sent_case(corridor, instance)
    with instance.store.unit() as unit:
        record = send_notice(unit, NoticeSealer(), reference, NoticeKind.RECALL, by=FIRST, at=corridor.tick())
    return reference, record


def test_a_recall_that_is_refused_rests_longer_each_time_and_in_the_end_waits_for_a_person(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference, record = recalled(corridor, instance)
    carrier, tries = Carrier(refuses={record.sha256}), []
    for _ in range(24 * 14):
        corridor.now += timedelta(hours=1)
        before = len(corridor.entries())
        assert instance.outbox.send(at=corridor.now, transport=carrier) == []
        tries += [corridor.now] * (len(corridor.entries()) - before)
    rests = [(later - earlier) // timedelta(hours=1) for earlier, later in pairwise(tries)]
    assert len(tries) == MOST_ATTEMPTS
    assert rests == sorted(rests)
    assert rests[0] >= 1
    assert rests[-1] >= MOST_ATTEMPTS - 1
    (notice,) = instance.watcher.notices_about(reference)
    assert (notice.state, notice.attempts) == (FAILED, MOST_ATTEMPTS)
    failed = [entry for entry in corridor.entries() if entry.kind is EntryKind.NOTICE_FAILED]
    assert [entry.facts["attempt"] for entry in failed] == list(range(1, MOST_ATTEMPTS + 1))
    assert [(task.kind.value, task.case) for task in instance.watcher.tasks(corridor.now)][-1] == ("stuck", reference)


def test_a_recall_that_is_given_back_goes_again_byte_for_byte_under_the_proof_of_its_sealing(
    corridor: Corridor, instance: "Instance"
) -> None:
    _, record = recalled(corridor, instance)
    carrier = Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    given_back = Receipt(digest_begins=record.sha256, fate=Fate.FAILED, claimed=False, reason="mesh-14")
    carrier.mailbox = [given_back, given_back]
    heard = instance.ear.listen(carrier, at=corridor.tick())
    assert (heard.failed, heard.ignored) == (1, 1)
    corridor.now += RETRY_AFTER * 2
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    first, second = carrier.given
    assert first.sealed == second.sealed
    assert find_in_ledger(second.sealed, second.proof.encode(), instance.note_signer.verifier).sha256 == second.sha256


def test_a_recall_goes_out_sealed_and_provable_and_is_collected(corridor: Corridor, instance: "Instance") -> None:
    reference, record = recalled(corridor, instance)
    carrier = Carrier()
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == [reference]
    (message,) = carrier.given
    assert (message.sha256, message.address) == (record.sha256, MESH)
    assert (
        find_in_ledger(message.sealed, message.proof.encode(), instance.note_signer.verifier).sha256 == message.sha256
    )
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == []
    carrier.mailbox = [Receipt(digest_begins=record.sha256, fate=Fate.COLLECTED, claimed=False)]
    assert instance.ear.listen(carrier, at=corridor.tick()).collected == 1
    (notice,) = instance.watcher.notices_about(reference)
    assert notice.state == COLLECTED


@pytest.mark.parametrize(
    "address",
    ["x@y.example", "mailto:", "mailto:a@b", "mailto:a@b.c\r\nBcc: z@z.example", "mesh:x1", "mesh:A B C D E F"],
)
def test_an_address_that_is_none_is_never_enrolled(corridor: Corridor, address: str) -> None:
    with pytest.raises(Mistaken, match="address is neither"):
        corridor.do(lambda unit, at: _enrol(unit, at, address))


def test_whoever_puts_a_certificate_forward_cannot_approve_it(corridor: Corridor, instance: "Instance") -> None:
    with instance.store.unit() as unit:
        organisation, at = OrganisationId(KENT), corridor.tick()
        certificates.put_forward(
            unit,
            organisation,
            sha256="cd" * 32,
            pem="x",
            not_after=LAST,
            profile="mail",
            deliver_to="",
            by=ADMINISTRATORS[0],
            at=at,
        )
        with pytest.raises(Mistaken, match="cannot approve it"):
            certificates.approve(unit, organisation, "cd" * 32, by=ADMINISTRATORS[0], at=at)


def test_nothing_is_sent_to_an_address_that_only_one_person_wants(corridor: Corridor, instance: "Instance") -> None:
    with instance.store.unit() as unit:
        certificates.put_forward(
            unit,
            OrganisationId(KENT),
            sha256="cd" * 32,
            pem="x",
            not_after=LAST,
            profile="mail",
            deliver_to="mesh:X26EVIL",
            by=ADMINISTRATORS[0],
            at=corridor.tick(),
        )
    sealed_cases(corridor, 1)
    carrier = Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    assert [message.address for message in carrier.given] == [MESH]


def test_a_day_later_nothing_of_it_is_due(corridor: Corridor, instance: "Instance") -> None:
    reference = sent_case(corridor, instance)
    corridor.now += timedelta(days=1)
    assert _tasks(corridor, reference) == ()
    assert corridor.now.tzinfo is UTC
