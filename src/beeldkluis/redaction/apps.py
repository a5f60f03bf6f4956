from django.apps import AppConfig


class RedactionConfig(AppConfig):
    name = "beeldkluis.redaction"
    label = "redaction"
    default_auto_field = "django.db.models.BigAutoField"
