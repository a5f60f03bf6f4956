from django.urls import path

from beeldkluis.footage import observation_views, views, wearer_views

app_name = "footage"
urlpatterns = [
    path("opnames/", views.index, name="list"),
    path("opnames/<uuid:recording>/", views.recording, name="recording"),
    path("waarnemingen/", observation_views.to_register, name="to-register"),
    path("waarnemingen/export.csv", observation_views.export, name="export"),
    path("opnames/waarnemingen/", observation_views.wanting, name="wanting"),
    path("opnames/<uuid:recording>/waarneming/", observation_views.observe, name="observe"),
    path("uitgiften/", wearer_views.late, name="late-periods"),
    path("uitgiften/<int:period>/nagevraagd/", wearer_views.asked, name="confirm-wearer"),
]
