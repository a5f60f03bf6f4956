import gc

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    """The pages' own room."""

    name = "beeldkluis.web"
    label = "web"

    def ready(self) -> None:
        """Signing in stands in the journal. Django's own note of it would change a person's row outside a step.

        This package is the last: what was imported stays while the program runs, so the collector need not look at it again.
        """
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        gc.freeze()
        gc.enable()
