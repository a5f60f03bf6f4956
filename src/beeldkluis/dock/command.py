"""The program `beeldkluis-dock`."""

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from beeldkluis.camera.simulator import Scene, add_clips, make_camera
from beeldkluis.dock import agent
from beeldkluis.dock.client import Vault, VaultAwayError, VaultRefusesError
from beeldkluis.dock.state import Memory, NotEnrolledError
from beeldkluis.sealed.age import fingerprint
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer

EVERY = 5  # seconds between two rounds
LONGEST_WAIT = 300  # seconds between two tries while the vault is away
DEMO_SECONDS = 150  # 120 before activation, 30 after


class Terminal:
    """Lines for people, or one JSON object a line for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._open_line = False
        self._last = (-1, "")

    def say(self, what: str, **facts: Any) -> None:
        """One line."""
        if self._open_line:
            sys.stdout.write("\n")
            self._open_line = False
        sys.stdout.write((json.dumps({"text": what, **facts}) if self.as_json else what) + "\n")
        sys.stdout.flush()

    def progress(self, name: str, done: int, size: int) -> None:
        """How far one file is; a bar that stays on its line."""
        percent = 100 if size == 0 else done * 100 // size
        if (percent, name) == self._last:
            return
        self._last = (percent, name)
        if self.as_json:
            self.say(name, event="progress", percent=percent)
        elif sys.stdout.isatty() or percent == 100:
            sys.stdout.write(f"\r  {name}  {'█' * (percent // 4):<25} {percent:3d} %")
            sys.stdout.flush()
            self._open_line = True


def main() -> None:
    """Run one command; exit code 0 when it is done, 1 when it could not be, with words on standard error."""
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
    run.add_argument(
        "--cameras", type=Path, required=True, help="de map waarin camera's verschijnen, een map per plaats"
    )
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
    simulate.add_argument("--seconds", type=int, default=DEMO_SECONDS)
    simulate.set_defaults(run=_simulate)
    return parser


def _enrol(chosen: argparse.Namespace, terminal: Terminal) -> int:
    memory = Memory(chosen.state)
    if memory.path.exists():
        sys.stderr.write(f"{chosen.state} is al aangemeld. Kies een andere map, of verwijder deze.\n")
        return 1
    signer = Signer.generate(f"dock/{chosen.name.replace(' ', '-').replace('+', '-')}")
    state = agent.enrol(chosen.server, chosen.code, chosen.name, memory, signer.text)
    terminal.say(f"Aangemeld als {state.name}. Vergelijk deze kenmerken met die op het scherm bij Sleutels:")
    for one in state.recipients:
        terminal.say(f"  {fingerprint(one)[:16]}")
    terminal.say(f"  sleutel van de server: {state.vault_key}")
    return 0


def _run(chosen: argparse.Namespace, terminal: Terminal) -> int:
    memory = Memory(chosen.state)
    wait = EVERY
    while True:
        try:
            done = agent.run_once(chosen.cameras, memory, terminal)
            wait = EVERY
        except (VaultAwayError, VaultRefusesError, agent.RecipientsChangedError) as error:
            terminal.say(f"{error} De camera's blijven vol.", event="waiting")
            if chosen.once:
                return 1
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            if chosen.once:
                terminal.say("Deze ronde is klaar.", event="done", **asdict(done))
                return 0 if done.left == 0 else 3
        time.sleep(wait)


def _status(chosen: argparse.Namespace, terminal: Terminal) -> int:
    state = Memory(chosen.state).read()
    terminal.say(f"{state.name}, aangemeld bij {state.server}")
    terminal.say(f"sleutel van de server: {state.vault_key}")
    for one in state.recipients:
        terminal.say(f"verzegelt voor: {fingerprint(one)[:16]}")
    terminal.say(f"nog te melden: {len(state.to_report)}")
    return 0


def _trust(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Take new recipients over only when a person typed the beginning (16 characters) of every fingerprint."""
    memory = Memory(chosen.state)
    state = memory.read()
    recipients = tuple(Vault(state.server, state.token).configuration(state.vault_key)["recipients"])
    shown = {fingerprint(one)[:16] for one in recipients}
    if {one[:16].lower() for one in chosen.fingerprint} != shown:
        sys.stderr.write("De kenmerken zijn niet die van de server. Er is niets veranderd.\n")
        return 1
    memory.write(replace(state, recipients=recipients))
    terminal.say("De nieuwe sleutels zijn aangenomen.")
    return 0


def _simulate(chosen: argparse.Namespace, _terminal: Terminal) -> int:
    now = datetime.now(UTC).replace(microsecond=0)
    if chosen.clips:
        chosen.folder.mkdir(parents=True, exist_ok=True)
        add_clips(chosen.folder, chosen.clips, until=now - timedelta(minutes=10))
        make_camera(chosen.folder, serial=chosen.serial)
    else:
        newest = Scene(now - timedelta(seconds=chosen.seconds + 600), chosen.seconds)
        earlier = Scene(newest.started_at - timedelta(hours=5), max(1, chosen.seconds // 5), timedelta(seconds=20))
        make_camera(chosen.folder, serial=chosen.serial, scenes=[earlier, newest])
    return 0
