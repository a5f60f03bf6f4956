"""`make run`: set up a demonstration municipality, dock a camera with moving pictures, serve it, say where to look.

Starts nothing that listens outside this machine. Stops everything it started on Ctrl-C.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from beeldkluis.camera.example import EXAMPLE

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
START_SECONDS = 300  # a server that stopped is noticed at once; a busy machine is only slow
COVERING = """
Zo maakt u anderen onherkenbaar: open als teammanager verzoek {granted}, kies Inzage beginnen en daar Anderen onherkenbaar
maken. Laat de handhaver weer bevestigen en open de opname. Kies Zoek wie en wat onherkenbaar moet. Dat duurt een halve tot
een hele minuut; op het scherm staat hoe ver het is. Geef daarna alleen vrij wie erom vroeg: op de pagina van het verzoek
staat hoe u die persoon herkent."""


def main() -> int:
    """Run the demonstration until somebody stops it; 0 when it was stopped on purpose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, help="a folder with your own mp4 or mkv files")
    parser.add_argument(
        "--drawn", action="store_true", help="drawn film without people, and only the request that waits"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "demonstration")
    parser.add_argument("--once", action="store_true", help="stop after everything is shown (for tests)")
    chosen = parser.parse_args()
    if chosen.clips and not chosen.clips.is_dir():
        print(f"{chosen.clips} is geen map met opnames.", file=sys.stderr)
        return 2
    if _taken(chosen.port):
        print(
            f"Poort {chosen.port} is al in gebruik. Stop wat daar draait, of kies een andere poort: make run PORT=8001",
            file=sys.stderr,
        )
        return 2
    address, drawn = f"http://localhost:{chosen.port}", ["--drawn"] if chosen.drawn else []
    os.environ.update(
        BEELDKLUIS_DEMONSTRATION="1",
        BEELDKLUIS_DATA=str(chosen.data),
        BEELDKLUIS_ADDRESS=address,
        PYTHONUNBUFFERED="1",
    )
    print("Beeldkluis, demonstratie. Elk verzoek en elke naam is verzonnen.", flush=True)
    if not (drawn or chosen.clips):
        print(f"{EXAMPLE.credit}\n{EXAMPLE.source}, {EXAMPLE.terms}", flush=True)
    _run("beeldkluis", "demo", "mark")
    _run("beeldkluis", "setup", "--quiet")
    seeded = json.loads(_run("beeldkluis", "demo", "seed", "--json"))
    server = subprocess.Popen([PROGRAMS / "beeldkluis", "serve", "--port", str(chosen.port)])  # noqa: S603 - our own program
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts us beside itself may have it ignored
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        _wait(server, f"{address}/gezond/")
        _dock(chosen.data, address, seeded, ["--clips", str(chosen.clips)] if chosen.clips else drawn)
        _run("beeldkluis", "demo", "request")
        if not drawn:
            _run("beeldkluis", "demo", "granted")
        _tell(address)
        return 0 if chosen.once else server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait(timeout=30)


def _dock(data: Path, address: str, seeded: dict[str, str], films: list[str]) -> None:
    """Put a camera in the dock and let it be read; `films`: what is on it. A demonstration that is started again keeps what
    it has, unless there are films of your own.
    """
    dock, cameras = data / "dock", data / "cameras"
    if not dock.exists():
        _show(
            "beeldkluis-dock",
            "enrol",
            address,
            seeded["enrolment_code"],
            "--name",
            "Demonstratiedock",
            "--state",
            str(dock),
        )
    if "--clips" in films or not (cameras / "plaats-1" / "camera.json").exists():
        _run("beeldkluis-dock", "simulate", str(cameras / "plaats-1"), "--serial", "DEMO-0007", *films)
    print("\nEen camera staat in het dockingstation:\n", flush=True)
    _show("beeldkluis-dock", "run", "--state", str(dock), "--cameras", str(cameras), "--once")


def _tell(address: str) -> None:
    links = json.loads(_run("beeldkluis", "demo", "links", "--json"))
    print(f"\nKlaar. Open {address} in uw browser met een van deze links (elk één keer te gebruiken):\n")
    for one in links["links"]:
        print(f"  {one['role']:<36} {one['address']}")
    print(f"  {'openbare pagina (zonder inloggen)':<36} {address.rstrip('/')}/over-bodycams/")
    print(f"\n  wachtzin van de teammanager          {links['passphrase']}")
    print(f"  verzoek dat klaarligt                {links['case']}")
    if links["granted"]:
        print(f"  verzoek dat al is toegewezen         {links['granted']}")
    if links["screen"]:
        print(f"  scherm bij het dockingstation        {links['screen']}")
    print(f"  handhaver: nummer en code            {links['number']}, {links['code']}")
    print(
        "\nZo ziet u de beelden: log in als teammanager, open het verzoek, bevestig de opname, kies Inzage beginnen, laat de"
        "\nhandhaver bevestigen met nummer en code, kies de opname en typ de wachtzin."
    )
    if links["granted"]:
        print(COVERING.format(**links))
    print("Laat de tijd lopen in een tweede venster:  .venv/bin/beeldkluis demo pass-days 28")
    docking = "--state data/demonstration/dock --cameras data/demonstration/cameras"
    print(f"Laat het dockingstation doorlopen:         .venv/bin/beeldkluis-dock run {docking}")
    print("Nieuwe links:                              .venv/bin/beeldkluis demo links")
    print("Stoppen: Ctrl-C\n", flush=True)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(server: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"De server is gestopt met code {server.returncode}; hierboven staat waarom.")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise SystemExit(f"De server antwoordt niet binnen {START_SECONDS} seconden op {address}.")


def _run(program: str, *words: str) -> str:
    """Run one of our programs quietly; its output when it worked, its words and our stop when it did not."""
    done = subprocess.run([PROGRAMS / program, *words], capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode != 0:
        raise SystemExit(f"`{program} {words[0]}` is mislukt:\n{done.stdout}{done.stderr}")
    return done.stdout


def _show(program: str, *words: str) -> None:
    """Run one of our programs with its own words on the terminal."""
    if code := subprocess.run([PROGRAMS / program, *words], check=False).returncode:  # noqa: S603 - our own program
        raise SystemExit(f"`{program} {words[0]}` stopte met code {code}; hierboven staat waarom.")


if __name__ == "__main__":
    sys.exit(main())
