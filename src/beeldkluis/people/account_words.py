"""What people read about accounts that wait: in mails and notices. Subjects name nobody."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beeldkluis.people import account_queries
from beeldkluis.people.models import AccountChange
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
WHAT = {
    Change.ADD: "een account voor {name} ({role})",
    Change.RENEW: "een nieuw wachtwoord voor {name} ({role})",
    Change.RESET: "een nieuw wachtwoord en een nieuwe tweede stap voor {name} ({role})",
    Change.RESTORE: "nieuwe toegang voor {name} ({role}), op de server zelf",
    Change.CLOSE: "het account van {name} ({role}) uit te schakelen",
    Change.DEPUTISE: "{name} in een noodgeval te laten waarnemen voor de teammanager",
}
STOP = """{text}

Klopt dit niet? Houd het dan tegen met deze link. De link kan verder niets.
{address}
"""


def moment(at: datetime) -> str:
    """Such as "vrijdag 04-12-2026 14:00", as it is there."""
    local = timezone.localtime(at)
    return f"{DAYS[local.weekday()]} {local:%d-%m-%Y %H:%M}"


def what(change: AccountChange) -> str:
    """What is asked, as the object of a sentence."""
    return WHAT[Change(change.kind)].format(name=change.person.name, role=Role(change.person.role).dutch)


def who(change: AccountChange) -> str:
    """Who asked."""
    return change.asked_by.name if change.asked_by else "Iemand op de server zelf"


def when(change: AccountChange) -> str:
    """When it works, in a sentence."""
    start = moment(change.works_from)
    if change.kind == Change.DEPUTISE.value:
        return "Dit gebeurt pas als een tweede persoon het bevestigt, of als de herstelsleutel is getoond."
    if change.kind == Change.RESET.value:
        return f"Dit werkt als een tweede persoon het bevestigt, en niet eerder dan {start}."
    if change.kind == Change.RESTORE.value:
        return f"Dit werkt vanaf {start}, of eerder met de herstelsleutel uit de kluis."
    return f"Dit wacht op een tweede persoon, of werkt vanaf {start}."


def asked(change: AccountChange) -> tuple[str, str]:
    """Subject and text when it is asked."""
    because = f" Reden: {change.because}" if change.because else ""
    text = (
        f"{who(change)} vraagt {what(change)}.{because} {when(change)} "
        "Tot dan kunt u het tegenhouden: log in en kijk op uw overzicht."
    )
    return "Een account wacht op een tweede persoon of op tijd", text


def with_stop_link(text: str, token: str) -> str:
    """The same with the link that can only stop it; for the mail to whom it is about."""
    address = settings.ADDRESS.rstrip("/") + reverse("people:stop-change", args=[token])
    return STOP.format(text=text, address=address)


def stopped(change: AccountChange) -> tuple[str, str]:
    """Subject and text when it is stopped."""
    by = change.stopped_by.name if change.stopped_by else "Het programma"
    text = f"{by} hield tegen dat {who(change)} vroeg om {what(change)}. Reden: {change.stopped_because}"
    return "Een wijziging van een account is tegengehouden", text


def done(change: AccountChange) -> tuple[str, str]:
    """Subject and text when it works."""
    how = "na de wachttijd"
    if change.with_sheet:
        how = "met de herstelsleutel uit de kluis"
    elif change.confirmed_by is not None:
        how = f"bevestigd door {change.confirmed_by.name}"
    elif change.works_from == change.asked_at:
        how = "zonder tweede persoon: dat is voor deze rol niet nodig"
    return "Een wijziging van een account werkt nu", f"{who(change)} vroeg {what(change)}. Dit werkt nu, {how}."


def used(change: AccountChange) -> tuple[str, str]:
    """Subject and text when the link of it was used."""
    text = (
        f"Met de link voor {change.person.name} is zojuist een wachtwoord gekozen. Klopt dat niet, meld het dan meteen."
    )
    return "Met een link is een nieuw wachtwoord gekozen", text


def not_yet(change: AccountChange) -> str:
    """Why the link of it does not open anything now."""
    if change.stopped_at is not None:
        return "Deze link is tegengehouden. Vraag de beheerder wat er is gebeurd."
    if change.used_at is not None:
        return "Deze link is al gebruikt."
    return f"Deze link werkt nog niet. {when(change)}"


def state(change: AccountChange) -> str:
    """How it stands, for the list of people."""
    if change.stopped_at is not None:
        return "tegengehouden"
    if change.done_at is not None:
        return "de link werkt" if account_queries.by_link(change) and change.used_at is None else "klaar"
    if change.kind == Change.DEPUTISE.value:
        return "wacht op een tweede persoon"
    start = moment(change.works_from)
    if change.kind == Change.RESET.value:
        if change.confirmed_at is not None:
            return f"werkt vanaf {start}"
        return f"wacht op een tweede persoon, en werkt niet voor {start}"
    return (
        f"werkt vanaf {start}"
        if change.kind == Change.RESTORE.value
        else (f"wacht op een tweede persoon, of werkt vanaf {start}")
    )
