from django.urls import path

from beeldkluis.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("verzoeken/<str:reference>/vordering/", views.demand, name="demand"),
]
