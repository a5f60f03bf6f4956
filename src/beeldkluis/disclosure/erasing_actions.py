"""Erasing what demands say of people, with their case."""

from beeldkluis.cases.models import Case
from beeldkluis.disclosure.models import Demand
from beeldkluis.journal.emptied import emptied

# What stays: on which article, with which permission and what was checked. Who demanded, of whom and why goes.
DEMAND = frozenset(
    {
        "id", "case", "version", "changed_by", "changed_at", "receiver", "article", "authoriser", "authorised_on", "form",
        "demanded_at", "confirmed_at", "deliver_by", "secret", "regime", "signature_seen", "called_back", "scope_fits",
        "scope_of",
    }
)  # fmt: skip


def erase_demand(case: Case) -> None:
    """Empty what the demand of this case says of people. Within the step of the caller, which erases the whole case."""
    Demand.objects.filter(case=case).update(**emptied(Demand, DEMAND))
