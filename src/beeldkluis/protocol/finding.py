"""Who may say that a finding is settled: never the one whom it watches (work-14, work-15)."""

from typing import NamedTuple

from beeldkluis.protocol.register import rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict

# The first word of a finding's rule, and who looks after it. What is not here may be settled by whoever sees findings.
_SETTLERS = {
    "access": (Role.DPO,),  # who opened what, with whom: the team manager's own doing
    "journal": (Role.DPO,),
    "intake": (
        Role.DPO,
        Role.TEAM_MANAGER,
    ),  # what docks deliver and which keys they have: the administrator's own doing
    "storage": (Role.DPO, Role.TEAM_MANAGER),
}


class Doubt(NamedTuple):
    """What a person must look at: under which rule, which of the rule's doubts it is (`key`, the same for the same doubt), and a
    Dutch sentence.
    """

    rule: str
    key: str
    text: str


@rule("access.findings")
def may_settle(*, role: Role | None, finding_rule: str) -> Verdict:
    """May somebody in this role say that a finding under this rule is settled?"""
    settlers = _SETTLERS.get(finding_rule.partition(".")[0])
    if settlers is None or role in settlers:
        return Verdict(allowed=True, rule="access.findings", reason="Deze bevinding gaat niet over uw eigen werk.")
    able = " of de ".join(one.dutch for one in settlers)
    return Verdict(allowed=False, rule="access.findings", reason=f"Deze bevinding handelt de {able} af.")


def is_explained(because: str) -> Verdict:
    """Does whoever settles a finding say what was done?"""
    fine = bool(because.strip())
    return Verdict(allowed=fine, rule="access.roles", reason="Dit kan." if fine else "Schrijf op wat u hebt gedaan.")
