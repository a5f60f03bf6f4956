from django.urls import path

from beeldkluis.intake import axis_views, views

app_name = "intake"
urlpatterns = [
    path("docks/axis/", axis_views.systems, name="axis-systems"),
    path("docks/axis/<int:number>/buiten-gebruik/", axis_views.retire_system, name="retire-axis-system"),
    path("axis/auth/v1.0", axis_views.auth, name="axis-auth"),
    path("axis/v1/<str:account>/<str:name>", axis_views.container, name="axis-container"),
    path("axis/v1/<str:account>/<str:name>/<path:item>", axis_views.stored, name="axis-object"),
    path("intake/v1/receipts", views.receipt, name="receipt"),
    path("intake/v1/uploads", views.uploads, name="uploads"),
    path("intake/v1/uploads/<uuid:upload_id>", views.upload, name="upload"),
    path("intake/v1/uploads/<uuid:upload_id>/manifest", views.manifest, name="manifest"),
    path("intake/v1/wiped", views.wiped, name="wiped"),
]
