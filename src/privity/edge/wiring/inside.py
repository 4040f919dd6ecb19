"""Opens the entrance and the inner desks to the pages. Loaded after Django is up, and only where pages are served."""

from privity.edge.web.inner_door import open_entrance, open_inside, open_mails
from privity.edge.wiring.entrance import InstanceEntrance
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.kept_words import KeptWords
from privity.edge.wiring.mail_desk import InstanceMailDesk
from privity.edge.wiring.passkeys import Passkeys
from privity.edge.wiring.restore_desk import InstanceRestoreDesk
from privity.edge.wiring.single_sign_on import SingleSignOn

SIGN_ON_FILE = "sign-on.json"


def open_inner_doors(instance: Instance) -> InstanceEntrance:
    """Put an instance behind the entrance and behind the administrator's and auditor's pages."""
    entrance = InstanceEntrance(
        accounts=instance.accounts,
        keeper=instance.keeper,
        factors=instance.accounts.factors,
        passkeys=Passkeys(throttle=instance.keeper.throttle),
        sign_on=SingleSignOn(instance.data.root / SIGN_ON_FILE),
    )
    open_entrance(entrance)
    open_inside(
        keeper=instance.keeper,
        registrar=instance.registrar,
        calendars=instance.calendars,
        words=KeptWords(store=instance.store),
        auditor=instance.auditor,
        readings=instance.readings,
        restores=InstanceRestoreDesk(restorer=instance.restorer),
    )
    open_mails(InstanceMailDesk(instance.store, instance.notifier))
    return entrance
