"""`beeldkluis serve`: the whole installation in one command."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from beeldkluis.web import belongings, demonstration
from beeldkluis.web.serving import Supervisor

PROGRAM = [sys.executable, "-m", "beeldkluis.web"]


class Command(BaseCommand):
    """Web server, worker and tick, restarted when they die, stopped together."""

    help = "Start alles: webserver, werker en klok. Stopt netjes bij Ctrl-C of SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and how many at once."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="standaard alleen deze machine; zet er een proxy met https voor"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processen van de webserver")
        parser.add_argument("--threads", type=int, default=16, help="draden per proces")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until told to stop; ends with 1 when a part keeps dying."""
        if settings.SECRET_KEY == settings.NO_SECRET or not Path(settings.SIGNING_KEY_FILE).exists():
            raise CommandError("Deze installatie is nog niet ingericht. Doe eerst: beeldkluis setup")
        try:
            demonstration.check_folder(Path(settings.DATA_FOLDER), demonstration=settings.DEMONSTRATION)
        except demonstration.WrongFolderError as error:
            raise CommandError(str(error)) from error
        if found := list(belongings.differing()):
            raise CommandError("\n".join(found))
        self.stdout.write(
            f"Beeldkluis luistert op http://{options['host']}:{options['port']} (adres: {settings.ADDRESS})"
        )
        code = Supervisor(programs(**options)).run()
        if code:
            raise CommandError(
                "Een onderdeel blijft stoppen. Kijk hierboven waarom, of doe: beeldkluis doctor", returncode=code
            )


def programs(*, host: str, port: int, workers: int, threads: int, **_rest: Any) -> dict[str, list[str]]:
    """The command lines of everything that belongs to a running installation. `serve` has done Django's checks, once for all."""
    web = [
        *(sys.executable, "-m", "gunicorn", "beeldkluis.web.wsgi:application"),
        *("--config", "python:beeldkluis.web.web_server", "--workers", str(workers), "--threads", str(threads)),
        *("--bind", f"{host}:{port}"),
    ]
    return {
        "webserver": web,
        "werker": [*PROGRAM, "db_worker", "--skip-checks"],
        "klok": [*PROGRAM, "tick", "--loop", "--skip-checks"],
        "kijkkopieën": [*PROGRAM, "copies", "--skip-checks"],
    }
