from django.urls import path

from beeldkluis.people import code_views, key_views, views

app_name = "people"
urlpatterns = [
    path("handhavers/", views.officers, name="officers"),
    path("handhavers/nieuw/", views.add_officer, name="add-officer"),
    path("handhavers/<str:number>/uit-dienst/", views.end_officer, name="end-officer"),
    path("handhavers/<str:number>/code/", code_views.give, name="give-code"),
    path("sleutels/", key_views.keys, name="keys"),
    path("sleutels/maken/", key_views.ceremony, name="ceremony"),
    path("sleutels/vastleggen/", key_views.record_ceremony, name="record-ceremony"),
]
