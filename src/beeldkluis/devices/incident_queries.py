"""Reading security incidents, and what is known of a camera when one is reported."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Length
from django.utils import timezone

from beeldkluis.devices.models import Bodycam, IssuePeriod, SecurityIncident
from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Officer, TeamKey
from beeldkluis.people.queries import active_key, active_with
from beeldkluis.protocol.incident import WANTED, Known, lacking, words_kept_until
from beeldkluis.protocol.roles import Role


def incidents() -> Sequence[SecurityIncident]:
    """Every incident: open ones first, then the newest."""
    return list(
        SecurityIncident.objects.select_related("bodycam").order_by(
            F("closed_at").asc(nulls_first=True), "-reported_at"
        )
    )


def incident(number: int) -> SecurityIncident | None:
    """The incident with this number."""
    return SecurityIncident.objects.select_related("bodycam__kind").filter(number=number).first()


def open_for(bodycam: Bodycam) -> SecurityIncident | None:
    """The incident that is still open for this camera."""
    return SecurityIncident.objects.filter(bodycam=bodycam, closed_at__isnull=True).first()


def undecided() -> Sequence[SecurityIncident]:
    """Open incidents of which nobody decided yet whether to notify the supervisory authority."""
    found = SecurityIncident.objects.select_related("bodycam").filter(
        closed_at__isnull=True, notify_authority__isnull=True
    )
    return list(found.order_by("aware_at"))


def unfinished() -> Sequence[SecurityIncident]:
    """Open incidents that were decided about and still want something."""
    found = SecurityIncident.objects.select_related("bodycam").filter(
        closed_at__isnull=True, notify_authority__isnull=False
    )
    return list(found.order_by("aware_at"))


def of_journal() -> Sequence[SecurityIncident]:
    """What was ever found wrong with the journal, the newest first."""
    return list(SecurityIncident.objects.filter(kind=SecurityIncident.Kind.JOURNAL).order_by("-number"))


def open_of_journal() -> SecurityIncident | None:
    """The journal does not hold, and somebody is still to write down what happened."""
    found = SecurityIncident.objects.filter(kind=SecurityIncident.Kind.JOURNAL, closed_at__isnull=True)
    return found.order_by("-number").first()


def periods_since(bodycam: Bodycam, moment: datetime | None) -> Sequence[IssuePeriod]:
    """Who had the camera since then, oldest first; with None everybody."""
    periods = bodycam.issue_periods.select_related("officer").order_by("issued_at")
    return [one for one in periods if moment is None or one.handed_in_at is None or one.handed_in_at > moment]


def known_of(bodycam: Bodycam, kind: str) -> Known:
    """What the program knows of a camera now."""
    since = periods_since(bodycam, bodycam.last_docked_at)
    docked = bodycam.last_docked_at
    keys = [active_key(one) for one in (TeamKey.Kind.TEAM, TeamKey.Kind.RECOVERY)]
    return Known(
        kind=kind,
        label=bodycam.label,
        model=str(bodycam.kind),
        seals=bodycam.kind.seals_footage,
        pre_event_seconds=bodycam.kind.pre_event_seconds,
        last_docked=f"{timezone.localtime(docked):%d-%m-%Y %H:%M}" if docked else "",
        dock=str(bodycam.last_dock or ""),
        officers=len({one.officer_id for one in since}),
        fingerprints=tuple(key.fingerprint[:16] for key in keys if key is not None),
        contact=contact(),
    )


def contact() -> str:
    """With whom one can get in touch about an incident."""
    return "\n".join(f"{one.name}, functionaris gegevensbescherming, {one.email}" for one in active_with(Role.DPO))


def officers_since(found: SecurityIncident) -> Sequence[Officer]:
    """The officers who had the camera between its last docking and the report, as was known then."""
    return list(
        Officer.objects.filter(pseudonym__in=found.known.get("officers", [])).order_by(Length("number"), "number")
    )


def missing(found: SecurityIncident) -> tuple[str, ...]:
    """What lacks before it can be closed."""
    return lacking(
        {name: str(getattr(found, name)) for name in WANTED},
        notify=found.notify_authority,
        notified=found.notified_at is not None,
        inform=found.inform_persons,
        informed=found.informed_at is not None,
    )


def with_words_over(now: datetime) -> Sequence[SecurityIncident]:
    """Closed incidents whose words have been kept for as long as the protocol file says."""
    protocol = in_force()
    closed = SecurityIncident.objects.filter(closed_at__isnull=False).exclude(told="", found_how="")
    since = ((one, max(filter(None, (one.closed_at, one.found_at)))) for one in closed)
    return [one for one, moment in since if words_kept_until(moment, protocol) <= now]
