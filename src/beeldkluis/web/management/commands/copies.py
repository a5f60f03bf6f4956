"""`beeldkluis copies`: the worker that makes viewing copies, with a key that lives in its memory alone."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import BaseCommand
from django.db import DatabaseError, close_old_connections

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import Identity
from beeldkluis.viewing.copy_actions import give_back, say_alive, work

EVERY_SECONDS = 2.0
ACTOR = Actor.system("copies")


class Command(BaseCommand):
    """Looks every two seconds whether a copy was asked of this worker."""

    help = "Maak kijkkopieën van opnames die een browser niet kan afspelen, tot SIGTERM."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until stopped, which takes a second or two. What was asked of this worker can then be asked of another."""
        stop, identity = threading.Event(), Identity.generate()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            with self._saying_when_it_is_away():
                say_alive(identity, now=clock.now())
                work(identity, actor=ACTOR, time=clock.now, stopping=stop.is_set)
            close_old_connections()
            stop.wait(EVERY_SECONDS)
        with self._saying_when_it_is_away():
            give_back(identity, actor=ACTOR, now=clock.now())

    @contextmanager
    def _saying_when_it_is_away(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            self.stderr.write(f"De database antwoordt niet: {error}")
