"""The declaration of what was destroyed in one month, and the ground of one destruction (Archiefbesluit 1995, article 8)."""

from datetime import datetime

from beeldkluis.documents import words
from beeldkluis.documents.facts import Destructions
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force, register_of, version
from beeldkluis.protocol.archive import WAY, Ground, ground_of

YEARS = range(2000, 2200)
MONTHS = range(1, 13)


def ground_under(number: str) -> Ground:
    """The ground under the version with this number; of one that is not known here, under the version in force."""
    found = version(number)
    return ground_of(register_of(found) if found is not None else in_force())


def month(moment: datetime) -> tuple[int, int]:
    """Year and month, where the municipality is."""
    local = moment.astimezone(words.ZONE)
    return local.year, local.month


def before(year: int, number: int) -> tuple[int, int]:
    """The month before."""
    return (year, number - 1) if number > 1 else (year - 1, 12)


def declaration(year: int, number: int, now: datetime) -> Destructions | None:
    """Everything that was destroyed in this month, the first first. Empty for a month that is none, or is yet to begin."""
    if year not in YEARS or number not in MONTHS or (year, number) > month(now):
        return None
    start = datetime(year, number, 1, tzinfo=words.ZONE)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=words.ZONE)
    found = Recording.objects.filter(destroyed_at__gte=start, destroyed_at__lt=end).order_by("destroyed_at", "number")
    grounds = {one: ground_under(one) for one in set(found.values_list("due_under", flat=True))}
    protocol = in_force()
    return Destructions(
        municipality=protocol.municipality,
        protocol=protocol.version,
        month=f"{words.MONTHS[number - 1]} {year}",
        so_far="" if month(now) > (year, number) else words.day(now),
        way=WAY,
        grounds=tuple((name, one.ground, one.selection_list, one.category) for name, one in sorted(grounds.items())),
        lines=tuple(
            (
                str(one),
                f"{words.day_and_time(one.started_at)}",
                words.day_and_time(one.destroyed_at or now),
                one.due_under,
            )
            for one in found.iterator()
        ),
    )
