"""The WSGI application of the instance named by `PRIVITY_DATA`, for gunicorn."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from privity.edge.web import door
from privity.edge.wiring.instance import open_instance

instance = open_instance(Path(os.environ["PRIVITY_DATA"]))
door.open_with(instance.desk, made_up=instance.is_demonstration)
application = get_wsgi_application()
