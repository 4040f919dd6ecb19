"""Which ledgers the present one goes on from, as everybody may know it: their names, keys, and since when."""

from collections.abc import Sequence

from privity.casework.desk import FormerLedger
from privity.casework.record import read_moment
from privity.definitions.day import civil_day
from privity.edge.settings.places import DataDirectory
from privity.edge.store.instance_rows import Restore
from privity.edge.wiring.key_rotation import earlier_keys


def former_ledgers(data: DataDirectory, alias: str) -> Sequence[FormerLedger]:
    """Return the ledgers that the one of an instance goes on from, the newest first."""
    keys = earlier_keys(data)
    rows = Restore.objects.using(alias).order_by("-entry").values_list("former_log", "restored_at")
    return [
        FormerLedger(
            origin=name,
            verifier_keys=[str(key) for key in keys if key.name == name],
            restored_on=civil_day(read_moment(restored_at)),
        )
        for name, restored_at in rows
    ]
