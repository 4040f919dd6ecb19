"""What a confirmed proposal does: each change by its own act, in the transaction of the confirmation.

Rules of the module:
- What cannot be done is refused when it is put forward already, and once more when it is confirmed.
- Only what the proposal says is done: whatever the second person saw, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from privity.casework import officers
from privity.casework.account_records import Change, OfficerRecord, ProposalRecord
from privity.casework.enrol import publish
from privity.casework.ports import Act
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import AgreementFamily
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.people_rows import Officer as OfficerRow
from privity.edge.store.unit_of_work import Unit
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.programs import ProgramBook, is_thumbprint
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.resuming import lift_suspension, must_be_liftable
from privity.edge.wiring.shelf import Shelf
from privity.edge.wiring.suspending import to_publish
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.intake_row import listed

CONTENT: Mapping[Change, frozenset[str]] = {
    Change.ENROL: frozenset({"name", "organisation", "role", "rank"}),
    Change.ROLE: frozenset({"role", "rank"}),
    Change.RESET: frozenset(),
    Change.SIGN_ON: frozenset({"issuer", "subject"}),
    Change.PROGRAM: frozenset({"certificate_sha256"}),
    Change.PUBLICATION: frozenset({"kind", "name", "sha256", "in_force_from"}),
    Change.RESUMPTION: frozenset({"name", "sha256", "reasons"}),
}
"""What a proposal of each kind says, exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What came of it that has to be handed over: a requester's system and its secret."""

    program: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """Does what two people agreed on."""

    accounts: AccountBook
    programs: ProgramBook
    agreements: PublishedAgreements
    shelf: Shelf

    def must_be_possible(
        self, unit: Unit, change: Change, about: str, content: Mapping[str, str], at: datetime
    ) -> None:
        """Raise unless the change could be done now.

        Raises: Mistaken: it could not.
        """
        if set(content) != CONTENT[change]:
            raise _refused("the proposal does not say what a change of its kind says", "put it forward again")
        match change:
            case Change.ENROL:
                organisation, role = OrganisationId(content["organisation"]), _role(content["role"])
                officers.must_be_fit(about, name=content["name"], organisation=organisation, role=role)
                self._must_know(organisation)
                self._must_be_a_rank(content["rank"], organisation)
                if unit.kept(OfficerRecord, about):
                    raise _refused("somebody with that staff identifier is enrolled", "grant that person a role")
            case Change.ROLE:
                known = officers.enrolled(unit, about)
                organisation = OrganisationId(known.organisation)
                officers.must_be_fit(about, name=known.name, organisation=organisation, role=_role(content["role"]))
                self._must_be_a_rank(content["rank"], organisation)
            case Change.RESET:
                officers.enrolled(unit, about)
            case Change.SIGN_ON:
                officers.enrolled(unit, about)
                officers.must_be_a_link(content["issuer"], content["subject"])
                taken = OfficerRow.objects.filter(issuer=content["issuer"], subject=content["subject"])
                if taken.exclude(reference=about).exists():
                    raise _refused(
                        "that subject is somebody else here", "check the subject with the sign-on's operator"
                    )
            case Change.PROGRAM:
                self._must_be_a_program(about, content["certificate_sha256"])
            case Change.PUBLICATION:
                self.shelf.must_lie_there(about, content)
                to_publish(about, content["kind"], content["name"], self.shelf.files(about))
            case Change.RESUMPTION:
                must_be_liftable(self.agreements, about, content, at)
            case other:
                assert_never(other)

    def ranks(self, organisation: OrganisationId) -> Mapping[str, str]:
        """Return the ranks that the agreement an organisation asks under knows, lowest first, each with its words."""
        family = Organisation.objects.filter(reference=organisation).values_list("family", flat=True).first() or ""
        return dict(self.agreements.form(AgreementFamily(family)).ranks) if family in self.agreements.families() else {}

    def _must_be_a_rank(self, rank: str, organisation: OrganisationId) -> None:
        known = self.ranks(organisation)
        if rank and rank not in known:
            raise _refused(
                "the agreement its organisation asks under knows no such rank",
                f"give one that it knows, or leave it empty: {listed(known) or 'none'}",
            )

    def _must_be_a_program(self, organisation: str, certificate: str) -> None:
        self._must_know(OrganisationId(organisation))
        if organisation == officers.CUSTODIAN:
            raise _refused("a system belongs to an asking body", "name the organisation it asks for")
        if certificate and not is_thumbprint(certificate):
            raise _refused("the certificate's SHA-256 is not 64 hexadecimal digits", "copy it again")

    def do(
        self,
        unit: Unit,
        record: ProposalRecord,
        content: Mapping[str, str],
        *,
        by: Officer,
        proposer: Officer,
        at: datetime,
    ) -> Confirmed:
        """Do what a proposal says, whose confirmation is in this transaction.

        Raises: Mistaken: it cannot be done any more.
        """
        change, about = Change(record.change), record.about
        self.must_be_possible(unit, change, about, content, at)
        match change:
            case Change.ENROL:
                officer = Officer(
                    staff_id=StaffId(about),
                    name=content["name"],
                    organisation=OrganisationId(content["organisation"]),
                    role=_role(content["role"]),
                )
                self.accounts.follow(officers.enrol(unit, officer, rank=content["rank"], by=by, at=at))
            case Change.ROLE:
                role = _role(content["role"])
                self.accounts.follow(officers.grant(unit, about, role, rank=content["rank"], by=by, at=at))
            case Change.RESET:
                self.accounts.follow(officers.reset(unit, about, by=by, at=at))
                self.accounts.make_void(about)
            case Change.SIGN_ON:
                officers.link(unit, about, issuer=content["issuer"], subject=content["subject"], by=by, at=at)
            case Change.PROGRAM:
                return self._program(unit, about, content["certificate_sha256"], by=by, proposer=proposer, at=at)
            case Change.PUBLICATION:
                self._publish(unit, about, content, by=by, proposer=proposer, at=at)
            case Change.RESUMPTION:
                lift_suspension(unit, self.agreements, about, content, by=proposer, seconded_by=by, at=at)
            case other:
                assert_never(other)
        return Confirmed()

    def _program(
        self, unit: Unit, organisation: str, certificate: str, *, by: Officer, proposer: Officer, at: datetime
    ) -> Confirmed:
        program, secret = self.programs.add(
            OrganisationId(organisation),
            by=proposer.staff_id,
            seconded_by=by.staff_id,
            at=at,
            certificate_sha256=certificate,
        )
        unit.write(
            Act(
                kind=EntryKind.PROGRAM_ADDED,
                at=at,
                by=by,
                key=f"program:{program}",
                organisation=OrganisationId(organisation),
                facts={"certificate_digest": certificate} if certificate else None,
            )
        )
        return Confirmed(program=program, secret=secret)

    def _publish(
        self, unit: Unit, family: str, content: Mapping[str, str], *, by: Officer, proposer: Officer, at: datetime
    ) -> None:
        files = to_publish(family, content["kind"], content["name"], self.shelf.files(family))
        kept = self.agreements.keep(files)
        publish(
            unit,
            family=family,
            number=self.agreements.publications(family) + 1,
            kind=content["kind"],
            name=content["name"],
            sha256=kept,
            in_force_from=date.fromisoformat(content["in_force_from"]),
            by=proposer,
            seconded_by=by,
            at=at,
        )

    @staticmethod
    def _must_know(organisation: OrganisationId) -> None:
        if organisation != officers.CUSTODIAN and not Organisation.objects.filter(reference=organisation).exists():
            raise _refused(f"the organisation `{organisation}` is not enrolled", "enrol the organisation first")


def _role(word: str) -> Role:
    if word not in {role.value for role in Role}:
        raise _refused("that is not a role", "choose one of the roles")
    return Role(word)


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was changed", why=why, next_step=next_step)
