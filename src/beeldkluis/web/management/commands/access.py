"""`beeldkluis access restore`: the way back in when nobody can sign in any more."""

import base64
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management import BaseCommand, CommandError

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people import account_queries, account_words
from beeldkluis.people.account_actions import confirm_with_sheet, sheet_purpose
from beeldkluis.people.models import AccountChange
from beeldkluis.people.recovery_actions import Question, ask_for_recovery_sheet, show_recovery_sheet
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age
from beeldkluis.web import actions, queries
from beeldkluis.web.links import invitation_address

ACTOR = Actor.system("terminal")
WITH = ("sheet", "answer", "nothing")


class Command(BaseCommand):
    """Asks for it, shows the recovery sheet for it, and prints the link. Everybody with an account hears it."""

    help = "Geef iemand opnieuw toegang als niemand meer kan inloggen. Iedereen met een account krijgt bericht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, why, and with what."""
        parts = parser.add_subparsers(dest="part", required=True)
        restore = parts.add_parser("restore", help="nieuwe toegang voor iemand die al een account heeft")
        restore.add_argument("email", help="het e-mailadres waarmee die persoon inlogt")
        restore.add_argument("--because", required=True, help="waarom, en wie dit op de server vraagt")
        restore.add_argument(
            "--with",
            dest="means",
            choices=WITH,
            default="sheet",
            help="sheet: typ de herstelsleutel hier; answer: open de vraag op een andere computer; nothing: wacht",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """CommandError with words when it is refused."""
        try:
            self._restore(str(options["email"]), str(options["because"]), str(options["means"]))
        except Refused as refusal:
            raise CommandError(refusal.verdict.reason) from refusal

    def _restore(self, email: str, because: str, means: str) -> None:
        person = queries.person_with(email)
        if person is None:
            raise CommandError("Er is niemand met dit e-mailadres.")
        asked = clock.now()
        change, token = actions.renew_access(Change.RESTORE, person, because=because, actor=ACTOR, now=asked)
        if change.done_at is None and account_queries.has_keys() and means != "nothing":
            change = self._with_sheet(change, means)
        self.stdout.write(f"De link voor {person.name}, die u maar één keer ziet:\n\n  {invitation_address(token)}\n")
        self.stdout.write("Hij werkt nu." if change.done_at else account_words.when(change))

    def _with_sheet(self, change: AccountChange, means: str) -> AccountChange:
        question = ask_for_recovery_sheet(sheet_purpose(change), actor=ACTOR, now=clock.now())
        answer = self._opened_here(question) if means == "sheet" else self._opened_elsewhere(question)
        show_recovery_sheet(question.number, answer, actor=ACTOR, now=clock.now())
        return confirm_with_sheet(change, actor=ACTOR, now=clock.now())

    def _opened_here(self, question: Question) -> str:
        typed = "".join(getpass("Herstelsleutel (u ziet niet wat u typt): ").split()).upper()
        try:
            return age.open_bytes(question.sealed, [age.Identity.parse(typed)]).decode()
        except age.SealError as error:
            raise CommandError("Dit is niet de herstelsleutel. De aanvraag wacht; iedereen kreeg bericht.") from error

    def _opened_elsewhere(self, question: Question) -> str:
        self.stdout.write(
            "Bewaar deze regel als vraag.txt op een computer die u vertrouwt, met de herstelsleutel in sleutel.txt, en doe:\n"
            "  base64 -d vraag.txt | age -d -i sleutel.txt\n\n"
        )
        self.stdout.write(base64.b64encode(question.sealed).decode())
        return getpass("Antwoord, binnen een kwartier: ").strip()
