"""Destroying a case here: who may, what stops it, what is left of it in the files, and what anybody can check."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.backups import back_up
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, HOME_OFFICE, SECOND, Corridor, police_request
from tests.fakes.corridors import kept_out
from tests.fakes.keys import opened_key

from privity.casework.destroy import (
    KEPT_DAYS,
    HoldReason,
    NotYet,
    allow_destruction,
    faults,
    lift_hold,
    place_hold,
)
from privity.casework.destruction_certificate import verify_certificate
from privity.casework.incident import Cause, Gravity, Occurrence, open_incident
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.seals.note_keys import NoteSigningKey
from privity.errors import Mistaken, PrivityError, Unavailable
from privity.ledger.checkpoint import NoteRefused, open_checkpoint
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import LogProof, verify_proof

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

CANARIES = (golden.GIVEN, golden.EARLIER)


def over(corridor: Corridor) -> CaseReference:
    """Return a case that was answered, sent, destroyed by the requester, and kept here for its time."""
    (reference,) = kept_out(corridor, 1)
    return reference


def allow(corridor: Corridor, reference: CaseReference, *people: Officer) -> None:
    for by in people:
        corridor.do(lambda unit, at, by=by: allow_destruction(unit, reference, by=by, at=at))  # type: ignore[misc]  # bound now


def raw_bytes(instance: "Instance") -> bytes:
    """Return everything the database's files hold, the write-ahead log and free pages included."""
    files = sorted(instance.data.root.glob("privity.sqlite*"))
    assert files
    return b"".join(path.read_bytes() for path in files)


def test_after_two_people_allowed_it_nothing_of_the_case_is_in_the_files_and_the_ledger_still_proves(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = over(corridor)
    key = instance.note_signer.verifier
    before = [instance.log.prove(index) for index in range(instance.log.size())]
    leaves = instance.log.leaves(0, instance.log.size())
    found = raw_bytes(instance)
    assert all(word.encode() in found for word in CANARIES), "the scan would find them"
    allow(corridor, reference, FIRST, GUARDIAN)
    record = instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    left = raw_bytes(instance)
    for word in (*CANARIES, reference):
        assert left.count(word.encode()) == 0, "something of the case is left"
    for proof, leaf in zip(before, leaves, strict=True):
        assert verify_proof(proof, leaf=leaf, log=key).size > proof.index
    for index, leaf in enumerate(leaves):
        assert verify_proof(instance.log.prove(index), leaf=leaf, log=key).size == instance.log.size()
    with pytest.raises(Mistaken):
        instance.store.case(reference)
    assert record.rows_before > 10
    assert open_checkpoint(instance.log.latest_checkpoint() or b"", key).size == instance.log.size()


def test_the_key_of_the_case_is_in_no_file_and_neither_is_its_wrapping_afterwards(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.store.case_rows import CaseKey

    reference = over(corridor)
    row = CaseKey.objects.get(reference=reference)
    key, wrapped = opened_key(row), bytes(row.key)
    assert key not in raw_bytes(instance), "the database never holds a key in the clear"
    assert wrapped in raw_bytes(instance)
    allow(corridor, reference, FIRST, SECOND)
    instance.shredder.destroy(reference, by=SECOND, at=corridor.tick())
    assert wrapped not in raw_bytes(instance)


def epochs(instance: "Instance") -> list[str]:
    return sorted(path.name for path in instance.data.epoch_keys.iterdir())


def test_the_key_of_a_month_goes_with_the_last_case_of_it_and_opens_no_copy_any_more(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.store.case_rows import CaseKey
    from privity.edge.store.epoch_keys import EpochKeyMissing, epoch_keys

    cases = kept_out(corridor, 2)
    copies = [CaseKey.objects.get(reference=one) for one in cases]
    (month,) = {copy.epoch for copy in copies}
    for reference in cases:
        assert instance.shredder.epochs_over(by=SECOND, at=corridor.tick()) == []
        assert epochs(instance) == [month, "standing"]
        allow(corridor, reference, FIRST, SECOND)
        instance.shredder.destroy(reference, by=SECOND, at=corridor.tick())
    assert instance.shredder.epochs_over(by=SECOND, at=corridor.tick()) == [month]
    assert epochs(instance) == ["standing"]
    for copy in copies:
        with pytest.raises(EpochKeyMissing):
            epoch_keys().unwrap(copy.epoch, copy.reference, bytes(copy.key))
    told = [entry for entry in corridor.entries() if entry.kind is EntryKind.EPOCH_DESTROYED]
    assert [entry.facts["epoch"] for entry in told] == [month]
    assert instance.shredder.epochs_over(by=SECOND, at=corridor.tick()) == []


def test_a_month_that_is_not_over_keeps_its_key_though_no_case_needs_it(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = over(corridor)
    allow(corridor, reference, FIRST, SECOND)
    instance.shredder.destroy(reference, by=SECOND, at=corridor.tick())
    (month, _) = epochs(instance)
    within = datetime.fromisoformat(f"{month}-28T12:00:00+00:00")
    assert instance.shredder.epochs_over(by=SECOND, at=within) == []
    assert epochs(instance) == [month, "standing"]


def test_a_wrapped_key_opens_in_no_other_row_no_other_month_and_not_when_it_was_altered(
    corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.store.case_rows import CaseKey
    from privity.edge.store.epoch_keys import KeyNotOpened, epoch_keys

    row = CaseKey.objects.get(reference=corridor.receive())
    kept, ring = bytes(row.key), epoch_keys()
    assert len(ring.unwrap(row.epoch, row.reference, kept)) == 32
    for at in range(len(kept)):
        altered = kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]
        with pytest.raises(KeyNotOpened):
            ring.unwrap(row.epoch, row.reference, altered)
    for epoch, reference, held in (
        ("standing", row.reference, kept),
        (row.epoch, "PRV-" + "0" * 26, kept),
        (row.epoch, row.reference, b""),
        ("../ledger-key", row.reference, kept),
        ("2017-13", row.reference, kept),
    ):
        with pytest.raises(KeyNotOpened):
            ring.unwrap(epoch, reference, held)


def test_without_the_key_of_its_month_nothing_is_written_to_a_case(corridor: Corridor, instance: "Instance") -> None:
    reference = corridor.receive()
    (month, _) = epochs(instance)
    (instance.data.epoch_keys / month).rename(instance.data.root / "elsewhere")
    before = instance.log.root()
    with pytest.raises(Unavailable, match="epoch"):
        corridor.assess(reference)
    assert instance.log.root() == before
    (instance.data.root / "elsewhere").rename(instance.data.epoch_keys / month)
    corridor.assess(reference)


def test_other_cases_stay_as_they_were(corridor: Corridor, instance: "Instance") -> None:
    other = corridor.sealed(police_request(reference="KP/2"))
    before = corridor.read(other)
    reference = over(corridor)
    allow(corridor, reference, FIRST, SECOND)
    instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    assert corridor.read(other) == before
    assert corridor.sealed_bytes(other)


def test_one_person_is_not_enough_and_the_same_person_is_one(corridor: Corridor, instance: "Instance") -> None:
    reference = over(corridor)
    allow(corridor, reference, FIRST)
    with pytest.raises(Mistaken, match="allowed it already"):
        allow(corridor, reference, FIRST)
    with pytest.raises(Mistaken, match="1 of two people"):
        instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    assert corridor.read(reference).opening.reference == reference


@pytest.mark.parametrize("by", [ADMINISTRATORS[0]], ids=["an administrator"])
def test_nobody_who_may_not_read_cases_may_let_one_go(corridor: Corridor, by: Officer) -> None:
    reference = over(corridor)
    with pytest.raises(Mistaken, match="disclosure officer or the guardian"):
        allow(corridor, reference, by)


def test_a_hold_placed_after_both_allowed_it_stops_it_until_it_is_lifted(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = over(corridor)
    allow(corridor, reference, FIRST, SECOND)
    corridor.do(lambda unit, at: place_hold(unit, reference, HoldReason.COURT, by=GUARDIAN, at=at))
    with pytest.raises(Mistaken, match="a hold is on it"):
        instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    corridor.do(lambda unit, at: lift_hold(unit, reference, 1, by=GUARDIAN, at=at))
    with pytest.raises(Mistaken, match="no open hold"):
        corridor.do(lambda unit, at: lift_hold(unit, reference, 1, by=GUARDIAN, at=at))
    instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())


def test_everything_that_keeps_a_case_is_told_at_once(corridor: Corridor) -> None:
    assert faults(corridor.read(corridor.received()), civil_day(corridor.now)) == (NotYet.OPEN,)
    reference = corridor.sealed(police_request())
    corridor.do(lambda unit, at: place_hold(unit, reference, HoldReason.COMPLAINT, by=FIRST, at=at))
    assert faults(corridor.read(reference), civil_day(corridor.now)) == (NotYet.KEPT, NotYet.HELD, NotYet.ON_ITS_WAY)
    corridor.send(reference)
    assert NotYet.REQUESTER in faults(corridor.read(reference), civil_day(corridor.now))


def test_an_open_incident_keeps_a_case(corridor: Corridor) -> None:
    reference = over(corridor)
    corridor.do(
        lambda unit, at: open_incident(
            unit,
            reference,
            corridor.agreements.calendar("england-and-wales"),
            Occurrence(
                gravity=Gravity.RECORDABLE,
                cause=Cause.OTHER,
                people=1,
                words="Found in the audit.",
                discovered_at=at,
            ),
            by=FIRST,
            at=at,
        )
    )
    assert faults(corridor.read(reference), civil_day(corridor.now)) == (NotYet.INCIDENT,)


def destroyed(corridor: Corridor, instance: "Instance") -> str:
    reference = over(corridor)
    allow(corridor, reference, FIRST, SECOND)
    return instance.shredder.destroy(reference, by=FIRST, at=corridor.tick()).reference


def test_the_certificate_proves_the_end_of_the_key_the_case_was_opened_with_and_says_what_it_cannot(
    corridor: Corridor, instance: "Instance"
) -> None:
    kid = destroyed(corridor, instance)
    found = verify_certificate(instance.shredder.certificate(kid), instance.note_signer.verifier)
    assert found.statements["kid"] == kid
    assert (found.statements["rows_after"], found.statements["method"]) == ("0", "keys-erased")
    assert found.opened_at < found.destroyed_at < found.size
    assert "cannot show that no copy is left" in found.limits
    assert b"cannot show that no copy is left" in instance.shredder.certificate(kid)


def test_no_changed_byte_of_a_certificate_is_believed(corridor: Corridor, instance: "Instance") -> None:
    certificate = instance.shredder.certificate(destroyed(corridor, instance))
    for place in range(0, len(certificate), 3):
        changed = bytearray(certificate)
        changed[place] ^= 1
        with pytest.raises(PrivityError):
            verify_certificate(bytes(changed), instance.note_signer.verifier)


def test_a_certificate_of_another_key_holder_or_of_another_case_does_not_hold(
    corridor: Corridor, instance: "Instance"
) -> None:
    kid = destroyed(corridor, instance)
    certificate = instance.shredder.certificate(kid)
    with pytest.raises(NoteRefused):
        verify_certificate(certificate, NoteSigningKey(name=instance.origin, seed=bytes(32)).verifier)
    with pytest.raises(Mistaken, match="no case with that key"):
        instance.shredder.certificate("ab" * 32)
    corridor.now += timedelta(minutes=1)
    other = destroyed(corridor, instance)
    assert other != kid
    mixed = certificate.replace(kid.encode(), other.encode(), 1)
    with pytest.raises(NoteRefused):
        verify_certificate(mixed, instance.note_signer.verifier)


def test_the_end_of_the_backups_is_recorded_when_it_has_come_and_once(corridor: Corridor, instance: "Instance") -> None:
    kid = destroyed(corridor, instance)
    assert instance.shredder.backups_expired(by=FIRST, at=corridor.tick()) == []
    corridor.now += timedelta(days=36)
    (expired,) = instance.shredder.backups_expired(by=FIRST, at=corridor.tick())
    assert expired.reference == kid
    assert instance.shredder.backups_expired(by=FIRST, at=corridor.tick()) == []
    kinds = [entry.kind for entry in corridor.entries()]
    assert kinds[-3:] == [EntryKind.KEY_DESTROYED, EntryKind.CASE_SHREDDED, EntryKind.BACKUP_EXPIRED]


def test_the_end_of_the_backups_waits_for_every_backup_from_before_to_be_said_gone(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    reference = over(corridor)
    back_up(instance, tmp_path, corridor.tick())
    allow(corridor, reference, FIRST, SECOND)
    instance.shredder.destroy(reference, by=SECOND, at=corridor.tick())
    corridor.now += timedelta(days=40)
    assert instance.shredder.backups_expired(by=SECOND, at=corridor.tick()) == []
    (made,) = instance.backups.all()
    instance.backups.discard(made.reference, by=ADMINISTRATORS[0], at=corridor.tick())
    assert len(instance.shredder.backups_expired(by=SECOND, at=corridor.tick())) == 1


def test_a_confirmation_of_another_organisation_frees_nothing(corridor: Corridor) -> None:
    reference = corridor.sealed(police_request())
    corridor.send(reference)
    with pytest.raises(Mistaken):
        corridor.destroyed(reference, on=date(2017, 3, 1), organisation=HOME_OFFICE)
    corridor.now += timedelta(days=KEPT_DAYS + 1)
    assert NotYet.REQUESTER in faults(corridor.read(reference), civil_day(corridor.now))


def test_proofs_made_before_name_the_same_tree_as_proofs_made_after(corridor: Corridor, instance: "Instance") -> None:
    destroyed(corridor, instance)
    old = instance.log.size() // 2
    path = instance.log.prove_continuation(old, instance.log.size())
    assert isinstance(instance.log.prove(0), LogProof)
    assert path
