"""The addresses of a person's own account, and of the administrator's and the auditor's pages."""

from django.urls import URLPattern, path

from privity.edge.web import administration, auditing, kept_words, mails, own_account, registry, restored, signing_in

INNER_PAGES: list[URLPattern] = [
    path("sign-in/second/", signing_in.second_factor, name="second-factor"),
    path("sign-in/enrol/", own_account.first_factor, name="enrol-factor"),
    path("sign-in/set-up/", signing_in.set_up, name="set-up"),
    path("sign-in/elsewhere/", signing_in.elsewhere, name="sign-on-elsewhere"),
    path("sign-out/done/", signing_in.signed_out, name="signed-out"),
    path("sign-out/elsewhere/", signing_in.signed_out_elsewhere, name="signed-out-elsewhere"),
    path("sign-in/elsewhere/back/", signing_in.back_from_elsewhere, name="back-from-elsewhere"),
    path("your-account/", own_account.own_account, name="own-account"),
    path("your-account/second-proof/", own_account.further_factor, name="further-factor"),
    path("your-account/passkeys/<int:number>/remove/", own_account.remove_passkey, name="remove-passkey"),
    path("your-account/recovery-codes/", own_account.new_recovery_codes, name="recovery-codes"),
    path("your-account/password/", own_account.change_password, name="change-password"),
    path("your-account/sign-out-everywhere/", own_account.sign_out_everywhere, name="sign-out-everywhere"),
    path("administration/", administration.administration, name="administration"),
    path("administration/people/", administration.people, name="people"),
    path("administration/people/new/", administration.new_person, name="new-person"),
    path("administration/people/<str:staff_id>/", administration.person_page, name="person"),
    path("administration/people/<str:staff_id>/take-away/", administration.take_away, name="take-away"),
    path("administration/waiting/", administration.proposals, name="proposals"),
    path("administration/waiting/<str:reference>/confirm/", administration.confirm, name="confirm-proposal"),
    path("administration/waiting/<str:reference>/withdraw/", administration.withdraw, name="withdraw-proposal"),
    path("administration/organisations/", registry.organisations, name="organisations"),
    path("administration/certificates/", registry.certificates, name="certificates"),
    path(
        "administration/certificates/<str:organisation>/<str:digest>/",
        registry.certificate_act,
        name="certificate-act",
    ),
    path("administration/mails/", mails.mails, name="mails"),
    path("administration/systems/", registry.programs, name="programs"),
    path("administration/bank-holidays/", registry.calendar, name="calendar"),
    path("administration/health-words/", kept_words.health_words, name="health-words"),
    path("administration/agreements/", registry.shelf, name="shelf"),
    path("restored/", restored.restored, name="restored"),
    path("audit/", auditing.entries, name="entries"),
    path("audit/entries/<int:index>/", auditing.entry, name="entry"),
    path("audit/export/", auditing.export, name="export-ledger"),
    path("audit/register-readings/", auditing.register_readings, name="register-readings"),
    path("audit/verify/", auditing.verify, name="verify-ledger"),
]
