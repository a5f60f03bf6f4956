"""Who waits, and whose turn it is: rooms and shares of the web server. No sockets, no clock and no Django in here."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

Guest = TypeVar("Guest", bound=Hashable)


class WaitingRoom(Generic[Guest]):
    """Connections that have not said all yet. They cost no thread, only a place.

    There are so many places, and so many for one address. Whoever comes when there is none takes the place of who waits
    longest, of that address or of the address with most: a request that is said at once is never the one to go. For the
    addresses of our own proxies (`crowds`) there is no limit each: everybody comes through them.
    """

    def __init__(self, *, most: int, most_each: int, crowds: Callable[[str], bool] = lambda _address: False) -> None:
        self.most, self.most_each, self.crowds = most, most_each, crowds
        self._by_address: dict[str, dict[Guest, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Guest]:
        return (guest for waiting in list(self._by_address.values()) for guest in list(waiting))

    def enter(self, address: str, guest: Guest) -> Guest | None:
        """Take a place. Answers who has to go for it, if anybody; that one has left already."""
        waiting = self._by_address.setdefault(address, {})
        gone: Guest | None = None
        if len(waiting) >= self.most_each and not self.crowds(address):
            gone = self._first(address)
        elif self._count >= self.most:
            gone = self.longest()
        self._by_address.setdefault(address, {})[guest] = None
        self._count += 1
        return gone

    def leave(self, address: str, guest: Guest) -> None:
        """Give the place back; again changes nothing."""
        waiting = self._by_address.get(address, {})
        if guest in waiting:
            del waiting[guest]
            self._count -= 1
        if not waiting:
            self._by_address.pop(address, None)

    def longest(self) -> Guest | None:
        """Let go who waits longest of the address with most; nobody when the room is empty."""
        if not self._count:
            return None
        return self._first(max(self._by_address, key=lambda one: len(self._by_address[one])))

    def _first(self, address: str) -> Guest:
        guest = next(iter(self._by_address[address]))
        self.leave(address, guest)
        return guest


class Share(Generic[Guest]):
    """The threads of one door, given out in turn: address after address, and never all of them to one.

    `most_each` of the `threads` may serve one address at once, so that some are left for others.
    """

    def __init__(self, threads: int, *, most_each: int) -> None:
        self.threads, self.most_each = threads, most_each
        self.busy: Counter[str] = Counter()
        self.queue: dict[str, deque[Guest]] = {}

    def join(self, address: str, guest: Guest) -> None:
        """Wait for a thread."""
        self.queue.setdefault(address, deque()).append(guest)

    def turn(self) -> Guest | None:
        """Whose turn it is, who has a thread from now on; nobody when there is no thread or nobody may have one."""
        if self.busy.total() >= self.threads:
            return None
        address = next((one for one in self.queue if self.busy[one] < self.most_each), None)
        if address is None:
            return None
        waiting = self.queue.pop(address)
        guest = waiting.popleft()
        if waiting:
            self.queue[address] = waiting  # at the end: the others come first
        self.busy[address] += 1
        return guest

    def done(self, address: str) -> None:
        """A thread is free again."""
        self.busy[address] -= 1
        if self.busy[address] <= 0:
            del self.busy[address]
