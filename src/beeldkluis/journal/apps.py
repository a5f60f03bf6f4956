from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from beeldkluis.journal import guard


def _watch(connection: BaseDatabaseWrapper, **_facts: Any) -> None:
    guard.watch(connection)


class JournalConfig(AppConfig):
    name = "beeldkluis.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every thread makes connections of its own; Django's signal is the only way to hear of each."""
        connection_created.connect(_watch, dispatch_uid="journal-guard")
