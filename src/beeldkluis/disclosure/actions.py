"""The steps that people take with a demand (privacy-7, purpose-1)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case
from beeldkluis.cases.queries import is_titular
from beeldkluis.disclosure import events, queries
from beeldkluis.disclosure.models import Demand
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.rights import allowed
from beeldkluis.people.models import Person
from beeldkluis.protocol import demand as rules
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import CaseState, may_judge
from beeldkluis.protocol.kinds import CaseKind

SECRET = {True: "ja", False: "nee", None: "nog niet bekend"}


def save_demand(
    case: Case, told: Mapping[str, object], *, known: int, shown: Collection[int], person: Person, now: datetime
) -> Demand:
    """Write down what a demand says and what was checked of it, from version `known` on. Refused when another saved meanwhile,
    and for a case that is no demand or goes on no more. `told`: by the names of protocol.demand.Demanded; KeyError for another
    name. `shown`: numbers of the recordings that this person saw beside it. What was checked before and is touched by the change
    is unticked.
    """
    with step("disclosure.save_demand", actor=person.as_actor, about=about(case)) as record:
        require(allowed(person.as_actor, Act.WRITE_DEMAND))
        locked = Case.objects.select_for_update().get(pk=case.pk)
        require(may_judge(about_team_manager=locked.about_team_manager, titular=is_titular(person.as_actor)))
        require(rules.may_prepare(CaseKind(locked.kind), CaseState(locked.state)))
        demand = queries.demand_of(locked)
        require(rules.may_save(version=demand.version, known=known))
        before = queries.demanded(demand)
        _tell(demand, told, before, shown)
        after = queries.demanded(demand)
        require(rules.may_have_been(after, now=now))
        demand.version += 1
        demand.changed_by, demand.changed_at = person, now
        demand.save()
        record(_saved(demand, before, after))
    return demand


def _tell(demand: Demand, told: Mapping[str, object], before: rules.Demanded, shown: Collection[int]) -> None:
    """Take over what was told, and untick what that touches."""
    for name, value in told.items():
        if name not in queries.FIELDS:
            raise KeyError(name)
        setattr(demand, name, value)
    if "scope_fits" in told:
        demand.scope_of = sorted(queries.recordings(demand.case) & set(shown))
    for check in rules.lapsed(before, queries.demanded(demand)):
        setattr(demand, check, False)


def _saved(demand: Demand, before: rules.Demanded, after: rules.Demanded) -> events.DemandSaved:
    ticked = [(name, getattr(before, name), getattr(after, name)) for name in rules.LOOKED_AT]
    checked = [rules.CHECKS[name] for name, was, is_now in ticked if is_now and not was]
    unchecked = [rules.CHECKS[name] for name, was, is_now in ticked if was and not is_now]
    return events.DemandSaved(
        case=demand.case.reference, version=demand.version, blanks=len(rules.blanks(after)), secret=SECRET[after.secret],
        checked=", ".join(checked) or "niets", unchecked=", ".join(unchecked) or "niets",
    )  # fmt: skip
