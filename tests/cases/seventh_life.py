"""A case of a kind that somebody added, received; prints the kind on screen and by which rules its recording is held."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from beeldkluis.cases import actions
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.queries import live_holds
from beeldkluis.journal import guard
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role
from tests.template import make_tables

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
make_tables()
with guard.opened():
    dpo = Person.objects.create(email="fg@example.nl", name="FG", role=Role.DPO, added_at=NOW)
begun = NOW - timedelta(minutes=30)
new = NewRecording(
    id=uuid4(), source="dock", serial="S-1", started_at=begun, activated_at=begun, ended_at=NOW, clock_offset_ms=0,
    has_sound=True, said_apart="", clips=(),
)  # fmt: skip
film = register(new, actor=Actor.system("tests"), now=NOW)
case = actions.receive(
    kind="accident", received_by_channel="letter", requester_name="J.", moment_from=begun, moment_until=NOW,
    actor=dpo.as_actor, now=NOW,
)  # fmt: skip
print(json.dumps([CaseKind(case.kind).dutch, [hold.rule for hold in live_holds(film.pk)]]))  # noqa: T201 - the answer
