"""The addresses of the public's, the patient's and the practice's pages."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from privity.edge.web import agreements, fairness, leaflets, people, protecting, publications, watching

PUBLIC_PAGES: list[URLPattern] = [
    path("statistics/quarters/", publications.quarters, name="quarters"),
    path("statistics/<str:period>/", publications.quarter, name="quarter"),
    path("statistics/<str:period>/publication.json", publications.quarter_bytes, name="quarter-bytes"),
    path("statistics/<str:period>/requests.csv", publications.quarter_table, name="quarter-table"),
    path("statistics/<str:period>/together/", publications.together, name="together"),
    path("statistics/<str:period>/together.csv", publications.together_table, name="together-table"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/register.csv", agreements.register, name="register-of-agreements"),
    path("agreements/<str:family>/<str:version>/papers/", agreements.papers, name="papers"),
    path("plans/<str:family>/", agreements.plan, name="plan"),
    path("agreements/<str:family>/<str:before>/<str:after>/", agreements.differences, name="differences"),
    path("notice/", leaflets.notice, name="notice"),
    path("leaflet/", leaflets.leaflet, name="leaflet"),
    path("leaflet/large/", leaflets.large, name="leaflet-large"),
    path("leaflet.pdf", leaflets.pdf, name="leaflet-pdf"),
    path("leaflet-large.pdf", leaflets.large_pdf, name="leaflet-large-pdf"),
    path("protect-yourself/", leaflets.protect_yourself, name="protect-yourself"),
    path("language/", set_language, name="language"),
    path("figures/fairness/", fairness.fairness, name="fairness"),
    path("figures/fairness.json", fairness.fairness_json, name="fairness-json"),
    path("tracer/", watching.tracer, name="tracer"),
    path("alerts/", watching.alerts, name="alerts"),
    path("practice/approaches/", watching.approaches, name="approaches"),
    path("disclosed/", people.disclosed, name="disclosed"),
    path("disclosed/questions/", people.questions, name="questions"),
    path("disclosed/questions/<str:reference>/", people.question, name="question"),
    path("practice/protect/", protecting.protection, name="protection"),
    path("protections/", protecting.protections, name="protections"),
    path("practice/code/", people.code, name="code"),
]
