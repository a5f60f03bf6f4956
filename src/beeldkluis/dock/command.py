"""The program `beeldkluis-dock`."""

import argparse
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from beeldkluis.dock import agent, enrolment
from beeldkluis.dock.attention import Attention
from beeldkluis.dock.client import BRIEFLY, Vault, VaultAwayError, VaultRefusesError
from beeldkluis.dock.look import looks_safely
from beeldkluis.dock.reporting import reporting
from beeldkluis.dock.state import Memory, MemoryNotWrittenError, NotEnrolledError
from beeldkluis.dock.terminal import Terminal
from beeldkluis.sealed.errors import SealError

NOT_SAFE = (
    "Dit apparaat kan film niet veilig bekijken. Opnames worden verzegeld en aangeleverd, maar niet op schade gekeken."
    " Gebruik een computer met Linux op x86-64 of ARM64."
)
EVERY = 5  # seconds between two rounds
GLANCE = 0.3  # seconds between two looks at the slots
LONGEST_WAIT = 120  # seconds between two tries while the vault is away
DEMO_SECONDS = 150  # 120 before activation, 30 after


def main() -> None:
    """Run one command; exit code 0 when it is done, 1 when it could not be, with words on standard error, 3 when films are
    left on a camera.
    """
    os.umask(0o077)
    chosen = _parser().parse_args()
    terminal = Terminal(as_json=getattr(chosen, "json", False))
    try:
        sys.exit(chosen.run(chosen, terminal))
    except (NotEnrolledError, VaultAwayError, VaultRefusesError, SealError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="beeldkluis-dock", description="Leest bodycams uit en levert ze verzegeld aan."
    )
    parts = parser.add_subparsers(required=True)
    enrol = parts.add_parser("enrol", help="meld dit dockingstation aan met een code")
    enrol.add_argument("server")
    enrol.add_argument("code")
    enrol.add_argument("--name", required=True)
    enrol.set_defaults(run=_enrol)
    run = parts.add_parser("run", help="lees camera's uit")
    slots = "de map waarin camera's verschijnen, een map per plaats"
    run.add_argument("--cameras", type=Path, required=True, help=slots)
    run.add_argument("--once", action="store_true", help="een ronde, daarna stoppen")
    run.add_argument("--json", action="store_true", help="regels voor een programma")
    run.set_defaults(run=_run)
    status = parts.add_parser("status", help="wat dit dockingstation weet")
    status.set_defaults(run=_status)
    trust = parts.add_parser("trust", help="neem na vergelijking de nieuwe sleutels aan")
    trust.add_argument("fingerprint", nargs="+", help="de kenmerken zoals ze bij Sleutels op het scherm staan")
    trust.set_defaults(run=_trust)
    for part in (enrol, run, status, trust):
        part.add_argument("--state", type=Path, default=Path("/var/lib/beeldkluis-dock"))
    simulate = parts.add_parser("simulate", help="zet een camera met nagemaakte opnames neer, om te oefenen")
    simulate.add_argument("folder", type=Path)
    simulate.add_argument("--serial", required=True)
    simulate.add_argument("--clips", type=Path, help="een map met eigen films")
    simulate.add_argument("--drawn", action="store_true", help="alleen getekende films, zonder mensen")
    simulate.add_argument("--seconds", type=int, default=DEMO_SECONDS, help="hoe lang de nieuwste getekende film duurt")
    simulate.set_defaults(run=_simulate)
    return parser


def _enrol(chosen: argparse.Namespace, terminal: Terminal) -> int:
    if Memory(chosen.state).path.exists():
        sys.stderr.write(f"{chosen.state} is al aangemeld. Kies een andere map, of verwijder deze.\n")
        return 1
    state = enrolment.enrol(chosen.server, chosen.code, chosen.name, chosen.state)
    terminal.say(f"Aangemeld als {state.name}. Vergelijk deze kenmerken met die op het scherm bij Sleutels:")
    for one in state.recipients:
        terminal.say(f"  {enrolment.shown(one)}")
    terminal.say(f"  sleutel van de server: {state.vault_key}")
    return 0


def _run(chosen: argparse.Namespace, terminal: Terminal) -> int:
    memory, attention = Memory(chosen.state), Attention()
    state = memory.read()
    if not looks_safely():
        terminal.say(NOT_SAFE, event="not-looked-at")
    with (
        Vault(state.server, state.token, BRIEFLY) as line,
        reporting(chosen.cameras, attention.board, line.slots),
    ):
        return _rounds(chosen, terminal, memory, attention)


def _rounds(chosen: argparse.Namespace, terminal: Terminal, memory: Memory, attention: Attention) -> int:
    wait = EVERY
    while True:
        seen = slots_in(chosen.cameras)
        try:
            done = agent.run_once(chosen.cameras, memory, terminal, attention)
            wait = EVERY
        except (
            VaultAwayError,
            VaultRefusesError,
            SealError,
            MemoryNotWrittenError,
            agent.RecipientsChangedError,
        ) as error:
            attention.board.hold(agent.held_by(error))
            terminal.say(f"{error} De camera's blijven vol.", event="waiting")
            if chosen.once:
                return 1
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            if chosen.once:
                terminal.say("Deze ronde is klaar.", event="done", **asdict(done))
                return 0 if done.everything else 3
        wait_for_change(chosen.cameras, seen, wait)


def slots_in(cameras: Path) -> dict[str, tuple[int, int, int]]:
    """What tells a camera from an empty slot, or from the one before: device, number and time of each slot's folder."""
    found = {}
    with suppress(OSError), os.scandir(cameras) as entries:
        for entry in entries:
            with suppress(OSError):
                about = entry.stat()
                found[entry.name] = (about.st_dev, about.st_ino, about.st_mtime_ns)
    return found


def wait_for_change(cameras: Path, seen: dict[str, tuple[int, int, int]], seconds: float) -> None:
    """Until it is time for the next round, or a camera was put in or taken out since `seen`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(GLANCE, seconds))
        if slots_in(cameras) != seen:
            return


def _status(chosen: argparse.Namespace, terminal: Terminal) -> int:
    state = Memory(chosen.state).read()
    terminal.say(f"{state.name}, aangemeld bij {state.server}")
    terminal.say(f"sleutel van de server: {state.vault_key}")
    for one in state.recipients:
        terminal.say(f"verzegelt voor: {enrolment.shown(one)}")
    terminal.say(f"nog te melden: {len(state.to_report)}")
    terminal.say("film wordt veilig bekeken" if looks_safely() else NOT_SAFE)
    return 0


def _trust(chosen: argparse.Namespace, terminal: Terminal) -> int:
    if not enrolment.trust(Memory(chosen.state), chosen.fingerprint):
        sys.stderr.write("De kenmerken zijn niet die van de server. Er is niets veranderd.\n")
        return 1
    terminal.say("De nieuwe sleutels zijn aangenomen.")
    return 0


def _simulate(chosen: argparse.Namespace, _terminal: Terminal) -> int:
    """In a process of its own, so that a dock that works never loads a film library."""
    words = [str(chosen.folder), chosen.serial, str(chosen.seconds)]
    words += ["--clips", str(chosen.clips)] if chosen.clips else []
    words += ["--drawn"] if chosen.drawn else []
    program = [sys.executable, "-m", "beeldkluis.camera.simulator", *words]
    return subprocess.run(program, check=False).returncode  # noqa: S603 - our own module
