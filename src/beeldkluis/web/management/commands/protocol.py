"""`beeldkluis protocol`: look a protocol file over before it counts, and see how it differs from another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from beeldkluis.governance import registers
from beeldkluis.protocol.comparing import differences, used_defaults
from beeldkluis.protocol.contradictions import contradictions
from beeldkluis.protocol.register import Protocol, RegisterError


class Command(BaseCommand):
    """Reads files only; no database."""

    help = "Controleer een protocolbestand, of laat zien welke bestanden er zijn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which file."""
        parser.add_argument("what", choices=("check", "list"), help="check: kijk een bestand na; list: meegeleverde")
        parser.add_argument("file", nargs="?", default="", help="een bestand, of de naam van een meegeleverd bestand")
        parser.add_argument("--against", default="", help="waarmee vergelijken; anders het bestand dat nu geldt")

    def handle(self, *_args: Any, **options: Any) -> None:
        """CommandError (exit code 1) with words when the file cannot be used."""
        if options["what"] == "list":
            for name in settings.SHIPPED["files"]:
                self.stdout.write(f"{name:<24} {_read(name).municipality}")
            return
        if not options["file"]:
            raise CommandError("Zeg welk bestand: beeldkluis protocol check BESTAND")
        found = _read(options["file"])
        other = _read(options["against"]) if options["against"] else registers.base()
        self._tell(found, registers.complete(found), registers.complete(other))

    def _tell(self, own: Protocol, whole: Protocol, other: Protocol) -> None:
        self.stdout.write(f"Dit bestand is goed te lezen: gemeente {whole.municipality}, versie {whole.version}.")
        self._list(f"Anders dan in {other.municipality}, versie {other.version}:", differences(whole, other))
        self._list("Dit valt op. Kijk of u het zo bedoelt:", contradictions(whole, [], registers.shipped().rules))
        silent = used_defaults(own, registers.shipped())
        self.stdout.write(
            f"\nOver {len(silent)} regels zegt dit bestand niets. Daar doet het programma wat het zelf doet."
        )

    def _list(self, heading: str, lines: tuple[str, ...]) -> None:
        self.stdout.write(f"\n{heading}")
        for line in lines or ("niets",):
            self.stdout.write(f"- {line}")


def _read(name: str) -> Protocol:
    path = Path(name)
    try:
        shipped = name in settings.SHIPPED["files"] and not path.exists()
        return registers.check(registers.by_name(name) if shipped else path.read_bytes(), path.name)
    except RegisterError as error:
        raise CommandError(f"Dit bestand kan niet worden gebruikt.\n{error}") from error
    except OSError as error:
        raise CommandError(f"{name} is niet te lezen: {error}") from error
