"""The steps that people take with a demand (privacy-7, purpose-1)."""

from collections.abc import Mapping
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


def save_demand(case: Case, told: Mapping[str, object], *, known: int, person: Person, now: datetime) -> Demand:
    """Write down what a demand says and what was checked of it, from version `known` on. Refused when another saved meanwhile,
    and for a case that is no demand or goes on no more. `told`: by the names of protocol.demand.Demanded; KeyError for another
    name.
    """
    with step("disclosure.save_demand", actor=person.as_actor, about=about(case)) as record:
        require(allowed(person.as_actor, Act.WRITE_DEMAND))
        locked = Case.objects.select_for_update().get(pk=case.pk)
        require(may_judge(about_team_manager=locked.about_team_manager, titular=is_titular(person.as_actor)))
        require(rules.may_prepare(CaseKind(locked.kind), CaseState(locked.state)))
        demand = queries.demand_of(locked)
        require(rules.may_save(version=demand.version, known=known))
        for name, value in told.items():
            if name not in queries.FIELDS:
                raise KeyError(name)
            setattr(demand, name, value)
        demand.version += 1
        demand.changed_by, demand.changed_at = person, now
        demand.save()
        blanks = len(rules.blanks(queries.demanded(demand)))
        record(events.DemandSaved(case=locked.reference, version=demand.version, blanks=blanks))
    return demand
