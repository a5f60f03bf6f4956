from django.urls import path

from beeldkluis.intake import views

app_name = "intake"
urlpatterns = [
    path("intake/v1/receipts", views.receipt, name="receipt"),
    path("intake/v1/uploads", views.uploads, name="uploads"),
    path("intake/v1/uploads/<uuid:upload_id>", views.upload, name="upload"),
    path("intake/v1/uploads/<uuid:upload_id>/manifest", views.manifest, name="manifest"),
    path("intake/v1/wiped", views.wiped, name="wiped"),
]
