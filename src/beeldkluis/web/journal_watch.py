"""What follows from a look at the journal: an incident, mails to everybody who must know, and checkpoints that leave the house.

Nothing here is done twice: what was told once is not told again, and a checkpoint leaves once a day.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from beeldkluis.devices.incident_actions import report_journal
from beeldkluis.findings.actions import raise_finding
from beeldkluis.journal import actions, anchor, leaves, nightly, queries
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import CheckpointTold, RestoredAccepted
from beeldkluis.journal.examination import Fault
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.remembered import UNUSABLE, Remembered, remembered
from beeldkluis.journal.signer import signer
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Person
from beeldkluis.people.queries import active_with
from beeldkluis.protocol.roles import Role

ACTOR = Actor.system("journal")
MUST_KNOW = (Role.DPO, Role.ADMINISTRATOR, Role.TEAM_MANAGER)
MORNING = 6  # o'clock, local time: from then on the day's checkpoint leaves
LONG_AGO = timedelta(days=3)
SHOWN = 14  # checkpoints on the public page
TOLD_IN_MAIL = 20
log = structlog.get_logger("beeldkluis.journal")

ALARM = """Het logboek van de bodycams is niet meer wat er werd geschreven:

{faults}

Dit is beveiligingsincident {incident}. Verander nu niets aan de database. Bewaar een kopie van de database en van de map met
de ondertekensleutel. Het controlepunt dat u het laatst per mail kreeg, laat zien tot waar het verleden zeker klopt.

U krijgt dit bericht als functionaris gegevensbescherming, beheerder of teammanager.
"""
BEGUN = (
    "Het bestand met wat de kluis het laatst ondertekende, ontbrak naast de ondertekensleutel. De kluis ging verder vanaf het "
    "controlepunt over {size} regels in de database. Bij een nieuwe of vernieuwde server hoort dat zo. Was die er niet? "
    "Vergelijk het logboek dan met een controlepunt dat u bewaarde."
)
ACCEPTED = (
    "Een beheerder aanvaardde dat het logboek niet meer begint met wat was ondertekend: het heeft {size} regels, en er waren er "
    "{signed} ondertekend. De eerste {same} regels zijn dezelfde als de kluis had onthouden; wat daarna kwam, is weg of anders. "
    "De reden en wie het deed, staan in het logboek."
)
CHECKPOINT = """Dit is het controlepunt van het logboek van de bodycams: een handtekening over alle {size} regels tot nu toe.

Bewaar dit bericht buiten de computers van de bodycams. Verandert iemand later iets aan het verleden, dan past het logboek niet
meer bij dit controlepunt, ook als die persoon de hele database en de server heeft.

Zo controleert u: vraag de beheerder om een uitvoer van het logboek, bewaar dit bericht als bestand, en doe op een computer
met Python:

    python -m beeldkluis.journal.verify MAP SLEUTEL --kept BESTAND

De sleutel: {key}
Alle controlepunten: {address}/over-bodycams/logboek/

{note}"""


def look(now: datetime) -> None:
    """Begin the file beside the key when it is gone, look as far as this minute reaches, and tell what is wrong."""
    begin(now)
    found = nightly.faults(now)
    if found:
        alarm(found, now=now)
        nightly.told(found)


def begin(now: datetime) -> None:
    """Make the file beside the key anew when it is gone, and say so to everybody who must know."""
    with serialised():
        begun = actions.begin_anchor(actor=ACTOR)
        if begun is not None:
            _tell(
                "Het geheugen naast de ondertekensleutel was weg",
                f"begun:{begun.size}",
                BEGUN.format(size=begun.size),
                now,
            )


def alarm(faults: Sequence[Fault], *, now: datetime) -> None:
    """What is wrong becomes an incident, and everybody who must know is told in the same transaction. Known things are not
    told again.
    """
    with serialised():
        found = report_journal([one.sentence for one in faults], actor=ACTOR, now=now) if faults else None
        if found is None:
            return
        sentences = [one.sentence for one in faults]
        more = [f"En nog {len(sentences) - TOLD_IN_MAIL} andere."] if len(sentences) > TOLD_IN_MAIL else []
        text = ALARM.format(faults="\n".join([*sentences[:TOLD_IN_MAIL], *more]), incident=found)
        _mail(f"Het logboek klopt niet: incident {found}", text, now)
    log.error("the journal does not hold", incident=str(found), faults=len(faults))


def accept_restored(*, because: str, by: str, now: datetime) -> RestoredAccepted:
    """Go on after an older copy of the database was put back: written down, told, and then signed anew.

    Refused when nothing is wrong or without a reason; NotSignedError when the file beside the key cannot be read.
    """
    with remembered() as memory:
        same = memory.same_until()
        with serialised():
            done = actions.accept_restored(because=because, by=by, same=same, actor=ACTOR)
            text = ACCEPTED.format(size=done.size, signed=done.signed, same=same)
            key = f"accepted:{done.size}:{done.signed}"
            _tell("Een andere kopie van het logboek is aanvaard", key, text, now)
        anchor.put_aside(now)
        memory.put_aside(now)
    return done


def _tell(subject: str, key: str, text: str, now: datetime) -> None:
    """A finding and a mail to everybody who must know, inside the caller's turn."""
    raise_finding(rule="journal.holds", key=key, text=text, recording=None, bodycam=None, actor=ACTOR, now=now)
    _mail(subject, text, now)


def _mail(subject: str, text: str, now: datetime) -> None:
    for address in sorted({person.email for role in MUST_KNOW for person in active_with(role)}):
        queue_mail(to=address, subject=subject, text=text, actor=ACTOR, now=now, must_leave=True)


def send_out(now: datetime) -> None:
    """Mail a fresh checkpoint to every data protection officer, once a day, when the journal grew by more than these mails."""
    people = active_with(Role.DPO)
    if not people or timezone.localtime(now).hour < MORNING:
        return
    with remembered() as memory:
        memory.catch_up()
        if not _is_due(memory, now):
            return
    made = actions.make_checkpoint(now=now)
    if made is None:
        return
    with serialised(), remembered() as memory:
        memory.catch_up()
        if _is_due(memory, now):  # another clock may have sent it since
            _send(made, people, now)


def _send(made: Checkpoint, people: Sequence[Person], now: datetime) -> None:
    subject = f"Controlepunt van het logboek, {timezone.localtime(now):%d-%m-%Y}"
    text = CHECKPOINT.format(size=made.size, key=signer().vkey, address=settings.ADDRESS, note=made.note)
    with step("web.send_checkpoint", actor=ACTOR) as record:
        record(CheckpointTold(size=made.size, root=bytes(made.root), people=len(people)))
        for person in people:
            queue_mail(to=person.email, subject=subject, text=text, actor=ACTOR, now=now, must_leave=True)


def _is_due(memory: Remembered, now: datetime) -> bool:
    before = memory.numbers(0, 1, act=CheckpointTold.act)
    found = queries.entry(before[0]) if before else None
    if found is None:
        return True
    try:
        told = leaves.read(bytes(found.data))
    except leaves.LeafError:
        return True
    today = timezone.localtime(now).date()
    is_today = timezone.localtime(told.time).date() == today
    return not is_today and memory.grew_since(told.number, besides="outbox.", and_besides="journal.checkpoint")


@dataclass(frozen=True, slots=True)
class Shown:
    """A checkpoint on the public page: how many entries, when it was signed, and how its root begins."""

    size: int
    made: datetime
    root: str


def public() -> list[Shown]:
    """The last checkpoints that this server really signed, the newest first."""
    found = queries.newest_checkpoints(SHOWN)
    return [_shown(one) for one in found if anchor.signed(one.note, one.size, bytes(one.root))]


def _shown(one: Checkpoint) -> Shown:
    return Shown(one.size, one.made, base64.b64encode(bytes(one.root)).decode()[:16])


def findings(now: datetime) -> list[str]:
    """What the doctor says of the journal: what is wrong now, and what the last look through everything found."""
    try:
        with remembered() as memory:
            seen = [sentence for _number, sentence in memory.noted_faults(TOLD_IN_MAIL)]
            done = memory.fact(nightly.DONE)
    except UNUSABLE as error:
        return [f"Het bestand waarin de kluis onthoudt wat zij schreef, is niet te gebruiken ({type(error).__name__})."]
    faults = [one.sentence for one in nightly.at_once()]
    wrong = done["faults"] if done else 0
    night = [f"De laatste keer nakijken vond {wrong} fouten in het logboek. Kijk bij Incidenten."] if wrong else []
    if done and now - datetime.fromisoformat(done["at"]) > LONG_AGO:
        night.append("Het logboek is al dagen niet nagekeken. Draait 'beeldkluis serve'?")
    return [*faults, *seen, *night]
