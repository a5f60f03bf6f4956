"""Letters from the steps to the text of the PDF: every date and number in it, and nothing that is not so."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from beeldkluis.cases import actions, decision_actions, letter_actions, queries
from beeldkluis.cases.models import Case, Letter
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.governance.actions import adopt
from beeldkluis.governance.registers import base
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.register import write
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import CHOSEN, INCIDENT, LETTER, NO, NONE, NOW, YES

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
AddRecording = Callable[..., Recording]
DECIDED = datetime(2026, 11, 17, 9, tzinfo=UTC)
SENT = datetime(2026, 11, 19, 15, tzinfo=UTC)
IN_NAME = "Namens het college van burgemeester en wethouders van Westerkwartier, Teammanager teammanager Veiligheid en"
HELD = "bewaren wij de beelden die er zijn"
RETENTION = Actor.system("retention")


def told(kind: str) -> str:
    """The text of the one letter of this kind, as it would leave on 19 November."""
    pages = PdfReader(io.BytesIO(letter_actions.document(Letter.objects.get(kind=kind), now=SENT))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def team_manager(team_manager: Person) -> Person:
    team_manager.name = "Teammanager"
    team_manager.save()
    return team_manager


def decide(case: Case, words: Words, by: Person) -> str:
    decision_actions.decide(case, words, actor=by.as_actor, now=DECIDED)
    text = told(words.outcome.value)
    for wanted in ("Datum 19 november 2026", "Ons kenmerk 2026-0001", "versie 1", IN_NAME, "J. de Vries", "zes weken"):
        assert wanted in text, f"{wanted}: {text}"
    return text


MOMENT = "31 oktober 2026, tussen 22.40 en 22.50 uur, De Gast, Zuidhorn"


@pytest.mark.rule("request.letter")
def test_a_grant(linked: Link, team_manager: Person) -> None:
    text = decide(linked()[0], YES, team_manager)
    for wanted in (MOMENT, "28 dagen na de opname", "een kamer die daarvoor is ingericht", HELD, "Zwaar."):
        assert wanted in text, f"{wanted}: {text}"


@pytest.mark.rule("request.letter")
def test_a_refusal(linked: Link, team_manager: Person) -> None:
    text = decide(linked()[0], NO, team_manager)
    for wanted in (MOMENT, "Nee.", "artikel 15, lid 4, AVG", "Iedereen is te herkennen.", HELD):
        assert wanted in text, f"{wanted}: {text}"


@pytest.mark.rule("request.no-footage", "request.letter")
def test_nothing_was_found_and_nothing_is_promised(forwarded: MakeCase, team_manager: Person) -> None:
    text = decide(forwarded(), NONE, team_manager)
    for wanted in (MOMENT, "31 oktober 2026, tussen 21.40 en 23.50 uur", "Wij hebben geen opname van die tijd."):
        assert wanted in text, f"{wanted}: {text}"
    assert HELD not in text, "nothing is held"


@pytest.mark.rule("request.no-footage")
def test_what_was_put_aside_is_not_denied(
    forwarded: MakeCase, team_manager: Person, add_recording: AddRecording
) -> None:
    found = [add_recording(), add_recording(INCIDENT + timedelta(minutes=5))]
    case = forwarded()
    for one in found:
        actions.reject_match(case, one.pk, actor=team_manager.as_actor, now=NOW)
    text = decide(case, NONE, team_manager)
    assert "Wij vonden van die tijd 2 opnames." in text
    assert "geen opname" not in text
    assert HELD in text, "they are held until the decision is final"


@pytest.mark.rule("request.no-footage")
def test_what_was_destroyed_before_and_after_the_request_came(
    forwarded: MakeCase, received: MakeCase, team_manager: Person, dpo: Person, add_recording: AddRecording
) -> None:
    before, after = add_recording(), add_recording(INCIDENT + timedelta(minutes=5))
    came = datetime(2026, 11, 10, 9, tzinfo=UTC)
    for one, gone in ((before, came - timedelta(days=2)), (after, came + timedelta(days=1))):
        mark_destroyed(one.pk, rules=["retention.period"], actor=RETENTION, now=gone)
    case = received(now=came + timedelta(days=2), received_at=came)
    case = actions.forward(case, actor=dpo.as_actor, now=came + timedelta(days=2))
    text = decide(case, NONE, team_manager)
    first, _, second = text.partition("Er was nog een opname")
    assert "Die was al vernietigd toen uw verzoek kwam" in first
    assert "op 8 november 2026, onder de bewaartermijn van 28 dagen (protocol versie 1)" in first
    assert "toen uw verzoek kwam, op 10 november 2026" in second
    assert "op 11 november 2026, onder de bewaartermijn van 28 dagen (protocol versie 1)" in second
    assert HELD not in text


@pytest.mark.rule("request.no-footage")
def test_who_asked_in_time_does_not_read_that_it_was_gone_before(
    received: MakeCase, team_manager: Person, dpo: Person, add_recording: AddRecording
) -> None:
    recording = add_recording()
    mark_destroyed(recording.pk, rules=["retention.period"], actor=RETENTION, now=NOW + timedelta(hours=1))
    case = received(now=NOW + timedelta(days=2), received_at=NOW)
    text = decide(actions.forward(case, actor=dpo.as_actor, now=NOW + timedelta(days=2)), NONE, team_manager)
    assert "al vernietigd toen uw verzoek kwam" not in text
    assert "Wij hielden die niet op tijd vast" in text


@pytest.mark.rule("request.no-footage")
def test_the_term_is_the_one_under_which_it_went(
    forwarded: MakeCase, team_manager: Person, add_recording: AddRecording, settings: object, tmp_path: object
) -> None:
    """It went under 28 days of version 1; now version 2 says 14. The letter tells 28 and version 1."""
    start = NOW - timedelta(days=200)
    adopt(write(base()).encode(), takes_effect_at=start, actor=Actor.system("setup"), now=start)
    recording = add_recording()
    mark_destroyed(recording.pk, rules=["retention.period"], actor=RETENTION, now=NOW - timedelta(hours=1))
    shorter = write(base()).replace('version = "1"', 'version = "2"', 1).replace('"days" = 28', '"days" = 14', 1)
    later = NOW - timedelta(minutes=30)
    adopt(shorter.encode(), takes_effect_at=later, actor=Actor.system("setup"), now=later)
    case = forwarded()
    decision_actions.decide(case, NONE, actor=team_manager.as_actor, now=DECIDED)
    assert "de bewaartermijn van 28 dagen (protocol versie 1)" in told("no_footage")


@pytest.mark.rule("request.completion")
def test_set_aside(received: MakeCase, dpo: Person, team_manager: Person) -> None:
    case = received(moment_from=None, moment_until=None)
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    actions.forward(case, actor=dpo.as_actor, now=DECIDED + timedelta(hours=1))
    case.refresh_from_db()
    decision_actions.decide(
        case, Words(outcome=Outcome.SET_ASIDE), actor=team_manager.as_actor, now=DECIDED + timedelta(hours=1)
    )
    text = told("set_aside")
    for wanted in ("op 3 november 2026", "tot en met 17 november 2026", "datum en tijd (vanaf)", IN_NAME):
        assert wanted in text, f"{wanted}: {text}"
    assert HELD not in text


def test_a_deputy_signs_as_deputy(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    deputy = Person.objects.create(email="plv@example.nl", name="P. Invaller", role="deputy", added_at=NOW)
    text = letter_actions.preview(case, NO, deputy).words["signed_by"]
    assert text == ["P. Invaller", "plaatsvervangend teammanager Veiligheid en Juridische zaken"]


@pytest.mark.rule("request.no-footage")
def test_an_acknowledgement_promises_to_keep_only_what_can_be_found(received: MakeCase) -> None:
    received(moment_from=None, moment_until=None)
    text = told("acknowledgement")
    assert "kunnen nu niets voor u bewaren" in text
    assert "bewaren wij die" not in text
    Letter.objects.all().delete()
    received()
    text = told("acknowledgement")
    assert "Dan bewaren wij die tot er een definitief besluit is" in text
    for wanted in ("ontvangen op 3 november 2026", "uiterlijk op 1 december 2026", "nummer 2026-0002"):
        assert wanted in text, text


@pytest.mark.rule("request.extension")
def test_an_extension_names_both_days_and_no_court(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    decision_actions.extend(case, because="Er is veel film.", actor=team_manager.as_actor, now=NOW)
    text = told("extension")
    for wanted in ("uiterlijk op 30 januari 2027", "niet op 1 december 2026", "Er is veel film."):
        assert wanted in text, text
    assert "rechter" not in text


@pytest.mark.rule("request.enough")
def test_a_filmed_person_who_names_a_time_and_no_place_is_asked_and_can_be_granted(
    received: MakeCase, dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    recording, case = add_recording(), received(place="")
    assert queries.missing(case) == ("place",), "it is asked for"
    case = actions.forward(case, actor=dpo.as_actor, now=NOW)
    actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    with pytest.raises(Refused):
        decision_actions.decide(case, Words(outcome=Outcome.SET_ASIDE), actor=team_manager.as_actor, now=DECIDED)
    decision_actions.decide(case, Words(outcome=Outcome.GRANTED, choices=CHOSEN), actor=team_manager.as_actor, now=NOW)
    assert "U mag de beelden bekijken" in told("granted")


@pytest.mark.rule("request.enough")
def test_somebody_else_still_names_the_place(received: MakeCase, dpo: Person) -> None:
    case = received(kind="interest", place="")
    with pytest.raises(Refused, match="plaats"):
        actions.forward(case, actor=dpo.as_actor, now=NOW)


@pytest.mark.rule("request.enough", "request.required-fields")
@pytest.mark.parametrize("authority", ["parent", "guardian", "authorised"])
def test_a_parent_who_does_not_name_the_child_is_asked(authority: str, received: MakeCase, dpo: Person) -> None:
    case = received(authority=authority, on_behalf_of="")
    assert queries.missing(case) == ("on_behalf_of",)
    with pytest.raises(Refused, match="naam van wie is gefilmd"):
        actions.forward(case, actor=dpo.as_actor, now=NOW)
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    assert "Dan moeten wij weten voor wie." in told("completion")
    asked = {name: LETTER[name] for name in ("moment_from", "moment_until", "place")}
    actions.complete_fields(case, fields=asked | {"on_behalf_of": "Kim"}, actor=dpo.as_actor, now=NOW)
    case.refresh_from_db()
    assert queries.missing(case) == ()
