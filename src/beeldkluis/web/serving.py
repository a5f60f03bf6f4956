"""Keeps the programs of one installation running beside each other: web server, worker and clock tick.

Knows nothing of Django. A program that ends is started again; one that keeps ending stops everything, so that whoever
watches over this process notices. When this process itself is killed, the programs end with it.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STOP_SECONDS = 30.0  # how long a program may take to finish what it is doing
LOOK_SECONDS = 0.2
MOST_DEATHS = 5  # within WINDOW_SECONDS: then it will not get better by itself
WINDOW_SECONDS = 60.0
LONGEST_PAUSE = 8.0


@dataclass(slots=True)
class Program:
    """One program: its name in messages, its command line, and when it ended before (monotonic seconds)."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)
    not_before: float = 0.0


class Supervisor:
    """Starts programs, restarts what dies, stops all of them together."""

    def __init__(self, programs: Mapping[str, Sequence[str]], *, most_deaths: int = MOST_DEATHS) -> None:
        self.programs = [Program(name, command) for name, command in programs.items()]
        self.most_deaths = most_deaths
        self.stopping = threading.Event()

    def run(self) -> int:
        """Run until SIGTERM or SIGINT (0) or until one program keeps dying (1)."""
        stop = (signal.SIGTERM, signal.SIGINT)
        before = [signal.signal(number, lambda *_: self.stopping.set()) for number in stop]
        given_up = False
        while not self.stopping.is_set() and not given_up:
            given_up = not all([self._keep(program) for program in self.programs])  # noqa: C419 - every one is looked at
            self.stopping.wait(LOOK_SECONDS)
        self._stop_all()
        for number, handler in zip(stop, before, strict=True):
            signal.signal(number, handler)
        return 1 if given_up else 0

    def _keep(self, program: Program) -> bool:
        """Start the program if it does not run. False when it died too often."""
        moment = time.monotonic()
        if program.process is None:
            if moment >= program.not_before:
                program.process = subprocess.Popen(tied(program.command))  # noqa: S603 - our own command lines
            return True
        code = program.process.poll()
        if code is None:
            return True
        program.process = None
        program.deaths = [one for one in program.deaths if moment - one < WINDOW_SECONDS] + [moment]
        _say(f"{program.name} is gestopt met code {code} (keer {len(program.deaths)})")
        program.not_before = moment + min(LONGEST_PAUSE, 0.25 * 2 ** len(program.deaths))
        return len(program.deaths) < self.most_deaths

    def _stop_all(self) -> None:
        """Ask all to stop, wait, and end what did not listen."""
        running = [program.process for program in self.programs if program.process and program.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def tied(command: Sequence[str]) -> list[str]:
    """The command line that starts this one so that it ends with this process, however that ends."""
    return [sys.executable, "-m", "beeldkluis.web.tied", str(os.getpid()), *command]


def _say(text: str) -> None:
    print(f"beeldkluis: {text}", file=sys.stderr, flush=True)  # noqa: T201 - a program's words on its own terminal
