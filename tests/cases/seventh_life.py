"""A case of a kind that somebody added, received; prints the kind on screen and by which rules its recording is held."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

django.setup()

from beeldkluis.cases import actions  # noqa: E402
from beeldkluis.footage.actions import NewRecording, register  # noqa: E402
from beeldkluis.footage.queries import live_holds  # noqa: E402
from beeldkluis.journal import guard  # noqa: E402
from beeldkluis.journal.actor import Actor  # noqa: E402
from beeldkluis.people.models import Person  # noqa: E402
from beeldkluis.protocol.kinds import CaseKind  # noqa: E402
from beeldkluis.protocol.roles import Role  # noqa: E402
from tests.template import make_tables  # noqa: E402 - the rooms need django.setup() first

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
