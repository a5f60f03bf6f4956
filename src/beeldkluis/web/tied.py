"""Starts a program that ends when whoever started it ends: `python -m beeldkluis.web.tied PARENT COMMAND…`.

`kill -9` of `beeldkluis serve` tells nobody, and what it started would keep the port and go on beside the next `serve`.
Linux tells the child: it gets SIGTERM at that moment, finishes what it is doing and ends. Elsewhere the program starts
all the same, and only an ordinary stop ends it.
"""

import ctypes
import os
import signal
import sys

_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG: stays over execve


def main(parent: int, command: list[str]) -> None:
    """Become `command`, tied to the process `parent`; end with 1 when that has ended already. Never returns."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - our own command lines


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
