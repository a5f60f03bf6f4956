"""What is due, what is nearly due, and what should have gone by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator

from beeldkluis.footage import queries as footage
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import Versions, history, in_force
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.retention import Destroy, Keep, decide, is_overdue
from beeldkluis.retention.models import Brake
from beeldkluis.vault.models import Destruction
from beeldkluis.vault.queries import destructions_begun, is_shredded

PER_PAGE = 50


def decision(recording: Recording, now: datetime, versions: Versions | None = None) -> Keep | Destroy:
    """What protocol.retention says of this recording now; by `versions`, where many are asked about."""
    versions = versions or history()
    return decide(
        ended_at=recording.latest_end,
        received_at=recording.received_at,
        holds=footage.hold_facts_of(recording),
        protocol=versions.in_force,
        now=now,
        clock_measured=recording.clock_measured,
        recorded_under=footage.recorded_under(recording, versions),
    )


def to_destroy(now: datetime) -> list[UUID]:
    """The recordings that have to go now, those first of which a destruction was stopped half-way."""
    due, versions = footage.due(now), history()
    begun = destructions_begun()
    halves = [one.id for one in due if one.id in begun and is_shredded(one.id)]
    half = set(halves)
    return halves + [one.id for one in due if one.id not in half and isinstance(decision(one, now, versions), Destroy)]


def waiting_brakes() -> list[Brake]:
    """Stopped rounds that two people have not confirmed yet."""
    return list(Brake.objects.filter(released_at=None, finished_at=None).order_by("pulled_at"))


def released_brakes() -> list[Brake]:
    """Confirmed rounds of which something is left to destroy."""
    return list(Brake.objects.filter(released_at__isnull=False, finished_at=None).order_by("pulled_at"))


def how_many() -> tuple[int, int]:
    """How many recordings there are, and how many came in during the period before the newest did: whatever the clock says."""
    return footage.number_there(), footage.number_received(in_force().days("retention.period"))


def confirmed_by(brake: Brake) -> set[str]:
    """The pseudonyms of those who confirmed this stopped round."""
    return {str(one) for one in brake.confirmations.values_list("person__pseudonym", flat=True)}


@dataclass(frozen=True, slots=True)
class Overdue:
    """A recording past its term. `because` names the rules that keep it, or the brake's rule; empty: a fault."""

    recording: UUID
    due_at: datetime
    because: tuple[str, ...]


def overdue(now: datetime) -> list[Overdue]:
    """Recordings that are still here later than they may be, each with the reason, if it has one.

    While a stopped round waits for two people nothing else goes either. What they confirmed goes in batches, a round a minute:
    it is late only so long after they did.
    """
    waits = bool(waiting_brakes())
    confirmed = {
        UUID(one): brake.released_at for brake in released_brakes() for one in brake.recordings if brake.released_at
    }
    found, versions = [], history()
    protocol = versions.in_force
    for recording in footage.due(now):
        if not is_overdue(due=recording.due_at, protocol=protocol, now=now):
            continue
        answer = decision(recording, now, versions)
        kept_by = answer.because if isinstance(answer, Keep) else ()
        since = confirmed.get(recording.id)
        goes = since is not None and not is_overdue(due=since, protocol=protocol, now=now)
        if not kept_by and (waits or goes):
            kept_by = ("retention.brake",)
        found.append(Overdue(recording.id, recording.due_at, kept_by))
    return found


def destroyed_soon(now: datetime, number: int = 1) -> Page[Recording]:
    """A page of what goes soon unless a request comes, earliest first, as far ahead as `retention.notice` says."""
    return Paginator(footage.due_soon(now, now + in_force().days("retention.notice")), PER_PAGE).get_page(number)


@dataclass(frozen=True, slots=True)
class Shifted:
    """A recording that another version would keep shorter or longer: when it goes now, and when then. Held: not before the
    hold ends.
    """

    recording: Recording
    due_now: datetime
    due_then: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a version would do to footage that is kept: what changes, the first to go first, how many recordings keep their own
    term, and when the last of those goes.
    """

    shifted: list[Shifted]
    unchanged: int
    last: datetime | None


def effect(protocol: Protocol, *, takes_effect_at: datetime) -> Effect:
    """What a version would do to footage that is kept now and would still be there on its day. Mostly nothing: the version
    under which it was recorded decides, unless this one chooses otherwise (retention.new-version).
    """
    current, found, unchanged, last = history(), [], 0, None
    coming = current.with_coming(protocol, takes_effect_at)
    for recording in footage.there():
        now_due, then_due = footage.term_ends(recording, current), footage.term_ends(recording, coming)
        if then_due < now_due:  # what became shorter goes on its day at the earliest
            then_due = max(then_due, takes_effect_at)
        if not (now_due > takes_effect_at or recording.is_held):
            continue
        if now_due != then_due:
            found.append(Shifted(recording, now_due, then_due, recording.is_held))
        else:
            unchanged, last = unchanged + 1, max(last or now_due, now_due)
    return Effect(sorted(found, key=lambda one: one.due_then), unchanged, last)


def effect_of(protocol: Protocol, *, takes_effect_at: datetime) -> list[Shifted]:
    """The recordings that a version would keep shorter or longer, the first to go first."""
    return effect(protocol, takes_effect_at=takes_effect_at).shifted


def recently_destroyed(now: datetime) -> list[tuple[Recording, Destruction]]:
    """What was destroyed in the past seven days, newest first, the last 50: the list of recordings and the journal have all."""
    rows = list(
        Destruction.objects.filter(shredded_at__gte=now - timedelta(days=7)).order_by("-shredded_at")[:PER_PAGE]
    )
    recordings = Recording.objects.in_bulk([row.recording for row in rows])
    return [(recordings[row.recording], row) for row in rows if row.recording in recordings]


def asks_about_clock(brake: Brake) -> bool:
    """Did this round stop because the clock jumped? Then it lists nothing: everything waits."""
    return not brake.recordings


def stopped_recordings(brake: Brake, now: datetime) -> list[Recording]:
    """The recordings of a stopped round, oldest first; while the clock is asked about, what would go if it is right."""
    waits = brake.finished_at is None and asks_about_clock(brake)
    return list(Recording.objects.filter(pk__in=to_destroy(now) if waits else brake.recordings).order_by("ended_at"))
