"""Reading bodycams and docks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Length
from django.shortcuts import get_object_or_404

from beeldkluis.devices.models import Bodycam, Dock, EnrolmentCode, IssuePeriod
from beeldkluis.governance.queries import in_force
from beeldkluis.people.acknowledgement_queries import unsigned_officers
from beeldkluis.people.models import Officer
from beeldkluis.protocol.camera import stays_away
from beeldkluis.protocol.recording import IssueFact, Resolved, Unresolved, as_known_at, resolve_officer
from beeldkluis.sealed.token import hash_token, same


def bodycam_by_serial(serial: str) -> Bodycam | None:
    """The bodycam with this serial number."""
    return Bodycam.objects.filter(serial=serial).first()


def issue_facts(bodycam: Bodycam) -> list[IssueFact]:
    """The bodycam's issue history as facts for the rules."""
    periods = IssuePeriod.objects.filter(bodycam=bodycam).select_related("officer").order_by("issued_at")
    return [
        IssueFact(str(one.officer.pseudonym), one.issued_at, one.handed_in_at, one.entered_at, one.hand_in_entered_at)
        for one in periods
    ]


@dataclass(frozen=True, slots=True)
class Wearer:
    """Who had the bodycam: an officer by a period of issue, or none with the rule's reason. `before`: who it was by what stood
    in the register at that moment itself, when that is somebody else.
    """

    officer: Officer | None
    unresolved: Unresolved | None
    period: IssuePeriod | None = None
    before: Officer | None = None


def officer_at(bodycam: Bodycam | None, moment: datetime) -> Wearer:
    """Who had the bodycam at that moment, by issue history as it stands now; and by what stood there then."""
    facts = issue_facts(bodycam) if bodycam else []
    answer, then = resolve_officer(facts, moment), resolve_officer(as_known_at(facts, moment), moment)
    before = None
    if isinstance(then, Resolved) and then != answer:
        before = Officer.objects.get(pseudonym=then.officer)
    if not isinstance(answer, Resolved):
        return Wearer(None, answer, before=before)
    covering = IssuePeriod.objects.select_related("officer").filter(bodycam=bodycam, officer__pseudonym=answer.officer)
    period = covering.filter(issued_at__lte=moment).order_by("-issued_at")[0]
    return Wearer(period.officer, None, period, before)


def period(pk: int) -> IssuePeriod | None:
    """One period of issue."""
    return IssuePeriod.objects.select_related("officer", "bodycam").filter(pk=pk).first()


def dock_by_token(token: str) -> Dock | None:
    """The dock with this token; None for an unknown token or a dock out of use."""
    hashed = hash_token(token)
    dock = Dock.objects.filter(token_hash=hashed, retired_at__isnull=True).first()
    # The look-up is by hash, so its timing tells nothing about the token; the comparison closes it all the same.
    return dock if dock is not None and same(dock.token_hash, hashed) else None


def usable_code(code: str, now: datetime) -> EnrolmentCode | None:
    """The enrolment code, when it was not used and is not over."""
    return EnrolmentCode.objects.filter(code_hash=hash_token(code), used_by__isnull=True, expires_at__gt=now).first()


def bodycams() -> Sequence[Bodycam]:
    """All bodycams by label, with their issue history fetched along."""
    return list(
        Bodycam.objects.select_related("kind")
        .prefetch_related("issue_periods__officer")
        .order_by(Length("label"), "label")
    )


def current_period(bodycam: Bodycam) -> IssuePeriod | None:
    """The issue that runs now."""
    return next((one for one in bodycam.issue_periods.all() if one.handed_in_at is None), None)


def history(bodycam: Bodycam) -> Sequence[IssuePeriod]:
    """Everybody who had this bodycam, the latest first."""
    return list(bodycam.issue_periods.select_related("officer").order_by("-issued_at"))


def key_of_unknown(serial: str, dock: Dock) -> str:
    """By which the finding is known that a camera that nobody knows stands in this dock."""
    return f"unknown:{serial}:{dock.name}"


def keys_of_unknown(serial: str) -> list[str]:
    """The same, of any dock."""
    return [key_of_unknown(serial, dock) for dock in Dock.objects.all()]


def other_with_volume(bodycam: Bodycam, volume_id: str) -> str:
    """The label of another camera that this memory was in when it was last docked; empty when none was."""
    if not volume_id:
        return ""
    other = Bodycam.objects.filter(volume_id=volume_id).exclude(pk=bodycam.pk).values_list("label", flat=True).first()
    return other or ""


def running_periods() -> Sequence[IssuePeriod]:
    """Every issue that runs now, with bodycam and officer, by label."""
    periods = IssuePeriod.objects.filter(handed_in_at__isnull=True).select_related("bodycam", "officer")
    return list(periods.order_by(Length("bodycam__label"), "bodycam__label"))


def staying_away(now: datetime) -> list[IssuePeriod]:
    """Issued cameras that were in no dock for longer than the protocol file says. Blocked ones are known to be away."""
    protocol = in_force()
    return [
        one
        for one in running_periods()
        if one.bodycam.blocked_at is None
        and stays_away(last_docked_at=one.bodycam.last_docked_at, issued_at=one.issued_at, protocol=protocol, now=now)
    ]


def issued_unsigned() -> list[IssuePeriod]:
    """Cameras with somebody who has not signed for the protocol in force, until that is mended."""
    periods = running_periods()
    unsigned = unsigned_officers([one.officer for one in periods])
    return [one for one in periods if one.officer_id in unsigned]


def docks() -> Sequence[Dock]:
    """All docks by name."""
    return list(Dock.objects.order_by("name"))


def waiting_codes(now: datetime) -> Sequence[EnrolmentCode]:
    """Enrolment codes that can still be used."""
    return list(EnrolmentCode.objects.filter(used_by__isnull=True, expires_at__gt=now).order_by("-made_at"))


def bodycam(label: str) -> Bodycam:
    """The bodycam with this number on its housing; not found otherwise."""
    return get_object_or_404(Bodycam, label=label)


def dock(pk: UUID) -> Dock:
    """This dock; not found otherwise."""
    return get_object_or_404(Dock, pk=pk)
