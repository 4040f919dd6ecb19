"""The administrator's desk, joined to the store: people, and what waits for a second person.

Rules of the module:
- Every way in passes the one table of who may do what. Nothing here reads a case.
- An officer's record, the account that follows it and the ledger's entry are one transaction.
- Half a set-up code goes to each of the two people; the halves are kept as hashes.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.casework import officers
from privity.casework.account_records import Change, OfficerRecord, Outcome, ProposalRecord, Standing
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.keeper import MOVED_AT_ONCE, GoneOn, Handed, Happened, PersonLine, PersonView, Waiting
from privity.casework.proposals import GOOD_FOR, confirm, content_of, proposal, propose, withdraw
from privity.casework.record import read_moment
from privity.definitions.party import GATEWAY, Officer, OrganisationId, Role
from privity.edge.store.account import Account
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.log import Log
from privity.edge.store.people_rows import Officer as OfficerRow
from privity.edge.store.people_rows import Passkey, Proposal, SetUp
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.confirming import Confirming
from privity.edge.wiring.resuming import cases_under, move_held_cases
from privity.edge.wiring.throttle import Throttle
from privity.errors import Mistaken

LAST_SHOWN = 30
HALF_BYTES = 10
"""80 random bits in each half of a set-up code."""
NEEDED = 2
"""Administrators without whom nobody could be granted anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceKeeper:
    """People and proposals of one instance."""

    store: Store
    log: Log
    accounts: AccountBook
    confirming: Confirming
    throttle: Throttle

    def roles(self) -> Sequence[Role]:
        """Return the roles somebody can be trusted with."""
        return [role for role in Role if role is not Role.SYSTEM]

    def ranks(self, *, by: Officer, organisation: str = "") -> Sequence[tuple[str, str]]:
        """Return the ranks somebody of an organisation can countersign in, or of any, by our name and in words."""
        must_be_allowed(Operation.READ_PEOPLE, by)
        bodies = Organisation.objects.values_list("reference", flat=True)
        found: dict[str, str] = {}
        for name in [organisation] if organisation else sorted(set(bodies)):
            found |= self.confirming.ranks(OrganisationId(name))
        return list(found.items())

    def people(self, *, by: Officer, organisation: str = "", role: str = "") -> Sequence[PersonLine]:
        """Return the officers, by organisation and name."""
        must_be_allowed(Operation.READ_PEOPLE, by)
        rows = OfficerRow.objects.all()
        rows = rows.filter(organisation=organisation) if organisation else rows
        rows = rows.filter(role=role) if role else rows
        return self._lines(list(rows.order_by("organisation", "name").values_list("reference", flat=True)))

    def person(self, staff_id: str, *, by: Officer, at: datetime) -> PersonView:
        """Return one officer with what waits and what happened."""
        must_be_allowed(Operation.READ_PEOPLE, by)
        lines = self._lines([staff_id])
        if not lines:
            raise Mistaken("the person was not found", why="nobody of that identifier is enrolled", next_step="look up")
        waits = Proposal.objects.filter(about=staff_id, outcome=Outcome.WAITING.value)
        key = f"{OfficerRecord.table}:{staff_id}"
        entries = self.log.case_entries(CaseKey.objects.get(reference=key).kid)
        return PersonView(
            line=lines[0],
            waiting=tuple(self._waiting(row.reference, by, at) for row in waits.order_by("proposed_at")),
            happened=tuple(
                Happened(
                    index=one.index,
                    at=one.entry.at,
                    kind=one.entry.kind,
                    role=one.entry.role.value if one.entry.role else "",
                    outcome=one.entry.outcome,
                )
                for one in reversed(entries[-LAST_SHOWN:])
            ),
        )

    def waiting(self, *, by: Officer, at: datetime) -> Sequence[Waiting]:
        """Return what waits for a second person, oldest first."""
        must_be_allowed(Operation.READ_PROPOSALS, by)
        rows = Proposal.objects.filter(outcome=Outcome.WAITING.value).order_by("proposed_at", "reference")
        if by.role is not Role.ADMINISTRATOR:
            rows = rows.filter(change__in=[change.value for change in Change if change.is_about_terms])
        return tuple(self._waiting(row.reference, by, at) for row in rows)

    def propose(self, change: Change, about: str, content: Mapping[str, str], *, by: Officer, at: datetime) -> Handed:
        """Put a change forward; for new credentials, return the first half of the set-up code."""
        must_be_allowed(Operation.PROPOSE, by)
        with self.store.unit() as unit:
            self.confirming.must_be_possible(unit, change, about, content, at)
            record = propose(unit, secrets.token_hex(16), change, about, content, by=by, at=at)
            half = _half() if change in (Change.ENROL, Change.RESET) else ""
            if half:
                SetUp.objects.create(
                    proposal=record.reference, staff_id=about, first_sha256=_digest(half), ends_at=at + GOOD_FOR
                )
        return Handed(about=about, change=change, reference=record.reference, half=half, is_first=True)

    def confirm(self, reference: str, *, by: Officer, at: datetime) -> Handed:
        """Confirm what somebody else put forward, do it, and return what is to be handed over."""
        with self.store.unit() as unit:
            change = Change(proposal(unit, reference).change)
            must_be_allowed(Operation.CONFIRM_PUBLICATION if change.is_about_terms else Operation.CONFIRM, by)
            record = confirm(unit, reference, by=by, at=at)
            proposer = self._officer(record.proposed_by)
            done = self.confirming.do(unit, record, content_of(record), by=by, proposer=proposer, at=at)
            half = self._second_half(reference, at) if change in (Change.ENROL, Change.RESET) else ""
        gone_on = None
        if change is Change.RESUMPTION:
            # In transactions of their own: the suspension is over even where a case does not move.
            moved = move_held_cases(self.store, self.confirming.agreements, at, most=MOVED_AT_ONCE)
            gone_on = GoneOn(moved=moved.moved, waiting=moved.left + len(moved.stuck))
        return Handed(
            about=record.about,
            change=change,
            reference=reference,
            half=half,
            program=done.program,
            secret=done.secret,
            gone_on=gone_on,
        )

    def withdraw(self, reference: str, *, by: Officer, at: datetime) -> None:
        """Take a proposal back, or say no to it."""
        with self.store.unit() as unit:
            change = Change(proposal(unit, reference).change)
            is_publication = change.is_about_terms and by.role is Role.GUARDIAN
            must_be_allowed(Operation.CONFIRM_PUBLICATION if is_publication else Operation.PROPOSE, by)
            withdraw(unit, reference, by=by, at=at)
            SetUp.objects.filter(proposal=reference).delete()

    def close(self, staff_id: str, reason: officers.Reason, *, by: Officer, at: datetime) -> None:
        """Close an account at once."""
        must_be_allowed(Operation.TAKE_AWAY, by)
        with self.store.unit() as unit:
            self.accounts.follow(officers.close(unit, staff_id, reason=reason, by=by, at=at))
            SetUp.objects.filter(staff_id=staff_id).delete()

    def revoke(self, staff_id: str, reason: officers.Reason, *, by: Officer, at: datetime) -> None:
        """Take a role away at once."""
        must_be_allowed(Operation.TAKE_AWAY, by)
        with self.store.unit() as unit:
            self.accounts.follow(officers.revoke(unit, staff_id, reason=reason, by=by, at=at))

    def end_sessions(self, staff_id: str, *, by: Officer, at: datetime) -> None:
        """End every session of somebody at once. Anybody may end their own."""
        if by.staff_id != staff_id:
            must_be_allowed(Operation.TAKE_AWAY, by)
        with self.store.unit() as unit:
            self.accounts.follow(officers.end_sessions(unit, staff_id, by=by, at=at))

    def sign_out_elsewhere(self, staff_id: str, *, at: datetime) -> None:
        """End every session of somebody who signed out at the organisation's own sign-on, which said so."""
        with self.store.unit() as unit:
            self.accounts.follow(officers.end_sessions(unit, staff_id, by=GATEWAY, at=at))

    def found(self, officer: Officer, password: str, *, at: datetime) -> None:
        """Enrol one of the first two administrators, at the machine itself, before two people could confirm anything.

        Raises: Mistaken: there are two already, or another role is asked for.
        """
        there = OfficerRow.objects.filter(role=Role.ADMINISTRATOR.value, standing=Standing.OPEN.value).count()
        if there >= NEEDED or officer.role is not Role.ADMINISTRATOR:
            raise Mistaken(
                "nobody was enrolled",
                why="only the first two administrators are enrolled without two people who grant it",
                next_step="put the person forward with `privity role grant`, or name two who sign: `--granted-by A B`",
            )
        with self.store.unit() as unit:
            self.accounts.follow(officers.enrol(unit, officer, rank="", by=GATEWAY, at=at))
            self.accounts.set_password(officer.staff_id, password)

    def factor_enrolled(self, staff_id: str, kind: str, *, at: datetime) -> None:
        """Put on record that somebody enrolled a second factor, or removed one.

        Raises: Mistaken: not enrolled.
        """
        with self.store.unit() as unit:
            officers.factor_enrolled(unit, staff_id, kind, at=at)

    def set_up(self, staff_id: str, first: str, second: str, password: str, *, at: datetime) -> None:
        """Set a password with the two halves of a set-up code, which is used up.

        Raises: Mistaken: the halves are not right or too old, or were tried too often, or the password is too weak.
        """
        name = f"set-up:{staff_id}"
        with self.store.unit():
            row = SetUp.objects.filter(staff_id=staff_id, ends_at__gt=at).exclude(second_sha256="").first()
            known = (row.first_sha256, row.second_sha256) if row else (_digest(_half()), _digest(_half()))
            halves = zip((first, second), known, strict=True)
            # Both are compared, whichever is wrong, so that the time taken says nothing about either.
            fits = sum(hmac.compare_digest(_digest(half), kept) for half, kept in halves) == len(known)
            right = row is not None and fits and not self.throttle.is_shut(name, at)
            if right:
                self.accounts.set_password(staff_id, password)
                SetUp.objects.filter(staff_id=staff_id).delete()
                self.throttle.succeeded(name)
        if not right:
            self.throttle.failed(name, at)
            raise Mistaken(
                "no password was set",
                why="the two parts are not right, are older than seven days, or were tried too often",
                next_step="type both again, each as it was given to you, or ask your administrator for new ones",
            )

    def _second_half(self, reference: str, at: datetime) -> str:
        half = _half()
        row = SetUp.objects.get(proposal=reference)
        SetUp.objects.filter(staff_id=row.staff_id).exclude(proposal=reference).delete()
        SetUp.objects.filter(proposal=reference).update(second_sha256=_digest(half), ends_at=at + GOOD_FOR)
        return half

    def _officer(self, staff_id: str) -> Officer:
        found = read_rows(OfficerRecord, [staff_id], self.store.alias)
        if not found or not isinstance(found[0], OfficerRecord) or found[0].standing != Standing.OPEN.value:
            raise Mistaken(
                "nothing was changed",
                why="whoever put it forward may not act any more",
                next_step="withdraw it, and put it forward again if it is still wanted",
            )
        return officers.officer_of(found[0])

    def _lines(self, references: Sequence[str]) -> list[PersonLine]:
        if not references:
            return []
        words = dict(Organisation.objects.values_list("reference", "words"))
        accounts = {row.staff_id: row for row in Account.objects.filter(staff_id__in=references)}
        keys = set(Passkey.objects.filter(staff_id__in=references).values_list("staff_id", flat=True))
        waits = set(Proposal.objects.filter(outcome=Outcome.WAITING.value).values_list("about", flat=True))
        records = {
            one.reference: one
            for one in read_rows(OfficerRecord, references, "default")
            if isinstance(one, OfficerRecord)
        }
        return [
            PersonLine(
                record=records[reference],
                organisation=words.get(records[reference].organisation, records[reference].organisation),
                has_factor=reference in keys or bool(reference in accounts and accounts[reference].factor),
                signed_in_at=accounts[reference].last_login if reference in accounts else None,
                waiting=reference in waits,
            )
            for reference in references
            if reference in records
        ]

    def _waiting(self, reference: str, by: Officer, at: datetime) -> Waiting:
        (record,) = read_rows(ProposalRecord, [reference], "default")
        assert isinstance(record, ProposalRecord)
        change, proposed_at = Change(record.change), read_moment(record.proposed_at)
        own = by.staff_id == record.proposed_by or (change.is_about_a_person and by.staff_id == record.about)
        theirs = Role.GUARDIAN if change.is_about_terms else Role.ADMINISTRATOR
        names = dict(OfficerRow.objects.filter(reference=record.proposed_by).values_list("reference", "name"))
        return Waiting(
            record=record,
            change=change,
            about=record.about,
            content=content_of(record),
            proposed_by=names.get(record.proposed_by, record.proposed_by),
            proposed_at=proposed_at,
            may_confirm=not own and by.role is theirs and at <= proposed_at + GOOD_FOR,
            too_old=at > proposed_at + GOOD_FOR,
            sets_going=cases_under(record.about, at) if change is Change.RESUMPTION else None,
        )


def _half() -> str:
    text = b32encode(secrets.token_bytes(HALF_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(half: str) -> str:
    plain = "".join(half.split()).replace("-", "").lower()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
