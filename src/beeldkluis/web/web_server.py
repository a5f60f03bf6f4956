"""Settings of the web server, gunicorn: `--config python:beeldkluis.web.web_server`."""

import os

from gunicorn.http.unreader import SocketUnreader

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beeldkluis.web.settings")  # the worker asks how many proxies there are

PIECE = 128 * 1024  # bytes of an upload that a thread holds at once: they stay in the processor's own memory

os.umask(0o077)  # of the arbiter itself, whoever started it; what the server makes is for its own user only
umask = 0o077
preload_app = True  # imported once, its memory shared by the workers; that connects nowhere and starts no thread
worker_class = "beeldkluis.web.web_worker.Worker"
worker_connections = 600  # of one process, all together; who waits longest goes when it is full
graceful_timeout = 25  # seconds that a request may still take when the server stops
timeout = 120  # seconds after which a worker that says nothing is replaced
keepalive = 75  # seconds: longer than proxies keep a line without use, so that they are the ones who end it
loglevel = "warning"
control_socket_disable = True
limit_request_line = 4094  # bytes
limit_request_fields = 60
limit_request_field_size = 8190  # bytes
sendfile = False  # who reads a file too slowly would keep the thread; only our own screens are files
# Whether the line is https is Django's to say (SECURE_PROXY_SSL_HEADER), and only behind a proxy of ours.
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
# Gunicorn reads up to 1 MiB ahead and copies it three times, for every thread that takes in film: sixteen of them would
# need 100 MB. It has no setting for this.
SocketUnreader.max_body_chunk = PIECE
