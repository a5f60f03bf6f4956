"""The machine under the program: its clock, how long it runs, and the moments at which it is switched off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from beeldkluis.cases import actions as case_actions
from beeldkluis.footage import actions as footage_actions
from beeldkluis.journal import clock, row_actions
from beeldkluis.vault import key_store, local_store


class Killed(BaseException):
    """The process ends here, in the middle of what it does."""


class Machine:
    """Time as it truly is (`now`), what the machine's clock says (`ahead` of it), and since when it runs."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.ahead = timedelta(0)
        self.starts = 1
        self.since = now - timedelta(hours=1)
        self._left = 0  # so many dangerous moments are survived before it goes off; 0: it does not
        clock.now = self.says
        clock.uptime = lambda: clock.Uptime(f"start {self.starts}", int((self.now - self.since).total_seconds()))
        self._watch()

    def says(self) -> datetime:
        """What its clock says."""
        return self.now + self.ahead

    def starts_again(self) -> None:
        """It was off."""
        self.starts += 1
        self.since = self.now

    def _watch(self) -> None:
        """Dangerous moments: every line of the journal, every key that is made or goes, every payload that goes."""
        for owner, name in (
            (row_actions, "insert"),
            (key_store.KeyStore, "create"),
            (key_store.KeyStore, "destroy"),
            (local_store.LocalStore, "delete_all_versions"),
            (footage_actions, "place_hold"),
            (case_actions, "match"),
        ):
            if hasattr(owner, name):
                setattr(owner, name, self._dangerous(getattr(owner, name)))

    def _dangerous(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*words: Any, **named: Any) -> Any:
            if self._left:
                self._left -= 1
                if self._left == 0:
                    raise Killed
            done = act(*words, **named)
            if self._left:  # and just after it
                self._left -= 1
                if self._left == 0:
                    raise Killed
            return done

        return watched

    @contextmanager
    def goes_off_at(self, moment: int) -> Iterator[None]:
        """Within, the process is ended at that dangerous moment (1: the first), when there are so many."""
        self._left = moment
        try:
            yield
        except Killed:
            for connection in connections.all():
                connection.close()
            raise
        finally:
            self._left = 0
