"""Requests as they come in: of every kind, incomplete ones, withdrawn ones, each step through the program."""

from datetime import datetime, timedelta
from typing import Any

from beeldkluis.cases import actions, decision_actions, letting_go_actions
from simulation.judging import Judging
from simulation.law import ZONE, last_day, midnight_after
from simulation.oracle import Case

KINDS = ("access",) * 10 + ("interest",) * 5 + ("demand",) * 2 + ("preservation", "self_reflection", "public_records")


class People(Judging):
    """The data protection officer's part of a request."""

    def request(self, moment: tuple[datetime, datetime] | None) -> None:
        """A request of some kind about that moment; empty: it names none."""
        kind = self.rng.choice(KINDS)
        gaps = kind in {"access", "interest"} and self.chance(0.2)
        named = None if gaps and (moment is None or self.chance(0.5)) else moment
        if kind == "public_records":
            named = None
        elif named is None and not gaps:
            return
        told = self._told(kind, named, place="" if gaps else "De Gast, Zuidhorn")
        received = self.now - timedelta(hours=self.rng.choice((0, 0, 0, 5, 60)))
        row = self.world.do(
            lambda: actions.receive(**told, received_at=received, actor=self.dpo.as_actor, now=self.now)
        )
        if row is None:
            return
        terms = self.oracle.terms_now()
        case = Case(row.reference, kind, received, received + timedelta(days=terms.decision), named)
        if kind == "public_records":  # four weeks of the law (Woo 4.4)
            day = last_day(received.astimezone(ZONE).date(), 28)
            case.decide_by = midnight_after(day) - timedelta(seconds=1)
        case.state, case.registered = "forwarded" if kind == "preservation" else "received", self.now
        case.missing = ("moment",) if named is None else ("place",) if gaps else ()
        self.world.judge.counts["cases"] += 1
        self.oracle.case_came(case)
        self.made(case)
        self.post(case, "acknowledgement", judge=False)
        self._goes_on(case, moment)

    def _told(self, kind: str, moment: tuple[datetime, datetime] | None, *, place: str) -> dict[str, Any]:
        told: dict[str, Any] = {
            "kind": kind, "received_by_channel": "letter", "requester_name": "J. de Vries",
            "requester_address": "Hoofdstraat 1", "requester_place": "9801 AA Zuidhorn",
            "requester_phone": "0594 000 000", "demonstrable_interest": "Ik wil weten wat er is gezegd.", "place": place,
            "moment_from": moment[0] if moment else None, "moment_until": moment[1] if moment else None,
        }  # fmt: skip
        if kind in {"demand", "preservation"}:
            told |= {"requester_organisation": "Politie", "formal_data": {"reference": "PV-1", "article": "126nda Sv"}}
        if kind == "self_reflection":
            told["officer"] = self.rng.choice(self.officers)
        return told

    def _goes_on(self, case: Case, moment: tuple[datetime, datetime] | None) -> None:
        """What happens with it next, in days that are drawn."""
        soon, rng = self.world.after, self.rng
        if case.kind == "public_records":
            soon(lambda: self._refer(case), days=rng.random() * 10)
        elif case.kind == "preservation":
            soon(lambda: self.close(case), days=5 + rng.random() * rng.choice((120, 120, 600)))
        elif case.missing:
            soon(lambda: self._ask(case, moment), days=rng.random() * 5)
        else:
            soon(lambda: self.forward(case), days=rng.random() * 8)
        if case.kind in {"access", "interest", "demand"} and self.chance(0.1):
            soon(lambda: self._withdraw(case), days=rng.random() * 30)
        if case.kind in {"access", "interest"} and self.chance(0.15):
            kind = rng.choice(("complaint", "default", "appeal"))
            soon(lambda: self._beside(case, kind), days=3 + rng.random() * 60)

    def _refer(self, case: Case) -> None:
        if self.step(case, lambda row, actor: actions.refer(row, actor=actor, now=self.now)) is not None:
            case.state = "closed"
            self.oracle.closed(case, self.world.now)
            self.made(case)

    def _ask(self, case: Case, moment: tuple[datetime, datetime] | None) -> None:
        if case.state != "received":
            return
        if self.step(case, lambda row, actor: actions.ask(row, actor=actor, now=self.now)) is not None:
            case.state, case.asked, case.asked_ever = "awaiting", self.now, self.now
            case.until = self.now + timedelta(days=self.oracle.terms_now().completion)
            self.made(case)
            self.post(case, "completion", judge=False)
        days = self.rng.random() * 20
        if moment is not None and self.chance(0.6):
            self.world.after(lambda: self._complete(case, moment), days=days)
        else:
            self.world.after(lambda: self.forward(case), days=22 + days)

    def _runs_again(self, case: Case) -> None:
        """The term stood still until now, and no longer than was said (I-29)."""
        if case.asked is not None and case.until is not None:
            stood = min(self.now, case.until) - case.asked
            case.decide_by, case.began = case.decide_by + stood, (case.began or case.received) + stood
            case.asked = None

    def _complete(self, case: Case, moment: tuple[datetime, datetime]) -> None:
        if case.state not in {"received", "awaiting"}:
            return
        told = {"place": "De Gast", "moment_from": moment[0], "moment_until": moment[1]}
        if (
            self.step(case, lambda row, actor: actions.complete_fields(row, fields=told, actor=actor, now=self.now))
            is None
        ):
            return
        self._runs_again(case)
        case.state, case.missing, case.moment = "received", (), moment
        self.oracle.moment_named(case)
        self.world.after(lambda: self.forward(case), days=self.rng.random() * 5)

    def forward(self, case: Case) -> None:
        """Pass it on to whoever judges."""
        if case.state not in {"received", "awaiting"}:
            return
        if self.step(case, lambda row, actor: actions.forward(row, actor=actor, now=self.now)) is None:
            return
        self._runs_again(case)
        case.state = "forwarded"
        if case.kind == "demand":
            self.world.after(lambda: self.close(case), days=5 + self.rng.random() * 100)
        elif case.kind == "self_reflection":
            self.world.after(lambda: self.close(case), days=2 + self.rng.random() * 20)
        else:
            if case.kind == "access" and self.chance(0.15):
                self.world.after(lambda: self._extend(case), days=self.rng.random() * 6)
            self.world.after(lambda: self.decide(case), days=1 + self.rng.random() * 24)

    def _extend(self, case: Case) -> None:
        if case.state != "forwarded" or case.extended or self.now > case.decide_by:
            return
        said = "Er is veel film."
        if self.step(
            case, lambda row, actor: decision_actions.extend(row, because=said, actor=actor, now=self.now), judge=True
        ):
            case.extended = case.longer = True
            case.decide_by += timedelta(days=60)
            self.made(case)
            self.post(case, "extension", judge=True)

    def _withdraw(self, case: Case) -> None:
        if case.state not in {"received", "awaiting", "forwarded"}:
            return
        said = "Per brief."
        if (
            self.step(
                case, lambda row, actor: letting_go_actions.withdraw(row, because=said, actor=actor, now=self.now)
            )
            is None
        ):
            return
        self._runs_again(case)
        case.state, case.withdrawn = "withdrawn", self.now
        case.withdrawal_days = self.oracle.terms_now().withdrawal
        self.made(case)
        days = self.rng.random() * 10
        if self.chance(0.9):  # otherwise nobody sends it, and nothing ends
            self.world.after(lambda: self._confirm_withdrawal(case), days=days)
        if self.chance(0.3):
            self.world.after(lambda: self._resume(case), days=days + self.rng.random() * 16)

    def _confirm_withdrawal(self, case: Case) -> None:
        if case.state == "withdrawn" and self.post(case, "withdrawn", judge=False) is not None:
            case.lapses = self.now + timedelta(days=case.withdrawal_days)
            self.world.tick_at(case.lapses - timedelta(minutes=2))
            self.world.tick_at(case.lapses + timedelta(minutes=3))

    def _resume(self, case: Case) -> None:
        if case.state != "withdrawn" or case.withdrawn is None:
            return
        said = "Het was een vergissing."
        if (
            self.step(case, lambda row, actor: letting_go_actions.resume(row, because=said, actor=actor, now=self.now))
            is None
        ):
            return
        case.decide_by += self.now - case.withdrawn
        case.began = (case.began or case.received) + (self.now - case.withdrawn)
        case.state, case.withdrawn, case.lapses = "received", None, None
        self.world.after(lambda: self.forward(case), days=self.rng.random() * 5)
