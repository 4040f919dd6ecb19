"""The pages as Django sees them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their words and their looks."""

    name = "privity.edge.web"
    label = "web"
