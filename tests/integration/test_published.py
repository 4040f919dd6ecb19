"""What is enforced is what was published: nothing before it, nothing else, and a suspension at once."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.agreements import shipped_files
from tests.fakes.corridor import FIRST, GUARDIAN, Corridor

from privity.agreement.in_force import Held, InForce, NoAgreement, NoAgreementReason
from privity.casework.enrol import publish
from privity.definitions.reference import AgreementFamily
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

HOME_OFFICE, POLICE = AgreementFamily("home-office"), AgreementFamily("police")
QUEUE = "2018-05-09-queue"


def put_out(
    corridor: Corridor,
    instance: "Instance",
    family: str,
    name: str,
    kind: str = "version",
    files: dict[str, str] | None = None,
) -> str:
    digest = instance.agreements.keep(files or dict(shipped_files()[family]))
    corridor.do(
        lambda unit, at: publish(
            unit,
            family=family,
            number=instance.agreements.publications(family) + 1,
            kind=kind,
            name=name,
            sha256=digest,
            in_force_from=at.date(),
            by=FIRST,
            seconded_by=GUARDIAN,
            at=at,
        )
    )
    return digest


def test_an_agreement_that_lies_on_the_shelf_governs_nothing(corridor: Corridor, instance: "Instance") -> None:
    governing = instance.agreements.governing(POLICE, corridor.now)
    assert isinstance(governing, NoAgreement)
    assert governing.reason is NoAgreementReason.NOT_YET
    assert instance.agreements.families() == {}
    for ask in (
        lambda: instance.agreements.form(POLICE),
        lambda: instance.agreements.version("police", "2017-01"),
        lambda: instance.agreements.calendar_of(POLICE, "police@2017-01"),
    ):
        with pytest.raises(Mistaken):
            ask()


def test_a_version_governs_from_its_publication_and_not_before(corridor: Corridor, instance: "Instance") -> None:
    before = corridor.now
    put_out(corridor, instance, "police", "2017-01")
    assert isinstance(instance.agreements.governing(POLICE, before), NoAgreement)
    governing = instance.agreements.governing(POLICE, corridor.now)
    assert isinstance(governing, InForce)
    assert governing.version.reference == "police@2017-01"
    assert instance.agreements.form(POLICE).family == "police"
    assert instance.agreements.calendar_of(POLICE, "police@2017-01").name == "england-and-wales"


def test_a_queue_binds_once_it_is_published_and_not_because_it_lies_on_the_shelf(
    corridor: Corridor, instance: "Instance"
) -> None:
    put_out(corridor, instance, "home-office", "2017-01")
    corridor.now = datetime(2018, 5, 10, 9, tzinfo=UTC)
    assert isinstance(instance.agreements.governing(HOME_OFFICE, corridor.now), InForce)
    put_out(corridor, instance, "home-office", QUEUE, "suspension")
    assert isinstance(instance.agreements.governing(HOME_OFFICE, corridor.now), Held)


def test_a_suspension_published_by_another_process_binds_here_at_once(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.wiring.assembly import assemble

    put_out(corridor, instance, "home-office", "2017-01")
    corridor.now = datetime(2018, 5, 10, 9, tzinfo=UTC)
    other = assemble(instance.data)
    assert isinstance(other.agreements.governing(HOME_OFFICE, corridor.now), InForce)
    put_out(corridor, instance, "home-office", QUEUE, "suspension")
    assert isinstance(other.agreements.governing(HOME_OFFICE, corridor.now), Held)


def test_the_text_is_kept_by_its_digest_as_it_was_published(corridor: Corridor, instance: "Instance") -> None:
    digest = put_out(corridor, instance, "police", "2017-01")
    entry = corridor.entries()[-1]
    assert (entry.facts["text_digest"], entry.agreement) == (digest, "police@2017-01")
    version = instance.agreements.version("police", "2017-01")
    assert version.policy == shipped_files()["police"]["2017-01/policy.cedar"]
    with pytest.raises(Mistaken):
        instance.agreements.version("police", "2018-05")
    with pytest.raises(Mistaken):
        instance.agreements.version("coroner", "2017-01")


def test_a_version_that_nobody_published_is_not_found_though_its_family_is(
    corridor: Corridor, instance: "Instance"
) -> None:
    put_out(corridor, instance, "home-office", "2017-01")
    assert "home-office" in instance.agreements.families()
    with pytest.raises(Mistaken, match="no version of that name"):
        instance.agreements.version("home-office", "2018-05")


def test_a_publication_that_fails_leaves_nothing_that_governs(corridor: Corridor, instance: "Instance") -> None:
    digest = instance.agreements.keep(dict(shipped_files()["police"]))

    def fail() -> None:
        with instance.store.unit() as unit:
            publish(
                unit,
                family="police",
                number=1,
                kind="version",
                name="2017-01",
                sha256=digest,
                in_force_from=corridor.now.date(),
                by=FIRST,
                seconded_by=GUARDIAN,
                at=corridor.tick(),
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert isinstance(instance.agreements.governing(POLICE, corridor.now + timedelta(days=1)), NoAgreement)
    put_out(corridor, instance, "police", "2017-01")
    assert isinstance(instance.agreements.governing(POLICE, corridor.now), InForce)
