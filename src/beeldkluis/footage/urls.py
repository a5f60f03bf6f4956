from django.urls import path

from beeldkluis.footage import observation_views, views

app_name = "footage"
urlpatterns = [
    path("opnames/", views.index, name="list"),
    path("opnames/<uuid:recording>/", views.recording, name="recording"),
    path("opnames/waarnemingen/", observation_views.wanting, name="wanting"),
    path("opnames/<uuid:recording>/waarneming/", observation_views.observe, name="observe"),
]
