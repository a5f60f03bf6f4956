from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """The retention round."""

    name = "beeldkluis.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
