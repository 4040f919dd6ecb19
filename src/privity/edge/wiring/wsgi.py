"""The WSGI application of the instance named by `PRIVITY_DATA`, for gunicorn."""

import os
from importlib import import_module
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from privity.edge.api import door as programs_door
from privity.edge.store.standstill import standstill
from privity.edge.web import door
from privity.edge.web.custody_door import open_custody_with
from privity.edge.web.debt_door import open_debts_with
from privity.edge.web.public_door import open_public_with
from privity.edge.web.watch_door import open_watch_with
from privity.edge.wiring.instance import open_instance

instance = open_instance(Path(os.environ["PRIVITY_DATA"]))
door.open_with(
    instance.desk,
    requester_desk=instance.requester_desk,
    letters=instance.letters,
    made_up=instance.is_demonstration,
    standstill=standstill,
)
open_custody_with(instance.custody)
open_watch_with(instance.watch_desk)
# Loaded by name: the rows can be imported only once the instance is open.
public = import_module("privity.edge.wiring.public_desk").public_desk(instance)
open_public_with(public)
programs_door.open_with(
    programs_door.Behind(
        desk=instance.desk,
        requester_desk=instance.requester_desk,
        programs=instance.programs,
        public_desk=public,
        made_up=instance.is_demonstration,
    )
)
import_module("privity.edge.wiring.inside").open_inner_doors(instance)
open_debts_with(import_module("privity.edge.wiring.debts").debt_desk(instance))
import_module("privity.edge.wiring.reading").read_beside(instance.reader)
application = get_wsgi_application()
