"""The web server's sockets, read and written at a pace: whoever is slower than that, on purpose or not, loses the thread.

A slow sender looks as if the line had broken, so that what an upload brought by then is kept and it can go on from there.
"""

import errno
import socket
import time
from typing import Any

from gunicorn.http.unreader import Unreader

SLOWEST = 4 * 1024  # bytes a second over a whole request: the poorest line that a dock still delivers over
LONGEST_SILENCE = 30.0  # seconds without a byte, either way


class Paced:
    """A connected socket. While a thread has it, every wait counts: in all not longer than `patience` seconds and what the
    bytes that went explain at `SLOWEST`. Whatever is not said here is the socket's own.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.begin(LONGEST_SILENCE)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def begin(self, patience: float) -> None:
        """A request begins: count anew."""
        self.patience, self.waited, self.carried = patience, 0.0, 0
        self.broken = False

    def setblocking(self, blocking: bool) -> None:
        """Blocking never means for ever."""
        self._connection.settimeout(max(LONGEST_SILENCE, self.patience) if blocking else 0.0)

    def recv(self, size: int) -> bytes:
        """What arrived; nothing when the other side is too slow, as if it had hung up."""
        if self.broken:
            return b""
        began = time.monotonic()
        try:
            piece = self._connection.recv(size)
        except TimeoutError:
            piece = b""
        self._count(began, len(piece))
        if not piece or self._too_slow():
            self.broken = True
        return piece

    def sendall(self, data: bytes) -> None:
        """Send. BrokenPipeError when the other side reads too slowly."""
        began = time.monotonic()
        try:
            self._connection.sendall(data)
        except TimeoutError as error:
            raise BrokenPipeError(errno.EPIPE, "the other side reads nothing") from error
        self._count(began, len(data))
        if self._too_slow():
            raise BrokenPipeError(errno.EPIPE, "the other side reads too slowly")

    def _count(self, began: float, carried: int) -> None:
        self.waited += time.monotonic() - began
        self.carried += carried

    def _too_slow(self) -> bool:
        return self.waited > self.patience + self.carried / SLOWEST


class WholeBody(Unreader):  # type: ignore[misc]  # gunicorn ships no types
    """A body that is there already, read as if it came from a socket."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self.file = file

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next piece."""
        piece: bytes = self.file.read(max(size_hint or 0, 8192))
        return piece
