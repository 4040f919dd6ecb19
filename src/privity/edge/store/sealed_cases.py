"""All rows of a case under the case's own key: in a backup, and where a restore holds a case shut.

    table `sealed_case`     reference, the first day the case could be destroyed, and its rows as one AES-256-GCM text

The rows of a case lie in a database as they are. In a backup they lie under the case's own key, which lies wrapped
under the key of its month, which is in no backup: so a case is gone from every backup once the key of its month is,
and a backup alone tells of nobody who was sought (docs/decisions/0104).

Rules of the module:
- A row belongs to a case by its `reference`, whatever table it is in: a table added later is covered as it is.
- The text is bound to its reference. Nothing is written from one that does not open, or does not open whole.
- Cases, debts and the notices that followed a case each have a key, and so each a text of its own.
"""

import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from privity.casework.debt_lifecycle import DebtStanding
from privity.edge.store.epoch_keys import NONCE_LENGTH, EpochKeys
from privity.edge.store.raw_tables import RawTables, quoted
from privity.edge.store.statements import places
from privity.errors import Impossible, Mistaken, Unavailable
from privity.ledger.commitment import KEY_LENGTH

TOGETHER = 200
NEVER = "9999-12-31"
"""The day of what is not destroyed here, such as a month's reports."""
NOT_OF_CASES = frozenset({"case_key", "sealed_case"})
_REFERENCES = "SELECT reference FROM case_key WHERE SUBSTR(reference, 1, 4) = 'PRV-' ORDER BY reference"
_INSERT = "INSERT INTO sealed_case (reference, may_go_from, sealed) VALUES (%s, %s, %s)"
_LABEL = b"privity/sealed-case/v1"

Cell = str | int | float | bool | bytes | datetime | None
Rows = dict[str, list[dict[str, Cell]]]
"""The rows of one case: by table, each row by its columns."""
KeptDays = Callable[[str, str], int]
"""How many days a case is kept here once it is answered, by family and version; raises Mistaken where nothing says."""


class CaseNotOpened(Unavailable):
    """The rows of a case do not open under the keys there are."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "a case was not opened",
            why=why,
            next_step="give the newest copy of the keys; without its key a case stays shut",
        )


def cases_in(tables: RawTables) -> list[str]:
    """Return the references of everything that has a key of its own and ends with it: cases, debts, notices."""
    return [str(reference) for (reference,) in tables.fetch(_REFERENCES)]


def tables_of_cases(tables: RawTables) -> dict[str, tuple[str, ...]]:
    """Return the tables in which rows of cases may stand, with their columns."""
    return {
        table: columns
        for table, columns in tables.columns().items()
        if "reference" in columns and table not in NOT_OF_CASES
    }


def in_shares(references: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the references a few at a time, so that memory stays small."""
    for start in range(0, len(references), TOGETHER):
        yield references[start : start + TOGETHER]


def rows_of(tables: RawTables, where: Mapping[str, tuple[str, ...]], references: Sequence[str]) -> dict[str, Rows]:
    """Return the rows of many cases, by reference."""
    found: dict[str, Rows] = {reference: {} for reference in references}
    for table, columns in where.items():
        statement = (
            f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table)}"  # noqa: S608  names are the database's
            f" WHERE reference IN ({places(references)})"
        )
        for row in tables.fetch(statement, references):
            cells = {
                column: bytes(cell) if isinstance(cell, memoryview) else cell
                for column, cell in zip(columns, row, strict=True)
            }
            found[str(cells["reference"])].setdefault(table, []).append(cells)
    return found


def keys_for(tables: RawTables, ring: EpochKeys, references: Sequence[str]) -> dict[str, bytes]:
    """Return the keys of many cases, opened.

    Raises: KeyNotOpened: one is there and does not open.
    """
    statement = f"SELECT reference, epoch, key FROM case_key WHERE reference IN ({places(references)})"  # noqa: S608  places only
    return {
        str(reference): ring.unwrap(str(epoch), str(reference), bytes(kept))
        for reference, epoch, kept in tables.fetch(statement, references)
    }


def sealed_text(reference: str, rows: Rows, key: bytes) -> bytes:
    """Return the rows of a case under its key."""
    plain = zlib.compress(json.dumps(rows, default=_tagged, separators=(",", ":")).encode())
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + _cipher(key).encrypt(nonce, plain, _bound(reference))


def opened_text(reference: str, sealed: bytes, key: bytes) -> Rows:
    """Return the rows of a case.

    Raises: CaseNotOpened: another case's, or altered.
    """
    try:
        plain = _cipher(key).decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], _bound(reference))
    except (InvalidTag, ValueError):
        raise CaseNotOpened("its rows were sealed for another case, or were altered") from None
    opened: Rows = json.loads(zlib.decompress(plain), object_hook=_untagged)
    return opened


def keep_sealed(tables: RawTables, sealed: Sequence[tuple[str, str, bytes]]) -> None:
    """Write the sealed rows of many cases: reference, the first day it could be destroyed, text."""
    tables.send_many(_INSERT, sealed)


def take_out(tables: RawTables, where: Mapping[str, tuple[str, ...]], references: Sequence[str]) -> None:
    """Delete the rows of cases whose sealed rows have been written in the same transaction."""
    for table in where:
        statement = f"DELETE FROM {quoted(table)} WHERE reference IN ({places(references)})"  # noqa: S608  names are the database's
        tables.send(statement, references)


def put_back(tables: RawTables, reference: str, rows: Rows) -> None:
    """Write the rows of one case where they stood, and let go of their sealed text.

    Raises: Impossible: there was no sealed text.
    """
    for table, held in rows.items():
        columns = list(held[0])
        statement = f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, columns))}) VALUES ({places(columns)})"  # noqa: S608  names are the database's
        tables.send_many(statement, [[row[column] for column in columns] for row in held])
    if tables.send("DELETE FROM sealed_case WHERE reference = %s", [reference]) != 1:
        raise Impossible("a case was not opened", why="its sealed rows are not there", next_step="report this")


def first_day(of: Rows, kept_days: KeptDays, as_of: date) -> str:
    """Return the first day on which a case or debt could be destroyed here, judged on what is known on a day.

    What may yet happen to it is taken to happen at once: an open case is answered on `as_of`, a hold is lifted, a
    confirmation comes. So the day may be too early and is never too late. What the agreements say nothing of could go
    at once.
    """
    if "state" in of and "opening" in of:
        (state,), (opening,) = of["state"], of["opening"]
        ended, family, version = str(state["closed_on"]), str(opening["family"]), str(state["version"])
    elif "debt_state" in of and "debt" in of:
        (state,) = of["debt_state"]
        family, version = str(of["debt"][-1]["family"]), str(state["version"])
        known = [str(day) for day in (state["settled_on"], state["acknowledged_on"]) if day]
        if state["stands"] == DebtStanding.NOT_REPORTED.value:
            known.append(str(of["debt"][0]["taken_at"])[:10])
        ended = min(known, default="")
    else:
        return NEVER
    try:
        days = kept_days(family, version)
    except Mistaken:
        return as_of.isoformat()
    return (date.fromisoformat(ended or as_of.isoformat()) + timedelta(days=days)).isoformat()


def first_days(
    tables: RawTables,
    where: Mapping[str, tuple[str, ...]],
    found: Mapping[str, Rows],
    kept_days: KeptDays,
    as_of: date,
) -> dict[str, str]:
    """Return the first day of each of many cases; a notice goes with the case it is about, wherever that stands."""
    days = {reference: first_day(rows, kept_days, as_of) for reference, rows in found.items()}
    about = {reference: str(row["about"]) for reference, rows in found.items() for row in rows.get("notice", [])}
    elsewhere = sorted({case for case in about.values() if case not in found})
    others = rows_of(tables, where, elsewhere) if elsewhere else {}
    days |= {case: first_day(rows, kept_days, as_of) for case, rows in others.items()}
    return {reference: days[about.get(reference, reference)] for reference in found}


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDFExpand(algorithm=SHA256(), length=KEY_LENGTH, info=_LABEL).derive(key))


def _bound(reference: str) -> bytes:
    return f"privity/sealed-case/{reference}".encode()


def _tagged(value: object) -> dict[str, str]:
    """Return what JSON has no spelling for as an object of one field."""
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    raise Impossible("a case was not sealed", why="a column holds what has no spelling", next_step="report this")


def _untagged(given: dict[str, object]) -> object:
    match given:
        case {"bytes": str(text)} if len(given) == 1:
            return b64decode(text)
        case {"moment": str(text)} if len(given) == 1:
            return datetime.fromisoformat(text)
        case _:
            return given
