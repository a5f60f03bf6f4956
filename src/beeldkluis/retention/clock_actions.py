"""Is the clock to be believed? Asked before every round; when it jumped, nothing goes until two people looked (I-49)."""

from datetime import datetime, timedelta

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.actions import serialised
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.clock import Uptime
from beeldkluis.journal.queries import newest_moment
from beeldkluis.protocol.brake import Look, clock_holds
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.retention import actions
from beeldkluis.retention.models import Pace

RENEWED = timedelta(days=1)  # so long one anchor serves: a clock that creeps ahead adds up against it
WELL = "De klok loopt weer goed."
ACCEPTED = "Twee mensen keken naar de klok."


def clock_is_believed(*, actor: Actor, now: datetime, uptime: Uptime | None = None) -> bool:
    """Whether a round may go by this clock. When it jumped, a stopped round that two people must confirm says so; when it is
    right again that one ends by itself. `uptime` where the machine's own clock is read: then a jump of minutes is seen.
    """
    now -= clock.demonstration_offset()  # a demonstration's clock is moved on purpose
    ran = uptime.seconds - int(clock.demonstration_offset().total_seconds()) if uptime else 0
    look = Look(now, uptime.boot if uptime else "", max(ran, 0))
    with serialised():
        pace = Pace.objects.select_for_update(of=("self",)).select_related("brake").first() or _first(look)
        verdict = _judged(pace, look)
        believed = verdict.allowed if pace.brake is None else _ends(pace, look, verdict, actor)
        if believed:
            _believe(pace, look)
        elif pace.brake is None:
            pace.brake = actions.pull_brake(recordings=[], because=verdict.reason, actor=actor, now=now)
            pace.by_machine = bool(look.boot)
            pace.save()
    return believed


def _first(look: Look) -> Pace:
    """Nothing to compare with yet, but where the machine is asked: the newest entry of the journal."""
    known = newest_moment() if look.boot else None
    last = min(known, look.clock) if known else look.clock
    return Pace(last=last, clock=look.clock)


def _judged(pace: Pace, look: Look) -> Verdict:
    """By the machine where it is asked. Otherwise by the last round and the newest line of the journal, whichever is later."""
    anchor, last = Look(pace.clock, pace.boot, pace.ran), pace.last
    if not look.boot and pace.pk and (written := newest_moment()):
        last = max(last, written)
    return clock_holds(last=last, anchor=anchor, look=look, protocol=in_force())


def _ends(pace: Pace, look: Look, verdict: Verdict, actor: Actor) -> bool:
    """Does the stop for a jump end? Two people confirmed, or the clock is right again by the same measure that stopped it."""
    brake = pace.brake
    confirmed = brake is not None and brake.released_at is not None
    well = verdict.allowed and bool(look.boot) >= pace.by_machine
    if brake is None or not (confirmed or well):
        return False
    actions.finish_brake(brake.pk, because=ACCEPTED if confirmed else WELL, actor=actor, now=look.clock)
    if confirmed:
        pace.boot = ""  # what was compared with before counts no more
    pace.brake, pace.by_machine = None, False
    return True


def _believe(pace: Pace, look: Look) -> None:
    pace.last = look.clock
    if look.boot and (look.boot != pace.boot or look.clock - pace.clock >= RENEWED):
        pace.boot, pace.ran, pace.clock = look.boot, look.ran, look.clock
    pace.save()
