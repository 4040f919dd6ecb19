"""After a case was destroyed the audit has nothing to compare, and says so; what survives or vanishes is found."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection
from tests.fakes.corridor import FIRST, GUARDIAN, Corridor, police_request
from tests.integration.test_destroying import allow, over
from tests.integration.test_outbox import NoticeSealer

from privity.casework.incident import send_notice
from privity.definitions.reference import CaseReference
from privity.disclosure.notice import NoticeKind
from privity.ledger.audit import Intact
from privity.ledger.reconciliation import Difference

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.ledger.reconciliation import Finding


def audited(instance: "Instance") -> "tuple[int, list[Finding]]":
    """Return how many destroyed cases there are, and what is wrong."""
    from privity.edge.store.audit import Tally, audit_rows
    from privity.edge.store.audit_ledger import audit_ledger

    tally = Tally()
    now = datetime(2099, 1, 1, tzinfo=UTC)
    tables = audit_ledger(instance.log, [instance.note_signer.verifier], now=now)
    findings = [*tables.findings, *audit_rows(instance.log, tally)]
    assert findings or isinstance(tables.verdict, Intact)
    return tally.shredded, findings


def destroyed(corridor: Corridor, instance: "Instance") -> CaseReference:
    reference = over(corridor)
    allow(corridor, reference, FIRST, GUARDIAN)
    instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    return reference


def test_a_destroyed_case_is_counted_and_nothing_is_wrong(corridor: Corridor, instance: "Instance") -> None:
    corridor.sealed(police_request(reference="KP/9"))
    assert audited(instance) == (0, [])
    destroyed(corridor, instance)
    assert audited(instance) == (1, [])


def test_a_destroyed_case_takes_its_recalls_along_and_no_key_is_missed(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = over(corridor)
    with instance.store.unit() as unit:
        send_notice(unit, NoticeSealer(), reference, NoticeKind.RECALL, by=FIRST, at=corridor.tick())
    instance.outbox.send(at=corridor.tick())
    assert audited(instance) == (0, [])
    allow(corridor, reference, FIRST, GUARDIAN)
    instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    assert audited(instance) == (2, [])
    assert instance.watcher.notices_about(reference) == []


def test_a_case_that_vanishes_without_a_word_in_the_ledger_is_missed(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.store.shred import shred_case

    reference = corridor.sealed(police_request(reference="KP/9"))
    with instance.store.unit():
        shred_case(reference)
    shredded, findings = audited(instance)
    assert shredded == 0
    assert [finding.difference for finding in findings] == [Difference.KEY_GONE]


def test_a_forged_record_of_a_destruction_hides_nothing(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey
    from privity.edge.store.shred import shred_case

    reference = corridor.sealed(police_request(reference="KP/9"))
    kid = CaseKey.objects.get(reference=reference).kid
    with instance.store.unit():
        shred_case(reference)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shredded (reference, entry, at, organisation, first, second, rows_before, rows_after,"
            " backups_expire, backups_expired_at) VALUES (%s, 1, '', '', '', '', 0, 0, '', '')",
            [kid],
        )
    assert any(finding.table == "shredded" for finding in audited(instance)[1])


def test_a_key_brought_back_from_a_backup_is_found(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey

    reference = over(corridor)
    kept = CaseKey.objects.get(reference=reference)
    allow(corridor, reference, FIRST, GUARDIAN)
    instance.shredder.destroy(reference, by=FIRST, at=corridor.tick())
    CaseKey(reference=kept.reference, kid=kept.kid, epoch=kept.epoch, key=bytes(kept.key)).save(force_insert=True)
    assert Difference.SURVIVED in {finding.difference for finding in audited(instance)[1]}
