"""The desk of the public, the patient and the practice, joined to the store. Loaded after Django is up."""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.casework.public_desk import PublicDesk, Published
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.public_statistics import published_statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancePublicDesk:
    """Everything these people see and can do. Nothing is decided here: acts decide, the store keeps."""

    instance: Instance

    def publications(self) -> Sequence[Published]:
        """Return every published quarter, newest first."""
        return published_statistics(self.instance.agreements)


def public_desk(instance: Instance) -> PublicDesk:
    """Return the public desk of an instance."""
    return InstancePublicDesk(instance=instance)
