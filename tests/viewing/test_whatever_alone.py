"""Whatever the team manager does alone, in any order: nobody else's recording opens, and no recording names an officer of the
team manager's own making.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
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
from beeldkluis.protocol.presence import Ground, is_present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import presence_actions, presence_queries, queries
from beeldkluis.viewing.models import Viewing

DOCK = Actor.system("tests")
MINE = ("274913", "836152")
MOMENTS = st.sampled_from([-20, -10, 60])  # minutes from when it was filmed
KNOWN = [("9999", CODE), ("1207", CODE), *(("1207", code) for code in MINE)]


class Alone:
    """The camera was with officer 1207 when it filmed. After that only the team manager acts, and the dock and the clock."""

    def __init__(self) -> None:
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.recording: Recording | None = None
        self.handed_at: datetime | None = None
        cache.clear()

    def undo(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

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

    def rewrite_who_had_it(self, back: int, out: int, own: bool) -> None:
        officer, because, actor = (self.mine if own else self.wearer), "Vergeten.", self.me.as_actor
        handed_in, issued = (self.filmed + timedelta(minutes=after) for after in (back, out))
        self._try(devices.hand_in, self.camera, at=handed_in, actor=actor, now=self.now)
        self._try(devices.issue, self.camera, officer, at=issued, because=because, actor=actor, now=self.now)

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=5)
        self.viewing = self._viewing()

    def ask_for_access(self, who: str) -> None:
        officer = Officer.objects.get(number=who)
        self._try(give_code, officer, actor=self.me.as_actor, now=self.now)
        self._try(people.set_address, officer, email="me@example.nl", actor=self.me.as_actor, now=self.now)

    def be_handed_a_code(self, new: str) -> None:
        """An administrator in good faith gives officer 1207 a new code by way of the team manager, who changes it at the dock."""
        sender, actor = str(uuid4()), officer_actor(self.wearer)
        with suppress(Refused):
            given = give_code(self.wearer, actor=self.helper.as_actor, now=self.now)
            self.handed_at = self.now
            change_code(self.wearer, given, new, sender=sender, actor=actor, now=self.now)

    def type_every_code_i_know(self, phone: bool) -> None:
        for who, code in KNOWN:
            if who == "1207" and self.handed_at is not None and self.now - self.handed_at >= timedelta(days=3):
                continue  # for three days the officer's own code did not work, and two people were told: no longer alone
            words = {"number": who, "code": code, "own_screen": phone, "sender": str(uuid4())}
            self._try(presence_actions.confirm_officer, self.viewing, **words, now=self.now)

    def stand_in(self, own: bool, ground: Ground) -> None:
        officer = self.mine if own else self.wearer
        if ground is Ground.LEFT:
            self._try(people.end_officer, officer, until=self.now, actor=self.me.as_actor)
        words = {"ground": ground, "because": "Weg.", "person": self.me, "now": self.now}
        self._try(presence_actions.stand_in, self.viewing, officer, **words)
        self._try(presence_actions.stand_in, self.viewing, None, **words)

    def say_what_is_not_so(self) -> None:
        me = self.me.as_actor
        self._try(presence_actions.note_requester, self.viewing, name="Proef", document="known", actor=me, now=self.now)
        self._try(presence_actions.note_companion, self.viewing, name="S. Wiersma", actor=me, now=self.now)
        for period in IssuePeriod.objects.filter(officer=self.mine):
            self._try(devices.confirm_wearer, period, person=self.me, now=self.now)
        for message in Outgoing.objects.filter(withdrawn_at=None):
            self._try(outbox.withdraw, message, because="Nee.", actor=me, now=self.now)

    def nobody_looks_at_what_somebody_else_wore(self) -> None:
        if self.recording is None:
            return
        found = Recording.objects.select_related("officer", "period").get(pk=self.recording.pk)
        room = presence_queries.in_the_room(self.viewing, self.now)
        verdict = is_present(purpose=Purpose.ASSESS_REQUEST, wearer=queries.wearer(found), room=room)
        assert not verdict.allowed, (found.officer, room)


STEPS = st.one_of(
    st.tuples(st.just("dock")),
    st.tuples(st.just("rewrite_who_had_it"), MOMENTS, MOMENTS, st.sampled_from([True, True, False])),
    st.tuples(st.just("be_handed_a_code"), st.sampled_from(MINE)),
    st.tuples(st.just("type_every_code_i_know"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(0, 4)),
    st.tuples(st.just("ask_for_access"), st.sampled_from(["1207", "9999"])),
    st.tuples(st.just("stand_in"), st.booleans(), st.sampled_from(Ground)),
    st.tuples(st.just("say_what_is_not_so")),
)


@pytest.mark.slow
@settings(
    max_examples=18, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(at_dock=st.booleans(), steps=st.lists(STEPS, min_size=5, max_size=9))
def test_whatever_the_team_manager_does_alone_nobody_elses_recording_opens(
    db: None, at_dock: bool, steps: list[tuple[Any, ...]]
) -> None:
    alone = Alone()
    try:
        alone.begin(at_dock)
        for name, *words in steps:
            getattr(alone, name)(*words)
            alone.nobody_looks_at_what_somebody_else_wore()
        alone.dock()
        alone.type_every_code_i_know(phone=True)
        alone.nobody_looks_at_what_somebody_else_wore()
    finally:
        alone.undo()
