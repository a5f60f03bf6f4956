"""`beeldkluis tick`: do once what time brings, or every minute until stopped."""

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from beeldkluis.journal import clock
from beeldkluis.web import belongings, ticking
from beeldkluis.web.leading import leading

EVERY_SECONDS = 60.0


class Command(BaseCommand):
    """The retention round, unfinished work, stale uploads, the journal's checkpoint."""

    help = "Doe wat de tijd vraagt: vernietigen, afmaken, opruimen, controlepunt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or for as long as the installation runs."""
        parser.add_argument("--loop", action="store_true", help="elke minuut, tot SIGTERM")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what went wrong; once: end with 1 when anything did."""
        if not options["loop"]:
            if self._once():
                sys.exit(1)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self._once()
            except DatabaseError as error:
                self.stderr.write(f"De database antwoordt niet: {error}")
            close_old_connections()
            stop.wait(EVERY_SECONDS)

    def _once(self) -> list[str]:
        """One round, unless another clock on this database is doing its own: then that is enough."""
        if foreign := list(belongings.differing()):
            raise CommandError("\n".join(foreign))
        with leading() as leads:
            problems = ticking.tick(clock.now(), ticking.HERE) if leads else []
        if not leads:
            self.stdout.write("Een andere klok van deze installatie is bezig.")
        for problem in problems:
            self.stderr.write(problem)
        return problems
