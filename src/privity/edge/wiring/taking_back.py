"""Looking once more at what is sealed, the moment before it leaves by any route, and before it is given out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from privity.agreement.in_force import Governing, InForce
from privity.casework.case_file import CaseFile
from privity.casework.certificates import Standing, Standings
from privity.casework.debt_records import CollationRecord
from privity.casework.dispatch import mark_failed
from privity.casework.instance_records import CertificateRecord, NoticeRecord
from privity.casework.look_again import may_still_leave
from privity.casework.ports import Agreements, Gateway
from privity.casework.take_back import Doubt, NotGivenOut, doubt_about, doubts_about_certificates, take_back
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.store.case_rows import Outbox, Pack
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, Unit
from privity.errors import RefusedOnRecord, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found on packs that wait to be sent: which may leave, and why the others may not, by case."""

    fit: tuple[CaseReference, ...]
    doubts: Mapping[CaseReference, Doubt]
    left_before: frozenset[CaseReference]

    @property
    def to_take_back(self) -> tuple[CaseReference, ...]:
        """Return those about which it is settled that they may not leave, and that have not."""
        return tuple(one for one, doubt in self.doubts.items() if doubt.takes_back and one not in self.left_before)


@dataclass(slots=True, kw_only=True)
class Looking:
    """One look at an instance at one moment; what is asked about twice is read once."""

    agreements: Agreements
    standings: Standings
    at: datetime
    alias: str = "default"
    _known: dict[str, Standing] = field(default_factory=dict)

    def at_packs(self, references: Sequence[CaseReference]) -> Looked:
        """Return which packs may leave now."""
        packs = {row.reference: row for row in Pack.objects.filter(reference__in=references)}
        outbox = {row.reference: row for row in Outbox.objects.filter(reference__in=references)}
        governing: dict[str, Governing] = {}
        certificates = self._certificates({row.organisation for row in outbox.values()})
        doubts: dict[CaseReference, Doubt] = {}
        for reference in references:
            pack, on_its_way = packs[reference], outbox[reference]
            family = pack.version.partition("@")[0]
            if family not in governing:
                governing[family] = self.agreements.governing(AgreementFamily(family), self.at)
            doubt = doubt_about(
                sealed_at=pack.sealed_at,
                sealed_to=pack.recipient_sha256,
                version=pack.version,
                certificates=certificates[on_its_way.organisation],
                governing=governing[family],
                standing=self._standing,
                left=bool(on_its_way.sent_at),
            )
            if doubt is not None:
                doubts[reference] = doubt
        return Looked(
            fit=tuple(one for one in references if one not in doubts),
            doubts=doubts,
            left_before=frozenset(one for one in references if outbox[one].sent_at),
        )

    def at_notice(self, notice: NoticeRecord) -> Doubt | None:
        """Return why a correction or recall may not leave now. It leaves whatever became of the agreement."""
        return self._at_seal(notice.organisation, notice.sealed_at, "", set())

    def at_collation(self, part: CollationRecord) -> Doubt | None:
        """Return why a part of a month's collation may not be given out now.

        A later version says nothing against it: a month is sealed once, and its debts were asked about at its seal.
        """
        governing = self.agreements.governing(AgreementFamily(part.version.partition("@")[0]), self.at)
        suspended = set() if isinstance(governing, InForce) else {Doubt.AGREEMENT_SUSPENDED}
        doubt = self._at_seal(part.organisation, part.sealed_at, part.recipient_sha256, suspended)
        return doubt if doubt and (doubt.binds_what_left or not part.sent_at) else None

    def _at_seal(self, organisation: str, sealed_at: str, sealed_to: str, found: set[Doubt]) -> Doubt | None:
        found |= set(
            doubts_about_certificates(
                sealed_at=sealed_at,
                sealed_to=sealed_to,
                certificates=self._certificates({organisation})[organisation],
                standing=self._standing,
            )
        )
        return next((doubt for doubt in Doubt if doubt in found), None)

    def _standing(self, record: CertificateRecord) -> Standing:
        if record.sha256 not in self._known:
            self._known[record.sha256] = self.standings.standing(record, self.at)
        return self._known[record.sha256]

    def _certificates(self, organisations: set[str]) -> dict[str, list[CertificateRecord]]:
        found: dict[str, list[CertificateRecord]] = {name: [] for name in organisations}
        for record in read_rows(CertificateRecord, sorted(organisations), self.alias):
            if isinstance(record, CertificateRecord):
                found[record.reference].append(record)
        return found


def that_may_leave(
    store: Store, gateway: Gateway, looking: Looking, references: Sequence[CaseReference]
) -> list[CaseReference]:
    """Return those packs about which there is no doubt, their records looked at once more.

    What has not left is taken back where its seal no longer holds; what left before, or cannot be judged now, rests.
    Raises: Unavailable: the register cannot be read; then nothing leaves.
    """
    looked = looking.at_packs(references)
    for reference in looked.to_take_back:
        with store.unit() as unit:
            take_back(unit, reference, looked.doubts[reference], at=looking.at)
    fit: list[CaseReference] = []
    with store.unit() as unit:
        unit.load(looked.fit)
        for reference in looked.fit:
            if may_still_leave(unit, gateway, unit.case(reference), at=looking.at):
                fit.append(reference)
            elif reference in looked.left_before:
                mark_failed(unit, reference, reason=Doubt.RECORD_CHANGED.value, at=looking.at)
            else:
                take_back(unit, reference, Doubt.RECORD_CHANGED, at=looking.at)
    return fit


def must_still_be_fit(unit: Unit, gateway: Gateway, standings: Standings, file: CaseFile, at: datetime) -> None:
    """Raise where there is doubt about an answer that is about to be fetched, for the first time or once more.

    Raises: RefusedOnRecord: it had not left by any route, and was taken back.
            NotGivenOut: it has left, and is not given out again. Unavailable: nobody can say now.
    """
    if file.pack is None or file.outbox is None:
        return
    left = bool(file.outbox.sent_at)
    doubt = doubt_about(
        sealed_at=file.pack.sealed_at,
        sealed_to=file.pack.recipient_sha256,
        version=file.pack.version,
        certificates=unit.certificates(OrganisationId(file.outbox.organisation)),
        governing=gateway.agreements.governing(file.family, at),
        standing=lambda record: standings.standing(record, at),
        left=left,
    )
    if doubt is None and may_still_leave(unit, gateway, file, at=at):
        return
    doubt = doubt or Doubt.RECORD_CHANGED
    if not doubt.takes_back:
        raise _nobody_can_say("the answer was not fetched", doubt)
    if left:
        raise NotGivenOut("the answer was not fetched again", why=doubt.why, next_step=_NEXT_WHERE_IT_LEFT[doubt])
    take_back(unit, file.reference, doubt, at=at)
    raise RefusedOnRecord(
        "the answer was not fetched",
        why=f"{doubt.why}, so that it was taken back",
        next_step="wait for the custodian to answer anew; where your certificate no longer holds, enrol another",
    )


def collation_must_be_fit(looking: Looking, part: CollationRecord) -> None:
    """Raise where there is doubt about a part of a month's collation that is about to be fetched, first or again.

    Raises: NotGivenOut: its seal no longer holds, or no agreement is in force. Unavailable: nobody can say now.
    """
    doubt = looking.at_collation(part)
    if doubt is None:
        return
    if doubt.takes_back:
        raise NotGivenOut(
            "the collation was not fetched",
            why=doubt.why,
            next_step="ask the custodian, who sees in `privity doctor` that it rests",
        )
    raise _nobody_can_say("the collation was not fetched", doubt)


def _nobody_can_say(what: str, doubt: Doubt) -> Unavailable:
    return Unavailable(what, why=doubt.why, next_step="ask the custodian to load the current list, then fetch it again")


_NEXT_WHERE_IT_LEFT: Mapping[Doubt, str] = {
    Doubt.CERTIFICATE_REVOKED: "use what was fetched before; where it is lost, enrol another certificate and ask anew",
    Doubt.REVOKED_BY_AUTHORITY: "use what was fetched before; where it is lost, enrol another certificate and ask anew",
    Doubt.RECORD_CHANGED: "use what was fetched before, or ask the custodian, who looks at it again",
    Doubt.AGREEMENT_SUSPENDED: "use what was fetched before, or fetch it again when an agreement is in force",
}
"""What a requester can do whose answer is not given out a second time; only a doubt that binds what left is here."""
