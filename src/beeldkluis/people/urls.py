from django.urls import path

from beeldkluis.people import key_views

app_name = "people"
urlpatterns = [
    path("sleutels/", key_views.keys, name="keys"),
    path("sleutels/maken/", key_views.ceremony, name="ceremony"),
    path("sleutels/vastleggen/", key_views.record_ceremony, name="record-ceremony"),
]
