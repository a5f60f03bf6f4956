"""Nobody settles a finding about the own work."""

import pytest

from beeldkluis.protocol.finding import may_settle
from beeldkluis.protocol.roles import Role

WATCHED = {
    "access.presence": {Role.DPO},
    "access.played": {Role.DPO},
    "journal.every-act": {Role.DPO},
    "intake.automatic": {Role.DPO, Role.TEAM_MANAGER},
    "storage.sealed": {Role.DPO, Role.TEAM_MANAGER},
    "camera.blocked": set(Role),
    "installation.tick": set(Role),
}


@pytest.mark.rule("access.findings")
@pytest.mark.parametrize("name", WATCHED)
def test_whoever_a_finding_watches_does_not_settle_it(name: str) -> None:
    for role in Role:
        verdict = may_settle(role=role, finding_rule=name)
        assert verdict.allowed == (role in WATCHED[name]), role
    refused = may_settle(role=Role.ADMINISTRATOR, finding_rule="access.presence")
    assert refused.reason == "Deze bevinding handelt de functionaris gegevensbescherming af."
