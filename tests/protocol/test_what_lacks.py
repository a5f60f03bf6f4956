"""Steps that need words or facts beside the table: each no, with its rule and what it tells people to do, and the yes."""

from datetime import UTC, datetime, timedelta

import pytest

from beeldkluis.protocol.cases import may_offer
from beeldkluis.protocol.deciding import may_reopen
from beeldkluis.protocol.giving import may_end
from beeldkluis.protocol.holding import is_there, may_look_again
from beeldkluis.protocol.intake import may_let_in
from beeldkluis.protocol.laws import may_consult, may_hear, may_refer
from beeldkluis.protocol.letters import may_agree, may_mail
from beeldkluis.protocol.observation import may_observe_own
from beeldkluis.protocol.remedies import may_complain, may_settle
from beeldkluis.protocol.requests import may_keep_paper
from beeldkluis.protocol.terms import may_withdraw
from beeldkluis.protocol.verdict import Verdict, refuse

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


def consult(party: str = "Buurman", *, waiting: bool = False, until: datetime = NOW) -> Verdict:
    return may_consult(third_party=[party] if party else [], waiting=waiting, until=until, now=NOW)


def settle(
    *, default: bool = False, settled: bool = False, known: bool = True, received: datetime = NOW, at: datetime = NOW
) -> Verdict:
    return may_settle(
        default=default, settled=settled, known_outcome=known, received_at=received, at=at, now=NOW
    )  # fmt: skip


def mail(kind: str = "granted", *, agreed: bool = True, address: str = "j@example.nl", server: bool = True) -> Verdict:
    return may_mail(kind=kind, agreed=agreed, address=address, server=server)


NO = [
    (may_refer(names_moment=True), "request.public-records", "noemt een moment"),
    (consult(""), "request.public-records", "Vul in wie"),
    (consult("", waiting=True, until=BEFORE), "request.public-records", "Vul in wie"),
    (consult(waiting=True, until=BEFORE), "request.public-records", "al om een zienswijze gevraagd"),
    (consult(until=BEFORE), "request.public-records", "al voorbij"),
    (may_hear(views="Nee.", asked_until=None, now=NOW), "request.public-records", "niet om een zienswijze gevraagd"),
    (may_hear(views=" ", asked_until=NOW, now=NOW), "request.public-records", "Schrijf op wat de zienswijze is"),
    (may_reopen(found=0), "request.no-footage", "nog steeds geen opname"),
    (may_look_again(because=" "), "retention.review", "waarom de beelden nog nodig zijn"),
    (is_there(destroyed=True), "retention.period", "al vernietigd"),
    (may_complain(closed=True, decided=False), "request.objection", "nooit een besluit"),
    (settle(default=True, settled=True), "request.objection", "Een ingebrekestelling heeft geen uitkomst"),
    (settle(settled=True, known=False), "request.objection", "staat de uitkomst er al"),
    (settle(known=False), "request.objection", "Kies een uitkomst"),
    (settle(at=BEFORE), "request.objection", "een datum na de ontvangst"),
    (settle(at=AFTER), "request.objection", "een datum na de ontvangst"),
    (may_withdraw(because=" "), "request.withdrawal", "hoe de verzoeker dat liet weten"),
    (may_agree(agreed=True, address=""), "request.by-email", "Vul het e-mailadres in"),
    (mail(agreed=False, address="", server=False), "request.by-email", "per post"),
    (mail(address="", server=False), "request.letter", "geen e-mailadres"),
    (mail(server=False), "request.letter", "geen mailserver"),
    (may_keep_paper(known=False), "request.required-fields", "hoogstens 10 MB"),
    (may_end(owed=False, how="seen", note="", invited=True), "request.give-access", "geen inzage meer te geven"),
    (may_observe_own(own=False), "access.roles", "alleen iets zeggen over uw eigen opnames"),
    (may_let_in(has_keys=False), "intake.automatic", "nog geen sleutels"),
]
YES = [
    may_refer(names_moment=False),
    consult(),
    may_hear(views="Nee.", asked_until=NOW, now=NOW),
    may_hear(views="", asked_until=BEFORE, now=NOW),
    may_reopen(found=1),
    may_look_again(because="Hoger beroep."),
    is_there(destroyed=False),
    may_complain(closed=True, decided=True),
    may_complain(closed=False, decided=False),
    settle(),
    settle(received=BEFORE, at=BEFORE),
    may_withdraw(because="Per telefoon."),
    may_agree(agreed=True, address="j@example.nl"),
    may_agree(agreed=False, address=""),
    mail(),
    mail("officer_notice", agreed=False),
    may_keep_paper(known=True),
    may_end(owed=True, how="seen", note="", invited=False),
    may_observe_own(own=True),
    may_let_in(has_keys=True),
]


@pytest.mark.parametrize(("verdict", "rule", "told"), NO)
def test_what_lacks_is_refused_by_its_rule_and_told(verdict: Verdict, rule: str, told: str) -> None:
    assert (verdict.allowed, verdict.rule) == (False, rule)
    assert told in verdict.reason


@pytest.mark.parametrize("verdict", YES)
def test_where_nothing_lacks_it_is_allowed_and_says_so(verdict: Verdict) -> None:
    assert verdict.allowed
    assert verdict.reason


def test_a_page_of_a_step_is_shown_when_table_judge_and_facts_allow_it() -> None:
    table, judge = Verdict(allowed=True, rule="a", reason="Kan."), Verdict(allowed=True, rule="b", reason="Ander.")
    no_table, no_judge = refuse("a", "Niet van u."), refuse("b", "Gaat over u.")
    assert may_offer(table=table, judge=judge, ready=True) is table
    assert may_offer(table=no_table, judge=no_judge, ready=False) is no_table
    assert may_offer(table=table, judge=no_judge, ready=True) is no_judge
    lacks = may_offer(table=table, judge=judge, ready=False)
    assert (lacks.allowed, lacks.rule) == (False, "a")
    assert "nu niet nodig" in lacks.reason
