from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The vault."""

    name = "beeldkluis.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
