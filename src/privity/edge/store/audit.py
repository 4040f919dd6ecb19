"""The database against its own ledger: every row of every case, every stored tile, every signed checkpoint.

What an administrator could change and what notices it:
    a column, a row, its pointer             the commitments of the newest entry that names it
    two cases, or two of their rows, swapped the same: every case has a key of its own, bound to its reference
    a key, a sealed pack, a published file   their digests, which entries or committed columns carry
    an entry, a tile, a head, a checkpoint   the tree, computed anew from the first entry (`audit_ledger`)
    all of it, with the signing key          a checkpoint somebody else holds

Rules of the module:
- Reading only: nothing is repaired, nothing is signed.
- Nothing of a row is shown; a finding is table, column, case and entry.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import connections

from privity.casework.record import NumberedRecord, Record, committed_columns
from privity.edge.store.case_rows import CaseKey, SealedBytes
from privity.edge.store.epoch_keys import EpochKeyMissing, KeyNotOpened, epoch_keys
from privity.edge.store.instance_rows import PublishedFile, SealedCase
from privity.edge.store.log import Log
from privity.edge.store.migrated_rows import in_columns_of_today
from privity.edge.store.sealed_cases import CaseNotOpened, Rows, opened_text
from privity.edge.store.tables import COLUMNS, MODEL_OF, YES_NO
from privity.errors import Mistaken
from privity.ledger.canonical import Scalar
from privity.ledger.commitment import key_identifier
from privity.ledger.encoding import LeafRefused, decode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.reconciliation import Difference, Finding, HeldRow, committed_rows, reconcile

TOGETHER = 200
"""Cases looked at in one go."""
_COMPARED = frozenset({"case_key", "sealed_bytes", "published_file", "sealed_case"})
"""Tables that hold no records and are compared all the same, by what is in them."""

_KEPT_UNDER: Mapping[str, str] = {
    "organisation": "organisation",
    "certificate": "organisation",
    "publication": "agreement",
    "holiday": "calendar",
    "health_word": "health_word",
    "contact": "organisation",
    "language": "organisation",
}
"""Tables whose rows stand under a key that is called `word:reference` and not by the reference alone."""
_GONE = frozenset({EntryKind.KEY_DESTROYED})
_SEALINGS = frozenset({EntryKind.PACK_SEALED, EntryKind.NOTICE_SEALED, EntryKind.COLLATION_SEALED})

Entries = list[tuple[int, Entry]]


@dataclass(slots=True)
class Tally:
    """How much was compared."""

    cases: int = 0
    shredded: int = 0
    shut: int = 0
    """Cases that a restore holds shut: their rows lie under their keys, and were compared all the same."""
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    reference: str
    kid: str
    epoch: str
    kept: bytes

    @property
    def prefix(self) -> str:
        return self.reference.partition(":")[0] if ":" in self.reference else ""

    @property
    def rows_called(self) -> str:
        return self.reference.partition(":")[2] if ":" in self.reference else self.reference


def audit_rows(log: Log, tally: Tally) -> Iterator[Finding]:
    """Yield every difference between the rows of an instance and the ledger in the same database.

    The ledger itself is taken as it is: `audit_ledger` looks at it.
    """
    alias = log.alias
    keys = [
        _Key(reference=reference, kid=kid, epoch=epoch, kept=bytes(kept))
        for reference, kid, epoch, kept in CaseKey.objects.using(alias)
        .order_by("reference")
        .values_list("reference", "kid", "epoch", "key")
    ]
    pending = _pending_by_case(log)
    for start in range(0, len(keys), TOGETHER):
        yield from _audit_cases(log, keys[start : start + TOGETHER], pending, tally)
    yield from _audit_without_key(log, {key.kid for key in keys}, tally)
    yield from _strays(keys, alias)
    for name, text in PublishedFile.objects.using(alias).order_by("sha256").values_list("sha256", "files").iterator():
        if sha256(text.encode()).hexdigest() != name:
            yield Finding(difference=Difference.EDITED, table="published_file", column="files", case=name)
    yield from _publications_without_file(alias)


def not_under_the_ledger(alias: str) -> tuple[str, ...]:
    """Return the tables that no entry commits to: who may sign in, drafts, and what the framework keeps for itself."""
    recorded = {model._meta.db_table for model in MODEL_OF.values()} | _COMPARED
    with connections[alias].cursor() as cursor:
        tables = connections[alias].introspection.table_names(cursor)
    return tuple(sorted(name for name in tables if name not in recorded and not name.startswith("log_")))


def _audit_cases(log: Log, keys: Sequence[_Key], pending: Mapping[str, Entries], tally: Tally) -> Iterator[Finding]:
    entries = _entries_of(log, [key.kid for key in keys])
    rows = _rows_of(keys, log.alias)
    shut = _shut_among(keys, log.alias)
    sealed = {
        reference: (stated, bytes(content))
        for reference, stated, content in SealedBytes.objects.using(log.alias)
        .filter(reference__in=[key.reference for key in keys])
        .values_list("reference", "sha256", "sealed")
    }
    for key in keys:
        tally.cases += 1
        known = entries.get(key.kid, []) + pending.get(key.kid, [])
        try:
            opened = epoch_keys().unwrap(key.epoch, key.reference, key.kept)
        except EpochKeyMissing:
            yield _of_key(Difference.KEY_GONE, "epoch", key.reference)
            continue
        except KeyNotOpened:
            # Its reference is bound to it. Where the rows it should open are not there under that, it was renamed.
            renamed = committed_rows(known) and not rows.get(key.reference) and key.reference not in shut
            yield _of_key(Difference.EDITED, "reference" if renamed else "key", key.reference)
            continue
        if key_identifier(opened) != key.kid:
            yield _of_key(Difference.EDITED, "kid", key.reference)
            continue
        if not known:
            yield _of_key(Difference.INSERTED, "", key.reference)
            continue
        if any(entry.kind in _GONE for _, entry in known):
            yield _of_key(Difference.SURVIVED, "key", key.reference)
        held, bytes_held = rows.get(key.reference, []), sealed.get(key.reference)
        if key.reference in shut:
            try:
                opened_rows = in_columns_of_today(opened_text(key.reference, shut[key.reference], opened), log.alias)
            except CaseNotOpened:
                yield Finding(difference=Difference.EDITED, table="sealed_case", column="sealed", case=key.reference)
                continue
            tally.shut += 1
            held = [*held, *_held_under_key(opened_rows)]
            bytes_held = bytes_held or _sealed_bytes_in(opened_rows)
        tally.rows += len(held)
        tally.columns += sum(len(row.values) for row in held)
        found = list(reconcile(key.reference, opened, known, held))
        yield from found
        if _opens_nothing(found, known, held):
            yield _of_key(Difference.EDITED, "reference", key.reference, known[0][0])
        yield from _audit_owner(key, known)
        yield from _audit_sealed(key.reference, known, bytes_held)


def _of_key(difference: Difference, column: str, case: str, entry: int | None = None) -> Finding:
    return Finding(difference=difference, table="case_key", column=column, case=case, entry=entry)


def _opens_nothing(found: Sequence[Finding], entries: Entries, held: Sequence[HeldRow]) -> bool:
    """Return whether a key has been called by another's reference: it opens no column, or not the reference."""
    named = committed_rows(entries)
    if not named:
        return False
    if any(finding.difference is Difference.EDITED and finding.column == "reference" for finding in found):
        return True
    compared = sum(len(row.values) for row in held if row.called in named)
    return compared <= sum(finding.difference is Difference.EDITED for finding in found)


def _audit_owner(key: _Key, entries: Entries) -> Iterator[Finding]:
    """Yield where a key is called by another organisation than its entries name."""
    if key.prefix == "organisation":
        for index, entry in entries:
            if entry.organisation != key.rows_called:
                yield _of_key(Difference.EDITED, "reference", key.reference, index)


def _audit_sealed(case: str, entries: Entries, held: tuple[str, bytes] | None) -> Iterator[Finding]:
    """Yield where the sealed bytes of a case are not the ones its newest sealing tells of."""
    told = dict([(str(entry.facts["pack_digest"]), index) for index, entry in entries if entry.kind in _SEALINGS][-1:])
    if held is None:
        if told:
            yield Finding(
                difference=Difference.DELETED, table="sealed_bytes", column="", case=case, entry=max(told.values())
            )
        return
    stated, content = held
    if stated not in told:
        difference = Difference.EDITED if told else Difference.INSERTED
        yield Finding(difference=difference, table="sealed_bytes", column="sha256" if told else "", case=case)
    if sha256(content).hexdigest() not in told:
        yield Finding(difference=Difference.EDITED, table="sealed_bytes", column="sealed", case=case)


def _entries_of(log: Log, kids: Sequence[str]) -> dict[str, Entries]:
    """Return the entries of many cases; a leaf that is none of ours is left to `audit_ledger`."""
    found: dict[str, Entries] = defaultdict(list)
    places = ", ".join(["%s"] * len(kids))
    statement = f"SELECT idx, leaf, case_kid FROM log_entry WHERE case_kid IN ({places}) ORDER BY idx"  # noqa: S608  places only
    with connections[log.alias].cursor() as cursor:
        cursor.execute(statement, list(kids))
        for index, leaf, kid in cursor.fetchall():
            try:
                found[kid].append((index, decode(bytes(leaf))))
            except LeafRefused:
                continue
    return found


def _pending_by_case(log: Log) -> dict[str, Entries]:
    """Return the entries that wait to be given their index, as `edge.store.sequencer` numbers them: below nought."""
    found: dict[str, Entries] = defaultdict(list)
    with connections[log.alias].cursor() as cursor:
        cursor.execute("SELECT id, leaf FROM log_pending ORDER BY id")
        for ticket, leaf in cursor.fetchall():
            entry = decode(bytes(leaf))
            found[entry.case].append((-ticket, entry))
    return found


def _rows_of(keys: Sequence[_Key], alias: str) -> dict[str, list[HeldRow]]:
    """Return the rows of many cases exactly as the database holds them, by the reference of their key."""
    found: dict[str, list[HeldRow]] = defaultdict(list)
    for kind in MODEL_OF:
        under = {key.rows_called: key.reference for key in keys if _stands_under(kind.table, key.prefix)}
        for reference, row in _held_rows(kind, list(under), alias):
            found[under[reference]].append(row)
    return found


def _stands_under(table: str, prefix: str) -> bool:
    return prefix == _KEPT_UNDER[table] if table in _KEPT_UNDER else prefix in ("", table)


def _held_rows(kind: type[Record], references: Sequence[str], alias: str) -> Iterator[tuple[str, HeldRow]]:
    if not references:
        return
    quote = connections[alias].ops.quote_name
    columns = [*COLUMNS[kind], "entry"]
    order = "reference, number, id" if issubclass(kind, NumberedRecord) else "reference"
    table = MODEL_OF[kind]._meta.db_table
    places = ", ".join(["%s"] * len(references))
    statement = (
        f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)} WHERE reference IN ({places}) ORDER BY {order}"  # noqa: S608  names are ours
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, list(references))
        rows = cursor.fetchall()
    for row in rows:
        yield _held(kind, dict(zip(columns, row, strict=True)))


def _held(kind: type[Record], values: dict[str, object]) -> tuple[str, HeldRow]:
    """Return one row as it is compared, with its reference."""
    reference, entry = str(values["reference"]), values.pop("entry")
    number = values.pop("number", 1)
    if "reference" not in committed_columns(kind):
        del values["reference"]
    for name in YES_NO[kind]:
        values[name] = {0: False, 1: True}.get(values[name], values[name])  # type: ignore[call-overload]  # any value may stand there
    return (
        reference,
        HeldRow(table=kind.table, number=number if isinstance(number, int) else -1, entry=entry, values=values),
    )


def _shut_among(keys: Sequence[_Key], alias: str) -> dict[str, bytes]:
    """Return the rows of the cases that a restore holds shut, as they lie under their keys."""
    rows = SealedCase._default_manager.using(alias).filter(reference__in=[key.reference for key in keys])
    return {reference: bytes(sealed) for reference, sealed in rows.values_list("reference", "sealed")}


def _held_under_key(rows: Rows) -> Iterator[HeldRow]:
    for kind, model in MODEL_OF.items():
        for cells in rows.get(model._meta.db_table, []):
            yield _held(kind, {name: cells[name] for name in (*COLUMNS[kind], "entry")})[1]


def _sealed_bytes_in(rows: Rows) -> tuple[str, bytes] | None:
    for cells in rows.get("sealed_bytes", []):
        content = cells["sealed"]
        return str(cells["sha256"]), content if isinstance(content, bytes) else b""
    return None


def _audit_without_key(log: Log, kept: set[str], tally: Tally) -> Iterator[Finding]:
    """Yield the cases whose key is gone although nothing says that it was destroyed."""
    with connections[log.alias].cursor() as cursor:
        cursor.execute("SELECT DISTINCT case_kid FROM log_entry WHERE case_kid <> ''")
        gone = sorted({str(kid) for (kid,) in cursor.fetchall()} - kept)
        cursor.execute("SELECT reference FROM shredded")
        shredded = {str(kid) for (kid,) in cursor.fetchall()}
    for kid in sorted(shredded & kept):
        yield _of_key(Difference.SURVIVED, "key", kid)
    for start in range(0, len(gone), TOGETHER):
        some = gone[start : start + TOGETHER]
        for kid, entries in _entries_of(log, some).items():
            if kid in shredded or any(entry.kind in _GONE for _, entry in entries):
                tally.shredded += 1
            else:
                yield _of_key(Difference.KEY_GONE, "", kid, entries[0][0])


def _strays(keys: Sequence[_Key], alias: str) -> Iterator[Finding]:
    """Yield the rows that stand under no key, and those whose place in their table contradicts their number."""
    quote = connections[alias].ops.quote_name
    tables = {kind.table: MODEL_OF[kind]._meta.db_table for kind in MODEL_OF}
    tables |= {name: name for name in ("sealed_bytes", "sealed_case")}
    for called, table in tables.items():
        known = {key.rows_called for key in keys if _stands_under(called, key.prefix)}
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT reference FROM {quote(table)}")  # noqa: S608  names are ours
            for reference in sorted({str(row[0]) for row in cursor.fetchall()} - known):
                yield Finding(difference=Difference.INSERTED, table=called, column="reference", case=reference)
    for kind, model in MODEL_OF.items():
        if issubclass(kind, NumberedRecord):
            name = quote(model._meta.db_table)
            swapped = (
                f"SELECT DISTINCT a.reference FROM {name} a JOIN {name} b"  # noqa: S608  names are ours
                " ON a.reference = b.reference AND a.number < b.number AND a.id > b.id"
            )
            with connections[alias].cursor() as cursor:
                cursor.execute(swapped)
                for (reference,) in cursor.fetchall():
                    yield Finding(difference=Difference.EDITED, table=kind.table, column="id", case=str(reference))


def _publications_without_file(alias: str) -> Iterator[Finding]:
    missing = (
        "SELECT p.reference, p.sha256, p.entry FROM publication p"
        " LEFT JOIN published_file f ON f.sha256 = p.sha256 WHERE f.sha256 IS NULL ORDER BY p.id"
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(missing)
        for reference, _, entry in cursor.fetchall():
            yield Finding(
                difference=Difference.DELETED, table="published_file", column="sha256", case=str(reference), entry=entry
            )


def held_value(case: str, name: str, alias: str) -> Scalar:
    """Return what a database holds in the field that commitments call `table/number.column`.

    Raises: Mistaken: there is no such row or column.
    """
    called, _, column = name.rpartition(".")
    for kind in MODEL_OF:
        if kind.table == called.partition("/")[0]:
            for _, row in _held_rows(kind, [case.partition(":")[2] or case], alias):
                value = row.values.get(column)
                if row.called == called and column in row.values and isinstance(value, str | int | bool | None):
                    return value
    raise Mistaken("the field was not found", why="there is no such row or column", next_step="check case and field")
