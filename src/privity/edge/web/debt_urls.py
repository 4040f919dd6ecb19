"""The addresses of the pages about debts."""

from django.urls import URLPattern, path

from privity.edge.web import debts

DEBT_PAGES: list[URLPattern] = [
    path("debts/", debts.debts, name="debts"),
    path("debts/file/", debts.upload, name="debt-file"),
    path("debts/file/<str:name>/", debts.check_file, name="debt-file-check"),
    path("debts/file/<str:name>/confirm/", debts.confirm_file, name="debt-file-confirm"),
    path("debts/file/<str:name>/discard/", debts.discard_file, name="debt-file-discard"),
    path("debts/runs/", debts.runs, name="debt-runs"),
    path("debts/<str:reference>/", debts.debt, name="debt"),
    path("debts/<str:reference>/view/", debts.judge, name="debt-judge"),
    path("debts/<str:reference>/settlement/", debts.settle, name="debt-settle"),
    path("debts/<str:reference>/receipt/", debts.receipt, name="debt-receipt"),
    path("collations/", debts.collations, name="collations"),
    path("collations/<str:reference>/acknowledgement/", debts.acknowledge, name="collation-acknowledge"),
    path("collations/<str:reference>/<str:form>/", debts.collation, name="collation"),
]
