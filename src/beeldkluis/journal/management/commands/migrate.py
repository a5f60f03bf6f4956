"""`beeldkluis migrate`: Django's own, with the journal's guard held open: a migration changes rows as the program's makers
meant it, before anybody acts. Then the tables of caches that stand in the database, which Django makes by another command.
"""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import router

from beeldkluis.journal import guard


class Command(migrate.Command):
    """As Django's, and the tables of limits after it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations inside the guard."""
        with guard.opened():
            super().handle(*args, **options)
        for cache in caches.all(initialized_only=False):
            if isinstance(cache, BaseDatabaseCache):
                model = cache.cache_model_class
                call_command("createcachetable", database=router.db_for_write(model), verbosity=0)
