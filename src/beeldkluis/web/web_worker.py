"""The web server's worker: gunicorn's threads, which get a request only when it was said (docs/decisions/0116).

Gunicorn's own worker gives a thread to every connection, and whoever says half a request keeps it. Here the loop of the main
thread collects heads and small bodies without a thread; films alone are read by one, at a pace. Two doors have threads of
their own. What may not be said is refused before it is read.
"""

import errno
import resource
import socket
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto
from functools import partial
from selectors import EVENT_READ
from typing import Any

from django.conf import settings
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from beeldkluis.web import doors
from beeldkluis.web.paced import SLOWEST, Paced, WholeBody
from beeldkluis.web.waiting import Share, WaitingRoom
from beeldkluis.web.wire import refusal

HEAD_SECONDS = 10.0  # to say what is wanted, from the first byte or the beginning of the connection
BODY_SECONDS = 15.0  # for a small body, and what its length explains at the slowest pace
TURN_SECONDS = 60.0  # to wait for a thread; then everything is so full that trying later is kinder
LINGER_SECONDS, LINGER_BYTES = 2.0, 4 * doors.MIB  # to let somebody read a refusal who is still sending
LONGEST_HEAD = 32 * 1024  # bytes of request line and headers
IN_MEMORY = 64 * 1024  # bytes of a body; longer ones wait in a file without a name
EACH_WAITING = 100  # connections of one address that have not said all yet
MANY_FILES = (errno.EMFILE, errno.ENFILE)


class State(Enum):
    """Where a connection is. In the first four it waits in the loop, without a thread."""

    IDLE = auto()  # between two requests
    HEAD = auto()
    BODY = auto()
    LINGER = auto()  # answered; we wait until the other side has hung up
    QUEUE = auto()
    THREAD = auto()
    GONE = auto()


WAITING = (State.IDLE, State.HEAD, State.BODY, State.LINGER)


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """One connection, with what it said so far."""

    def __init__(self, cfg: Any, client: socket.socket, address: Any, server: Any) -> None:
        super().__init__(cfg, Paced(client), address, server)
        self.peer = address[0] if isinstance(address, tuple) else "local"
        self.parser = RequestParser(cfg, self.sock, address)
        self.initialized = True
        self.state, self.deadline = State.HEAD, 0.0
        self.said = bytearray()
        self.request: Any = None
        self.door = doors.STRANGER
        self.address = self.peer  # whose request it is; behind a proxy not who is connected
        self.place = ""  # under which address it waits
        self.body: Any = None
        self.missing = self.drained = 0

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 - gunicorn's signature
        """Close, also what was kept of a body. Never waits: lingering is the loop's."""
        self.state = State.GONE
        self.drop_body()
        super().close()

    def drop_body(self) -> None:
        """Forget the body that was collected."""
        if self.body is not None:
            self.body.close()
            self.body = None


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """`--worker-class beeldkluis.web.web_worker.Worker`; `--threads` is for each of the two doors."""

    def init_process(self) -> None:
        """Rooms, shares, and as many open files as the system allows."""
        threads, self.proxies = self.cfg.threads, settings.ALLAUTH_TRUSTED_PROXY_COUNT
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.room: WaitingRoom[Connection] = WaitingRoom(
            most=self.worker_connections,
            most_each=EACH_WAITING,
            crowds=lambda address: self.proxies > 0 and not address,
        )
        names = (doors.PEOPLE, doors.DOCKS)
        self.pools = {name: ThreadPoolExecutor(threads, thread_name_prefix=name) for name in names}
        self.shares: dict[str, Share[Connection]] = {
            name: Share(threads, most_each=max(1, threads * 3 // 4)) for name in names
        }
        super().init_process()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """SIGQUIT: stop at once."""
        for pool in self.pools.values():
            pool.shutdown(wait=False)
        super().handle_quit(sig, frame)

    # --- coming in

    def accept(self, listener: socket.socket) -> None:
        """Let somebody in; who waits longest goes when it is full."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in MANY_FILES:
                self._put_out(self.room.longest())
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        conn = Connection(self.cfg, client, address, listener.getsockname())
        conn.deadline = time.monotonic() + HEAD_SECONDS
        self.nr_conns += 1
        self._wait(conn)
        if self.nr_conns >= self.worker_connections:
            self._put_out(self.room.longest())
        self._read(conn)

    def _wait(self, conn: Connection) -> None:
        """Into the waiting room, watched for more."""
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, lambda _file: self._read(conn))
        self._seat(conn, "" if self.proxies else conn.peer)

    def _seat(self, conn: Connection, place: str) -> None:
        """A place in the room. Behind a proxy whose it is shows only once the head is there; until then it is nobody's."""
        conn.place = place
        self._put_out(self.room.enter(place, conn))

    def _leave(self, conn: Connection) -> None:
        self.room.leave(conn.place, conn)
        self.poller.unregister(conn.sock)

    def _put_out(self, conn: Connection | None) -> None:
        """Close the connection of somebody who is no longer in the room."""
        if conn is not None and conn.state is not State.GONE:
            self.poller.unregister(conn.sock)
            self._close(conn)

    def _drop(self, conn: Connection) -> None:
        if conn.state in WAITING:
            self._leave(conn)
            self._close(conn)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def _read(self, conn: Connection) -> None:
        """Something came, or the other side hung up. Whatever is wrong with it, the loop goes on for the others."""
        if conn.state not in WAITING:
            return
        try:
            self._take(conn)
        except Exception:
            self.log.exception("reading a request failed")
            self._drop(conn)

    def _take(self, conn: Connection) -> None:
        try:
            piece = conn.sock._connection.recv(64 * 1024)  # noqa: SLF001 - the loop never waits, so it has no pace
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._drop(conn)
        elif conn.state is State.LINGER:
            conn.drained += len(piece)
            if conn.drained > LINGER_BYTES:
                self._drop(conn)
        elif conn.state is State.BODY:
            self._more_body(conn, piece)
        else:
            self._more_head(conn, piece)

    def _more_head(self, conn: Connection, piece: bytes) -> None:
        if conn.state is State.IDLE:
            conn.state, conn.deadline = State.HEAD, time.monotonic() + HEAD_SECONDS
        seen = max(0, len(conn.said) - 3)
        conn.said += piece
        if conn.said.find(b"\r\n\r\n", seen) >= 0:
            self._head(conn)
        elif len(conn.said) > LONGEST_HEAD:
            self._refuse(conn, 431)

    def _head(self, conn: Connection) -> None:
        """The head is whole: what is wanted, and may it be?"""
        method, _, rest = conn.said.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        conn.door = doors.door(method, rest.partition(" ")[0].partition("?")[0])
        conn.parser.unreader.unread(bytes(conn.said))
        conn.said.clear()
        try:
            conn.request = next(conn.parser)
        except LimitRequestLine:
            self._refuse(conn, 414)
        except LimitRequestHeaders:
            self._refuse(conn, 431)
        except (ParseException, StopIteration, OSError, ValueError) as error:
            self.log.debug("no request: %s", error)
            self._refuse(conn, 400)
        else:
            self._decide(conn)

    def _decide(self, conn: Connection) -> None:
        request = conn.request
        headers = dict(request.headers)
        conn.door = doors.door(request.method, request.path)
        forwarded = ",".join(value for name, value in request.headers if name == "X-FORWARDED-FOR")
        conn.address = doors.client_address(conn.peer, forwarded, self.proxies)
        length = doors.announced(headers.get("CONTENT-LENGTH"))
        if "TRANSFER-ENCODING" in headers:
            self._refuse(conn, 411)
        elif length is None:
            self._refuse(conn, 400)
        elif length > conn.door.most:
            self._refuse(conn, 413)
        elif conn.door.streamed or not length:
            _end_unless_read(request)
            self._queue(conn)
        else:
            self._begin_body(conn, length)

    def _begin_body(self, conn: Connection, length: int) -> None:
        """Collect a small body here, so that it costs no thread."""
        conn.state = State.BODY
        conn.deadline = time.monotonic() + BODY_SECONDS + length / SLOWEST
        if conn.place != conn.address:
            self.room.leave(conn.place, conn)
            self._seat(conn, conn.address)
        conn.body, conn.missing = tempfile.SpooledTemporaryFile(IN_MEMORY), length  # noqa: SIM115 - closed with the request
        if conn.request._expected_100_continue:  # noqa: SLF001 - gunicorn has no other name for it
            conn.request._expected_100_continue = False  # noqa: SLF001 - likewise; otherwise it is said twice
            self._say(conn, b"HTTP/1.1 100 Continue\r\n\r\n")
        self._more_body(conn, conn.parser.unreader.take_buffered())

    def _more_body(self, conn: Connection, piece: bytes) -> None:
        conn.body.write(piece[: conn.missing])
        if len(piece) > conn.missing:
            conn.parser.unreader.unread(piece[conn.missing :])
        conn.missing -= min(conn.missing, len(piece))
        if not conn.missing:
            length = conn.body.tell()
            conn.body.seek(0)
            conn.request.body = Body(LengthReader(WholeBody(conn.body), length))
            self._queue(conn)

    # --- a thread

    def _queue(self, conn: Connection) -> None:
        self._leave(conn)
        conn.state, conn.deadline = State.QUEUE, time.monotonic() + TURN_SECONDS
        self.shares[conn.door.share].join(conn.address, conn)
        self._give_out(conn.door.share)

    def _give_out(self, name: str) -> None:
        while (conn := self.shares[name].turn()) is not None:
            if conn.deadline < time.monotonic():
                self.shares[name].done(conn.address)
                self._wait(conn)
                self._refuse(conn, 503)
                continue
            conn.state = State.THREAD
            conn.sock.begin(conn.door.patience)
            future = self.pools[name].submit(self.handle, conn)
            future.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def handle(self, conn: Connection) -> bool:
        """Answer the request, in a thread. Whether the connection may be used again."""
        ready = _Ready(conn.request, conn.parser)
        conn.parser = ready
        try:
            return bool(super().handle(conn)) and self.alive
        finally:
            conn.parser = ready.parser

    def finish_request(self, conn: Connection, future: "Future[bool]") -> None:
        """The thread is done, and the loop has the connection again."""
        self.shares[conn.door.share].done(conn.address)
        conn.drop_body()
        conn.request.body = Body(LengthReader(conn.parser.unreader, 0))  # of this request nothing is left to read
        keep = not future.cancelled() and future.exception() is None and future.result()
        now = time.monotonic()
        conn.state, conn.deadline = State.IDLE, now + self.cfg.keepalive
        if conn.sock.fileno() < 0:
            self._close(conn)
        elif keep:
            self._wait(conn)
            if rest := conn.parser.unreader.take_buffered():
                self._more_head(conn, rest)
        else:
            self._wait(conn)
            self._hang_up(conn)
        self._give_out(conn.door.share)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """A body that is there whole or was read to its end leaves nothing on the line; others end it (_end_unless_read)."""
        return keepalive and not conn.sock.broken

    # --- saying no, and going

    def _refuse(self, conn: Connection, status: int) -> None:
        """Say why not, and hang up."""
        self._say(conn, refusal(status, machine=conn.door.share == doors.DOCKS))
        self._hang_up(conn)

    @staticmethod
    def _say(conn: Connection, words: bytes) -> None:
        try:
            conn.sock._connection.send(words)  # noqa: SLF001 - the loop never waits; who reads nothing hears nothing
        except OSError:
            return

    def _hang_up(self, conn: Connection) -> None:
        """Say that nothing more comes, and let the other side read what was said."""
        conn.drop_body()
        conn.state, conn.deadline = State.LINGER, time.monotonic() + LINGER_SECONDS
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)

    def murder_pending(self) -> None:
        """Close connections whose wait expired. Gunicorn calls it every second."""
        now = time.monotonic()
        for conn in self.room:
            if conn.deadline < now:
                if conn.state is State.BODY:
                    self._refuse(conn, 408)
                else:
                    self._drop(conn)
        for name in self.shares:
            self._give_out(name)

    def murder_keepalived(self, force: bool = False) -> None:
        """At the end, close whatever still waits."""
        if force:
            for conn in self.room:
                self._drop(conn)
            for pool in self.pools.values():
                pool.shutdown(wait=False)

    def _cap_keepalive(self, deadline: float) -> None:
        """The server stops: who says nothing now is not waited for long."""
        for conn in self.room:
            if conn.state is State.IDLE or not conn.said:
                conn.deadline = min(conn.deadline, deadline, time.monotonic() + STOP_KEEPALIVE_LINGER)


def _end_unless_read(request: Any) -> None:
    """An answer that comes before the body was read to its end also ends the connection, and says so."""
    usual, reader = request.should_close, request.body.reader
    request.should_close = lambda: reader.length > 0 or usual()


class _Ready:
    """Gives gunicorn's thread the request that was read already."""

    def __init__(self, request: Any, parser: Any) -> None:
        self.request, self.parser = request, parser
        self.unreader = parser.unreader

    def __next__(self) -> Any:
        return self.request
