"""Taking back a sealed answer that has not left, where what it was sealed on no longer holds.

Between the seal and the sending a certificate can be revoked, here or by its authority, or run out, and an agreement
can be suspended. Then nothing leaves: the case goes back to where its answer is released, and whoever releases it anew
is asked everything once more. The bytes that were sealed first never go anywhere.

Rules of the module:
- What has left cannot be taken back. It is given out again, the same bytes, unless the doubt is of a kind that would
  make giving it out again wrong (`Doubt.binds_what_left`): then it is given to nobody.
- Where nobody can say whether a certificate holds, nothing leaves and nothing is taken back: it waits for the list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from privity.agreement.in_force import Governing, InForce
from privity.casework.case_file import CaseFile
from privity.casework.certificates import STATEMENTS, Standing
from privity.casework.dispatch import TAKEN_BACK, TO_SEND
from privity.casework.instance_records import CertificateRecord
from privity.casework.lifecycle import Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.record import read_moment
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference
from privity.disclosure.pack import Outcome
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind


class Doubt(StrEnum):
    """Why something sealed may not leave now."""

    CERTIFICATE_REVOKED = "certificate-revoked"
    """A certificate of the organisation was revoked here after the seal."""
    REVOKED_BY_AUTHORITY = "revoked-by-authority"
    """A list signed by its authority names a certificate it was sealed to."""
    CERTIFICATE_EXPIRED = "certificate-expired"
    """The certificate it was sealed to has run out since."""
    AGREEMENT_SUSPENDED = "agreement-suspended"
    """Nothing of the agreement it was approved under is in force: it is suspended, withdrawn, or has ended."""
    AGREEMENT_CHANGED = "agreement-changed"
    """The version it was approved under was followed by another."""
    AGREEMENT_NARROWED = "agreement-narrowed"
    """Some requests have been barred under the agreement since it was sealed, perhaps this one."""
    RECORD_CHANGED = "record-changed"
    """Something grave has come up about the record since its safety screen, or the record is not there."""
    REVOCATIONS_UNKNOWN = "revocations-unknown"
    """The list of the authority is out of date, so that nobody can say whether the certificate holds."""

    @property
    def binds_what_left(self) -> bool:
        """Return whether what has left before is not given out again either.

        A certificate that ran out, a version that was followed by another and one that nothing had barred yet held when
        the answer left, and say nothing against the same bytes for the same key; the others do.
        """
        return self not in (Doubt.CERTIFICATE_EXPIRED, Doubt.AGREEMENT_CHANGED, Doubt.AGREEMENT_NARROWED)

    @property
    def ends_the_seal(self) -> bool:
        """Return whether what was sealed so can never leave: no suspension that is lifted makes it good again."""
        return self in (Doubt.CERTIFICATE_REVOKED, Doubt.REVOKED_BY_AUTHORITY, Doubt.CERTIFICATE_EXPIRED)

    @property
    def takes_back(self) -> bool:
        """Return whether it is settled that the seal no longer holds, rather than not known."""
        return self is not Doubt.REVOCATIONS_UNKNOWN

    @property
    def why(self) -> str:
        """Return the doubt in words, as the reason of a refusal."""
        return _WHY[self]


_WHY: Mapping[Doubt, str] = {
    Doubt.CERTIFICATE_REVOKED: "a certificate of the requester has been revoked since it was sealed",
    Doubt.REVOKED_BY_AUTHORITY: "the authority has revoked a certificate that it was sealed to",
    Doubt.CERTIFICATE_EXPIRED: "the certificate that it was sealed to has expired since",
    Doubt.AGREEMENT_SUSPENDED: "no agreement is in force by which it could leave",
    Doubt.AGREEMENT_CHANGED: "the agreement it was approved under has been followed by another version",
    Doubt.AGREEMENT_NARROWED: "some requests have been barred under its agreement since it was sealed",
    Doubt.RECORD_CHANGED: "it was looked at once more before it left, and has to be answered anew",
    Doubt.REVOCATIONS_UNKNOWN: "the revocation list of the certificate's authority is out of date here",
}
_WORDS: Mapping[Doubt, str] = {
    Doubt.CERTIFICATE_REVOKED: (
        "The answer was taken back before it left: a certificate of the requester has been revoked since it was sealed."
    ),
    Doubt.REVOKED_BY_AUTHORITY: (
        "The answer was taken back before it left: the authority has revoked a certificate that it was sealed to."
    ),
    Doubt.CERTIFICATE_EXPIRED: (
        "The answer was taken back before it left: the certificate that it was sealed to has expired since."
    ),
    Doubt.AGREEMENT_SUSPENDED: (
        "The answer was taken back before it left: no agreement is in force by which it could leave."
    ),
    Doubt.AGREEMENT_CHANGED: (
        "The answer was taken back before it left: the agreement has been followed by another version."
    ),
    Doubt.AGREEMENT_NARROWED: (
        "The answer was taken back before it left: some requests have been barred under the agreement since."
    ),
    Doubt.RECORD_CHANGED: (
        "The answer was taken back before it left: what the safety screen looked at has changed gravely since."
    ),
}
"""What the case's history says; only a doubt that takes back is here."""
_BACK_TO: Mapping[str, Status] = {
    Outcome.DISCLOSED.value: Status.IDENTIFIED,
    Outcome.FORWARDED.value: Status.FORWARDED,
    Outcome.NO_TRACE.value: Status.UNIDENTIFIED,
}
Asked = Callable[[CertificateRecord], Standing]
"""Asks what is known of a certificate now."""


class NotGivenOut(Mistaken):
    """Something sealed is not given out, though it is there and theirs: its seal or its agreement no longer holds."""


def doubt_about(
    *,
    sealed_at: str,
    sealed_to: str,
    version: str,
    certificates: Sequence[CertificateRecord],
    governing: Governing,
    standing: Asked,
    left: bool,
) -> Doubt | None:
    """Return why an answer sealed then, under that version, may not be given out now; None where it may.

    Args: sealed_to: the pin of the newest certificate it was sealed to. left: whether it was given out before.
    """
    found = (
        *doubts_about_certificates(
            sealed_at=sealed_at, sealed_to=sealed_to, certificates=certificates, standing=standing
        ),
        *_doubts_about_agreement(version, governing, read_moment(sealed_at)),
    )
    counting = [doubt for doubt in Doubt if doubt in found and (doubt.binds_what_left or not left)]
    return counting[0] if counting else None


def doubts_about_certificates(
    *, sealed_at: str, sealed_to: str, certificates: Sequence[CertificateRecord], standing: Asked
) -> Iterator[Doubt]:
    """Yield what speaks against the certificates something was sealed to.

    During a change-over it is sealed to two: whichever was revoked counts, and the one that ran out does not while the
    newer holds.
    Args: sealed_to: the pin of the newest of them, or nothing where only the moment of the seal is known.
    """
    sealing = [one for one in certificates if one.profile != STATEMENTS]
    if any(one.revoked_at >= sealed_at for one in sealing if one.revoked_at):
        yield Doubt.CERTIFICATE_REVOKED
    used = [one for one in sealing if _may_have_been_used(one, sealed_at)]
    known = {one.sha256: standing(one) for one in used}
    if Standing.REVOKED in known.values():
        yield Doubt.REVOKED_BY_AUTHORITY
    if Standing.UNKNOWN in known.values():
        yield Doubt.REVOCATIONS_UNKNOWN
    newest = [known[sealed_to]] if sealed_to in known else list(known.values())
    if newest and all(one is Standing.EXPIRED for one in newest):
        yield Doubt.CERTIFICATE_EXPIRED


def _may_have_been_used(one: CertificateRecord, sealed_at: str) -> bool:
    """Return whether a certificate that is in use now may have been sealed to then: it had not run out."""
    return bool(one.approved_by) and not one.revoked_at and one.not_after >= sealed_at


def _doubts_about_agreement(version: str, governing: Governing, sealed_at: datetime) -> Iterator[Doubt]:
    if not isinstance(governing, InForce):
        yield Doubt.AGREEMENT_SUSPENDED
    elif governing.version.reference != version:
        yield Doubt.AGREEMENT_CHANGED
    elif any(sealed_at <= max(one.effective_from, one.known_at) for one in governing.overlays):
        yield Doubt.AGREEMENT_NARROWED


def take_back(unit: UnitOfWork, reference: CaseReference, doubt: Doubt, *, at: datetime) -> CaseFile:
    """Take a sealed answer back out of the outbox and put its case where the answer is released.

    Raises: Mistaken: nothing is sealed, it has left already and cannot be taken back, or the doubt may pass.
    """
    file = unit.case(reference)
    if file.pack is None or file.outbox is None or file.outbox.state not in TO_SEND or file.outbox.sent_at:
        raise Mistaken(
            "the answer was not taken back",
            why="there is none that is sealed and has not left",
            next_step="look at the case again: it may have been sent meanwhile",
        )
    if not doubt.takes_back:
        raise Mistaken(
            "the answer was not taken back",
            why=doubt.why,
            next_step="load the authority's current list; it is sent or taken back by what that says",
        )
    taken = replace(file.outbox, state=TAKEN_BACK)
    return write_act(
        unit,
        file,
        EntryKind.PACK_FAILED,
        at=at,
        by=GATEWAY,
        words=_WORDS[doubt],
        records=(taken, moved(file.state, _BACK_TO[file.pack.answer], on=civil_day(at))),
        facts={"pack_digest": file.pack.sha256, "reason": doubt.value, "attempt": file.outbox.attempts},
    )
