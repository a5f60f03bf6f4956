"""`beeldkluis doctor`: what is wrong with this installation, in words."""

import sys
from typing import Any

from django.core.management import BaseCommand

from beeldkluis.redaction import own_detector_queries
from beeldkluis.web import doctor


class Command(BaseCommand):
    """Looks, says, changes nothing."""

    help = "Zeg in woorden wat er aan deze installatie mankeert. Verandert niets."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Which detector the municipality added, and one line per fault; ends with 1 when there is any."""
        if told := own_detector_queries.told():
            self.stdout.write(told)
        found = doctor.findings()
        if (problem := own_detector_queries.tried()) and problem not in found:
            found.append(problem)
        if not found:
            self.stdout.write("Alles in orde.")
            return
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        sys.exit(1)
