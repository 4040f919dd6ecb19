"""What can be wrong with an instance before anybody notices, and what to do about each.

Rules of the module:
- Looking changes nothing, and one thing that cannot be looked at does not keep the others from being.
- A finding names files, organisations and digests; never a case's content.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connections

from privity.casework.certificates import STATEMENTS
from privity.casework.record import read_moment
from privity.casework.take_back import Doubt
from privity.definitions.party import OrganisationId
from privity.edge.seals.answer_pdf import can_make_pdf
from privity.edge.seals.certificates import Notice, ReleaseParked, notice
from privity.edge.seals.key_files import CERTIFICATE_FILE, read_certificate, read_revocations
from privity.edge.settings.calendars import calendars_end
from privity.edge.settings.places import DataDirectory
from privity.edge.settings.shelf import default_shelf
from privity.edge.store.custody_rows import RegisterTaken
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.ledger_rows import LogCheckpoint
from privity.edge.store.standstill import NEXT, StandsStill, must_go_on
from privity.edge.wiring.acknowledging import Restorer
from privity.edge.wiring.backing_up import BackupKeeper
from privity.edge.wiring.enrolments import Enrolments
from privity.edge.wiring.findings import Gravity, Symptom
from privity.edge.wiring.outbox import OutboxSender
from privity.edge.wiring.public_ledger import PublicLedger
from privity.edge.wiring.reading import LONGEST_WAIT, SubmissionReader
from privity.edge.wiring.sealing import PDF_WANTED, REVOCATIONS, CertificateSealer, enrolled_certificate, is_in_use
from privity.errors import PrivityError

LEAST_FREE_BYTES = 500_000_000
CLOCK_TOLERANCE = timedelta(minutes=5)
CALENDAR_AHEAD = timedelta(days=180)
OLDEST_BACKUP = timedelta(hours=50)
"""A nightly backup that failed once is noticed the day after."""
FORBIDDEN_BITS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Looks at one instance."""

    data: DataDirectory
    sealer: CertificateSealer
    enrolments: Enrolments
    reader: SubmissionReader
    outbox: OutboxSender
    backups: BackupKeeper
    restorer: Restorer

    def look(self, now: datetime) -> list[Symptom]:
        """Return everything that was looked at, well or not."""
        looks: list[tuple[str, Callable[[datetime], Iterator[Symptom]]]] = [
            ("clock", self._clock),
            ("disk", self._disk),
            ("database", self._database),
            ("keys", self._keys),
            ("custodian certificate", self._custodian),
            ("certificates", self._certificates),
            ("revocation lists", self._revocations),
            ("bank holidays", self._calendar),
            ("PDF", self._pdf),
            ("public ledger", self._public_ledger),
            ("requests received", self._unread),
            ("outbox", self._held_back),
            ("restore", self._restore),
            ("backups", self._backups),
        ]
        found: list[Symptom] = []
        for what, look in looks:
            try:
                found.extend(look(now))
            except (PrivityError, OSError) as trouble:
                why = trouble.why if isinstance(trouble, PrivityError) else (trouble.strerror or "refused").lower()
                do = trouble.next_step if isinstance(trouble, PrivityError) else "put the data directory in order"
                found.append(Symptom(what=what, gravity=Gravity.ACT, found=why, do=do))
        return found

    def _unread(self, now: datetime) -> Iterator[Symptom]:
        since = self.reader.oldest()
        if since is not None and now - since > LONGEST_WAIT:
            told = f"{len(self.reader.waiting())} wait to be read, the oldest since {since:%Y-%m-%d %H:%M} UTC"
            do = "run `privity watch --once`, and look in the log of `privity serve` for why they are left"
            yield Symptom(what="requests received", gravity=Gravity.ACT, found=told, do=do)
        else:
            yield Symptom(what="requests received", gravity=Gravity.WELL, found="every one is read")

    def _held_back(self, now: datetime) -> Iterator[Symptom]:
        held = self.outbox.held_back(at=now)
        for doubt, count in sorted(held.items()):
            told = f"{count} sealed and not given out: {doubt.why}"
            yield Symptom(what="outbox", gravity=Gravity.ACT, found=told, do=_WHAT_TO_DO[doubt])
        if not held:
            yield Symptom(what="outbox", gravity=Gravity.WELL, found="nothing that is sealed is held back")

    def _restore(self, _now: datetime) -> Iterator[Symptom]:
        what, waits = "restore", self.restorer.waiting()
        if waits is not None:
            told = f"a backup of {waits.made_at[:10]} was restored and nobody has acknowledged it: nothing is written"
            yield Symptom(what=what, gravity=Gravity.ACT, found=told, do=NEXT)
        try:
            must_go_on("nothing is written")
        except StandsStill as still:
            if waits is None:
                yield Symptom(what=what, gravity=Gravity.ACT, found=still.why, do=still.next_step)
        shut = self.restorer.shut() if waits is None else []
        if shut:
            told = f"cases held shut, for they may have been destroyed since the backup: {len(shut)}"
            do = "`privity restore shut` lists them; two people destroy or reopen each"
            yield Symptom(what=what, gravity=Gravity.ACT, found=told, do=do)
        done = next(iter(self.restorer.done()), None)
        taken = RegisterTaken.objects.order_by("-at").values_list("at", flat=True).first() or ""
        if waits is None and done is not None and taken < done.acknowledged_at:
            told = f"the register is still the one of the backup put back on {done.restored_at[:10]}, with its flags"
            yield Symptom(
                what=what, gravity=Gravity.ACT, found=told, do="take the newest in: `privity register import`"
            )

    def _backups(self, now: datetime) -> Iterator[Symptom]:
        what, made, overdue = "backups", self.backups.all(), self.backups.overdue(now)
        if not made:
            do = "`privity backup OUT --keys KEYS`, by a timer"
            yield Symptom(what=what, gravity=Gravity.PLAN, found="none has been made yet", do=do)
            return
        age = now - read_moment(made[0].made_at)
        told = f"the newest is {_age(age)} old, with {made[0].size:,} entries"
        if age > OLDEST_BACKUP:
            yield Symptom(what=what, gravity=Gravity.ACT, found=told, do="make one now, and look at the timer")
        else:
            yield Symptom(what=what, gravity=Gravity.WELL, found=told)
        if overdue:
            told = f"{len(overdue)} should be gone by now, the oldest since {overdue[-1].expires}"
            do = "destroy every copy of them and say so: `privity backups gone DIGEST`"
            yield Symptom(what=what, gravity=Gravity.ACT, found=told, do=do)

    def _clock(self, now: datetime) -> Iterator[Symptom]:
        newest = LogCheckpoint.objects.order_by("-id").values_list("signed_at", flat=True).first()
        if newest is not None and newest > now + CLOCK_TOLERANCE:
            told = f"it is {now:%Y-%m-%d %H:%M} UTC here, and the ledger's last entry is of {newest:%Y-%m-%d %H:%M}"
            yield Symptom(what="clock", gravity=Gravity.ACT, found=told, do="set the clock right; acts are refused")
        else:
            told = f"{now:%Y-%m-%d %H:%M} UTC, not behind the ledger"
            yield Symptom(what="clock", gravity=Gravity.WELL, found=told)

    def _disk(self, _now: datetime) -> Iterator[Symptom]:
        free = shutil.disk_usage(self.data.root).free
        told = f"{free / 1e9:.1f} GB free"
        if free < LEAST_FREE_BYTES:
            yield Symptom(what="disk", gravity=Gravity.ACT, found=told, do="make room: acts that cannot be logged fail")
        else:
            yield Symptom(what="disk", gravity=Gravity.WELL, found=told)

    def _database(self, _now: datetime) -> Iterator[Symptom]:
        connection = connections["default"]
        if connection.vendor != "sqlite":
            yield Symptom(what="database", gravity=Gravity.WELL, found=connection.vendor)
            return
        wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
        with connection.cursor() as cursor:
            for name, value in wanted.items():
                cursor.execute(f"PRAGMA {name}")
                (got,) = cursor.fetchone()
                if got != value:
                    told = f"`{name}` is `{got}` and not `{value}`"
                    yield Symptom(
                        what="database", gravity=Gravity.ACT, found=told, do="stop, and report this: it is not durable"
                    )
                    return
        yield Symptom(what="database", gravity=Gravity.WELL, found="durable, and overwrites what it deletes")

    def _keys(self, _now: datetime) -> Iterator[Symptom]:
        secrets = [self.data.ledger_key, self.data.root / "secret-key", self.data.custodian / "key.pem"]
        # Who is sought and who is signed in stands in the database, and everybody in the register.
        closed = [*secrets, *sorted(self.data.root.glob("*.sqlite*"))]
        open_to_others = [path.name for path in closed if path.exists() and _is_open(path)]
        missing = [path.name for path in secrets[:2] if not path.exists()]
        if open_to_others or missing:
            told = ", ".join([*(f"`{name}` can be read by others" for name in open_to_others), *missing])
            yield Symptom(
                what="keys", gravity=Gravity.ACT, found=told, do="`chmod 600` them; think of them as seen by others"
            )
        else:
            yield Symptom(what="keys", gravity=Gravity.WELL, found="only their owner can read them")

    def _custodian(self, now: datetime) -> Iterator[Symptom]:
        path = self.data.custodian / CERTIFICATE_FILE
        if not path.exists():
            yield Symptom(
                what="custodian certificate",
                gravity=Gravity.PLAN,
                found="there is none, so nothing can be sealed",
                do="put `certificate.pem` and `key.pem` into the custodian's folder",
            )
            return
        certificate = read_certificate(path)
        near = notice(certificate, now)
        told = f"good until {certificate.not_valid_after_utc:%Y-%m-%d}"
        yield Symptom(
            what="custodian certificate",
            gravity=_gravity(near),
            found=told,
            do="" if near is None else "have the next one issued and installed",
        )

    def _certificates(self, now: datetime) -> Iterator[Symptom]:
        names = Organisation.objects.order_by("reference").values_list("reference", "family")
        for name, family in names:
            organisation = OrganisationId(name)
            records = self.enrolments.enrolled(name)
            if not family and not records:
                continue  # party to no agreement, such as a practice: nothing is ever sealed to it
            what = f"certificate of {name}"
            waiting = sum(not one.approved_by and not one.revoked_at for one in records)
            if waiting:
                told = f"waiting for a second person: {waiting}"
                yield Symptom(what=what, gravity=Gravity.PLAN, found=told, do="`privity certificate approve`")
            in_use = [one for one in records if is_in_use(one)]
            ends = [(notice(enrolled_certificate(organisation, one), now), one.not_after[:10]) for one in in_use]
            try:
                self.sealer.fitness(organisation, in_use, now)
            except ReleaseParked as parked:
                yield Symptom(what=what, gravity=Gravity.ACT, found=parked.why, do=parked.next_step)
                continue
            newest_notice, newest_end = max(ends, key=lambda end: end[1])
            do = "" if newest_notice is None else "ask for the new one; both are used while both hold"
            yield Symptom(what=what, gravity=_gravity(newest_notice), found=f"good until {newest_end}", do=do)
            yield from self._signers(what, records_named=organisation, now=now)

    def _signers(self, what: str, *, records_named: OrganisationId, now: datetime) -> Iterator[Symptom]:
        for one in self.enrolments.enrolled(records_named):
            if one.profile == STATEMENTS and one.approved_by and not one.revoked_at:
                near = notice(enrolled_certificate(records_named, one), now)
                if near is not None:
                    told = f"the one that signs confirmations ends {one.not_after[:10]}"
                    yield Symptom(what=what, gravity=Gravity.PLAN, found=told, do="ask for the new one")

    def _revocations(self, now: datetime) -> Iterator[Symptom]:
        files = sorted((self.data.custodian / REVOCATIONS).glob("*"))
        if not files:
            yield Symptom(
                what="revocation lists",
                gravity=Gravity.PLAN,
                found="none is loaded: a revoked certificate is noticed only when somebody says so",
                do="`privity certificate load-revocations`, by a timer",
            )
        for path in files:
            ends = read_revocations(path).next_update_utc
            if ends is None or ends < now:
                told = "one is out of date: releases to its authority's certificates park"
                yield Symptom(what="revocation lists", gravity=Gravity.ACT, found=told, do="load the current list")
            elif ends < now + timedelta(days=2):
                told = f"one ends {ends:%Y-%m-%d}"
                yield Symptom(what="revocation lists", gravity=Gravity.PLAN, found=told, do="load the next list")
            else:
                yield Symptom(what="revocation lists", gravity=Gravity.WELL, found=f"good until {ends:%Y-%m-%d}")

    def _calendar(self, now: datetime) -> Iterator[Symptom]:
        ends = calendars_end(default_shelf() / "calendars")
        left = ends - now.date()
        told = f"known until {ends.isoformat()}"
        if left < CALENDAR_AHEAD:
            gravity = Gravity.ACT if left < timedelta(days=60) else Gravity.PLAN
            yield Symptom(what="bank holidays", gravity=gravity, found=told, do="load the next list: clocks stop there")
        else:
            yield Symptom(what="bank holidays", gravity=Gravity.WELL, found=told)

    def _pdf(self, _now: datetime) -> Iterator[Symptom]:
        if not (self.data.custodian / PDF_WANTED).exists():
            return
        if can_make_pdf():
            yield Symptom(what="PDF", gravity=Gravity.WELL, found="packs carry the answer as a tagged PDF")
        else:
            yield Symptom(
                what="PDF",
                gravity=Gravity.ACT,
                found="packs are to carry a PDF, and what makes one is not installed: every release parks",
                do="install the extra `pdf` as docs/how-to/start.md says, or remove `custodian/answer-as-pdf`",
            )

    def _public_ledger(self, now: datetime) -> Iterator[Symptom]:
        what, do = "public ledger", "leave `privity watch` running, or run it by a timer"
        public = PublicLedger(self.data)
        published, cadence = public.checkpoint(), public.cadence()
        if published is None or cadence is None:
            yield Symptom(what=what, gravity=Gravity.PLAN, found="nothing has been published yet", do=do)
            return
        size = cadence.public_size(now)
        if published.size < size:
            told = f"{published.size:,} entries are public, and by the clock it should be {size:,}"
            yield Symptom(what=what, gravity=Gravity.ACT, found=told, do=do)
            return
        yield Symptom(what=what, gravity=Gravity.WELL, found=f"{size:,} entries are public, as the clock says")


_ANOTHER = "have another enrolled; `privity outbox run` takes back what has not left, to be released anew"
_WHAT_TO_DO = {
    Doubt.CERTIFICATE_REVOKED: _ANOTHER,
    Doubt.REVOKED_BY_AUTHORITY: f"`privity certificate revoke` it here too, and {_ANOTHER}",
    Doubt.CERTIFICATE_EXPIRED: _ANOTHER,
    Doubt.AGREEMENT_SUSPENDED: "wait until an agreement is in force, or let `privity outbox run` take it back",
    Doubt.AGREEMENT_CHANGED: "let `privity outbox run` take it back, and release it anew",
    Doubt.AGREEMENT_NARROWED: "let `privity outbox run` take it back, and release it anew",
    Doubt.RECORD_CHANGED: "let `privity outbox run` take it back, and take the safety screen anew",
    Doubt.REVOCATIONS_UNKNOWN: "`privity certificate load-revocations` with the current list; it leaves by itself then",
}


def _gravity(near: Notice | None) -> Gravity:
    if near is None:
        return Gravity.WELL
    return Gravity.PLAN if near is Notice.SOON else Gravity.ACT


def _age(age: timedelta) -> str:
    """Return an age as people say it."""
    hours = int(age.total_seconds()) // 3600
    return ("1 hour" if hours == 1 else f"{hours} hours") if hours < 48 else f"{hours // 24} days"


def _is_open(path: Path) -> bool:
    """Return whether others than the owner may read a file."""
    return os.name == "posix" and bool(path.stat().st_mode & FORBIDDEN_BITS)
