from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "beeldkluis.kiosk"
    label = "kiosk"
    default_auto_field = "django.db.models.BigAutoField"
