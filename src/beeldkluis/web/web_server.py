"""Settings of the web server, gunicorn: `--config python:beeldkluis.web.web_server`."""

import os

from gunicorn.http.unreader import SocketUnreader

PIECE = 128 * 1024  # bytes of an upload that a thread holds at once: they stay in the processor's own memory

os.umask(0o077)  # of the arbiter itself, whoever started it; what the server makes is for its own user only
umask = 0o077
worker_class = "gthread"
graceful_timeout = 25  # seconds that a request may still take when the server stops
timeout = 120  # seconds after which a worker that says nothing is replaced
keepalive = 5  # seconds
loglevel = "warning"
control_socket_disable = True
# Gunicorn reads up to 1 MiB ahead and copies it three times, for every thread that takes in film: sixteen of them would
# need 100 MB. It has no setting for this.
SocketUnreader.max_body_chunk = PIECE
