from django.urls import path

from beeldkluis.journal import views

app_name = "journal"
urlpatterns = [
    path("logboek/", views.index, name="list"),
    path("logboek/controlepunt/", views.checkpoint, name="checkpoint"),
    path("logboek/controlepunt/<int:size>/", views.checkpoint_of, name="checkpoint-of"),
    path("logboek/sleutel/", views.key, name="key"),
    path("logboek/<int:number>/", views.entry, name="entry"),
]
