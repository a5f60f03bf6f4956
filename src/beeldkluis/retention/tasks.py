"""The round: what is due goes, in batches, unless the brake says that somebody must look first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.brake import may_destroy_at_once, node_clock_holds
from beeldkluis.protocol.retention import Destroy
from beeldkluis.retention import actions, queries
from beeldkluis.retention.clock_actions import clock_is_believed
from beeldkluis.vault.errors import KeyAwayError, KeyStoreError, StoreError
from beeldkluis.vault.place_queries import away

BATCH = 400  # recordings per round, which comes every minute: 5,000 are gone within a quarter of an hour

KEYLESS = (
    "Van opnames die vernietigd moeten worden, is de sleutel niet te vinden. Ze zijn niet vernietigd verklaard. Welke het zijn, "
    "staat bij de bevindingen."
)


@dataclass(slots=True)
class Round:
    """What one round did. `problems` are sentences for the operator; `stopped` counts what waits for two people."""

    destroyed: list[UUID] = field(default_factory=list)
    kept: list[UUID] = field(default_factory=list)
    stopped: int = 0
    left: int = 0
    problems: list[str] = field(default_factory=list)


def nobody_asks(_going: Sequence[UUID], _now: datetime) -> None:
    """The last look of a round on its own."""


def round_(now: datetime, *, last_look: Callable[[Sequence[UUID], datetime], None] = nobody_asks) -> Round:
    """Destroy what is due. Repeatable; what fails because a disk is away is named and does not stop the rest. `last_look` holds
    what must stay after all of those that go now; each is decided about once more after it.
    """
    actor = Actor.system("retention")
    done = Round()
    wanted = queries.to_destroy(now)
    if not (node := node_clock_holds(ahead=clock.ahead_of_database(), protocol=in_force())).allowed:
        done.stopped, done.problems = len(wanted), [node.reason]
        return done
    if not clock_is_believed(actor=actor, now=now):
        done.stopped = len(wanted)
        return done
    if wanted and (places := away()):  # what cannot be destroyed for sure is not begun, and nothing is said of it
        done.left = len(wanted)
        done.problems.extend(one.problem for one in places)
        return done
    released = _released(wanted, actor, now)
    loose = [one for one in wanted if one not in released]
    if _stopped(loose, actor, now):
        done.stopped = len(loose)
        wanted = [one for one in wanted if one in released]
    done.left = len(wanted[BATCH:])
    if going := wanted[:BATCH]:
        last_look(going, now)
    for recording in going:
        _destroy(recording, done, actor, now)
    return done


def _destroy(recording: UUID, done: Round, actor: Actor, now: datetime) -> None:
    try:
        answer = actions.destroy_recording(recording, actor=actor, now=now)
    except KeyAwayError:
        if KEYLESS not in done.problems:
            done.problems.append(KEYLESS)
        return
    except (StoreError, KeyStoreError, OSError) as error:
        done.problems.append(f"{recording}: {error}")
        return
    (done.destroyed if isinstance(answer, Destroy) else done.kept).append(recording)


def _released(wanted: list[UUID], actor: Actor, now: datetime) -> set[UUID]:
    """What two people have confirmed; a confirmed round of which nothing is left is closed."""
    allowed: set[UUID] = set()
    for brake in queries.released_brakes():
        left = set(wanted) & {UUID(one) for one in brake.recordings}
        if not left:
            actions.finish_brake(brake.pk, because="vernietigd", actor=actor, now=now)
        allowed |= left
    return allowed


def _stopped(loose: list[UUID], actor: Actor, now: datetime) -> bool:
    """Whether nothing may go without people: a stopped round waits for them, or this one has to stop."""
    waiting = 0
    for brake in queries.waiting_brakes():
        if set(loose) & {UUID(one) for one in brake.recordings}:
            waiting += 1
        else:
            actions.finish_brake(brake.pk, because="niet meer aan de beurt", actor=actor, now=now)
    if waiting:
        return True
    if not loose:
        return False
    there, came_in = queries.how_many()
    verdict = may_destroy_at_once(recordings=len(loose), protocol=in_force(), kept=there, came_in=came_in)
    if not verdict.allowed:
        actions.pull_brake(recordings=loose, because=verdict.reason, actor=actor, now=now)
    return not verdict.allowed
