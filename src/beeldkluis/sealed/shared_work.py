"""Work on numbered parts that two threads share: chunks of one buffer, each sealed or opened into its own place.

The cipher releases the interpreter's lock, so a second core does half of it while the first also reads and writes.
"""

from collections.abc import Callable
from concurrent.futures import Executor


class SharedWork:
    """Does `work` for each number below `count`, begun by a thread of `pool` at once; without a pool by `finish` alone.

    Whoever is free takes the next number, so a thread that gets no time costs nothing. Parts must not touch each other's memory.
    Leave the pool's `with` before that memory is used for something else: then the thread has ended, whatever was raised.
    """

    def __init__(self, pool: Executor | None, work: Callable[[int], None], count: int) -> None:
        self._numbers = iter(range(count))  # the interpreter gives each number of a range out once, also to two threads
        self._work = work
        self._other = pool.submit(self._take) if pool else None

    def _take(self) -> None:
        for number in self._numbers:
            self._work(number)

    def finish(self) -> None:
        """Do what is left and wait for what the thread has in hand. What `work` raises in either thread is raised here."""
        self._take()
        if self._other and not self._other.cancel():
            self._other.result()
        del self._work  # and with it the memory: the pool may still know of us
