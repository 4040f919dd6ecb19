"""Opening one field of one case, with the key that lies here and the row that lies beside it."""

from privity.edge.store.audit import held_value
from privity.edge.store.case_keys import keys_of
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.log import Log
from privity.errors import Mistaken
from privity.ledger.commitment import field_key, opens
from privity.ledger.opening import Opening
from privity.ledger.proof import write_proof


class NothingToOpen(Mistaken):
    """There is no such field, no key any more, or the row no longer says what the entry says."""

    def __init__(self, why: str) -> None:
        super().__init__("nothing was opened", why=why, next_step="run `privity audit`, and check case and field")


def open_field(log: Log, case: str, name: str) -> Opening:
    """Return the newest commitment to one field of one case, opened.

    Raises: NothingToOpen: no key, no such field, or the row and the ledger differ.
    """
    key = CaseKey.objects.using(log.alias).filter(reference=case).first()
    if key is None:
        raise NothingToOpen("there is no key for that case: it was destroyed, or never was")
    naming = [indexed for indexed in log.case_entries(key.kid) if name in indexed.entry.commitments]
    if not naming:
        raise NothingToOpen("no entry of that case commits to such a field")
    newest = naming[-1]
    opener = field_key(keys_of([case], log.alias)[case], newest.entry.eid, name)
    value = held_value(case, name, log.alias)
    if not opens(opener, name, value, newest.entry.commitments[name]):
        raise NothingToOpen("the row no longer holds what the entry commits to")
    (leaf,) = log.leaves(newest.index, newest.index + 1)
    proof = write_proof(log.prove(newest.index, extra=leaf))
    return Opening(field=name, value=value, key=opener, proof=proof)
