"""Free ports on this machine."""

import socket


def free_port() -> int:
    """A free port whose number plus 10,000 is free too: the server takes that one for its own talk."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port > 50_000:
                continue
            try:
                second.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            return int(port)
