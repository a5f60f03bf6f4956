"""Reading who left long enough ago that what is known of them goes."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from beeldkluis.people.models import AccountChange, Acknowledgement, FormerAddress, Officer, OfficerNotice, Person

GONE = "gewist.invalid"  # addresses that reach nobody (RFC 6761); a person's own must be unlike all others
NAMELESS = "Oud-medewerker"


def officers_to_reach_no_more(before: datetime, most: int) -> Sequence[Officer]:
    """Officers who left before then and of whom an address, a code or what they were told is still there."""
    own = OuterRef("pk")
    addresses = FormerAddress.objects.filter(officer=own)
    notices = OfficerNotice.objects.filter(officer=own).exclude(text="")
    something = ~Q(email="") | ~Q(code_hash="") | Q(Exists(addresses)) | Q(Exists(notices))
    return list(Officer.objects.filter(something, until__lte=before).order_by("until", "pk")[:most])


def officers_to_name_no_more(before: datetime, most: int) -> Sequence[Officer]:
    """Officers who left before then and whose name, or the scan of whose signature, is still there."""
    scans = Acknowledgement.objects.filter(officer=OuterRef("pk"), scan__isnull=False)
    found = Officer.objects.filter(~Q(name="") | Exists(scans), until__lte=before)
    return list(found.order_by("until", "pk")[:most])


def _closed(before: datetime) -> QuerySet[Person]:
    """Accounts that are closed and of which nothing was asked since then."""
    waits = AccountChange.objects.filter(person=OuterRef("pk"), done_at__isnull=True, stopped_at__isnull=True)
    found = Person.objects.filter(is_active=False).exclude(Exists(waits))
    return found.annotate(left=Max("changes__done_at"), asked=Max("changes__asked_at")).filter(
        Q(left__isnull=True) | Q(left__lte=before), asked__lte=before
    )


def people_to_reach_no_more(before: datetime, most: int) -> Sequence[Person]:
    """Persons whose account was closed before then and whose address is still there."""
    return list(_closed(before).exclude(email__endswith=f"@{GONE}").order_by("pk")[:most])


def people_to_name_no_more(before: datetime, most: int) -> Sequence[Person]:
    """Persons whose account was closed before then and whose name, or signature, is still there."""
    scans = Acknowledgement.objects.filter(person=OuterRef("pk"), scan__isnull=False)
    found = _closed(before).filter(~Q(name=NAMELESS) | Exists(scans))
    return list(found.order_by("pk")[:most])
