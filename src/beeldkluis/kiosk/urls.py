from django.urls import path

from beeldkluis.kiosk import dock_views, own_views, screen_views, views

app_name = "kiosk"
urlpatterns = [
    path("dock/v1/slots", dock_views.slots, name="dock-slots"),
    path("docks/<uuid:dock>/scherm/", screen_views.screens, name="screens"),
    path("docks/<uuid:dock>/scherm/<uuid:screen>/buiten-gebruik/", screen_views.retire, name="retire-screen"),
    path("kiosk/", views.tiles, name="tiles"),
    path("kiosk/stand", views.standing, name="standing"),
    path("kiosk/mijn/", own_views.mine, name="mine"),
    path("kiosk/mijn/aanmelden/", own_views.door, name="door"),
    path("kiosk/mijn/code/", own_views.code, name="code"),
    path("kiosk/mijn/tekenen/", own_views.sign, name="sign"),
    path("kiosk/mijn/opname/<uuid:recording>/", own_views.observe, name="observe"),
    path("kiosk/mijn/camera/<str:label>/", own_views.report, name="report"),
    path("kiosk/mijn/nog/", own_views.stay, name="stay"),
    path("kiosk/mijn/klaar/", own_views.done, name="done"),
    path("kiosk/<str:token>/", views.open_screen, name="open"),
]
