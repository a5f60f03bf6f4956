from django.urls import path

from beeldkluis.appointments import room_views, views

app_name = "appointments"
urlpatterns = [
    path("verzoeken/<str:reference>/afspraak/", views.appointment, name="appointment"),
    path("verzoeken/<str:reference>/afspraak/kiezen/", views.choose, name="choose"),
    path("verzoeken/<str:reference>/afspraak/verzetten/", views.move, name="move"),
    path("verzoeken/<str:reference>/afspraak/afzeggen/", views.cancel, name="cancel"),
    path("ruimtes/", room_views.rooms, name="rooms"),
    path("ruimtes/<int:number>/buiten-gebruik/", room_views.retire_room, name="retire-room"),
]
