"""Every address there is: the pages, and under `/api/v1/` the interface for programs."""

from django.urls import path

from privity.edge.api.routes import api
from privity.edge.web.urls import handler400, handler403, handler404, handler500
from privity.edge.web.urls import urlpatterns as pages
from privity.edge.wiring.interface_page import interface

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("api/docs", interface, name="interface"), path("api/v1/", api.urls), *pages]
