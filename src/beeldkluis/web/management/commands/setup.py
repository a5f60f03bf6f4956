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
from beeldkluis.vault import actions as vault
from beeldkluis.vault.place_queries import away
from beeldkluis.web import actions, belonging_actions, belongings, demonstration, installation, queries
from beeldkluis.web.belonging_actions import MAY_CHANGE
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
        parser.add_argument(
            "--accept", choices=MAY_CHANGE, help="wat met opzet is vernieuwd: geldt vanaf nu voor alle machines"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Each part does nothing when it was done before; CommandError with words when something is missing."""
        if not BUILT.exists():
            raise CommandError("De opmaak is nog niet gebouwd. Doe eerst: cd frontend && npm ci && npm run build")
        try:
            demonstration.check_folder(Path(settings.DATA_FOLDER), demonstration=settings.DEMONSTRATION)
        except demonstration.WrongFolderError as error:
            raise CommandError(str(error)) from error
        self._refuse_a_second_key()
        installation.make_folders()
        parts = {"geheim": installation.make_secret, "ondertekensleutel": installation.make_vault_key}
        made = [name for name, make in parts.items() if make()]
        call_command("migrate", interactive=False, verbosity=0)
        self._note_belongings(options["accept"])
        call_command("collectstatic", interactive=False, verbosity=0)
        self._take_up_places()
        if mended := installation.mend_rights():
            self.stdout.write(f"Van {mended} bestanden en mappen zijn de rechten van anderen weggehaald.")
        if not options["quiet"]:
            self.stdout.write(f"Ingericht in {settings.DATA_FOLDER}. Nieuw gemaakt: {', '.join(made) or 'niets'}.")
        if options["protocol"]:
            self._choose(options["protocol"])
        if queries.is_empty() and not settings.DEMONSTRATION:
            self._give_code()

    def _refuse_a_second_key(self) -> None:
        """A database that belongs to a signing key gets no second one: the machine that joins it brings the first."""
        known = belongings.noted()
        if belongings.SIGNING_KEY in known and not Path(settings.SIGNING_KEY_FILE).exists():
            raise CommandError(
                "Deze database hoort al bij een installatie. Zet eerst haar ondertekensleutel in "
                f"{settings.SIGNING_KEY_FILE} en haar geheim in {settings.SECRET_FILE} (of in BEELDKLUIS_SECRET_KEY)."
            )

    def _note_belongings(self, accept: str | None) -> None:
        """Note what may be there only once; say what differs from what was noted before."""
        actor, moment = Actor.system("set-up"), clock.now()
        if accept and belonging_actions.accept(accept, actor=actor, now=moment):
            self.stdout.write("Vastgelegd: dit geldt vanaf nu voor alle machines aan deze database.")
        try:
            belonging_actions.note(actor=actor, now=moment)
        except belonging_actions.ForeignError as error:
            raise CommandError(str(error)) from error
        if found := list(belongings.differing()):
            raise CommandError("\n".join(found))

    def _take_up_places(self) -> None:
        """Mark the key folder, its standby and the store where it is sure that they belong here; name the others."""
        vault.take_up_places(actor=Actor.system("set-up"), now=clock.now())
        for one in away():
            self.stderr.write(one.problem)

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
