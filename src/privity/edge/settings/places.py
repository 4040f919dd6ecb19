"""Where everything of an instance lies: one directory, with a known list of files.

privity.sqlite        cases, accounts, ledger, outbox: one database, one transaction an act (owner may read, nobody
                      else)
epoch-keys/           wrap the keys of cases, one a month; copied apart from the database (docs/how-to/destroy.md)
register.sqlite       the register of people, read only after approval (and `register.sqlite.columns`, for batches;
                      owner may read, nobody else)
secret-key            signs sessions (owner may read, nobody else)
ledger-key            signs checkpoints (owner may read, nobody else)
ledger-key.pub        the verifier key to hand out
ledger-cadence.json   how much of the ledger becomes public, and when; fixed by the first publication
ledger-public/        what everybody may see of the ledger: its checkpoint and hash tiles, served as they lie
ledger-policy         the witnesses to ask, and how many are enough (optional)
ledger-vouched        the newest checkpoint for which enough witnesses vouched
ledger-seen           a checkpoint of this log; tables that do not continue it are an older copy, and nothing is written
ledger-key-ml-dsa     the optional second key, which signs what is published with the moment
custodian/            the custodian's signing certificate and key
sign-on.json          the organisation's own sign-on, where there is one (owner may read, nobody else)
outbox/               the spool transport's folder
pds.json              where PDS is asked to confirm and refresh records, where it is (optional)
pds-token             the bearer token for it, kept fresh by the custodian's own means (owner may read, nobody else)
restored.json         a backup was restored here and nobody has acknowledged what may be missing; nothing is written
understood.json       who of the two has said at the pages that it is understood, while the second has not
succession/           how the log goes on from a former one: a note that both keys signed, its last checkpoint, and
                      what of a restore had to be done again
translations/         further languages of the pages, as `LOCALE/LC_MESSAGES/django.mo` (optional)
other-custodians/     what other custodians published of their figures, as they did (optional)
"""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language

from privity.errors import Mistaken, Unavailable


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The folder of one instance."""

    root: Path

    @property
    def database(self) -> Path:
        """Return where cases, accounts, ledger and outbox lie."""
        return self.root / "privity.sqlite"

    @property
    def register(self) -> Path:
        """Return where the register lies."""
        return self.root / "register.sqlite"

    @property
    def pds(self) -> Path:
        """Return where it is written how PDS is asked; without the file it is not."""
        return self.root / "pds.json"

    @property
    def pds_token(self) -> Path:
        """Return where the bearer token for PDS lies."""
        return self.root / "pds-token"

    @property
    def ledger_key(self) -> Path:
        """Return where the key that signs checkpoints lies."""
        return self.root / "ledger-key"

    @property
    def ledger_public_key(self) -> Path:
        """Return where the verifier key lies."""
        return self.root / "ledger-key.pub"

    @property
    def epoch_keys(self) -> Path:
        """Return the folder of the keys that wrap the keys of cases."""
        return self.root / "epoch-keys"

    @property
    def public_ledger(self) -> Path:
        """Return the folder of what everybody may see of the ledger."""
        return self.root / "ledger-public"

    @property
    def ledger_cadence(self) -> Path:
        """Return where it is written how much of the ledger becomes public, and when."""
        return self.root / "ledger-cadence.json"

    @property
    def witnesses(self) -> Path:
        """Return where the policy lies that names the witnesses, if there is one."""
        return self.root / "ledger-policy"

    @property
    def restored(self) -> Path:
        """Return where it is written that a backup was restored here, until that is acknowledged."""
        return self.root / "restored.json"

    @property
    def understood(self) -> Path:
        """Return where it is written who was the first to say that what a restore lost is understood."""
        return self.root / "understood.json"

    @property
    def succession(self) -> Path:
        """Return the folder of what links this log to a former one; there is none unless a backup was restored."""
        return self.root / "succession"

    @property
    def custodian(self) -> Path:
        """Return the folder of the custodian's certificate and key."""
        return self.root / "custodian"

    @property
    def spool(self) -> Path:
        """Return the folder the spool transport writes to."""
        return self.root / "outbox"

    @property
    def other_custodians(self) -> Path:
        """Return the folder of what other custodians published of their figures."""
        return self.root / "other-custodians"

    @property
    def translations(self) -> Path:
        """Return the folder of further languages."""
        return self.root / "translations"

    def languages(self) -> list[tuple[str, str]]:
        """Return the further languages that are there, each as its code and its own name."""
        found = sorted(path.parents[1].name for path in self.translations.glob("*/LC_MESSAGES/django.mo"))
        codes = [to_language(name) for name in found]
        return [(code, str(LANG_INFO.get(code, {}).get("name_local", code))) for code in codes if code != "en-gb"]

    def translation(self, code: str) -> Path | None:
        """Return where the sentences of one of these languages lie, or None where it is none of them."""
        for path in self.translations.glob("*/LC_MESSAGES/django.mo"):
            if to_language(path.parents[1].name) == code:
                return path
        return None

    def secret_key(self) -> str:
        """Return the secret that signs sessions, or nothing where no instance has been made.

        Raises: Unavailable: it cannot be read.
        """
        path = self.root / "secret-key"
        if not path.exists():
            return ""
        return text_of_secret(path).strip()

    def is_made(self) -> bool:
        """Return whether an instance lies here: its database or, where that is PostgreSQL, its ledger key."""
        return (self.ledger_key if os.environ.get("PRIVITY_DB") else self.database).exists()

    def must_exist(self) -> None:
        """Raise unless an instance lies here.

        Raises: Mistaken: there is no database.
        """
        if not self.is_made():
            raise Mistaken(
                f"no instance was opened at `{self.root}`",
                why="there is no database in that folder",
                next_step="run `privity init --data DIR`, or `privity demo` to see a made-up one",
            )


def text_of_secret(path: Path) -> str:
    """Return what stands in a file of secrets.

    Raises: Unavailable: it cannot be read, or is something else.
    """
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as wrong:
        why = (wrong.strerror or "the system refused").lower() if isinstance(wrong, OSError) else "it is something else"
        raise Unavailable(
            "the instance was not opened",
            why=f"its `{path.name}` cannot be read ({why})",
            next_step=f"put `{path.name}` back from a backup, and let only its owner read it",
        ) from wrong


def write_secret(path: Path, text: str) -> None:
    """Write `text` so that only the owner can read it; an existing file is refused.

    Raises: FileExistsError: the file is already there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
