"""The minute's look at the key folder, its standby and the store: is each what belongs there, did destroyed keys come back, and
does every certificate say what is so? Whatever is not so is told to the data protection officer.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.footage.queries import numbers_of
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.vault import actions as vault
from beeldkluis.vault.actions.returning import Again
from beeldkluis.vault.place_queries import away
from beeldkluis.vault.places import PlaceKind
from beeldkluis.web.events import PlacesTold

ACTOR = Actor.system("tick")
TERMINAL = Actor.system("terminal")
RULE = "storage.places"
NAMED = 20  # recordings in one message; the journal has all
AWAY = (
    "Niet bereikbaar: {places}. Er wordt niets opgenomen en niets vernietigd, en niets wordt vernietigd verklaard. Wat intussen "
    "weg had gemoeten, wordt vernietigd zodra alles er weer is."
)
BACK = "Weer bereikbaar: {places}. Is daarop iets teruggekomen dat al was vernietigd, dan hoort u dat apart."
RETURNED = (
    "Van {count} opnames die al waren vernietigd, was de sleutel weer aanwezig: op een schijf die weg was, of uit een oude "
    "kopie. De sleutels zijn nu opnieuw vernietigd. Het gaat om: {which}."
)
CORRECTED = (
    "Van {count} opnames zei de verklaring dat de sleutel was vernietigd, en dat was niet zo: de sleutel bestond nog. Hij is nu "
    "vernietigd. De verbetering staat in het logboek, bij: {which}."
)
DOUBTED = (
    "Een eerdere versie van het programma verklaarde {count} opnames vernietigd zonder dat het de sleutel had gevonden. Of die "
    "sleutels weg zijn, staat niet vast. Zoek na of er nog een schijf met sleutels is, en sluit die aan: dan wordt vernietigd "
    "wat daarop staat. Het gaat om: {which}."
)
REPLACED = (
    "De beheerder nam een andere plaats in gebruik, op de server: {place}. Wat op de vorige stond, is daar niet vernietigd; laat "
    "die schijf vernietigen. De reden: {because}"
)
GIVEN_UP = (
    "De beheerder gaf de reservesleutelmap op, op de server. Wat daarop staat, is niet vernietigd; laat die schijf vernietigen. "
    "De reden: {because}"
)
KEYLESS = (
    "Van {count} opnames had de vernietiging al moeten gebeuren, maar de sleutel is niet te vinden en niets bewijst dat hij is "
    "vernietigd. Er is geen verklaring. Het gaat om: {which}."
)


def look(now: datetime) -> list[str]:
    """Once a minute, before anything is destroyed. Sentences about what is not in place."""
    vault.take_up_places(actor=ACTOR, now=now)
    with serialised():
        gone, back = vault.note_places(actor=ACTOR, now=now)
        if gone:
            _tell("Sleutels of opslag niet bereikbaar", _key("away", gone), AWAY.format(places=_named(gone)), now)
        if back:
            _tell("Sleutels of opslag weer bereikbaar", _key("back", back), BACK.format(places=_named(back)), now)
    with serialised():
        if doubted := vault.look_at_old_certificates(actor=ACTOR):
            text = DOUBTED.format(count=len(doubted), which=_which(doubted))
            _tell("Een verklaring van vernietiging staat niet vast", _key("doubted", doubted), text, now)
    return [one.problem for one in away()]


def replace(kind: PlaceKind, *, because: str, now: datetime) -> int:
    """Take another disk, folder or bucket into use in this place; told at once. How many keys were brought to it.
    vault.actions.places.WrongPlaceError.
    """
    with serialised():
        brought = vault.replace_place(kind, because=because, actor=TERMINAL, now=now)
        _tell(
            "Een andere plaats voor sleutels of opnames",
            EACH_TIME,
            REPLACED.format(place=kind.dutch, because=because),
            now,
        )
    return brought


def give_up(kind: PlaceKind, *, because: str, now: datetime) -> None:
    """Go on without the standby; told at once. vault.actions.places.WrongPlaceError."""
    with serialised():
        vault.give_up_place(kind, because=because, actor=TERMINAL, now=now)
        _tell("De reservesleutelmap is opgegeven", EACH_TIME, GIVEN_UP.format(because=because), now)


def tell_of_keys(returned: Sequence[Again], keyless: Sequence[UUID], now: datetime) -> None:
    """What the sweep found: destroyed keys that were there again, and destructions that cannot go on."""
    corrected = [one.recording for one in returned if one.corrected]
    others = [one.recording for one in returned if not one.corrected]
    with serialised():
        if corrected:
            text = CORRECTED.format(count=len(corrected), which=_which(corrected))
            _tell("Verbetering van een verklaring van vernietiging", _key("corrected", corrected), text, now)
        if others:
            _tell(
                "Vernietigde sleutels kwamen terug",
                _key("returned", others),
                RETURNED.format(count=len(others), which=_which(others)),
                now,
            )
        if keyless and not away():
            text = KEYLESS.format(count=len(keyless), which=_which(keyless))
            raise_finding(
                rule=RULE, key=_key("keyless", keyless), text=text, recording=None, bodycam=None, actor=ACTOR, now=now
            )


def _tell(subject: str, key: str, text: str, now: datetime) -> None:
    with step("web.tell_of_places", actor=ACTOR) as record:
        raise_finding(rule=RULE, key=key, text=text, recording=None, bodycam=None, actor=ACTOR, now=now)
        tell_dpo(subject=subject, text=text, actor=ACTOR, now=now)
        record(PlacesTold(subject=subject))


def _key(what: str, named: Sequence[PlaceKind] | Sequence[UUID]) -> str:
    """By which the finding of these places or recordings is known: how many, and the first of them."""
    return f"{what}:{len(named)}:{','.join(str(one) for one in named[:NAMED])}"


def _named(kinds: Sequence[PlaceKind]) -> str:
    return " en ".join(one.dutch for one in kinds)


def _which(recordings: Sequence[UUID]) -> str:
    """The numbers by which people know recordings; the first of them."""
    shown = numbers_of(recordings[:NAMED])
    more = len(recordings) - NAMED
    return ", ".join(shown) + (f" en nog {more}, zie het logboek" if more > 0 else "")
