from django.urls import path

from beeldkluis.footage import views

app_name = "footage"
urlpatterns = [
    path("opnames/", views.index, name="list"),
    path("opnames/<uuid:recording>/", views.recording, name="recording"),
]
