"""Reading demands."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime

from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.disclosure.models import Demand
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.demand import DEMANDS, ORAL, OVER, Demanded, confirm_by

FIELDS = tuple(one.name for one in fields(Demanded))
KINDS = [kind.value for kind in DEMANDS]
MOST = 50  # demands that are named at once


def demand_of(case: Case) -> Demand:
    """What is known of the demand of a case; of one of which nothing was written down, what its registration says. Not saved."""
    known = Demand.objects.select_related("case", "changed_by").filter(case=case).first()
    if known is not None:
        return known
    told = case.formal_data
    return Demand(
        case=case, name=case.requester_name, unit=case.requester_organisation, reference=told.get("reference", ""),
        offence=told.get("offence", ""), period_from=case.moment_from, period_until=case.moment_until, place=case.place,
    )  # fmt: skip


def demanded(demand: Demand) -> Demanded:
    """What is known, as the rules ask it. That the recordings fit was said of those on the page then, and of no other."""
    known = {name: getattr(demand, name) for name in FIELDS}
    return Demanded(**known | {"scope_fits": demand.scope_fits and recordings(demand.case) <= set(demand.scope_of)})


def recordings(case: Case) -> frozenset[int]:
    """The numbers of the recordings that belong to a case now."""
    return frozenset(one.number for one in recordings_of(case))


def unconfirmed() -> Sequence[tuple[Demand, datetime]]:
    """Demands by word of mouth that did not come in writing yet, each with until when they may; the first to end on top."""
    protocol = in_force()
    found = Demand.objects.select_related("case").filter(
        form=ORAL, confirmed_at=None, demanded_at__isnull=False, case__kind__in=KINDS
    )
    listed = found.exclude(case__state__in=[state.value for state in OVER]).order_by("demanded_at")[:MOST]
    return [(one, confirm_by(one.demanded_at, protocol)) for one in listed if one.demanded_at is not None]


def secret_cases(references: Collection[str]) -> Collection[str]:
    """Of these cases the demands that are secret, or of which nobody said that they are not (protocol.demand.may_know)."""
    demands = Case.objects.filter(reference__in=references, kind__in=KINDS)
    return set(demands.exclude(demand__secret=False).values_list("reference", flat=True))
