"""`beeldkluis copies`: the worker that makes viewing copies, with a key that lives in its memory alone."""

import signal
import threading
from typing import Any

from django.core.management import BaseCommand

from beeldkluis.jobs.worker import serve
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import Identity

ACTOR = Actor.system("copies")


class Command(BaseCommand):
    """Looks every two seconds whether a job was asked of this worker."""

    help = "Maak kijkkopieën van opnames die een browser niet kan afspelen, tot SIGTERM."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until stopped, which takes a second or two. What was asked of this worker can then be asked of another."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        serve(Identity.generate(), actor=ACTOR, time=clock.now, stop=stop, warn=self.stderr.write)
