from django.apps import AppConfig


class FootageConfig(AppConfig):
    name = "beeldkluis.footage"
    label = "footage"
    default_auto_field = "django.db.models.BigAutoField"
