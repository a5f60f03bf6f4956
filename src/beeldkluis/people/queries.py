"""Reading people and keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404

from beeldkluis.people.models import (
    CodeLink,
    Deputation,
    Handover,
    HandoverItem,
    HandoverPlan,
    HandoverWait,
    Officer,
    OfficerNotice,
    Person,
    SealedIdentity,
    TeamKey,
)
from beeldkluis.protocol.codes import OwnCode
from beeldkluis.protocol.handover import HOLDERS
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.token import hash_token


def active_key(kind: str) -> TeamKey | None:
    """The key of this kind that is in use."""
    return TeamKey.objects.filter(kind=kind, retired_at__isnull=True).first()


def current_recipients() -> tuple[str, ...]:
    """What everything is sealed for now: the team's and the recovery recipient (age1…); empty before the key ceremony."""
    keys = [active_key(TeamKey.Kind.TEAM), active_key(TeamKey.Kind.RECOVERY)]
    return tuple(key.public for key in keys if key is not None)


def recovery_recipient() -> str:
    """The public half of the recovery key (age1…); empty before the key ceremony."""
    key = active_key(TeamKey.Kind.RECOVERY)
    return key.public if key else ""


def sealed_identity_for(person: Person) -> SealedIdentity | None:
    """The person's own sealed copy of the team identity in use; None when there is none."""
    copies = SealedIdentity.objects.filter(person=person, withdrawn_at__isnull=True, key__retired_at__isnull=True)
    return copies.order_by("-made_at").first()


def team_manager() -> Person | None:
    """Who acts as team manager now."""
    return Person.objects.filter(acting=Role.TEAM_MANAGER.value, is_active=True).first()


def titular_team_manager() -> Person | None:
    """Whose role it is, whether acting, resting or with a closed account."""
    people = Person.objects.filter(role=Role.TEAM_MANAGER.value)
    return people.order_by("-is_active", "-added_at").first()


def deputies() -> Sequence[Person]:
    """People with an account who can act as team manager, by name."""
    return list(Person.objects.filter(role=Role.DEPUTY.value, is_active=True).order_by("name"))


def running_deputation() -> Deputation | None:
    """The deputation that lasts."""
    return Deputation.objects.select_related("team_manager", "deputy").filter(ended_at__isnull=True).first()


def running_plan() -> HandoverPlan | None:
    """The handover that was announced and neither stopped nor settled."""
    found = HandoverPlan.objects.select_related("giver", "receiver", "second")
    return found.filter(stopped_at__isnull=True, settled_at__isnull=True).order_by("pk").first()


def minutes_waited(plan: HandoverPlan) -> int:
    """How many minutes of its wait the program counted."""
    return HandoverWait.objects.filter(plan=plan).values_list("minutes", flat=True).first() or 0


def running_handover() -> Handover | None:
    """The handover that is under way."""
    found = Handover.objects.select_related("plan", "giver", "receiver", "old_key")
    return found.filter(plan__isnull=False, finished_at__isnull=True, stopped_at__isnull=True).first()


def to_check(handover: Handover, most: int) -> Sequence[HandoverItem]:
    """Recordings that were sealed anew and not tried with the new key, `most` at most, in a fixed order."""
    return list(_to_check(handover).order_by("pk")[:most])


def count_to_check(handover: Handover, most: int | None = None) -> int:
    """How many recordings were sealed anew and not tried with the new key; counted no further than `most`."""
    return _to_check(handover).order_by()[:most].count()


def _to_check(handover: Handover) -> QuerySet[HandoverItem]:
    return HandoverItem.objects.filter(
        handover=handover, done_at__isnull=False, checked_at__isnull=True, unreadable=False, gone=False
    )


def count_checked(handover: Handover, most: int) -> int:
    """How many recordings were shown to open with the new key; counted no further than `most`."""
    return HandoverItem.objects.filter(handover=handover, checked_at__isnull=False)[:most].count()


def count_unreadable(handover: Handover) -> int:
    """How many recordings the old key does not open, in whole or in part."""
    return HandoverItem.objects.filter(handover=handover, unreadable=True, gone=False).count()


def over_with_rest() -> Handover | None:
    """A handover that is over, of which shred keys that wrap nothing still stand."""
    rest = HandoverItem.objects.filter(cleared_at__isnull=True).values("handover")
    over = Q(finished_at__isnull=False) | Q(stopped_at__isnull=False)
    return Handover.objects.filter(over, pk__in=rest).order_by("pk").first()


def to_clear(handover: Handover, most: int) -> Sequence[HandoverItem]:
    """Recordings of a handover that is over, of which shred keys may still stand that wrap nothing."""
    return list(handover.items.filter(cleared_at__isnull=True).order_by("pk")[:most])


def handover_item(handover: Handover, pk: int) -> HandoverItem | None:
    """One recording of this handover."""
    return handover.items.filter(pk=pk).first()


def holders() -> Sequence[Person]:
    """Who is told of every handover: team manager, deputies and data protection officers by their own role, by name."""
    roles = [role.value for role in HOLDERS]
    return list(Person.objects.filter(role__in=roles, is_active=True).order_by("name"))


def person(pk: int) -> Person | None:
    """One person with an account."""
    return Person.objects.filter(pk=pk).first()


def active_with(role: Role) -> Sequence[Person]:
    """Everybody who acts in this role now."""
    return list(Person.objects.filter(acting=role.value, is_active=True).order_by("name"))


def names(pseudonyms: Iterable[str]) -> dict[str, str]:
    """The names behind pseudonyms of people with an account, for a page; what is none of theirs is left out."""
    found = Person.objects.filter(pseudonym__in=[one for one in pseudonyms if is_uuid(one)])
    return {str(one.pseudonym): one.name for one in found}


def is_uuid(text: str) -> bool:
    """Is this text a pseudonym, rather than the name of a part of the program?"""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def officers() -> Sequence[Officer]:
    """All officers, serving ones first, by number."""
    return list(Officer.objects.order_by(F("until").asc(nulls_first=True), Length("number"), "number"))


def serving() -> Sequence[Officer]:
    """Officers in service, by number."""
    return list(Officer.objects.filter(until__isnull=True).order_by(Length("number"), "number"))


def persons() -> Sequence[Person]:
    """Everybody with an account, by name."""
    return list(Person.objects.order_by("-is_active", "name"))


def officer(number: str) -> Officer:
    """The officer with this number; not found otherwise."""
    return get_object_or_404(Officer, number=number)


def officer_with_number(number: str) -> Officer | None:
    """The officer with this number; None when there is none."""
    return Officer.objects.filter(number=number).first()


def own_code(officer: Officer) -> OwnCode:
    """What is known of this officer's code, as the rule asks it."""
    return OwnCode(given=officer.code_is_first, set_at=officer.code_set_at, confirmed_at=officer.code_confirmed_at)


def addresses_of(officer: Officer, now: datetime) -> list[str]:
    """Where this officer is told things: the own address, and those that were the own until a short while ago."""
    former = officer.former_addresses.filter(until__gt=now).order_by("pk").values_list("email", flat=True)
    return list(dict.fromkeys(one for one in (officer.email, *former) if one))


def notices_of(officer: Officer, now: datetime) -> Sequence[OfficerNotice]:
    """What this officer was told lately, the newest first."""
    return list(officer.notices.filter(until__gt=now).order_by("-told_at", "-pk")[:20])


def code_link(token: str) -> CodeLink | None:
    """The link with this token, used or not."""
    return CodeLink.objects.select_related("officer").filter(token_hash=hash_token(token)).first()
