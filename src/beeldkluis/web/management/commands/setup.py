"""`beeldkluis setup`: make an installation, or bring one up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from beeldkluis.governance import registers
from beeldkluis.governance.actions import choose_base
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web import actions, demonstration, installation, queries
from beeldkluis.web.models import OneTimeLink

BUILT = Path(__file__).resolve().parents[2] / "static" / "built" / "beeldkluis.css"


class Command(BaseCommand):
    """Folders, secret, signing key, database, static files; then a code for whoever sets up the first people."""

    help = "Richt een installatie in of werk haar bij. Mag altijd nog een keer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which protocol, and how much to say."""
        names = ", ".join(settings.SHIPPED["files"])
        parser.add_argument(
            "--protocol", default="", help=f"het protocol dat hier geldt: een bestand, of een van {names}"
        )
        parser.add_argument("--quiet", action="store_true", help="zeg alleen wat nodig is")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Each part does nothing when it was done before; CommandError with words when something is missing."""
        if not BUILT.exists():
            raise CommandError("De opmaak is nog niet gebouwd. Doe eerst: cd frontend && npm ci && npm run build")
        try:
            demonstration.check_folder(Path(settings.DATA_FOLDER), demonstration=settings.DEMONSTRATION)
        except demonstration.WrongFolderError as error:
            raise CommandError(str(error)) from error
        installation.make_folders()
        parts = {"geheim": installation.make_secret, "ondertekensleutel": installation.make_vault_key}
        made = [name for name, make in parts.items() if make()]
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if mended := installation.mend_rights():
            self.stdout.write(f"Van {mended} bestanden en mappen zijn de rechten van anderen weggehaald.")
        if not options["quiet"]:
            self.stdout.write(f"Ingericht in {settings.DATA_FOLDER}. Nieuw gemaakt: {', '.join(made) or 'niets'}.")
        if options["protocol"]:
            self._choose(options["protocol"])
        if queries.is_empty() and not settings.DEMONSTRATION:
            self._give_code()

    def _choose(self, name: str) -> None:
        if not queries.is_empty():
            raise CommandError(
                "Er zijn hier al mensen. Een ander protocol maakt u als nieuwe versie, op de pagina Protocol."
            )
        try:
            shipped = name in settings.SHIPPED["files"] and not Path(name).exists()
            register = registers.by_name(name) if shipped else Path(name).read_bytes()
            found = choose_base(register, actor=Actor.system("set-up"))
        except OSError as error:
            raise CommandError(f"{name} is niet te lezen: {error}") from error
        except Refused as refusal:
            raise CommandError(refusal.verdict.reason) from refusal
        self.stdout.write(f"Hier geldt nu het protocol van {found.municipality}, versie {found.version}.")

    def _give_code(self) -> None:
        moment, actor = clock.now(), Actor.system("set-up")
        code = actions.make_link(OneTimeLink.Kind.SETUP, person=None, actor=actor, now=moment)
        self.stdout.write(
            f"Start nu: beeldkluis serve\nOpen daarna {settings.ADDRESS}/instellen/ en geef deze code:\n\n  {code}\n"
        )
        self.stdout.write("De code werkt één keer, twee dagen lang. Kwijt? Doe `beeldkluis setup` nog een keer.")
