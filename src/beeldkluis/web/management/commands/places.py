"""`beeldkluis places`: which disks belong to this installation, and what to do when one is replaced."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from beeldkluis.journal import clock
from beeldkluis.vault.actions.places import WrongPlaceError
from beeldkluis.vault.place_queries import states
from beeldkluis.vault.places import PlaceKind
from beeldkluis.web import key_places

KINDS = [one.value for one in PlaceKind]


class Command(BaseCommand):
    """Shows each place; `replace` and `give-up` are steps, with a reason, of which the data protection officer hears."""

    help = "Toon de sleutelmap, de reserve en de opslag; of neem een andere schijf in gebruik."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, with which place, and why."""
        parts = parser.add_subparsers(dest="part")
        replace = parts.add_parser(
            "replace", help="neem wat nu in deze plaats staat in gebruik, in plaats van wat er was"
        )
        replace.add_argument("kind", choices=KINDS)
        replace.add_argument("--because", required=True, help="waarom, en wie dit op de server vraagt")
        give_up = parts.add_parser("give-up", help="er is geen reservesleutelmap meer")
        give_up.add_argument("kind", choices=[PlaceKind.STANDBY.value])
        give_up.add_argument("--because", required=True, help="waarom, en wie dit op de server vraagt")

    def handle(self, *_args: Any, **options: Any) -> None:
        """CommandError with words when a place cannot be taken into use, and when one is not in order."""
        try:
            if options["part"] == "replace":
                brought = key_places.replace(PlaceKind(options["kind"]), because=options["because"], now=clock.now())
                self.stdout.write(f"In gebruik genomen. Van de andere plaats overgenomen: {brought} sleutels.")
            elif options["part"] == "give-up":
                key_places.give_up(PlaceKind(options["kind"]), because=options["because"], now=clock.now())
                self.stdout.write("Opgegeven. Vernietig de schijf: wat erop staat, vernietigt dit programma niet meer.")
        except WrongPlaceError as error:
            raise CommandError(str(error)) from error
        found = states()
        for one in found:
            self.stdout.write(one.problem or f"{one.kind.dutch.capitalize()} {one.where} is in orde.")
        if any(not one.is_here for one in found):
            raise CommandError("Niet alles is in orde. Tot dan wordt niets opgenomen of vernietigd.")
