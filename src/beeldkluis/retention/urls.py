from django.urls import path

from beeldkluis.retention import views

app_name = "retention"
urlpatterns = [
    path("vernietigen/", views.overview, name="overview"),
    path("vernietigen/<int:brake>/", views.stopped_round, name="brake"),
    path("opnames/<uuid:recording>/vernietiging/", views.destruction, name="certificate"),
]
