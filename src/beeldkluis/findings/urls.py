from django.urls import path

from beeldkluis.findings import views

app_name = "findings"
urlpatterns = [
    path("bevindingen/", views.findings, name="list"),
    path("bevindingen/<int:finding>/", views.settle, name="settle"),
]
