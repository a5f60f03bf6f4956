"""`beeldkluis doctor`: what is wrong with this installation, in words."""

import sys
from typing import Any

from django.core.management import BaseCommand

from beeldkluis.web import doctor


class Command(BaseCommand):
    """Looks, says, changes nothing."""

    help = "Zeg in woorden wat er aan deze installatie mankeert. Verandert niets."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line per fault; ends with 1 when there is any."""
        found = doctor.findings()
        if not found:
            self.stdout.write("Alles in orde.")
            return
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        sys.exit(1)
