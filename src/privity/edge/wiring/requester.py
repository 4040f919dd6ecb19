"""The requester's desk joined to the store, the agreements and the ledger. Nothing is decided here.

Drafts lie in `drafts`, taking requests in `submissions`, what is said of one before it is sent in `prechecking`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from privity.casework import challenge as challenging
from privity.casework import correspond, dispatch
from privity.casework.approach import AskedFor, Channel, no_agreement, refuse_approach
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.case_file import CaseFile
from privity.casework.certificates import Standings
from privity.casework.confirm_destruction import confirm_destruction
from privity.casework.dispatch import TO_SEND, mark_sent
from privity.casework.own_filter import OwnFilter
from privity.casework.ports import Gateway
from privity.casework.record import canonical
from privity.casework.requester_desk import (
    Acknowledgement,
    ChangedMeanwhile,
    CheckedFile,
    CheckedRow,
    Draft,
    DraftKind,
    DraftState,
    OwnCase,
    OwnChanges,
    OwnPage,
    Precheck,
    TakenFile,
)
from privity.casework.send_again import fields_again
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.store.case_rows import History, SealedBytes
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.log import Log
from privity.edge.store.told import prove_outside
from privity.edge.store.unit_of_work import Store, Unit, read_cases
from privity.edge.wiring.drafts import DraftBook, rank_of
from privity.edge.wiring.own_case import own_case, routes
from privity.edge.wiring.own_changes import changed_since
from privity.edge.wiring.own_list import PAGE, own_line, own_page
from privity.edge.wiring.prechecking import checked, rank_suffices
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.submissions import Submissions
from privity.edge.wiring.taking_back import must_still_be_fit
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import write_proof
from privity.request.form import RequestForm
from privity.request.intake import read_csv, read_fields


@dataclass(slots=True, kw_only=True)
class InstanceRequesterDesk:
    """Everything a requester can be shown and do."""

    store: Store
    log: Log
    agreements: PublishedAgreements
    gateway: Gateway
    standings: Standings
    submissions: Submissions
    book: DraftBook = field(default_factory=DraftBook)

    def form(self, *, by: Officer) -> RequestForm:
        """Return the form of the agreement this person's organisation asks under.

        Raises: Mistaken: the organisation asks under none.
        """
        must_be_allowed(Operation.CHECK, by)
        family = Organisation.objects.filter(reference=by.organisation).values_list("family", flat=True).first()
        return self.agreements.form(AgreementFamily(family or ""))

    def _form_to_send(self, by: Officer, at: datetime) -> RequestForm:
        """Return the form a request is sent under; a body without an agreement is refused, on record and counted.

        Raises: Mistaken: no agreement with this person's organisation is published.
        """
        must_be_allowed(Operation.SUBMIT, by)
        try:
            return self.form(by=by)
        except Mistaken:
            words = Organisation.objects.filter(reference=by.organisation).values_list("words", flat=True).first()
            with self.store.unit() as unit:
                refuse_approach(
                    unit,
                    body=words or by.organisation,
                    asked_for=AskedFor.DETAILS,
                    channel=Channel.GATEWAY,
                    by=by,
                    at=at,
                )
            raise no_agreement() from None

    def listing(self, *, page: int, by: Officer, at: datetime, asked: OwnFilter | None = None) -> OwnPage:
        """Return the organisation's requests that fit what was asked for, newest first; all where nothing was."""
        must_be_allowed(Operation.LIST_OWN, by)
        return own_page(asked or OwnFilter(), page, by.organisation, self.store.alias)

    def changes(self, since: int, *, by: Officer) -> OwnChanges:
        """Return what changed for the organisation after an entry, by the number told of it, a page of it."""
        must_be_allowed(Operation.LIST_OWN, by)
        numbers = self.store.numbers
        # A number that stands for no entry is of another time or another gateway: everything is told again.
        place = numbers.place(since) if since >= 0 else -1
        rows, more = changed_since(place if place < self.log.size() else -1, by.organisation, most=PAGE)
        files = read_cases([reference for reference, _ in rows], self.store.alias)
        return OwnChanges(
            lines=tuple((numbers.number(entry), own_line(files[reference])) for reference, entry in rows),
            upto=numbers.number(rows[-1][1]) if rows else since,
            more=more,
        )

    def own(self, reference: CaseReference, *, by: Officer, at: datetime) -> OwnCase:
        """Return one request of the organisation.

        Raises: Mistaken: there is none of that reference.
        """
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_OWN, by, file)
        return own_case(file, by=by, today=civil_day(at), agreements=self.agreements)

    def precheck(self, fields: Mapping[str, str], *, by: Officer, at: datetime) -> Precheck:
        """Return what would be found on a request."""
        must_be_allowed(Operation.CHECK, by)
        form = self.form(by=by)
        reading = read_fields(fields, form, by.organisation)
        if reading.errors:
            return Precheck(errors=reading.errors)
        return checked(self.agreements, form, reading.rows[0].request, at)

    def precheck_file(self, content: bytes, *, by: Officer, at: datetime) -> CheckedFile:
        """Return the errors of a file, or what would be found on each of its rows; never both."""
        must_be_allowed(Operation.CHECK, by)
        form = self.form(by=by)
        reading = read_csv(content, form, by.organisation)
        return reading.errors, [
            CheckedRow(
                row=row.row,
                requester_reference=row.request.requester_reference,
                found=checked(self.agreements, form, row.request, at),
            )
            for row in reading.rows
        ]

    def submit(self, fields: Mapping[str, str], *, by: Officer, at: datetime, key: str) -> tuple[Acknowledgement, bool]:
        """Send one request under an idempotency key; it is acknowledged unread. Returns whether it is new.

        Raises: KeyUsed: the key was used for another one.
        """
        return self.submissions.submit(fields, self._form_to_send(by, at), by=by, at=at, key=key)

    def submit_file(self, content: bytes, *, by: Officer, at: datetime, key: str) -> TakenFile:
        """Send a file of requests under an idempotency key; returns whether it is new.

        Raises: RequestUnreadable: the file is wrong in form. KeyUsed: the key was used for another one.
        """
        return self.submissions.submit_file(content, self._form_to_send(by, at), by=by, at=at, key=key)

    def drafts(self, *, by: Officer) -> Sequence[Draft]:
        """Return this person's drafts, and colleagues' that wait for a countersignature."""
        must_be_allowed(Operation.SUBMIT, by)
        return self.book.of(by)

    def draft(self, name: str, *, by: Officer) -> Draft:
        """Return one draft of this person's, or one that waits for a countersignature.

        Raises: Mistaken: there is none.
        """
        must_be_allowed(Operation.SUBMIT, by)
        return self.book.read(name, by)

    def begin(self, *, kind: DraftKind, content: str, by: Officer, at: datetime) -> Draft:
        """Begin a draft."""
        must_be_allowed(Operation.SUBMIT, by)
        return self.book.begin(kind, content, by, at)

    def begin_again(self, reference: CaseReference, *, by: Officer, at: datetime) -> Draft:
        """Begin a draft that says what a request said which was sent back.

        Raises: Mistaken: there is none of that reference, or it was not sent back.
        """
        must_be_allowed(Operation.SUBMIT, by)
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_OWN, by, file)
        return self.book.begin(DraftKind.REQUEST, canonical(dict(fields_again(file))), by, at)

    def change(self, name: str, fields: Mapping[str, str], *, revision: int, by: Officer, at: datetime) -> Draft:
        """Change fields of a draft.

        Raises: Mistaken: it was changed or sent meanwhile.
        """
        must_be_allowed(Operation.SUBMIT, by)
        return self.book.change(name, fields, revision, by, at)

    def discard(self, name: str, *, by: Officer) -> None:
        """Throw a draft away."""
        must_be_allowed(Operation.SUBMIT, by)
        self.book.discard(name, by)

    def clear_drafts(self, at: datetime) -> int:
        """Throw away the drafts nobody has touched for a month, and return how many; `privity watch` does it daily."""
        return self.book.clear(at)

    def ask_countersignature(self, name: str, *, by: Officer, at: datetime) -> None:
        """Put a draft before colleagues of sufficient rank."""
        must_be_allowed(Operation.SUBMIT, by)
        self.book.put_before_colleagues(name, by, at)

    def countersign(self, name: str, *, revision: int, by: Officer, at: datetime) -> Acknowledgement:
        """Countersign a colleague's draft, as it was read, and send it.

        Raises: Mistaken: it is one's own, or the rank does not suffice.
        """
        must_be_allowed(Operation.COUNTERSIGN, by)
        draft = self.book.read(name, by)
        if draft.written_by == by.staff_id or draft.state is not DraftState.TO_COUNTERSIGN:
            raise Mistaken(
                "the request was not countersigned",
                why="nobody countersigns their own, and this one does not wait for it",
                next_step="ask a colleague of sufficient rank",
            )
        rank = rank_of(by)
        fields = {**draft.fields, "countersigned_by": by.name, "countersigned_rank": rank}
        form = self.form(by=by)
        if not rank_suffices(self.agreements, form, fields, by.organisation, at):
            raise Mistaken(
                "the request was not countersigned",
                why="your account shows no rank that the agreement accepts for it",
                next_step="leave it to a colleague of higher rank, or ask your administrator to record yours",
            )
        return self._sent(draft, fields, revision, form, by, at)

    def send(self, name: str, *, revision: int, by: Officer, at: datetime) -> Sequence[CaseReference]:
        """Send a draft: one request, or every row of a file as a case of its own. Twice sends once.

        Raises: RequestUnreadable: a file is wrong in form. Mistaken: it is not this person's, or was changed meanwhile.
        """
        must_be_allowed(Operation.SUBMIT, by)
        draft = self.book.read(name, by)
        if draft.state is DraftState.SENT:
            return [CaseReference(one) for one in draft.became.split() if one]
        if draft.written_by != by.staff_id:
            raise Mistaken("nothing was sent", why="it is a colleague's", next_step="countersign it, or leave it")
        form = self._form_to_send(by, at)
        if draft.kind is DraftKind.FILE:
            references = self.submissions.take_file(draft.content.encode(), form, by=by, at=at)
            self.book.mark_sent(name, draft.revision, "")
            return references
        return [self._sent(draft, draft.fields, revision, form, by, at).reference]

    def _sent(
        self, draft: Draft, fields: Mapping[str, str], revision: int, form: RequestForm, by: Officer, at: datetime
    ) -> Acknowledgement:
        return self.submissions.take_one(
            fields,
            form,
            by=by,
            at=at,
            also=lambda reference: self.book.mark_sent(draft.name, revision, reference),
        )

    def answer(self, reference: CaseReference, *, words: str, tag: str, by: Officer, at: datetime) -> int:
        """Answer the open question; returns the number of its entry."""
        return self._act(
            Operation.ANSWER,
            reference,
            tag,
            by,
            at,
            lambda unit: correspond.answer(unit, self.agreements, reference, words=words, by=by, at=at),
        )

    def withdraw(self, reference: CaseReference, *, tag: str, by: Officer, at: datetime) -> int:
        """Take a request back; returns the number of its entry."""
        return self._act(
            Operation.WITHDRAW,
            reference,
            tag,
            by,
            at,
            lambda unit: correspond.withdraw(unit, reference, by=by, at=at),
        )

    def challenge(self, reference: CaseReference, *, words: str, tag: str, by: Officer, at: datetime) -> int:
        """Challenge a refusal, or write on; returns the number of its entry."""
        return self._act(
            Operation.CHALLENGE,
            reference,
            tag,
            by,
            at,
            lambda unit: challenging.challenge(unit, reference, words=words, by=by, at=at),
        )

    def sealed(self, reference: CaseReference, *, by: Officer, at: datetime) -> tuple[bytes, bytes]:
        """Return the sealed answer and the proof that the ledger tells of it.

        Where no other route is agreed this is how it leaves: the first fetching is on record as the sending.
        Raises: Mistaken: it leaves by another route and has not left yet, or is not given out a second time.
                RefusedOnRecord: there was doubt about it by now, and it was taken back. Unavailable: nobody can say.
        """
        with self.store.unit() as unit:
            file = unit.case(reference)
            must_be_allowed(Operation.COLLECT, by, file)
            must_still_be_fit(unit, replace(self.gateway, agreements=self.agreements), self.standings, file, at)
            if file.outbox is not None and file.outbox.state in TO_SEND:
                if routes(by.organisation):
                    raise Mistaken(
                        "the answer was not fetched",
                        why="it leaves by the route agreed with your organisation",
                        next_step="look there, or come back when it has left",
                    )
                mark_sent(unit, reference, at=at, transport="portal")
        kept = SealedBytes.objects.get(reference=reference)
        index = self.entry_of(reference, EntryKind.PACK_SEALED.value)
        (proof,) = prove_outside(self.log, self.store.signer, [index])
        return bytes(kept.sealed), write_proof(proof)

    def collected(self, reference: CaseReference, *, tag: str, by: Officer, at: datetime) -> int:
        """Record that the requester has the answer; returns the number of its entry."""
        return self._act(
            Operation.COLLECT,
            reference,
            tag,
            by,
            at,
            lambda unit: dispatch.mark_collected(unit, reference, by=by, at=at),
        )

    def destroyed(self, reference: CaseReference, *, on: date, method: str, tag: str, by: Officer, at: datetime) -> int:
        """Record that what was received is destroyed; returns the number of its entry."""
        return self._act(
            Operation.CONFIRM_DESTRUCTION,
            reference,
            tag,
            by,
            at,
            lambda unit: confirm_destruction(unit, reference, destroyed_on=on, method=method, by=by, at=at),
        )

    def entry_of(self, reference: CaseReference, kind: str = "") -> int:
        """Return the ledger's index of the newest act on a case, or of the newest of one kind."""
        lines = History.objects.filter(reference=reference)
        newest = (
            (lines.filter(kind=kind) if kind else lines).order_by("-number").values_list("entry", flat=True).first()
        )
        return int(newest or 0)

    def _act(
        self,
        operation: Operation,
        reference: CaseReference,
        tag: str,
        by: Officer,
        at: datetime,
        act: Callable[[Unit], CaseFile],
    ) -> int:
        with self.store.unit() as unit:
            file = unit.case(reference)
            must_be_allowed(operation, by, file)
            shown = own_case(file, by=by, today=civil_day(at), agreements=self.agreements)
            if tag and tag != shown.tag:
                raise ChangedMeanwhile
            number = len(act(unit).history)
        row = History.objects.get(reference=reference, number=number)
        return self.store.numbers.number(int(row.entry))
