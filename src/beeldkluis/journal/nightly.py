"""Every night this server looks through the whole journal, a part each minute, and keeps how far it got beside its key."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from beeldkluis.journal import anchor, examination
from beeldkluis.journal.examination import Examination, Fault
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.remembered import Remembered, remembered

NIGHT = range(2, 6)  # hours of local time in which a look begins
LATE = timedelta(hours=30)  # a server that was off at night begins as soon as it is on
PARTS = 8  # parts of examination.PART entries in a minute: a second or two
MINUTE = 40_000  # entries remembered in a minute
RUNNING, DONE = "look", "looked"


def faults(now: datetime) -> list[Fault]:
    """What must be told now: what pages saw, what the nightly look found when it is over, and a journal that does not begin
    with what was signed last. OSError or sqlite3.Error when the file beside the key cannot be used.
    """
    with remembered() as memory:
        memory.catch_up(MINUTE)
        seen = [Fault(number, sentence) for number, sentence in memory.noted_faults(examination.MOST)]
        return [*at_once(), *seen, *_nightly(memory, now)]


def told(faults: Iterable[Fault]) -> None:
    """Everybody who must know was told of these."""
    with remembered() as memory:
        memory.forget_faults(one.sentence for one in faults)


def at_once() -> list[Fault]:
    """Does the journal begin with what was signed last, and is that checkpoint there? Bounded by an hour's entries."""
    try:
        known = anchor.last()
        if known is None:
            return []
        anchor.proved()
    except anchor.NotSignedError as error:
        return [Fault(error.number, str(error))]
    if not known.note or Checkpoint.objects.filter(pk=known.size, note=known.note).exists():
        return []
    sentence = (
        f"Het controlepunt over {known.size} regels is uit de database verdwenen; het stond ook naast de sleutel."
    )
    return [Fault(known.size, sentence)]


def _nightly(memory: Remembered, now: datetime) -> Sequence[Fault]:
    running = memory.fact(RUNNING)
    if running is None and not _begins(memory, now):
        return []
    known = anchor.last()
    look = examination.from_json(running, memory, known) if running else Examination(memory, examination.end(), known)
    for _part in range(PARTS):
        if not look.is_done:
            look.look()
    if not look.is_done:
        memory.keep_fact(RUNNING, examination.as_json(look))
        return []
    look.finish()
    memory.keep_fact(RUNNING, None)
    memory.keep_fact(DONE, {"at": now.isoformat(), "size": look.size, "faults": len(look.faults) + look.more})
    return look.faults


def _begins(memory: Remembered, now: datetime) -> bool:
    """Once a night, and at once when that was long ago, never, or in a time to come."""
    done = memory.fact(DONE)
    if done is None:
        return True
    before, zone = datetime.fromisoformat(done["at"]), ZoneInfo(settings.TIME_ZONE)
    if before > now or now - before > LATE:
        return True
    here = now.astimezone(zone)
    return here.hour in NIGHT and before.astimezone(zone).date() < here.date()
