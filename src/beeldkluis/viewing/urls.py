from django.urls import path

from beeldkluis.viewing import views

app_name = "viewing"
urlpatterns = [
    path("inzien/service-worker.js", views.service_worker, name="service-worker"),
    path("inzien/controle/", views.check, name="check"),
    path("inzien/controle/zegels/", views.check_headers, name="check-headers"),
    path("inzien/controle/uitkomst/", views.check_outcome, name="check-outcome"),
    path("inzien/verzegeld/<uuid:opening>/<uuid:clip>", views.sealed, name="sealed"),
    path("inzien/<uuid:opening>/gespeeld/", views.played, name="played"),
    path("inzien/<uuid:opening>/sluiten/", views.close, name="close"),
    path("inzien/<str:reference>/<uuid:recording>/", views.ask, name="ask"),
    path("inzien/<str:reference>/<uuid:recording>/openen/", views.open_recording, name="open"),
]
