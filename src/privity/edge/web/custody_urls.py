"""The addresses of the custodian's own pages beside queue and case, and of the department's."""

from django.urls import URLPattern, path

from privity.edge.web import brokering, guarding, handing, mails, safety, upkeep

CUSTODY_PAGES: list[URLPattern] = [
    path("cases/<str:reference>/safety/", safety.safety, name="safety"),
    path("cases/<str:reference>/forwarding/", safety.letter, name="forwarding"),
    path("cases/<str:reference>/forwarding/post/", safety.envelope, name="forwarding-post"),
    path("cases/<str:reference>/forwarding/sheet/", safety.sheet, name="forwarding-sheet"),
    path("cases/<str:reference>/forwarding/back/", safety.give_back, name="forwarding-back"),
    path("cases/<str:reference>/mails/again/", mails.again, name="mail-again"),
    path("cases/<str:reference>/note/", upkeep.note, name="note"),
    path("cases/<str:reference>/chase/", upkeep.chase, name="chase"),
    path("cases/<str:reference>/end/", upkeep.end, name="end-case"),
    path("cases/<str:reference>/assign/", upkeep.assign, name="assign"),
    path("cases/<str:reference>/holds/", upkeep.holds, name="holds"),
    path("cases/<str:reference>/incidents/", upkeep.case_incidents, name="case-incidents"),
    path("workload/", upkeep.workload, name="workload"),
    path("workload/assign/", handing.hand_out, name="hand-out"),
    path("incidents/", upkeep.incidents, name="incidents"),
    path("filters/", upkeep.save_filter, name="filters"),
    path("guardian/", guarding.guardian, name="guardian"),
    path("guardian/overrides/", guarding.overrides, name="overrides"),
    path("guardian/samples/", guarding.samples, name="samples"),
    path("guardian/samples/<str:period>/", guarding.sample, name="sample"),
    path("guardian/samples/<str:period>/<str:reference>/", guarding.review, name="review"),
    path("guardian/suspension/", guarding.suspension, name="suspension"),
    path("oversight/", brokering.oversight, name="oversight"),
    path("challenges/", brokering.challenges, name="challenges"),
    path("challenges/<str:reference>/", brokering.challenge, name="challenge"),
]
