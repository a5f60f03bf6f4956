"""Whatever the team manager does alone, in any order: nobody else's recording opens, and no recording names an officer of the
team manager's own making.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.viewing.conftest import CODE, NOW

from beeldkluis.cases.models import Case
from beeldkluis.devices import actions as devices
from beeldkluis.devices.models import Bodycam, CameraModel, IssuePeriod
from beeldkluis.footage.actions import NewRecording, extend, register
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox import actions as outbox
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import actions as people
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.code_actions import change_code, give_code
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.presence import Ground, Purpose, is_present
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import presence_actions, presence_queries, queries
from beeldkluis.viewing.models import Viewing

DOCK = Actor.system("tests")
MINE = ("274913", "836152")
AGO = st.integers(1, 600)  # minutes


class Alone(RuleBasedStateMachine):
    """The camera was with officer 1207 when it filmed. After that only the team manager acts, and the dock and the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.recording: Recording | None = None
        self.handed_at: datetime | None = None
        cache.clear()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(at_dock=st.booleans())
    def begin(self, at_dock: bool) -> None:
        self.now, self.filmed = NOW, NOW - timedelta(hours=3)
        before = NOW - timedelta(days=30)
        self.me, self.helper = (
            Person.objects.create(email=f"{uuid4()}@example.nl", name=role.dutch, role=role.value, added_at=before)
            for role in (Role.TEAM_MANAGER, Role.ADMINISTRATOR)
        )
        words = {"employment": "own", "since": before, "code_is_first": False, "code_set_at": before}
        self.wearer = Officer.objects.create(number="1207", name="W", code_hash=make_password("604182"), **words)
        # Somebody of whom the team manager knows everything: made up long ago, with a code that counts.
        self.mine = Officer.objects.create(number="9999", name="M", code_hash=make_password(CODE), **words)
        kind = CameraModel.objects.create(make="Proef", name="Proef", pre_event_seconds=120)
        self.camera = Bodycam.objects.create(serial="SIM-1", label="BC-1", kind=kind, added_at=before)
        IssuePeriod.objects.create(bodycam=self.camera, officer=self.wearer, issued_at=before, entered_at=before)
        self.case = Case.objects.create(
            reference="2026-0001",
            kind="access",
            state="forwarded",
            received_at=before,
            requester_name="Proef",
            decide_by=NOW + timedelta(days=20),
        )
        self.viewing = self._viewing()
        if at_dock:
            self.dock()

    def _viewing(self) -> Viewing:
        return presence_actions.begin(
            self.case, purpose=Purpose.ASSESS_REQUEST, place="Thuis", proved_at=self.now, person=self.me, now=self.now
        )

    def _try(self, act: Any, *words: Any, **named: Any) -> None:
        """A step that may be refused: what counts is what it leads to."""
        with suppress(Refused):
            act(*words, **named)

    @rule()
    def dock(self) -> None:
        """The recording comes in, or more of it does."""
        new = NewRecording(
            id=uuid4(), source="dock", serial="SIM-1", started_at=self.filmed, activated_at=self.filmed,
            ended_at=self.filmed + timedelta(minutes=3), clock_offset_ms=0, has_sound=None, said_apart="", clips=(),
        )  # fmt: skip
        if self.recording is None:
            self.recording = register(new, actor=DOCK, now=self.now)
        else:
            extend(self.recording, new, actor=DOCK, now=self.now)

    @rule(ago=AGO)
    def hand_in(self, ago: int) -> None:
        at = self.now - timedelta(minutes=ago)
        self._try(devices.hand_in, self.camera, at=at, actor=self.me.as_actor, now=self.now)

    @rule(ago=AGO, own=st.booleans())
    def issue(self, ago: int, own: bool) -> None:
        officer, at = (self.mine if own else self.wearer), self.now - timedelta(minutes=ago)
        because = "Omdat."
        self._try(devices.issue, self.camera, officer, at=at, because=because, actor=self.me.as_actor, now=self.now)

    @rule(days=st.integers(0, 4))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=5)
        self.viewing = self._viewing()

    @rule(who=st.sampled_from(["1207", "9999"]))
    def ask_for_access(self, who: str) -> None:
        officer = Officer.objects.get(number=who)
        self._try(give_code, officer, actor=self.me.as_actor, now=self.now)
        self._try(people.set_address, officer, email="me@example.nl", actor=self.me.as_actor, now=self.now)

    @rule(new=st.sampled_from(MINE))
    def be_handed_a_code(self, new: str) -> None:
        """An administrator in good faith gives officer 1207 a new code by way of the team manager, who changes it at the dock."""
        sender, actor = str(uuid4()), officer_actor(self.wearer)
        with suppress(Refused):
            given = give_code(self.wearer, actor=self.helper.as_actor, now=self.now)
            self.handed_at = self.now
            change_code(self.wearer, given, new, sender=sender, actor=actor, now=self.now)

    @rule(who=st.sampled_from(["1207", "9999"]), code=st.sampled_from([CODE, *MINE, "000000"]), phone=st.booleans())
    def confirm(self, who: str, code: str, phone: bool) -> None:
        handed = self.handed_at
        if who == "1207" and handed is not None and self.now - handed >= timedelta(days=3):
            return  # three days in which the officer's code did not work, and two people were told: no longer alone
        cache.clear()
        words = {"number": who, "code": code, "own_screen": phone, "sender": str(uuid4())}
        self._try(presence_actions.confirm_officer, self.viewing, **words, now=self.now)

    @rule(own=st.booleans(), ground=st.sampled_from(Ground))
    def stand_in(self, own: bool, ground: Ground) -> None:
        officer = self.mine if own else self.wearer
        words = {"ground": ground, "because": "Weg.", "person": self.me, "now": self.now}
        self._try(presence_actions.stand_in, self.viewing, officer, **words)
        self._try(presence_actions.stand_in, self.viewing, None, **words)

    @rule()
    def say_what_is_not_so(self) -> None:
        me = self.me.as_actor
        self._try(presence_actions.note_requester, self.viewing, name="Proef", document="known", actor=me, now=self.now)
        self._try(presence_actions.note_companion, self.viewing, name="S. Wiersma", actor=me, now=self.now)
        for period in IssuePeriod.objects.filter(officer=self.mine):
            self._try(devices.confirm_wearer, period, person=self.me, now=self.now)
        self._try(people.end_officer, self.wearer, until=self.now, actor=me)
        for message in Outgoing.objects.filter(withdrawn_at=None):
            self._try(outbox.withdraw, message, because="Nee.", actor=me, now=self.now)

    @invariant()
    def nobody_looks_at_what_somebody_else_wore(self) -> None:
        if self.recording is None:
            return
        found = Recording.objects.select_related("officer", "period").get(pk=self.recording.pk)
        room = presence_queries.in_the_room(self.viewing, self.now)
        verdict = is_present(purpose=Purpose.ASSESS_REQUEST, wearer=queries.wearer(found), room=room)
        assert not verdict.allowed, (found.officer, room)


def test_whatever_the_team_manager_does_alone_nobody_elses_recording_opens(db: None) -> None:
    run_state_machine_as_test(
        Alone,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
