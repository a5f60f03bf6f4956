from django.urls import path

from beeldkluis.retention import views

app_name = "retention"
urlpatterns = [
    path("vernietigen/", views.overview, name="overview"),
    path("vernietigen/<int:brake>/", views.stopped_round, name="brake"),
    path("vernietigen/verklaring/<int:year>/<int:month>/", views.declaration, name="declaration"),
    path("opnames/<uuid:recording>/vernietiging/", views.destruction, name="certificate"),
]
