"""Which address leads to which page."""

from django.urls import path

from privity.edge.web import (
    acts,
    case,
    health,
    ledger,
    letters,
    queue,
    requester,
    requester_new,
    signing_in,
    situation,
    statistics,
)
from privity.edge.web.custody_urls import CUSTODY_PAGES
from privity.edge.web.debt_urls import DEBT_PAGES
from privity.edge.web.inner_urls import INNER_PAGES
from privity.edge.web.public_urls import PUBLIC_PAGES

handler400 = "privity.edge.web.refusals.unreadable"
handler403 = "privity.edge.web.refusals.forbidden"
handler404 = "privity.edge.web.refusals.not_found"
handler500 = "privity.edge.web.refusals.defect"

urlpatterns = [
    path("", situation.situation, name="situation"),
    path("agreements/<str:family>/<str:version>/", situation.agreement, name="agreement"),
    path("accessibility/", situation.accessibility, name="accessibility"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/<int:year>/", statistics.statistics, name="statistics-year"),
    path("statistics/<int:year>.csv", statistics.statistics_csv, name="statistics-csv"),
    path("statistics/<int:year>.json", statistics.statistics_json, name="statistics-json"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoint", ledger.checkpoint, name="checkpoint"),
    path("ledger/tile/<path:name>", ledger.tile, name="tile"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("your-role/", signing_in.role, name="role"),
    path("cases/", queue.queue, name="queue"),
    path("cases/list.csv", queue.queue_csv, name="queue-csv"),
    path("cases/<str:reference>/", case.case, name="case"),
    path("cases/<str:reference>/next/", queue.next_case, name="next-case"),
    path("cases/<str:reference>/take/", acts.take, name="take"),
    path("cases/<str:reference>/questions/<str:name>/", acts.purpose, name="purpose"),
    path("cases/<str:reference>/ask/", acts.ask, name="ask"),
    path("cases/<str:reference>/trace/", acts.trace, name="trace"),
    path("cases/<str:reference>/trace/set-aside/", acts.set_aside, name="set-aside"),
    path("cases/<str:reference>/identity/", acts.identity, name="identity"),
    path("cases/<str:reference>/protected/", acts.protected, name="protected"),
    path("cases/<str:reference>/release/", acts.release, name="release"),
    path("cases/<str:reference>/letters/<slug:kind>/", letters.letter, name="letter"),
    path("cases/<str:reference>/letters/<slug:kind>.pdf", letters.letter_pdf, name="letter-pdf"),
    path("requests/", requester.listing, name="requests"),
    path("requests/new/", requester_new.begin, name="new-request"),
    path("requests/file/", requester_new.upload, name="request-file"),
    path("requests/file/<str:name>/", requester_new.check_file, name="request-file-check"),
    path("requests/drafts/<str:name>/send/", requester_new.send, name="draft-send"),
    path("requests/drafts/<str:name>/colleagues/", requester_new.put_before_colleagues, name="draft-colleagues"),
    path("requests/drafts/<str:name>/countersign/", requester_new.countersign, name="draft-countersign"),
    path("requests/drafts/<str:name>/discard/", requester_new.discard, name="draft-discard"),
    path("requests/drafts/<str:name>/<str:step>/", requester_new.step, name="draft"),
    path("requests/<str:reference>/", requester.own, name="own-request"),
    path("requests/<str:reference>/letters/<slug:kind>/", letters.own_letter, name="own-letter"),
    path("requests/<str:reference>/letters/<slug:kind>.pdf", letters.own_letter_pdf, name="own-letter-pdf"),
    path("requests/<str:reference>/again/", requester_new.begin_again, name="own-again"),
    path("requests/<str:reference>/answer/", requester.answer, name="own-answer"),
    path("requests/<str:reference>/withdrawal/", requester.withdraw, name="own-withdrawal"),
    path("requests/<str:reference>/challenge/", requester.challenge, name="own-challenge"),
    path("requests/<str:reference>/response/", requester.sealed, name="own-response"),
    path("requests/<str:reference>/receipt/", requester.receipt, name="own-receipt"),
    path("requests/<str:reference>/destruction/", requester.destruction, name="own-destruction"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    *INNER_PAGES,
    *DEBT_PAGES,
    *CUSTODY_PAGES,
    *PUBLIC_PAGES,
]
