"""Reading observations, and which recordings still want one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from beeldkluis.footage.models import Observation, Recording
from beeldkluis.people.models import Officer
from beeldkluis.protocol.observation import NEEDS_NUMBER

PER_PAGE = 50


def observation_of(recording_id: UUID) -> Observation | None:
    """What is said of this recording now."""
    return Observation.objects.filter(recording=recording_id, replaced_at__isnull=True).first()


def observation(pk: str) -> Observation | None:
    """One observation with its recording; None for a text that names none."""
    try:
        return Observation.objects.select_related("recording").filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def without_number() -> Sequence[Observation]:
    """Observations in force that still want the number of the enforcement system, oldest first."""
    return list(_without_number().select_related("recording").order_by("made_at"))


def _without_number() -> QuerySet[Observation]:
    return Observation.objects.filter(replaced_at__isnull=True, enforcement_number="", kind__in=NEEDS_NUMBER)


def wanting() -> QuerySet[Recording]:
    """Recordings without an observation, or whose observation still wants the number of the enforcement system.

    What is set apart is a finding already, and asked for once it is taken back or its reasons went.
    """
    now_in_force = Observation.objects.filter(recording=OuterRef("pk"), replaced_at__isnull=True)
    lacking = _without_number().values("recording")
    return (
        Recording.objects.filter(
            ~Exists(now_in_force) | Q(pk__in=lacking)
        )  # the first asks an index alone, the second a few rows
        .exclude(state=Recording.State.QUARANTINED)
        .select_related("bodycam", "officer")
        .order_by("activated_at")
    )


def owed_by(officer: Officer) -> Sequence[Recording]:
    """This officer's own recordings that want an observation, oldest first. Nobody else's."""
    without = Observation.objects.filter(recording=OuterRef("pk"), replaced_at__isnull=True)
    return list(wanting().filter(~Exists(without), officer=officer))


def late_count(received_by: datetime) -> int:
    """How many recordings want an observation and are late: those received by this moment (protocol.observation)."""
    return max(0, _count_wanting() - _count_wanting(received_after=received_by))


def _count_wanting(received_after: datetime | None = None) -> int:
    """`wanting`, counted; of those received later than that moment. Nearly every recording has its observation, and looking for
    it at each costs a third of a second at 100,000: all are counted from indexes, and what has one is taken off.
    """
    if received_after is not None:
        return wanting().filter(received_at__gt=received_after).count()  # of the last days
    now_in_force = Observation.objects.filter(replaced_at__isnull=True)
    quarantined = Recording.objects.filter(state=Recording.State.QUARANTINED)
    observed_apart = quarantined.filter(Exists(now_in_force.filter(recording=OuterRef("pk")))).count()
    there = Recording.objects.count() - quarantined.count()
    lacking = Recording.objects.filter(pk__in=_without_number().values("recording"))
    without = lacking.exclude(state=Recording.State.QUARANTINED).count()
    return there - (now_in_force.count() - observed_apart) + without


def to_remind(received_by: datetime, most: int) -> Sequence[Recording]:
    """Those of them about which nobody was reminded yet, the first `most`."""
    silent = wanting().filter(received_at__lte=received_by, observation_reminded_at__isnull=True)
    return list(silent[:most])


def wanting_page(number: int) -> Page[Recording]:
    """One page of `wanting`."""
    pages = Paginator(wanting(), PER_PAGE)
    pages.count = max(0, _count_wanting())
    return pages.get_page(number)
