"""`beeldkluis migrate`: Django's own, with the journal's guard held open: a migration changes rows as the program's makers
meant it, before anybody acts.
"""

from typing import Any

from django.core.management.commands import migrate

from beeldkluis.journal import guard


class Command(migrate.Command):
    """As Django's, and nothing else."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations inside the guard."""
        with guard.opened():
            super().handle(*args, **options)
