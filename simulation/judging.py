"""Deciding on requests: sort, decide, send, objections until it is final, and the close that must wait for that."""

from datetime import timedelta

from beeldkluis.cases import actions, decision_actions, remedy_actions
from beeldkluis.cases.giving_actions import note_given
from beeldkluis.cases.models import Case as Row
from beeldkluis.cases.models import Remedy
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.deciding import Outcome, Words
from simulation.desk import Desk
from simulation.law import final_from, midnight_after, objection_day
from simulation.oracle import DECIDED, Case, Film

ANSWERS = dict.fromkeys("abcde", "Dat is gewogen.")
CHOICES = {"I-26": "law", "I-27": "law"}


class Judging(Desk):
    """The team manager's part of a request."""

    # the decision

    def decide(self, case: Case) -> None:
        """Say of each recording whether it belongs to it, and decide."""
        if case.state != "forwarded":
            return
        belongs = self.chance(0.8)
        for film in [one for one in case.films if one.gone is None]:
            self._sort(case, film, keep=belongs and self.chance(0.8))
        kept = [one for one in case.films if one.gone is None and one.number in case.confirmed]
        blocked = case.missing and not (case.kind == "access" and case.missing == ("place",))
        outcome = Outcome.SET_ASIDE if blocked else Outcome.NO_FOOTAGE
        if kept and not blocked:
            outcome = Outcome.GRANTED if self.chance(0.5) else Outcome.REFUSED
        words = Words(
            outcome=outcome, grounds="Dat staat vast.", considerations=ANSWERS, exception="15-4",
            not_by_covering="Iedereen is te herkennen.", choices=CHOICES,
        )  # fmt: skip
        if (
            self.step(
                case, lambda row, actor: decision_actions.decide(row, words, actor=actor, now=self.now), judge=True
            )
            is None
        ):
            self.world.after(lambda: self.decide(case), days=5)
            return
        case.state = case.outcome = outcome.value
        case.owed = outcome is Outcome.GRANTED and case.kind == "access"
        case.sent = None
        self.made(case)
        slow = self.rng.random()
        days = self.rng.random() * 6 if slow < 0.85 else 30 + self.rng.random() * 60
        if slow < 0.98:  # one in fifty is never sent
            self.world.after(lambda: self._send(case), days=days)

    def _sort(self, case: Case, film: Film, *, keep: bool) -> None:
        sort = actions.link_recording if keep else actions.reject_match
        if self.step(case, lambda row, actor: sort(row, film.id, actor=actor, now=self.now), judge=True) is None:
            return
        (case.confirmed.add if keep else case.confirmed.discard)(film.number)
        (case.rejected.discard if keep else case.rejected.add)(film.number)
        if keep:
            case.let_go.discard(film.number)

    def _send(self, case: Case) -> None:
        if case.state in DECIDED and self.post(case, case.outcome, judge=True) is not None:
            case.sent = self.now
            self._until_final(case)
            if case.owed:
                self.world.after(lambda: self._given(case), days=1 + self.rng.random() * 45)

    def _given(self, case: Case) -> None:
        """The requester saw it, or does not want to any more."""
        if not case.owed or case.closed is not None:
            return
        how = self.rng.choice(("seen", "declined"))
        if self.step(
            case, lambda row, actor: note_given(row, how=how, note="Per brief.", actor=actor, now=self.now), judge=True
        ):
            case.owed = False

    def _until_final(self, case: Case) -> None:
        """The weeks in which somebody may object: tries to close before, objections on the last days, and the close."""
        from_ = max(case.sent or self.now, case.settled or self.now)
        last, final = midnight_after(objection_day(from_)), final_from(from_)
        self.world.tick_at(final + timedelta(minutes=3))
        early = (
            last - timedelta(minutes=30),
            last + timedelta(minutes=30),
            final - timedelta(minutes=2),
            from_ + timedelta(days=9),
        )
        if self.chance(0.5):
            self.world.at(self.rng.choice(early), lambda: self.close(case))
        if self.chance(0.3):
            week = self.rng.choice(
                (
                    last - timedelta(hours=self.rng.randrange(1, 160)),
                    final - timedelta(hours=self.rng.randrange(1, 160)),
                )
            )
            self.world.at(week, lambda: self._object(case))
        if self.chance(0.9):
            self.world.at(
                final + timedelta(days=self.rng.random() * 30 * self.rng.randrange(2)), lambda: self.close(case)
            )

    def _object(self, case: Case) -> None:
        if case.state not in DECIDED and case.closed is None:
            return
        if case.outcome not in DECIDED:
            return
        kind = "objection" if case.settled is None else "appeal"
        made = self.step(case, lambda row, actor: self._register(row, kind, actor))
        if made is None:
            return
        if case.closed is not None:
            self.oracle.reopened(case)
        case.state = kind
        self.world.after(lambda: self._settle(case, made), days=5 + self.rng.random() * 60)

    def _register(self, row: Row, kind: str, actor: Actor) -> Remedy:
        return remedy_actions.register(row, kind=kind, received_at=self.now, where="", actor=actor, now=self.now)

    def _settle(self, case: Case, remedy: Remedy) -> None:
        outcome = self.rng.choice(("upheld", "dismissed", "dismissed", "inadmissible", "withdrawn"))
        if self.step(case, lambda _row, actor: self._outcome(remedy, outcome, actor)) is None:
            return
        case.settled = self.now
        if outcome == "upheld":
            case.state, case.owed, case.longer = "forwarded", False, False
            case.began = self.now
            case.decide_by = self.now + timedelta(days=self.oracle.terms_now().decision)
            self.world.after(lambda: self.decide(case), days=1 + self.rng.random() * 20)
        else:
            case.state = case.outcome
            self._until_final(case)

    def _outcome(self, remedy: Remedy, outcome: str, actor: Actor) -> Remedy:
        known = Remedy.objects.select_related("case").get(pk=remedy.pk)
        return remedy_actions.settle(known, outcome=outcome, at=self.now, note="", actor=actor, now=self.now)

    def _beside(self, case: Case, kind: str) -> None:
        """A complaint, a notice of default, or an appeal because nobody decides."""
        undecided = case.state in {"received", "awaiting", "forwarded"}
        if case.closed is not None or case.state == "withdrawn" or (kind == "appeal" and not undecided):
            return
        if case.state in {"objection", "appeal"} and kind == "default":
            return
        made = self.step(case, lambda row, actor: self._register(row, kind, actor))
        if made is None or kind == "default":
            return
        case.beside += 1
        self.world.after(lambda: self._beside_over(case, made), days=5 + self.rng.random() * 50)

    def _beside_over(self, case: Case, remedy: Remedy) -> None:
        outcome = self.rng.choice(("upheld", "dismissed"))
        if self.step(case, lambda _row, actor: self._outcome(remedy, outcome, actor)) is None:
            return
        case.beside -= 1
        if case.state in DECIDED and case.sent is not None:
            self.world.tick_at(self.now + timedelta(minutes=2))
            self.world.after(lambda: self.close(case), days=self.rng.random() * 70)

    # the end

    def close(self, case: Case) -> None:
        """Try to close it: whether that is allowed is what the oracle and the program must agree on."""
        if case.closed is not None:
            return
        may = case.may_close(self.world.now)
        done = self.step(
            case,
            lambda row, actor: decision_actions.close(row, because="Het is opgelost.", actor=actor, now=self.now),
            judge=True,
        )
        about = f"case {case.reference} ({case.kind}, {case.state}) closed {self.now.isoformat(timespec='minutes')}"
        if (done is not None) is not may:
            final = case.final()
            said = (
                f"{'may' if may else 'may not'} be closed now; final from {final.isoformat() if final else 'not yet'}"
            )
            kind = "held without ground" if may else "early"
            self.world.judge.say(kind, self.now, about=about, oracle=said, program="closed it" if done else "refused")
        if done is None:
            return
        if case.kind in {"access", "interest"}:
            self.made(case)
            self.post(case, "closing", judge=True)
        case.state = "closed"
        self.oracle.closed(case, self.world.now)
        self.world.after(self.world.tick, minutes=2)
        if case.outcome and self.chance(0.06):
            self.world.after(lambda: self._object(case), days=1 + self.rng.random() * 40)
