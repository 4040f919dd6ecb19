"""One person's record put, changed or taken out, in one durable transaction.

    1. the old record, its keys and its counts are taken back
    2. the new record, its keys and its counts are put in
    3. the register's digest is chained with the change, and its revision goes up by one

Rules of the room:
- After every change the tables are those a fresh import of the same people would write, but for the latent
  classes and the counts of pairs of names, which are learnt at import, for addresses nobody has any more, which
  the next import drops, and for the tables of what is late.
- A person who moves keeps the postcode left behind as an earlier one.
- A number that was invalidated is taken out, and its keys with it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Protocol

import numpy as np

from privity.definitions.person import Address, Demographics, Gender, NhsNumber
from privity.edge.registers.columns import FIRST_BIRTH, LAST_DAY
from privity.edge.registers.name_classes import PACKED
from privity.edge.registers.tables import Row
from privity.errors import Mistaken
from privity.trace.blocking import record_keys
from privity.trace.normalise import door, name_tokens
from privity.trace.record import NOWHERE, NamePart, Place, RegisterRecord, RowId


class Transaction(Protocol):
    """A database inside one transaction; values are marked `?`."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        ...

    def run(self, command: str, values: Sequence[Any] = ()) -> None:
        """Run a command."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A record as it is to be. `demographics.person` is not read: the NHS number says whose record it is.

    `earlier_postcodes` None keeps those on record, and adds the one that was left.
    Raises: Mistaken: no name, or a date that no register may hold.
    """

    demographics: Demographics
    earlier_postcodes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        held = self.demographics
        if not FIRST_BIRTH <= held.date_of_birth.toordinal() < LAST_DAY or not (held.family_name or held.given_name):
            raise Mistaken(
                "the record was not changed",
                why="it has no name, or its date of birth lies before 1880",
                next_step="correct the record at its source",
            )


def put(inside: Transaction, change: Change) -> None:
    """Put one record in, in place of the one with its NHS number if there is one."""
    held = change.demographics
    old = _old(inside, held.nhs_number)
    moved = change.earlier_postcodes
    if moved is None:
        moved = _moved(old, held) if old else ()
    row = old.record.row if old else RowId(_next(inside, "person", "pid"))
    if old:
        _take_back(inside, old)
    record = as_traced(held, moved, row)
    _write(inside, held, moved, record)
    _count(inside, record, 1)
    _revise(inside, held, moved, size=0 if old else 1)


def take_out(inside: Transaction, number: NhsNumber) -> bool:
    """Take one record out, and return whether there was one."""
    old = _old(inside, number)
    if old is None:
        return False
    _take_back(inside, old)
    _revise(inside, None, (number.digits,), size=-1)
    return True


@dataclass(frozen=True, slots=True)
class _Old:
    """The record as it was, as the tracer saw it, with every postcode, a sensitive one's too."""

    record: RegisterRecord
    postcode: str
    earlier_postcodes: tuple[str, ...]


def _old(inside: Transaction, number: NhsNumber) -> _Old | None:
    found = inside.rows(
        "SELECT pid, given, other, family, earlier_families, born, gender, postcode, residence, earlier_postcodes, "
        "sensitive FROM person WHERE nhs_number = ?",
        (int(number.digits),),
    )
    if not found:
        return None
    pid, given, other, family, earlier, born, gender, postcode, residence, moved, sensitive = found[0]
    names = tuple(int(one) for one in earlier.split(";") if one)
    earlier_postcodes = tuple(one for one in moved.split(";") if one)
    lines = inside.rows("SELECT lines FROM address WHERE id = ?", (residence,))[0][0]
    record = RegisterRecord(
        row=RowId(pid),
        nhs_number=number,
        given=name_tokens(_text(inside, given)),
        other=name_tokens(_text(inside, other)),
        family=name_tokens(_text(inside, family)),
        previous_families=tuple(name_tokens(_text(inside, one)) for one in names),
        date_of_birth=date.fromordinal(born),
        gender=Gender(gender),
        place=_place(postcode, lines.partition("\n")[0], earlier_postcodes, sensitive=bool(sensitive)),
        sensitive=bool(sensitive),
    )
    return _Old(record, postcode, earlier_postcodes)


def as_traced(held: Demographics, earlier_postcodes: tuple[str, ...], row: RowId) -> RegisterRecord:
    """Return a record as the tracer sees it in that row."""
    home = held.residence or Address(lines=(), postcode="")
    return RegisterRecord(
        row=row,
        nhs_number=held.nhs_number,
        given=name_tokens(held.given_name),
        other=name_tokens(held.other_given_names),
        family=name_tokens(held.family_name),
        previous_families=tuple(name_tokens(name) for name in held.previous_family_names),
        date_of_birth=held.date_of_birth,
        gender=held.gender,
        place=_place(home.postcode, home.lines[0] if home.lines else "", earlier_postcodes, sensitive=held.sensitive),
        sensitive=held.sensitive,
    )


def _place(postcode: str, line: str, earlier: tuple[str, ...], *, sensitive: bool) -> Place:
    return NOWHERE if sensitive else Place(postcode=postcode, door=door(line), previous=earlier)


def _moved(old: _Old, held: Demographics) -> tuple[str, ...]:
    """Return the earlier postcodes after a change of residence."""
    now = held.residence.postcode if held.residence else ""
    kept = [one for one in old.earlier_postcodes if one != now]
    if old.postcode and old.postcode != now and old.postcode not in kept:
        kept.append(old.postcode)
    return tuple(kept)


def _take_back(inside: Transaction, old: _Old) -> None:
    """Take the keys, the counts and the row of a record back."""
    inside.run("DELETE FROM evaluation_origin WHERE pid = ?", (old.record.row,))
    inside.run("INSERT INTO late_person VALUES (?) ON CONFLICT DO NOTHING", (old.record.row,))
    inside.run("DELETE FROM late_key WHERE pid = ?", (old.record.row,))
    for key in sorted(record_keys(old.record)):
        inside.run("DELETE FROM blocking WHERE key = ? AND pid = ?", (key, old.record.row))
    _count(inside, old.record, -1)
    inside.run("DELETE FROM person WHERE pid = ?", (old.record.row,))


def _write(inside: Transaction, held: Demographics, earlier_postcodes: tuple[str, ...], record: RegisterRecord) -> None:
    """Put the row and the keys of a record in."""
    home, letters = held.residence, held.correspondence
    inside.run(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.row,
            int(held.nhs_number.digits),
            _name(inside, held.given_name),
            _name(inside, held.other_given_names),
            _name(inside, held.family_name),
            ";".join(str(_name(inside, name)) for name in held.previous_family_names),
            held.date_of_birth.toordinal(),
            held.gender.value,
            home.postcode if home else "",
            _address(inside, home),
            ";".join(earlier_postcodes),
            letters.postcode if letters else "",
            _address(inside, letters),
            held.gp_practice_code,
            held.registered_on.toordinal() if held.registered_on else 0,
            held.deceased_on.toordinal() if held.deceased_on else 0,
            int(held.sensitive),
        ),
    )
    inside.run("INSERT INTO late_person VALUES (?) ON CONFLICT DO NOTHING", (record.row,))
    for key in sorted(record_keys(record)):
        inside.run("INSERT INTO blocking VALUES (?, ?)", (key, record.row))
        inside.run("INSERT INTO late_key VALUES (?, ?)", (record.row, key))


def _count(inside: Transaction, record: RegisterRecord, by: int) -> None:
    """Count a record in or out of the frequencies."""
    families = {word for name in (record.family, *record.previous_families) for word in name}
    unknown = _unknown_shares(inside)
    parts = ((NamePart.GIVEN, set(record.given)), (NamePart.OTHER, set(record.other)), (NamePart.FAMILY, families))
    for part, words in parts:
        for word in sorted(words):
            inside.run("INSERT INTO late_word VALUES (?, ?) ON CONFLICT DO NOTHING", (part.value, word))
            inside.run(
                "INSERT INTO name_frequency VALUES (?, ?, ?, ?) ON CONFLICT (part, token) DO UPDATE "
                "SET records = name_frequency.records + excluded.records",
                (part.value, word, by, unknown),
            )
            if by < 0:
                inside.run(
                    "DELETE FROM name_frequency WHERE part = ? AND token = ? AND records <= 0", (part.value, word)
                )
    born = record.date_of_birth
    inside.run(
        "INSERT INTO birth_frequency VALUES (?, ?, ?) ON CONFLICT (year) DO UPDATE "
        "SET people = birth_frequency.people + excluded.people, "
        "on_new_year = birth_frequency.on_new_year + excluded.on_new_year",
        (born.year, by, by if (born.month, born.day) == (1, 1) else 0),
    )
    for postcode in sorted({record.place.postcode, *record.place.previous} - {""}):
        inside.run(
            "INSERT INTO postcode_frequency VALUES (?, ?) ON CONFLICT (postcode) DO UPDATE "
            "SET records = postcode_frequency.records + excluded.records",
            (postcode, by),
        )
        if by < 0:
            inside.run("DELETE FROM postcode_frequency WHERE postcode = ? AND records <= 0", (postcode,))


def _unknown_shares(inside: Transaction) -> bytes:
    """Return the shares of a word the classes were not learnt from: everybody's."""
    everybody = json.loads(_fact(inside, "classes"))
    return np.array(everybody).astype(PACKED).tobytes()


def _revise(inside: Transaction, held: Demographics | None, also: tuple[str, ...], *, size: int) -> None:
    """Chain the digest with the change, and count it."""
    content = json.dumps([_plain(held), list(also)], ensure_ascii=True, separators=(",", ":"))
    digest = sha256(f"{_fact(inside, 'digest')}\n{content}".encode()).hexdigest()
    facts = {
        "digest": digest,
        "size": str(int(_fact(inside, "size")) + size),
        "revision": str(int(_fact(inside, "revision")) + 1),
    }
    for name, value in facts.items():
        inside.run("UPDATE fact SET value = ? WHERE name = ?", (value, name))


def _plain(held: Demographics | None) -> list[str]:
    """Return a record as texts, for its digest; empty for one taken out."""
    if held is None:
        return []
    values: list[str] = []
    for one in (held.residence, held.correspondence):
        values += ["\n".join(one.lines), one.postcode] if one else ["", ""]
    days = (held.date_of_birth, held.registered_on, held.deceased_on)
    return [
        held.nhs_number.digits,
        held.family_name,
        held.given_name,
        held.other_given_names,
        ";".join(held.previous_family_names),
        held.gender.value,
        held.gp_practice_code,
        *(day.isoformat() if day else "" for day in days),
        str(held.sensitive),
        *values,
    ]


def _fact(inside: Transaction, name: str) -> str:
    return str(inside.rows("SELECT value FROM fact WHERE name = ?", (name,))[0][0])


def _text(inside: Transaction, number: int) -> str:
    return str(inside.rows("SELECT text FROM name WHERE id = ?", (number,))[0][0])


def _name(inside: Transaction, text: str) -> int:
    """Return the number of a name, a new one where the register has not met it."""
    found = inside.rows("SELECT id FROM name WHERE text = ?", (text,))
    if found:
        return int(found[0][0])
    number = _next(inside, "name", "id")
    inside.run("INSERT INTO name VALUES (?, ?)", (number, text))
    return number


def _address(inside: Transaction, address: Address | None) -> int:
    """Return the number of an address, 0 for none; every change writes its own."""
    if address is None or not address.lines:
        return 0
    number = _next(inside, "address", "id")
    inside.run("INSERT INTO address VALUES (?, ?)", (number, "\n".join(address.lines)))
    return number


def _next(inside: Transaction, table: str, key: str) -> int:
    return int(inside.rows(f"SELECT COALESCE(MAX({key}), 0) + 1 FROM {table}")[0][0])  # noqa: S608  # names of ours
