"""Addresses of the web room itself."""

from django.urls import path

from beeldkluis.web import views

app_name = "web"
urlpatterns = [
    path("", views.start, name="start"),
    path("account/", views.account, name="account"),
    path("gezond/", views.health, name="health"),
]
