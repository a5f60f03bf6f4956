from django.urls import path

from beeldkluis.redaction import views

app_name = "redaction"
urlpatterns = [
    path("verzoeken/<str:reference>/onherkenbaar/", views.overview, name="case"),
    path("verzoeken/<str:reference>/onherkenbaar/<uuid:clip>/", views.film, name="film"),
    path("verzoeken/<str:reference>/onherkenbaar/<uuid:clip>/uitzonderingen/", views.log, name="log"),
    path("verzoeken/<str:reference>/onherkenbaar/<uuid:clip>/ontwerp/", views.draft, name="draft"),
]
