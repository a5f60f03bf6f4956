from django.urls import path

from beeldkluis.devices import dock_views, incident_views, views

app_name = "devices"
urlpatterns = [
    path("bodycams/", views.bodycams, name="bodycams"),
    path("bodycams/nieuw/", views.add_bodycam, name="add-bodycam"),
    path("bodycams/<str:label>/", views.bodycam, name="bodycam"),
    path("bodycams/<str:label>/uitgeven/", views.issue, name="issue"),
    path("bodycams/<str:label>/innemen/", views.hand_in, name="hand-in"),
    path("bodycams/<str:label>/blokkeren/", views.block, name="block"),
    path("docks/", views.docks, name="docks"),
    path("docks/<uuid:dock>/buiten-gebruik/", views.retire_dock, name="retire-dock"),
    path("incidenten/", incident_views.register, name="incidents"),
    path("incidenten/melden/", incident_views.report, name="report"),
    path("incidenten/<int:number>/", incident_views.incident, name="incident"),
    path("incidenten/<int:number>/sluiten/", incident_views.close, name="close-incident"),
    path("incidenten/<int:number>/stap/<str:name>/", incident_views.take_step, name="incident-step"),
    path("dock/v1/enrol", dock_views.enrol, name="dock-enrol"),
    path("dock/v1/configuration", dock_views.configuration, name="dock-configuration"),
    path("dock/v1/docked", dock_views.docked, name="dock-docked"),
    path("dock/v1/left", dock_views.left, name="dock-left"),
]
