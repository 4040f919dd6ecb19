"""The addresses of the public's, the patient's and the practice's pages."""

from django.urls import URLPattern, path

from privity.edge.web import agreements, people, protecting, publications

PUBLIC_PAGES: list[URLPattern] = [
    path("statistics/quarters/", publications.quarters, name="quarters"),
    path("statistics/<str:period>/", publications.quarter, name="quarter"),
    path("statistics/<str:period>/publication.json", publications.quarter_bytes, name="quarter-bytes"),
    path("statistics/<str:period>/requests.csv", publications.quarter_table, name="quarter-table"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/register.csv", agreements.register, name="register-of-agreements"),
    path("agreements/<str:family>/<str:version>/papers/", agreements.papers, name="papers"),
    path("plans/<str:family>/", agreements.plan, name="plan"),
    path("agreements/<str:family>/<str:before>/<str:after>/", agreements.differences, name="differences"),
    path("notice/", agreements.notice, name="notice"),
    path("disclosed/", people.disclosed, name="disclosed"),
    path("disclosed/questions/", people.questions, name="questions"),
    path("disclosed/questions/<str:reference>/", people.question, name="question"),
    path("practice/protect/", protecting.protection, name="protection"),
    path("protections/", protecting.protections, name="protections"),
    path("practice/code/", people.code, name="code"),
]
