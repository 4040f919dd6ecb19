"""The records that belong to the instance and to no case: who is known, what is published, what the public asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from privity.casework.account_records import OfficerRecord, ProposalRecord
from privity.casework.record import NumberedRecord, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord(Record):
    """A correction or recall that followed a pack. `reference` is its own, `about` the case it is about."""

    table: ClassVar[str] = "notice"
    begins: ClassVar[bool] = True
    about: str
    organisation: str
    kind: str
    pack_sha256: str
    sha256: str
    size: int
    sealed_at: str
    state: str
    attempts: int
    sent_at: str
    collected_at: str
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShreddedRecord(Record):
    """That a case was destroyed here. `reference` is the identifier of the key that is gone. Never changes."""

    table: ClassVar[str] = "shredded"
    begins: ClassVar[bool] = True
    at: str
    organisation: str
    first: str
    second: str
    rows_before: int
    rows_after: int
    backups_expire: str
    backups_expired_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord(Record):
    """An organisation the custodian knows. `reference` is its short name."""

    table: ClassVar[str] = "organisation"
    begins: ClassVar[bool] = True
    words: str
    kind: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecord(NumberedRecord):
    """A requester's enrolled certificate. Approved by a second person before anything is sealed to it."""

    table: ClassVar[str] = "certificate"
    begins: ClassVar[bool] = True
    sha256: str
    pem: str
    not_after: str
    enrolled_by: str
    approved_by: str
    revoked_at: str
    profile: str = "mail"
    """How packs are sealed to it (disclosure.seal_profile), or `statements`: it signs confirmations instead."""
    deliver_to: str = ""
    """Where packs sealed to it go, approved with it: a mail address or a MESH mailbox; empty for the spool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRecord(NumberedRecord):
    """A version, suspension or withdrawal, as this gateway published it. `reference` is the family."""

    table: ClassVar[str] = "publication"
    begins: ClassVar[bool] = True
    at: str
    kind: str
    name: str
    sha256: str
    published_by: str
    seconded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord(Record):
    """A file of requests. `reference` is the digest of sender and bytes: the same file again adds nothing."""

    table: ClassVar[str] = "batch"
    begins: ClassVar[bool] = True
    organisation: str
    family: str
    rows: int
    taken_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsRecord(Record):
    """The figures of a quarter as published. `reference` is the quarter. Never changes."""

    table: ClassVar[str] = "statistics"
    begins: ClassVar[bool] = True
    at: str
    ledger_size: int
    setting: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRecord(NumberedRecord):
    """How a person is protected from a day, as their practice registered it. `reference` is the NHS number.

    Every change is a further record; the newest holds. An empty postcode means no correspondence address.
    """

    table: ClassVar[str] = "protection"
    begins: ClassVar[bool] = True
    at: str
    practice: str
    registered_by: str
    flagged: bool
    place: str
    address_lines: str
    postcode: str
    first: str
    last: str
    reason: str
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectCodeRecord(Record):
    """A code with which a person asks what was disclosed about them. `reference` is the code's digest."""

    table: ClassVar[str] = "subject_code"
    begins: ClassVar[bool] = True
    nhs_number: str
    given_at: str
    given_by: str
    proofing: str
    good_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectQuestionRecord(Record):
    """A person's question whether their data were disclosed, and what became of it. `reference` is the code's digest.

    `delays` lists the guardian's decisions that some disclosures are not told yet, each with its day of review.
    """

    table: ClassVar[str] = "subject_question"
    begins: ClassVar[bool] = True
    nhs_number: str
    asked_at: str
    answer_on: str
    delays: str
    answered_at: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRecord(NumberedRecord):
    """A bank holiday proclaimed after the list was published. `reference` is the calendar.

    Taking it back writes the record whole.
    """

    table: ClassVar[str] = "holiday"
    begins: ClassVar[bool] = True
    day: str
    name: str
    proclaimed_at: str
    proclaimed_by: str
    withdrawn_at: str
    withdrawn_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthWordRecord(NumberedRecord):
    """A word of the custodian's own that no debt may hold. Letting it pass again writes the record whole."""

    table: ClassVar[str] = "health_word"
    begins: ClassVar[bool] = True
    word: str
    added_at: str
    added_by: str
    withdrawn_at: str
    withdrawn_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord(Record):
    """The mailbox at which an organisation is told that something waits. `reference` is its short name.

    Changing or ending it writes the record whole; an empty address means that nobody is told.
    """

    table: ClassVar[str] = "contact"
    begins: ClassVar[bool] = True
    address: str
    since: str
    set_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRecord(NumberedRecord):
    """In which language an organisation is written to from a moment on. `reference` is its short name.

    `words` are the sentences of letters and mails as they were translated at that moment, as canonical JSON: a letter
    of then reads the same for ever, whatever becomes of the translation. Every change is a further record.
    """

    table: ClassVar[str] = "language"
    begins: ClassVar[bool] = True
    language: str
    words: str
    since: str
    set_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRecord(Record):
    """Which closed cases were drawn for the guardian to read, and from what. `reference` is the month. Never changes.

    Whoever has the ledger's root of that size and the references draws the same ones (casework.sampling).
    """

    table: ClassVar[str] = "sample"
    begins: ClassVar[bool] = True
    at: str
    drawn_by: str
    ledger_size: int
    root: str
    population: int
    drawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsShownRecord(Record):
    """That somebody was shown how often the register was read. `reference` is 32 random digits. Never changes.

    `kid` is the key identifier of the one case asked about, or empty where it was every case.
    """

    table: ClassVar[str] = "readings_shown"
    begins: ClassVar[bool] = True
    at: str
    staff_id: str
    kid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTakenRecord(Record):
    """Who took a register in, or put people into it, from which file. `reference` is 32 random digits. Never changes.

    `confirmed_by` lists the two who confirmed what moves further than the limits; empty where it does not.
    """

    table: ClassVar[str] = "register_taken"
    begins: ClassVar[bool] = True
    at: str
    staff_id: str
    confirmed_by: str
    file_sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWishRecord(Record):
    """Where a person who asked wants to be told that there is something to read. `reference` is the code's digest.

    `address` is empty once nobody writes any more. `told` lists the cases of the disclosures that were readable when
    the last mail went out; `mails` counts the mails, `refused` the times the relay would not take the next one.
    """

    table: ClassVar[str] = "subject_wish"
    begins: ClassVar[bool] = True
    address: str
    since: str
    told: str
    mails: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRecord(Record):
    """A backup. `reference` is the digest of its manifest; saying that it is gone writes the record whole.

    `size` is how many entries of the ledger are in it, `expires` the last day on which any copy of it may exist.
    """

    table: ClassVar[str] = "backup"
    begins: ClassVar[bool] = True
    made_at: str
    size: int
    expires: str
    discarded_at: str
    discarded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRecord(Record):
    """That the instance goes on from a backup. `reference` is the digest of the backup's manifest. Never changes.

    `size_known` is the size of the largest checkpoint that anybody showed of the former log; `shut` lists the cases
    that were not opened again, because they may have been destroyed since the backup.
    """

    table: ClassVar[str] = "restore"
    begins: ClassVar[bool] = True
    restored_at: str
    acknowledged_at: str
    first: str
    second: str
    former_log: str
    size_restored: int
    size_known: int
    shut: str


INSTANCE_RECORDS: Sequence[type[Record]] = (
    OrganisationRecord,
    CertificateRecord,
    PublicationRecord,
    BatchRecord,
    NoticeRecord,
    ShreddedRecord,
    StatisticsRecord,
    ProtectionRecord,
    SubjectCodeRecord,
    SubjectQuestionRecord,
    SubjectWishRecord,
    OfficerRecord,
    ProposalRecord,
    HolidayRecord,
    ContactRecord,
    LanguageRecord,
    SampleRecord,
    ReadingsShownRecord,
    BackupRecord,
    RestoreRecord,
    RegisterTakenRecord,
)
"""Every record of the instance."""
