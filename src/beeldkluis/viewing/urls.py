from django.urls import path

from beeldkluis.viewing import check_views, copy_views, redaction_views, report_views, room_views, views

app_name = "viewing"
urlpatterns = [
    path("inzien/verzegeld/<uuid:opening>/<uuid:clip>", views.sealed, name="sealed"),
    path("verzoeken/<str:reference>/inzage/", room_views.begin, name="begin"),
    path("verzoeken/<str:reference>/wie-keek/", report_views.who_looked, name="who-looked"),
    path("inzien/<uuid:viewing>/verslag/", report_views.report_pdf, name="report-pdf"),
    path("inzien/<uuid:opening>/kijkkopie/<uuid:clip>/", copy_views.copy, name="copy"),
    path("inzien/<uuid:opening>/onherkenbaar/<uuid:clip>/", redaction_views.redact, name="redact"),
    path("inzien/<uuid:opening>/onherkenbaar/<uuid:clip>/stap/", redaction_views.step, name="redact-step"),
    path("inzien/<uuid:opening>/onherkenbaar/<uuid:clip>/kopie/", redaction_views.copy, name="redact-copy"),
    path("inzien/<uuid:opening>/onherkenbaar/<uuid:clip>/gespeeld/", redaction_views.played, name="redact-played"),
    path("erbij/", room_views.here, name="here"),
    path("inzien/service-worker.js", views.service_worker, name="service-worker"),
    path("inzien/controle/", check_views.check, name="check"),
    path("inzien/controle/zegels/", check_views.headers, name="check-headers"),
    path("inzien/controle/uitkomst/", check_views.outcome, name="check-outcome"),
    path("inzien/<uuid:viewing>/", room_views.room, name="room"),
    path("inzien/<uuid:viewing>/stand/", room_views.state, name="state"),
    path("inzien/<uuid:viewing>/handhaver/", room_views.officer, name="officer"),
    path("inzien/<uuid:viewing>/verzoeker/", room_views.requester, name="requester"),
    path("inzien/<uuid:viewing>/meegekomen/", room_views.companion, name="companion"),
    path("inzien/<uuid:viewing>/vertrokken/<int:number>/", room_views.left, name="left"),
    path("inzien/<uuid:viewing>/vervangen/", room_views.stand_in, name="stand-in"),
    path("inzien/<uuid:viewing>/einde/", room_views.report, name="report"),
    path("inzien/<uuid:viewing>/kijken/", views.watch, name="watch"),
    path("inzien/<uuid:viewing>/opname/<uuid:recording>/openen/", views.open_recording, name="open"),
    path("inzien/<uuid:opening>/gespeeld/", views.played, name="played"),
    path("inzien/<uuid:opening>/sluiten/", views.close, name="close"),
    path("inzien/<uuid:opening>/zegel/", views.broken, name="broken"),
    path("inzien/<uuid:opening>/markering/", views.mark, name="mark"),
    path("inzien/<uuid:opening>/markering/<int:marker>/weg/", views.unmark, name="unmark"),
]
