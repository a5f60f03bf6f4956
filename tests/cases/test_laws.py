"""A request for public records is held, weighed part by part and decided (Woo); the Wpg has its own terms and grounds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from beeldkluis.cases import (
    actions,
    decision_actions,
    email_actions,
    letter_actions,
    records_actions,
    remedy_actions,
    step_forms,
)
from beeldkluis.cases import queries as cases
from beeldkluis.cases.models import Case, Letter, Suspension
from beeldkluis.cases.questions import WISH, open_questions
from beeldkluis.cases.tasks import remind_of_cases
from beeldkluis.documents.words import day
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.deciding import Facts, Outcome, Words, differences, may_decide
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import GROUNDS, PARTS, WOO_GROUNDS, grounds, last_moment
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.letters import may_email
from beeldkluis.protocol.presence import purposes_of
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.due import for_person
from tests.cases.conftest import CHOSEN, FINAL, NOW

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
CLOSED = {f"part-{part}": "woo-2-e" for part in PARTS} | {"I-60": "protocol"}
NOTHING = Words(outcome=Outcome.REFUSED, grounds="Privacy weegt zwaarder.", choices=CLOSED)
SOME = Words(outcome=Outcome.GRANTED, grounds="Een beschrijving kan.", choices=CLOSED | {"part-facts": "open"})


@pytest.fixture
def records(linked: Link) -> Callable[..., tuple[Case, Recording]]:
    def make(**changed: Any) -> tuple[Case, Recording]:
        return linked(kind="public_records", **changed)

    return make


@pytest.mark.rule("request.public-records", "request.police-data")
@pytest.mark.parametrize(
    ("kind", "regime", "received", "last", "extended"),
    [
        (CaseKind.PUBLIC_RECORDS, Regime.AVG, "2026-11-03T09:00", "1 december 2026", "15 december 2026"),
        (CaseKind.PUBLIC_RECORDS, Regime.WPG, "2026-11-28T09:00", "28 december 2026", "11 januari 2027"),  # a Saturday
        (CaseKind.ACCESS, Regime.WPG, "2026-11-03T09:00", "15 december 2026", "12 januari 2027"),
        (CaseKind.ACCESS, Regime.WPG, "2026-11-03T23:30", "16 december 2026", "13 januari 2027"),  # past midnight here
        (CaseKind.ACCESS, Regime.AVG, "2026-11-03T09:00", "1 december 2026", "30 januari 2027"),
        (CaseKind.INTEREST, Regime.WPG, "2026-11-03T09:00", "1 december 2026", "30 januari 2027"),
    ],
)
def test_each_law_has_its_term(
    kind: CaseKind, regime: Regime, received: str, last: str, extended: str, protocol: Protocol
) -> None:
    at = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert day(last_moment(kind, regime, at, protocol)) == last
    assert day(last_moment(kind, regime, at, protocol, extended=True)) == extended


@pytest.mark.rule("request.public-records")
def test_a_records_request_is_held_until_it_is_final_and_opens_nothing(
    records: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = records()
    assert [one.rule for one in live_holds(recording.pk)] == ["retention.hold-on-request"]
    assert purposes_of(CaseKind.PUBLIC_RECORDS) == ()
    decision_actions.decide(case, NOTHING, actor=team_manager.as_actor, now=NOW)
    letter_actions.note_posted(Letter.objects.get(kind="woo_refused"), actor=team_manager.as_actor, now=NOW)
    with pytest.raises(Refused, match="definitief"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL - timedelta(seconds=1))
    made = remedy_actions.register(case, kind="objection", received_at=NOW, where="", actor=dpo.as_actor, now=NOW)
    years = NOW + timedelta(days=700)
    with pytest.raises(Refused):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=years)
    remedy_actions.settle(made, outcome="dismissed", at=years, note="", actor=dpo.as_actor, now=years)
    assert live_holds(recording.pk)
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=years + timedelta(days=60))
    assert not live_holds(recording.pk)


@pytest.mark.rule("request.public-records")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (Words(outcome=Outcome.REFUSED, grounds=" ", choices=CLOSED), "Vul een motivering in"),
        (Words(outcome=Outcome.REFUSED, grounds="x", choices=CLOSED | {"part-sound": ""}), "Nog open: het geluid"),
        (Words(outcome=Outcome.REFUSED, grounds="x", choices=CLOSED | {"part-sound": "15-4"}), "Nog open: het geluid"),
        (Words(outcome=Outcome.GRANTED, grounds="x", choices=CLOSED), "past niet"),
        (Words(outcome=Outcome.REFUSED, grounds="x", choices=CLOSED | {"part-facts": "open"}), "past niet"),
        (Words(outcome=Outcome.GRANTED, grounds="x", choices=CLOSED | {"part-image": "open"}), "I-60"),
        (Words(outcome=Outcome.GRANTED, grounds="x", choices={"part-facts": "open"}), "I-60"),
    ],
)
def test_every_part_has_its_ground_and_images_need_a_choice_beyond_the_protocol(words: Words, reason: str) -> None:
    verdict = may_decide(CaseKind.PUBLIC_RECORDS, words, Facts(confirmed=1, unsorted=0))
    assert not verdict.allowed
    assert reason in verdict.reason


@pytest.mark.rule("request.public-records")
def test_images_can_be_made_public_by_that_choice() -> None:
    words = Words(outcome=Outcome.GRANTED, grounds="x", choices=CLOSED | {"part-image": "open", "I-60": "law"})
    assert may_decide(CaseKind.PUBLIC_RECORDS, words, Facts(confirmed=1, unsorted=0)).allowed


@pytest.mark.rule("request.public-records")
def test_the_team_manager_decides_on_the_page_and_a_slip_is_shown(
    records: Link, team_manager: Person, client: Client
) -> None:
    case, _recording = records()
    client.force_login(team_manager)
    page = client.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "Worden de beelden openbaar?" in page
    assert "de persoonlijke levenssfeer (artikel 5.1, lid 2, onder e, Woo)" in page
    typed = {"outcome": "refused", "grounds": "Privacy.", "choice_I-60": "protocol"}
    typed |= {f"part-{part}": "woo-2-e" for part in ("image", "sound")}
    answer = client.post(f"/verzoeken/{case.reference}/besluit/", typed).content.decode()
    assert "Nog open: een beschrijving" in answer
    assert client.post(f"/verzoeken/{case.reference}/besluit/", typed | {"part-facts": "woo-5"}).status_code == 302
    page = client.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "onevenredige benadeling (artikel 5.1, lid 5, Woo)" in page


@pytest.mark.rule("request.public-records")
def test_a_third_party_is_heard_and_the_term_stands_still_meanwhile(records: Link, team_manager: Person) -> None:
    case, _recording = records()
    actor, asked = team_manager.as_actor, NOW + timedelta(days=5)  # 8 November, a Sunday
    records_actions.consult(case, third_party=["Buurman", "Gast 2"], email="b@example.nl", actor=actor, now=asked)
    letter = Letter.objects.get(kind="views")
    assert letter.recipient == ["Buurman", "Gast 2"]
    assert "Vries" not in str(letter.words), "the third party does not read who asks"
    assert Letter.objects.get(kind="views_asked").words["until"] == "23 november 2026"  # the 22nd is a Sunday
    with pytest.raises(Refused, match="Er is al"):
        records_actions.consult(case, third_party=["Ander"], actor=actor, now=asked)
    with pytest.raises(Refused, match="wacht tot"):
        records_actions.hear(case, views=" ", actor=actor, now=asked + timedelta(days=3))
    case.refresh_from_db()
    heard = records_actions.hear(case, views="Liever niet.", actor=actor, now=asked + timedelta(days=3))
    assert day(heard.decide_by) == "3 december 2026", "it stood still on the 9th and the 10th"
    assert Letter.objects.get(kind="views_over").words == {"last_day": "3 december 2026"}
    assert Suspension.objects.get().views == "Liever niet."


@pytest.mark.rule("request.public-records")
def test_who_stays_silent_holds_nothing_up_and_somebody_is_told(records: Link, team_manager: Person) -> None:
    case, _recording = records()
    records_actions.consult(case, third_party=["Buurman"], actor=team_manager.as_actor, now=NOW)
    later = NOW + timedelta(days=20)
    titles = [one.title for one in for_person(team_manager, later)]
    assert f"Ga verder met Woo-verzoek {case.reference}" in titles
    heard = records_actions.hear(case, views="", actor=team_manager.as_actor, now=later)
    assert day(heard.decide_by) == "15 december 2026", "fourteen days, not twenty"
    assert heard.decide_by - NOW < timedelta(days=28 + 15)


@pytest.mark.rule("request.public-records")
def test_two_weeks_longer_once_and_no_penalty_afterwards(records: Link, team_manager: Person, dpo: Person) -> None:
    case, _recording = records()
    decision_actions.extend(case, because="Veel film.", actor=team_manager.as_actor, now=NOW)
    assert Letter.objects.get(kind="extension").words["new_day"] == "15 december 2026"
    with pytest.raises(Refused):
        decision_actions.extend(case, because="Nog meer.", actor=team_manager.as_actor, now=NOW)
    late = NOW + timedelta(days=60)
    remedy_actions.register(case, kind="default", received_at=late, where="", actor=dpo.as_actor, now=late)
    remind_of_cases(late)
    told = [one.body["text"] for one in Outgoing.objects.filter(about__startswith="Ingebrekestelling")]
    assert told
    assert all("Een dwangsom is er niet" in text for text in told)


@pytest.mark.rule("request.public-records")
def test_what_is_not_about_footage_is_referred_and_nothing_else_is(
    received: MakeCase, dpo: Person, client: Client
) -> None:
    case = received(kind="public_records", moment_from=None, moment_until=None)
    client.force_login(dpo)
    page = client.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "Gaat het over beelden? Vraag dan om dag en tijd." in page
    assert "Verwijzen en sluiten" in page
    other = received(kind="public_records")
    assert "Verwijzen en sluiten" not in client.get(f"/verzoeken/{other.reference}/").content.decode()
    assert CaseState(actions.refer(case, actor=dpo.as_actor, now=NOW).state) is CaseState.CLOSED


@pytest.mark.rule("request.police-data")
def test_a_case_under_the_wpg_has_its_own_day_grounds_and_letter(
    linked: Link, team_manager: Person, client: Client
) -> None:
    case, _recording = linked()
    actor = team_manager.as_actor
    with pytest.raises(Refused, match="Schrijf op waarom"):
        records_actions.set_law(case, regime="wpg", because=" ", actor=actor, now=NOW)
    case = records_actions.set_law(case, regime="wpg", because="Proces-verbaal 7.", actor=actor, now=NOW)
    assert Letter.objects.get(kind="law").words["last_day"] == "15 december 2026"
    with pytest.raises(Refused, match="loopt al"):
        records_actions.set_law(case, regime="wpg", because="x", actor=actor, now=NOW)
    form = step_forms.DecisionForm(CaseKind.ACCESS, cases.deciding(case, NOW))
    offered = dict(form.fields["exception"].choices)  # type: ignore[attr-defined] # a choice field
    assert "wpg-27-b" in offered
    assert "41-d" not in offered
    assert "choice_I-27" not in form.fields, "the Wpg gives no right to a copy"
    words = Words(
        outcome=Outcome.REFUSED, grounds="Nee.", exception="15-4", not_by_covering="Herkenbaar.", choices=CHOSEN
    )
    with pytest.raises(Refused, match="uitzondering"):
        decision_actions.decide(case, words, actor=actor, now=NOW)
    back = records_actions.set_law(case, regime="avg", because="Toch niet.", actor=actor, now=NOW)
    assert day(back.decide_by) == "1 december 2026"
    client.force_login(team_manager)
    assert (
        "Algemene verordening gegevensbescherming (AVG): Toch niet."
        in client.get(f"/verzoeken/{case.reference}/").content.decode()
    )


@pytest.mark.rule("request.police-data")
def test_what_stood_still_and_was_extended_goes_along_to_the_other_law(
    received: MakeCase, dpo: Person, team_manager: Person
) -> None:
    case = received(requester_phone="", requester_email="", requester_address="")
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    week = NOW + timedelta(days=7)
    actions.complete_fields(case, fields={"requester_phone": "0594 1"}, actor=dpo.as_actor, now=week)
    case = actions.forward(case, actor=dpo.as_actor, now=week)
    case = decision_actions.extend(case, because="Veel film.", actor=team_manager.as_actor, now=week)
    case = records_actions.set_law(case, regime="wpg", because="Pv.", actor=dpo.as_actor, now=week)
    assert day(case.decide_by) == "19 januari 2027"  # ten weeks and the seven days


@pytest.mark.rule("request.police-data")
def test_the_grounds_of_one_law_are_not_those_of_another() -> None:
    assert set(grounds(CaseKind.ACCESS, Regime.AVG)) & set(grounds(CaseKind.ACCESS, Regime.WPG)) == set()
    assert grounds(CaseKind.INTEREST, Regime.WPG) == {}
    assert grounds(CaseKind.PUBLIC_RECORDS, Regime.WPG) == WOO_GROUNDS
    assert all(len(code) <= 8 for code in GROUNDS), "the column holds eight letters"
    assert [one.interpretation for one in differences(CaseKind.ACCESS, Regime.WPG)] == ["I-26"]


@pytest.mark.rule("request.by-email")
def test_the_agreement_of_who_asks_is_not_that_of_a_third_party(
    records: Link, dpo: Person, team_manager: Person
) -> None:
    case, _recording = records(by_email=False)
    made = {"third_party": ["Buurman", "Dorpsstraat 1"], "actor": team_manager.as_actor, "now": NOW}
    records_actions.consult(case, **made, email="buurman@example.nl")
    email_actions.set_by_email(case, agreed=True, email="eiser@example.nl", actor=dpo.as_actor, now=NOW)
    sent_to = dict(Letter.objects.filter(case=case).values_list("kind", "email"))
    assert (sent_to["views"], sent_to["views_asked"]) == ("buurman@example.nl", "eiser@example.nl")
    assert may_email(kind="views", agreed=False).allowed
    assert not may_email(kind="views_asked", agreed=False).allowed


@pytest.mark.rule("request.police-data")
def test_the_wpg_promises_no_copy_and_needs_no_reason_to_let_somebody_only_look(
    forwarded: MakeCase, team_manager: Person
) -> None:
    case = forwarded()
    assert WISH in open_questions(case)
    told = {"regime": "wpg", "because": "Proces-verbaal.", "actor": team_manager.as_actor}
    assert WISH not in open_questions(records_actions.set_law(case, **told, now=NOW))
    look = Words(outcome=Outcome.GRANTED, form="viewing", choices=CHOSEN)
    for regime, may in ((Regime.AVG, False), (Regime.WPG, True)):
        facts = Facts(confirmed=1, unsorted=0, wish="copy", regime=regime)
        assert may_decide(CaseKind.ACCESS, look, facts).allowed is may
