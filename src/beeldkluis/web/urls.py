from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("beeldkluis.viewing.urls")),  # first: asked for at every jump in a film
    path("", include("beeldkluis.web.own_urls")),
    path("accounts/", include("beeldkluis.web.sign_in_urls")),
    path("", include("beeldkluis.journal.urls")),
    path("", include("beeldkluis.people.urls")),
    path("", include("beeldkluis.findings.urls")),
    path("", include("beeldkluis.devices.urls")),
    path("", include("beeldkluis.footage.urls")),
    path("", include("beeldkluis.intake.urls")),
    path("", include("beeldkluis.cases.urls")),
    path("", include("beeldkluis.appointments.urls")),
    path("", include("beeldkluis.redaction.urls")),
    path("", include("beeldkluis.disclosure.urls")),
    path("", include("beeldkluis.retention.urls")),
    path("", include("beeldkluis.kiosk.urls")),
]
handler400 = "beeldkluis.web.errors.bad_request"
handler403 = "beeldkluis.web.errors.forbidden"
handler404 = "beeldkluis.web.errors.not_found"
handler500 = "beeldkluis.web.errors.server_error"
handler429 = "beeldkluis.web.errors.too_many"
