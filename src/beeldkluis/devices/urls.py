from django.urls import path

from beeldkluis.devices import dock_views

app_name = "devices"
urlpatterns = [
    path("dock/v1/enrol", dock_views.enrol, name="dock-enrol"),
    path("dock/v1/configuration", dock_views.configuration, name="dock-configuration"),
    path("dock/v1/docked", dock_views.docked, name="dock-docked"),
]
