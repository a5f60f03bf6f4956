"""`beeldkluis demo`: everything a demonstration may do and a real installation may not."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from beeldkluis.web import demonstration


class Command(BaseCommand):
    """Mark, seed and move a demonstration; refuses everywhere else."""

    help = "De demonstratie: vullen, een camera neerzetten, links geven, de tijd laten lopen."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each thing."""
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser("mark", help="maak van een lege map een demonstratie")
        for name, text in (("seed", "vul de demonstratie"), ("links", "geef nieuwe inloglinks")):
            parts.add_parser(name, help=text).add_argument("--json", action="store_true")
        parts.add_parser("request", help="registreer een verzoek voor wat er is uitgelezen")
        parts.add_parser("granted", help="registreer een toegewezen verzoek van wie is gefilmd")
        parts.add_parser("pass-days", help="laat de tijd lopen").add_argument("days", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the chosen part; CommandError outside a demonstration."""
        if not settings.DEMONSTRATION:
            raise CommandError("Dit kan alleen in een demonstratie.")
        parts = {
            "mark": self._mark,
            "seed": self._seed,
            "links": self._links,
            "request": self._request,
            "granted": self._granted,
            "pass-days": self._pass_days,
        }
        parts[options["part"]](options)

    def _mark(self, _options: dict[str, Any]) -> None:
        try:
            demonstration.mark_folder(Path(settings.DATA_FOLDER))
        except demonstration.WrongFolderError as error:
            raise CommandError(str(error)) from error

    def _seed(self, _options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(demonstration.seed_once()))

    def _links(self, options: dict[str, Any]) -> None:
        told = demonstration.links()
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for one in told["links"]:
            self.stdout.write(f"{one['role']:<36} {one['address']}")
        self.stdout.write(f"{'wachtzin van de teammanager':<36} {told['passphrase']}")

    def _request(self, _options: dict[str, Any]) -> None:
        self.stdout.write(demonstration.ask_for_newest())

    def _granted(self, _options: dict[str, Any]) -> None:
        self.stdout.write(demonstration.grant_filmed())

    def _pass_days(self, options: dict[str, Any]) -> None:
        moment = demonstration.pass_days(options["days"])
        self.stdout.write(f"Het is nu {moment:%d-%m-%Y %H:%M} (UTC) in de demonstratie.")
        call_command("tick")
        for line in demonstration.what_is_kept():
            self.stdout.write(line)
