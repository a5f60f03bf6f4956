"""A case's life at random: letters, delays, objections, new numbers, summer time. Whatever happens, what is held stays, what
nothing holds goes, and no clock is lost.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from beeldkluis.cases import (
    actions,
    decision_actions,
    giving_actions,
    letter_actions,
    letting_go_actions,
    queries,
    remedy_actions,
)
from beeldkluis.cases.models import Case, CaseRecording, Decision, Letter, Remedy, Suspension
from beeldkluis.cases.tasks import hold_late_recordings, let_go
from beeldkluis.footage.actions import NewRecording, mark_destroyed, register
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.footage.term_actions import reassess
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import DECIDED, CaseState
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.holding import hold_rule
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.retention import Destroy
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.terms import ZONE, end_of
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.queries import decision
from tests.cases.conftest import ANSWERS, CHOSEN, LETTER

BEGIN = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)  # five days before the clock goes back
SYSTEM = Actor.system("tests")
REQUESTS = st.sampled_from(["access", "interest"])
KINDS = st.sampled_from([kind.value for kind in CaseKind if kind is not CaseKind.SELF_REFLECTION])


class Life(RuleBasedStateMachine):
    """Everything that people and time do with cases, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.version, self.file, self.folder = 1, django_settings.PROTOCOL_FILE, TemporaryDirectory()
        self.numbers = override_settings()
        self.numbers.enable()
        self.room = transaction.atomic()  # each life is undone at its end
        self.room.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.room.__exit__(None, None, None)
        self.numbers.disable()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        self.now = BEGIN
        self.extended: set[str] = set()
        self.restarted: set[str] = set()
        people = [
            Person.objects.create(email=f"{uuid4()}@example.nl", name=role.dutch, role=role.value, added_at=BEGIN)
            for role in (Role.DPO, Role.TEAM_MANAGER)
        ]
        self.desk, self.judge = (one.as_actor for one in people)
        self.receive("access", gaps=False, filmed=True)
        self.receive("interest", gaps=True, filmed=True)

    @rule(minutes=st.integers(1, 200))
    def record(self, minutes: int) -> None:
        start = self.now - timedelta(minutes=minutes)
        new = NewRecording(
            id=uuid4(), source="dock", serial="S-1", started_at=start, activated_at=start,
            ended_at=start + timedelta(minutes=1), clock_offset_ms=0, has_sound=None, said_apart="", clips=(),
        )  # fmt: skip
        register(new, actor=SYSTEM, now=self.now)

    @rule(kind=st.one_of(REQUESTS, KINDS), gaps=st.booleans(), filmed=st.booleans())
    def receive(self, kind: str, gaps: bool, filmed: bool) -> None:
        if filmed:
            self.record(5)
        moment = self.now - timedelta(minutes=5)
        told: dict[str, Any] = LETTER | {"kind": kind, "moment_from": moment, "moment_until": moment}
        if gaps:
            told |= {"place": ""}
        actions.receive(**told, actor=self.desk, now=self.now)

    @precondition(lambda self: self._cases(*set(CaseState) - {CaseState.CLOSED}))
    @rule(data=st.data(), ask=st.booleans(), keep=st.booleans(), yes=st.booleans(), days=st.integers(0, 20))
    def go_on(self, data: st.DataObject, ask: bool, keep: bool, yes: bool, days: int) -> None:
        """What people would do next with a case, after a while."""
        self.now += timedelta(days=days)
        self._tick()
        case = data.draw(st.sampled_from(self._cases(*set(CaseState) - {CaseState.CLOSED})))
        state = CaseState(case.state)
        if state is CaseState.RECEIVED and queries.missing(case) and ask:
            self._may(lambda: actions.ask(case, actor=self.desk, now=self.now))
        elif state in {CaseState.RECEIVED, CaseState.AWAITING} and queries.missing(case):
            self._may(lambda: actions.complete_fields(case, fields={"place": "A"}, actor=self.desk, now=self.now))
        elif state in {CaseState.RECEIVED, CaseState.AWAITING}:
            self._may(lambda: actions.forward(case, actor=self.desk, now=self.now))
        elif state is CaseState.FORWARDED:
            there = any(one.asks for one in queries.found(case))
            outcome = Outcome.NO_FOOTAGE if not (there and keep) else Outcome.GRANTED if yes else Outcome.REFUSED
            self.judge_it_so(case, outcome, keep=keep, grounds="Omdat.")
        else:
            for letter in Letter.objects.filter(case=case, how=""):
                self._may(lambda letter=letter: self._posted(letter, self.judge))

    @rule(hours=st.sampled_from([1, 20, 24 * 3, 24 * 15, 24 * 28, 24 * 43, 24 * 90]))
    def wait(self, hours: int) -> None:
        """Time passes, minute by minute in small: late footage is held first, then what is due goes."""
        self.now += timedelta(hours=hours)
        self._tick()

    @rule(days=st.sampled_from([14, 28, 35]))
    def new_version(self, days: int) -> None:
        """Another version of the protocol takes effect: footage goes earlier or later, and no case's clock moves."""
        text = Path(self.file).read_text(encoding="utf-8")
        self.version += 1
        changed = text.replace("days = 28", f"days = {days}", 1).replace(
            'version = "1"', f'version = "{self.version}"', 1
        )
        own = Path(self.folder.name) / f"{self.version}.toml"
        own.write_text(changed, encoding="utf-8")
        self.numbers.disable()
        self.numbers = override_settings(PROTOCOL_FILE=str(own))
        self.numbers.enable()
        while reassess(in_force(), actor=SYSTEM):
            pass
        self._tick()

    def _tick(self) -> None:
        hold_late_recordings(self.now)
        let_go(self.now)
        for recording in Recording.objects.filter(due_at__lte=self.now, destroyed_at=None):
            if isinstance(decision(recording, self.now), Destroy):
                mark_destroyed(recording.pk, rules=("retention.period",), actor=SYSTEM, now=self.now)

    def _cases(self, *states: CaseState) -> list[Case]:
        return list(Case.objects.filter(state__in=states).order_by("reference"))

    @precondition(lambda self: self._cases(CaseState.RECEIVED, CaseState.AWAITING))
    @rule(data=st.data(), how=st.sampled_from(["ask", "complete", "forward", "refer", "withdraw"]))
    def at_the_desk(self, data: st.DataObject, how: str) -> None:
        case = data.draw(st.sampled_from(self._cases(CaseState.RECEIVED, CaseState.AWAITING)))
        told = {"place": "De Gast", "moment_from": self.now, "moment_until": self.now}
        do = {
            "ask": lambda: actions.ask(case, actor=self.desk, now=self.now),
            "complete": lambda: actions.complete_fields(case, fields=told, actor=self.desk, now=self.now),
            "forward": lambda: actions.forward(case, actor=self.desk, now=self.now),
            "refer": lambda: actions.refer(case, actor=self.desk, now=self.now),
            "withdraw": lambda: letting_go_actions.withdraw(case, because="Per brief.", actor=self.desk, now=self.now),
        }
        self._may(do[how])

    @precondition(lambda self: self._cases(CaseState.FORWARDED))
    @rule(data=st.data(), outcome=st.sampled_from(Outcome), keep=st.booleans(), grounds=st.sampled_from(["", "Omdat."]))
    def judge_it(self, data: st.DataObject, outcome: Outcome, keep: bool, grounds: str) -> None:
        case = data.draw(st.sampled_from(self._cases(CaseState.FORWARDED)))
        self.judge_it_so(case, outcome, keep=keep, grounds=grounds)

    def judge_it_so(self, case: Case, outcome: Outcome, *, keep: bool, grounds: str) -> None:
        """Sort every recording one way, and decide."""
        for tie in queries.links(case):
            sort = actions.link_recording if keep else actions.reject_match
            self._may(lambda sort=sort, tie=tie: sort(case, tie.recording, actor=self.judge, now=self.now))
        words = Words(
            outcome=outcome,
            grounds=grounds,
            considerations=ANSWERS,
            exception="15-4",
            not_by_covering=grounds,
            choices=CHOSEN,
        )
        self._may(lambda: decision_actions.decide(case, words, actor=self.judge, now=self.now))

    @precondition(lambda self: self._cases(CaseState.FORWARDED))
    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self._cases(CaseState.FORWARDED)))
        if self._may(lambda: decision_actions.extend(case, because="Druk.", actor=self.judge, now=self.now)):
            self.extended.add(case.reference)

    @precondition(lambda self: Letter.objects.filter(how="").exists())
    @rule(data=st.data())
    def post(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(list(Letter.objects.filter(how="").order_by("pk"))))
        for actor in (self.desk, self.judge):
            self._may(lambda actor=actor: self._posted(letter, actor))

    def _posted(self, letter: Letter, actor: Actor) -> None:
        """The letter leaves without being set on paper: that is tested elsewhere and takes a moment."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(letter_actions, "document", lambda _letter, *, now: b"%PDF-" + str(now).encode())
            letter_actions.note_posted(letter, actor=actor, now=self.now)

    @precondition(lambda self: self._cases(*DECIDED))
    @rule(data=st.data(), kind=st.sampled_from(Remedy.Kind))
    def object(self, data: st.DataObject, kind: Remedy.Kind) -> None:
        case = data.draw(st.sampled_from(self._cases(*DECIDED)))
        self._may(
            lambda: remedy_actions.register(
                case, kind=kind, received_at=self.now, where="", actor=self.desk, now=self.now
            )
        )

    @precondition(lambda self: Remedy.objects.filter(settled_at=None).exists())
    @rule(data=st.data(), outcome=st.sampled_from(Remedy.Outcome))
    def settle(self, data: st.DataObject, outcome: Remedy.Outcome) -> None:
        remedy = data.draw(st.sampled_from(list(Remedy.objects.filter(settled_at=None).order_by("pk"))))
        if self._may(
            lambda: remedy_actions.settle(remedy, outcome=outcome, at=self.now, note="", actor=self.desk, now=self.now)
        ) and (outcome == "upheld"):
            self.restarted.add(remedy.case.reference)

    @precondition(lambda self: self._cases(*CaseState))
    @rule(
        data=st.data(),
        because=st.sampled_from(["", "Opgelost."]),
        how=st.sampled_from(["close", "reopen", "review", "give"]),
    )
    def end(self, data: st.DataObject, because: str, how: str) -> None:
        case = data.draw(st.sampled_from(self._cases(*CaseState)))
        do = {
            "close": lambda: decision_actions.close(case, because=because, actor=self.judge, now=self.now),
            "give": lambda: giving_actions.note_given(case, how="seen", actor=self.judge, now=self.now),
            "reopen": lambda: decision_actions.reopen(case, actor=self.judge, now=self.now),
            "review": lambda: decision_actions.look_again(case, because=because, actor=self.judge, now=self.now),
        }
        if self._may(do[how]) and how == "reopen":
            self.restarted.add(case.reference)

    def _may(self, do: Any) -> bool:
        try:
            do()
        except Refused:
            return False
        return True

    @invariant()
    def what_is_held_is_there(self) -> None:
        gone = Recording.objects.filter(destroyed_at__isnull=False).values_list("pk", "destroyed_at")
        for pk, moment in gone:
            holds = Hold.objects.filter(recording=pk)
            assert not [one for one in holds if one.released_at is None or one.released_at > moment]

    @invariant()
    def what_nothing_holds_goes(self) -> None:
        if hasattr(self, "now"):
            self._tick()
            for recording in Recording.objects.filter(destroyed_at=None, due_at__lte=self.now - timedelta(hours=1)):
                fresh = recording.received_at + timedelta(minutes=10) > self.now
                assert recording.is_held or fresh, "past its term without a reason"

    @invariant()
    def every_hold_has_a_case_that_is_open_and_a_moment_to_look_again(self) -> None:
        for hold in Hold.objects.filter(released_at=None):
            assert Case.objects.get(reference=hold.case).state != CaseState.CLOSED
            assert hold.review_at is not None

    @invariant()
    def what_an_open_case_asks_for_is_held(self) -> None:
        for tie in CaseRecording.objects.filter(rejected_at=None).select_related("case"):
            if tie.case.state != CaseState.CLOSED and hold_rule(CaseKind(tie.case.kind)) is not None:
                assert Hold.objects.filter(recording=tie.recording, case=tie.case.reference, released_at=None).exists()
                assert Recording.objects.get(pk=tie.recording).destroyed_at is None

    @invariant()
    def what_was_said_not_to_belong_stays_until_the_decision_is_final(self) -> None:
        for tie in CaseRecording.objects.filter(rejected_at__isnull=False).select_related("case"):
            asked = tie.case.state != CaseState.CLOSED and hold_rule(CaseKind(tie.case.kind)) is not None
            let_go_of = Hold.objects.filter(
                recording=tie.recording, case=tie.case.reference, released_because="cases.match_rejected"
            )
            if asked and not queries.is_final(tie.case, self.now) and not let_go_of.exists():  # it was final before
                assert Hold.objects.filter(recording=tie.recording, case=tie.case.reference, released_at=None).exists()

    @invariant()
    def what_is_asked_of_all_at_once_is_what_each_would_answer(self) -> None:
        if hasattr(self, "now"):
            decided = Case.objects.filter(state__in=[one.value for one in DECIDED])
            slowly = [one for one in decided if queries.is_final(one, self.now) and not queries.open_complaints(one)]
            assert {one.pk for one in queries.final_ones(decided, self.now)} == {one.pk for one in slowly}

    @invariant()
    def no_clock_is_lost(self) -> None:
        for case in Case.objects.all():
            if case.reference in self.restarted:
                continue
            stood = sum(
                (
                    queries.as_pause(one).length(self.now)
                    for one in Suspension.objects.filter(case=case, ended_at__isnull=False)
                ),
                timedelta(0),
            )
            assert case.decide_by == self._last_moment(case) + stood

    def _last_moment(self, case: Case) -> datetime:
        """Without what it stood still: exact days of the protocol, or whole weeks of the calendar of the Woo."""
        extended = case.reference in self.extended
        if case.kind != CaseKind.PUBLIC_RECORDS:
            return case.received_at + timedelta(days=28 + (60 if extended else 0))
        last = case.received_at.astimezone(ZONE).date() + timedelta(weeks=6 if extended else 4)
        return end_of(last) - timedelta(seconds=1)

    @invariant()
    def no_decision_lacks_its_words(self) -> None:
        for one in Decision.objects.select_related("case"):
            if one.outcome == "refused":
                assert one.grounds
            if one.outcome == "refused" and one.case.kind == "access":
                assert one.exception
                assert one.not_by_covering
            if one.outcome == "granted" and one.case.kind == "interest":
                assert one.grounds
                assert all(one.considerations.values())
            assert Letter.objects.filter(case=one.case, kind=one.outcome).exists()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.rule("retention.hold-on-request", "request.objection", "request.decision-period")
def test_whatever_happens_what_is_held_stays_what_nothing_holds_goes_and_no_clock_is_lost() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
