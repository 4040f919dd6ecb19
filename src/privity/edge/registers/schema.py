"""The tables of a register file, and its one-line facts.

`pair_frequency` holds the pairs of a given and a family word (blocking.pair_keys) that more than one record bears.

`late_person`, `late_key` and `late_word` say what changed since the import: whose record, the keys they are filed under
now, and which words are counted anew. With them, what was laid out at import (laid_out.py) is read as it is today.

`FORMAT` changes with any change of these tables or of the blocking keys; a file of another format is refused.
"""

from privity.trace.blocking import KEY_FORMAT

FORMAT = f"privity-register-4.{KEY_FORMAT}"

TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE address (id INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT;
CREATE TABLE person (
    pid INTEGER PRIMARY KEY,
    nhs_number INTEGER NOT NULL,
    given INTEGER NOT NULL,
    other INTEGER NOT NULL,
    family INTEGER NOT NULL,
    earlier_families TEXT NOT NULL,
    born INTEGER NOT NULL,
    gender TEXT NOT NULL,
    postcode TEXT NOT NULL,
    residence INTEGER NOT NULL,
    earlier_postcodes TEXT NOT NULL,
    correspondence_postcode TEXT NOT NULL,
    correspondence INTEGER NOT NULL,
    practice TEXT NOT NULL,
    registered INTEGER NOT NULL,
    deceased INTEGER NOT NULL,
    sensitive INTEGER NOT NULL
) STRICT;
CREATE TABLE blocking (
    key INTEGER NOT NULL, pid INTEGER NOT NULL, PRIMARY KEY (key, pid)
) WITHOUT ROWID, STRICT;
CREATE TABLE name_frequency (
    part TEXT NOT NULL, token TEXT NOT NULL, records INTEGER NOT NULL, shares BLOB NOT NULL,
    PRIMARY KEY (part, token)
) WITHOUT ROWID, STRICT;
CREATE TABLE pair_frequency (pair INTEGER PRIMARY KEY, records INTEGER NOT NULL) STRICT;
CREATE TABLE birth_frequency (
    year INTEGER PRIMARY KEY, people INTEGER NOT NULL, on_new_year INTEGER NOT NULL
) STRICT;
CREATE TABLE postcode_frequency (postcode TEXT PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE evaluation_origin (pid INTEGER PRIMARY KEY, origin TEXT NOT NULL) STRICT;
CREATE TABLE late_person (pid INTEGER PRIMARY KEY) STRICT;
CREATE TABLE late_key (pid INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (pid, key)) WITHOUT ROWID, STRICT;
CREATE TABLE late_word (part TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (part, token)) WITHOUT ROWID, STRICT;
"""

INDEXES = (
    "CREATE UNIQUE INDEX person_by_number ON person (nhs_number)",
    "CREATE INDEX name_by_text ON name (text)",
    "CREATE INDEX person_by_postcode ON person (postcode)",
)
"""Made after the rows: for updates and lookups of single people, and of who lives at one postcode."""
