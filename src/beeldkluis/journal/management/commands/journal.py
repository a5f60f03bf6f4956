"""`beeldkluis journal`: sign, export and verify."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from beeldkluis.journal import actions, clock
from beeldkluis.journal.export import export
from beeldkluis.journal.signer import signer
from beeldkluis.journal.verify import NotTrueError, told, verify


class Command(BaseCommand):
    """Checkpoints leave the house, exports go to whoever checks, verification needs no server."""

    help = "Het logboek: ondertekenen, uitvoeren, controleren."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each thing."""
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser("checkpoint", help="onderteken het logboek zoals het nu is, en toon dat")
        out = parts.add_parser("export", help="schrijf het logboek als bestanden in een lege map")
        out.add_argument("folder", type=Path)
        out.add_argument("--details", action="store_true", help="ook de bijzonderheden met namen")
        check = parts.add_parser("verify", help="controleer een uitgevoerd logboek, zonder server")
        check.add_argument("folder", type=Path)
        check.add_argument("--key", help="de sleutel van de server; anders die van deze installatie")
        check.add_argument("--earlier", type=Path, help="een controlepunt van eerder dat u bewaarde")

    def handle(self, *_args: Any, **options: Any) -> None:
        """CommandError with words when something is not true or cannot be done."""
        {"checkpoint": self._checkpoint, "export": self._export, "verify": self._verify}[options["part"]](options)

    def _checkpoint(self, _options: dict[str, Any]) -> None:
        made = actions.make_checkpoint(now=clock.now())
        self.stdout.write(made.note if made else "Het logboek is nog leeg.")

    def _export(self, options: dict[str, Any]) -> None:
        made = actions.make_checkpoint(now=clock.now())
        if made is None:
            raise CommandError("Het logboek is nog leeg.")
        try:
            count = export(options["folder"], made, details=options["details"])
        except FileExistsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{count} regels geschreven in {options['folder']}. Sleutel om te controleren: {signer().vkey}"
        )

    def _verify(self, options: dict[str, Any]) -> None:
        earlier = options["earlier"].read_text(encoding="utf-8") if options["earlier"] else ""
        try:
            self.stdout.write(told(verify(options["folder"], options["key"] or signer().vkey, earlier)))
        except NotTrueError as error:
            raise CommandError(f"NIET WAAR: {error}") from error
