"""Joining an instance: the acts to the store, the register, the seal and the pages. Loaded after Django is up."""

import hmac
from hashlib import sha256

from privity.casework.ports import Gateway
from privity.edge.seals.note_keys import read_signing_key
from privity.edge.settings.places import DataDirectory
from privity.edge.settings.shelf import default_shelf
from privity.edge.store.log import Log
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.auditing import InstanceAuditor
from privity.edge.wiring.calendars import CalendarBook
from privity.edge.wiring.confirming import Confirming
from privity.edge.wiring.custody import custody_desks
from privity.edge.wiring.desk import InstanceDesk
from privity.edge.wiring.destroying import Shredder
from privity.edge.wiring.enrolments import Enrolments
from privity.edge.wiring.hearing import Ear
from privity.edge.wiring.instance import Instance, is_demonstration
from privity.edge.wiring.keeper import InstanceKeeper
from privity.edge.wiring.key_rotation import signing_beside
from privity.edge.wiring.lettering import LetterBook
from privity.edge.wiring.notifying import Notifier
from privity.edge.wiring.outbox import OutboxSender
from privity.edge.wiring.pds_confirmed import register_of
from privity.edge.wiring.programs import ProgramBook
from privity.edge.wiring.public_ledger import PublicLedger
from privity.edge.wiring.public_protection import kept_registrations
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.publishing import Publisher
from privity.edge.wiring.registrar import InstanceRegistrar
from privity.edge.wiring.requester import InstanceRequesterDesk
from privity.edge.wiring.sealing import CertificateSealer
from privity.edge.wiring.second_factor import SecondFactor
from privity.edge.wiring.secrecy import Cipher
from privity.edge.wiring.shelf import Shelf
from privity.edge.wiring.submissions import Submissions
from privity.edge.wiring.symptoms import Doctor
from privity.edge.wiring.throttle import Throttle
from privity.edge.wiring.watch_desk import InstanceWatchDesk
from privity.edge.wiring.watching import Watcher
from privity.errors import Unavailable


def blind_key(secret: str) -> bytes:
    """Return the key that blinds what is only remembered, made from the instance's secret and for nothing else."""
    return hmac.new(secret.encode(), b"privity/watch-memory/1", sha256).digest()


def assemble(data: DataDirectory) -> Instance:
    """Return the instance of a data directory.

    Raises: Unavailable: the ledger's key cannot be read.
    """
    try:
        key = read_signing_key(data.ledger_key.read_text(encoding="ascii"))
    except OSError as wrong:
        raise Unavailable(
            "the instance was not opened",
            why="its ledger key cannot be read",
            next_step="restore `ledger-key` and let only its owner read it",
        ) from wrong
    log = Log(beside=signing_beside(data))
    store = Store(log=log, signer=key, blind_key=blind_key(data.secret_key()))
    agreements = PublishedAgreements(calendars=default_shelf() / "calendars")
    register = register_of(data, kept_registrations)
    sealer = CertificateSealer(custodian_folder=data.custodian, authorities_folder=data.custodian / "authorities")
    enrolments = Enrolments(data.custodian)
    gateway = Gateway(agreements=agreements, register=register, sealer=sealer)
    watcher = Watcher(store, agreements)
    desk = InstanceDesk(
        store=store,
        log=log,
        key=key,
        public_ledger=PublicLedger(data),
        agreements=agreements,
        register=register,
        gateway=gateway,
    )
    throttle = Throttle()
    programs = ProgramBook(throttle)
    accounts = AccountBook(
        factors=SecondFactor(cipher=Cipher(data.secret_key()), throttle=throttle),
        is_demonstration=lambda: is_demonstration(log),
    )
    shelf = Shelf(default_shelf())
    return Instance(
        data=data,
        store=store,
        log=log,
        note_signer=key,
        agreements=agreements,
        register=register,
        gateway=gateway,
        outbox=OutboxSender(store=store, log=log, agreements=agreements, spool=data.spool),
        ear=Ear(store),
        sealer=sealer,
        shredder=Shredder(store=store, log=log, signer=key, spool=data.spool, agreements=agreements),
        watcher=watcher,
        publisher=Publisher(log=log, signer=key, data=data),
        enrolments=enrolments,
        doctor=Doctor(data=data, sealer=sealer, enrolments=enrolments),
        accounts=accounts,
        keeper=InstanceKeeper(
            store=store,
            log=log,
            accounts=accounts,
            confirming=Confirming(accounts=accounts, programs=programs, agreements=agreements, shelf=shelf),
            throttle=throttle,
        ),
        registrar=InstanceRegistrar(
            store=store, enrolments=enrolments, book=programs, agreements=agreements, on_shelf=shelf
        ),
        auditor=InstanceAuditor(log=log, key=key),
        desk=desk,
        custody=custody_desks(desk),
        programs=programs,
        watch_desk=InstanceWatchDesk(store=store, register=register),
        calendars=CalendarBook(store=store, agreements=agreements),
        notifier=Notifier(store),
        letters=LetterBook(store=store, agreements=agreements),
        requester_desk=InstanceRequesterDesk(
            store=store,
            log=log,
            agreements=agreements,
            submissions=Submissions(store=store, agreements=agreements),
        ),
    )
