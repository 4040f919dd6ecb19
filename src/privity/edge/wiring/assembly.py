"""Joining an instance: the acts to the store, the register, the seal and the pages. Loaded after Django is up."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from privity.casework.ports import Gateway
from privity.edge.seals.note_keys import NoteKeyRefused, NoteSigningKey, read_signing_key
from privity.edge.settings.places import DataDirectory, text_of_secret
from privity.edge.settings.shelf import default_shelf
from privity.edge.store.log import Log
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.acknowledging import Restorer
from privity.edge.wiring.auditing import InstanceAuditor
from privity.edge.wiring.backing_up import BackupKeeper
from privity.edge.wiring.calendars import CalendarBook
from privity.edge.wiring.confirming import Confirming
from privity.edge.wiring.custody import custody_desks
from privity.edge.wiring.desk import InstanceDesk
from privity.edge.wiring.destroying import Shredder
from privity.edge.wiring.done_again import DoneAgain
from privity.edge.wiring.enrolments import Enrolments
from privity.edge.wiring.hearing import Ear
from privity.edge.wiring.instance import Instance, is_demonstration
from privity.edge.wiring.keeper import InstanceKeeper
from privity.edge.wiring.key_rotation import signing_beside
from privity.edge.wiring.languages import Languages
from privity.edge.wiring.lettering import LetterBook
from privity.edge.wiring.notifying import Notifier
from privity.edge.wiring.outbox import OutboxSender
from privity.edge.wiring.pds_confirmed import register_of
from privity.edge.wiring.programs import ProgramBook
from privity.edge.wiring.public_ledger import PublicLedger
from privity.edge.wiring.public_protection import kept_registrations
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.publishing import Publisher
from privity.edge.wiring.reading import SubmissionReader
from privity.edge.wiring.readings import InstanceReadings
from privity.edge.wiring.registers import GuardedRegister
from privity.edge.wiring.registrar import InstanceRegistrar
from privity.edge.wiring.requester import InstanceRequesterDesk
from privity.edge.wiring.sealing import CertificateSealer
from privity.edge.wiring.second_factor import SecondFactor
from privity.edge.wiring.secrecy import Cipher
from privity.edge.wiring.shelf import Shelf
from privity.edge.wiring.standing import CertificateStandings
from privity.edge.wiring.submissions import Submissions
from privity.edge.wiring.symptoms import Doctor
from privity.edge.wiring.throttle import Throttle
from privity.edge.wiring.watch_desk import InstanceWatchDesk
from privity.edge.wiring.watching import Watcher
from privity.errors import Unavailable


def blind_key(secret: str) -> bytes:
    """Return the key that blinds what is only remembered, made from the instance's secret and for nothing else."""
    return hmac.new(secret.encode(), b"privity/watch-memory/1", sha256).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything else of an instance stands on: its key, its store, what it may disclose by, and how it seals."""

    data: DataDirectory
    key: NoteSigningKey
    log: Log
    store: Store
    agreements: PublishedAgreements
    register: GuardedRegister
    sealer: CertificateSealer
    enrolments: Enrolments
    standings: CertificateStandings
    throttle: Throttle

    @property
    def gateway(self) -> Gateway:
        """Return what acts are given besides the transaction."""
        return Gateway(agreements=self.agreements, register=self.register, sealer=self.sealer)


def assemble(data: DataDirectory) -> Instance:
    """Return the instance of a data directory.

    Raises: Unavailable: the ledger's key cannot be read.
    """
    ground = _ground(data)
    store, log, key, agreements = ground.store, ground.log, ground.key, ground.agreements
    accounts, programs, shelf = _accounts(ground), ProgramBook(ground.throttle), Shelf(default_shelf())
    confirming = Confirming(accounts=accounts, programs=programs, agreements=agreements, shelf=shelf)
    desk, languages = _desk(ground), Languages(store=store, data=data)
    backups = BackupKeeper(data=data, store=store, log=log, signer=key, agreements=agreements)
    again = DoneAgain(accounts=accounts, programs=programs)
    restorer = Restorer(data=data, store=store, log=log, signer=key, again=again)
    submissions = Submissions(store=store, agreements=agreements)
    reader = SubmissionReader(store=store, agreements=agreements, taken=submissions.taken)
    outbox = OutboxSender(
        store=store,
        log=log,
        agreements=agreements,
        gateway=ground.gateway,
        standings=ground.standings,
        spool=data.spool,
    )
    return Instance(
        data=data,
        store=store,
        log=log,
        note_signer=key,
        agreements=agreements,
        register=ground.register,
        gateway=ground.gateway,
        outbox=outbox,
        ear=Ear(store),
        sealer=ground.sealer,
        shredder=Shredder(store=store, log=log, signer=key, spool=data.spool, agreements=agreements),
        watcher=Watcher(store, agreements),
        publisher=Publisher(log=log, signer=key, data=data),
        enrolments=ground.enrolments,
        doctor=Doctor(
            data=data,
            sealer=ground.sealer,
            enrolments=ground.enrolments,
            reader=reader,
            outbox=outbox,
            backups=backups,
            restorer=restorer,
        ),
        backups=backups,
        restorer=restorer,
        accounts=accounts,
        keeper=InstanceKeeper(store=store, log=log, accounts=accounts, confirming=confirming, throttle=ground.throttle),
        registrar=InstanceRegistrar(
            store=store, enrolments=ground.enrolments, book=programs, agreements=agreements, on_shelf=shelf
        ),
        auditor=InstanceAuditor(log=log, key=key),
        readings=InstanceReadings(store=store, log=log, signer=key),
        desk=desk,
        custody=custody_desks(desk),
        programs=programs,
        watch_desk=InstanceWatchDesk(store=store, register=ground.register),
        calendars=CalendarBook(store=store, agreements=agreements),
        notifier=Notifier(store, languages),
        letters=LetterBook(store=store, agreements=agreements, languages=languages),
        languages=languages,
        requester_desk=_requester_desk(ground, submissions),
        reader=reader,
    )


def _ground(data: DataDirectory) -> Ground:
    key = _signing_key(data)
    log = Log(beside=signing_beside(data), cadence=PublicLedger(data).cadence)
    store = Store(log=log, signer=key, blind_key=blind_key(data.secret_key()))
    return Ground(
        data=data,
        key=key,
        log=log,
        store=store,
        agreements=PublishedAgreements(calendars=default_shelf() / "calendars"),
        register=register_of(data, kept_registrations),
        sealer=CertificateSealer(
            custodian_folder=data.custodian,
            authorities_folder=data.custodian / "authorities",
            tongue=Languages(store=store, data=data).of_mail,
        ),
        enrolments=Enrolments(data.custodian),
        standings=CertificateStandings(custodian_folder=data.custodian),
        throttle=Throttle(),
    )


def _signing_key(data: DataDirectory) -> NoteSigningKey:
    try:
        return read_signing_key(text_of_secret(data.ledger_key))
    except NoteKeyRefused as wrong:
        raise Unavailable(
            "the instance was not opened",
            why="its `ledger-key` is not the key of a ledger",
            next_step="put `ledger-key` back from a backup, and let only its owner read it",
        ) from wrong


def _accounts(ground: Ground) -> AccountBook:
    return AccountBook(
        factors=SecondFactor(cipher=Cipher(ground.data.secret_key()), throttle=ground.throttle),
        is_demonstration=lambda: is_demonstration(ground.log),
    )


def _desk(ground: Ground) -> InstanceDesk:
    return InstanceDesk(
        store=ground.store,
        log=ground.log,
        key=ground.key,
        public_ledger=PublicLedger(ground.data),
        agreements=ground.agreements,
        register=ground.register,
        gateway=ground.gateway,
    )


def _requester_desk(ground: Ground, submissions: Submissions) -> InstanceRequesterDesk:
    return InstanceRequesterDesk(
        store=ground.store,
        log=ground.log,
        agreements=ground.agreements,
        gateway=ground.gateway,
        standings=ground.standings,
        submissions=submissions,
    )
