"""`beeldkluis journal`: sign, export, look through, and go on after a backup was put back."""

from argparse import ArgumentParser
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from beeldkluis.journal import actions, anchor, clock, examination
from beeldkluis.journal.export import NotTrueHereError, export
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.remembered import UNUSABLE, Remembered, afresh, remembered
from beeldkluis.journal.signer import signer
from beeldkluis.journal.verify import NotTrueError, read_kept, told, verify
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.errors import SealError
from beeldkluis.web import journal_watch


class Command(BaseCommand):
    """Checkpoints leave the house, exports go to whoever checks, and what is wrong is said in words."""

    help = "Het logboek: ondertekenen, uitvoeren, controleren."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each thing."""
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser("checkpoint", help="onderteken het logboek zoals het nu is, en toon dat")
        out = parts.add_parser("export", help="schrijf het logboek als bestanden in een lege map")
        out.add_argument("folder", type=Path)
        out.add_argument("--details", action="store_true", help="ook de bijzonderheden met namen")
        check = parts.add_parser("verify", help="controleer het logboek van deze server, of een uitgevoerd logboek")
        check.add_argument("folder", type=Path, nargs="?", help="een uitgevoerd logboek; zonder: de database zelf")
        check.add_argument("--key", help="de sleutel van de server; anders die van deze installatie")
        check.add_argument(
            "--kept", "--earlier", type=Path, action="append", default=[], help="een bewaard controlepunt of mail"
        )
        check.add_argument("--anew", action="store_true", help="vergelijk niet met wat deze server onthield")
        accept = parts.add_parser("accept-restored", help="ga verder nadat een oudere kopie is teruggezet")
        accept.add_argument("--reason", required=True, help="wat er is gebeurd")
        accept.add_argument("--by", required=True, help="wie dit doet: naam en functie")

    def handle(self, *_args: Any, **options: Any) -> None:
        """CommandError with words when something is not true or cannot be done."""
        do = {
            "checkpoint": self._checkpoint,
            "export": self._export,
            "verify": self._verify,
            "accept-restored": self._accept,
        }
        try:
            do[options["part"]](options)
        except UNUSABLE as error:
            raise CommandError(f"Het bestand naast de ondertekensleutel is niet te gebruiken: {error}") from error

    def _made(self) -> Checkpoint | None:
        try:
            return actions.make_checkpoint(now=clock.now())
        except anchor.NotSignedError as error:
            journal_watch.alarm([examination.Fault(error.number, str(error))], now=clock.now())
            raise CommandError(f"Niet ondertekend. {error}") from error

    def _checkpoint(self, _options: dict[str, Any]) -> None:
        made = self._made()
        self.stdout.write(made.note if made else "Het logboek is nog leeg.")

    def _export(self, options: dict[str, Any]) -> None:
        made = self._made()
        if made is None:
            raise CommandError("Het logboek is nog leeg.")
        try:
            with remembered() as memory:
                count = export(options["folder"], made, memory, details=options["details"])
        except FileExistsError as error:
            raise CommandError(str(error)) from error
        except NotTrueHereError as error:
            journal_watch.alarm([examination.Fault(None, str(error))], now=clock.now())
            raise CommandError(f"Niet uitgevoerd, de map is niet af. {error}") from error
        self.stdout.write(
            f"{count} regels geschreven in {options['folder']}. Sleutel om te controleren: {signer().vkey}"
        )

    def _verify(self, options: dict[str, Any]) -> None:
        try:
            kept = read_kept(options["kept"])
            if options["folder"] is not None:
                self.stdout.write(told(verify(options["folder"], options["key"] or signer().vkey, kept)))
            else:
                self._look(kept, anew=options["anew"])
        except NotTrueError as error:
            raise CommandError(f"NIET WAAR: {error}") from error

    def _look(self, kept: list[str], *, anew: bool) -> None:
        try:
            facts = [anchor.read_signed(note) for note in kept]
            last = anchor.last()
        except (SealError, anchor.NotSignedError) as error:
            raise CommandError(f"NIET WAAR: {error}") from error
        memory: AbstractContextManager[Remembered] = afresh() if anew else remembered()
        with memory as found:
            look = examination.whole(found, last=last, kept=facts)
        if look.faults:
            journal_watch.alarm(look.faults, now=clock.now())
            more = f"\nEn nog {look.more} andere." if look.more else ""
            sentences = "\n".join(fault.sentence for fault in look.faults)
            raise CommandError(f"NIET WAAR: {sentences}{more}")
        beside = f"begint met wat over {last.size} regels is ondertekend" if last else "is nog nooit ondertekend"
        self.stdout.write(f"Het logboek is waar: {look.size} regels, en het {beside}.")

    def _accept(self, options: dict[str, Any]) -> None:
        try:
            done = journal_watch.accept_restored(because=options["reason"], by=options["by"], now=clock.now())
        except Refused as refusal:
            raise CommandError(refusal.verdict.reason) from refusal
        except anchor.NotSignedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Vastgelegd: het logboek heeft {done.size} regels; ondertekend waren er {done.signed}. "
            "De functionaris gegevensbescherming, de beheerder en de teammanager krijgen bericht."
        )
