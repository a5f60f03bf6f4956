"""`beeldkluis algorithm`: the entry for the public algorithm register, from the model cards and what was measured."""

from typing import Any

from django.core.management import BaseCommand

from beeldkluis.governance.registers import base
from beeldkluis.redaction.algorithm_queries import entry


class Command(BaseCommand):
    """Prints it; changes nothing."""

    help = "Schrijf de tekst voor het Algoritmeregister over het onherkenbaar maken."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """All of it on the standard output."""
        self.stdout.write(entry(base()))
