"""What is asked of who asks: looking or a copy, for whom and with what proof, and whether letters may go by e-mail."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings

from beeldkluis.cases import actions, email_actions, letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.cases.step_forms import DecisionForm
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.deciding import Facts, Outcome, Words, may_decide
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.letters import may_email
from beeldkluis.protocol.representation import Authority, doubt_of, may_ask, to_ask
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import CHOSEN, INCIDENT, LETTER, NOW

AddRecording = Callable[..., Recording]
FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def desk(client: Client, dpo: Person) -> Client:
    client.force_login(dpo)
    return client


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def public(**changed: str) -> dict[str, str]:
    at = f"{timezone.localtime(INCIDENT):%Y-%m-%dT%H:%M}"
    told = {
        "kind": "access",
        "requester_name": "J. de Vries",
        "requester_phone": "0594 000 000",
        "moment_from": at,
        "once": "x",
    }
    return told | changed


def asks(**changed: str) -> tuple[Case, str]:
    """By the form of the website: the case, and the page after it."""
    answer = Client().post("/over-bodycams/verzoek/", public(**changed))
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(), Client().get(answer["Location"]).content.decode()


def acknowledged(case: Case) -> str:
    return words(letter_actions.document(Letter.objects.get(case=case, kind="acknowledgement"), now=NOW))


def test_half_past_two_in_the_night_of_the_change_is_received_held_and_asked_about(desk: Client) -> None:
    case, page = asks(moment_from="2026-10-25T02:30", moment_until="2026-10-25T02:45")
    assert (case.moment_from, case.moment_until) == (FIRST, SECOND)
    assert case.in_doubt == ["moment_from", "moment_until"]
    for told in (page, acknowledged(case), desk.get(f"/verzoeken/{case.reference}/").content.decode()):
        assert "U noemde 25 oktober 2026, 02.30 uur." in told
        assert "Was het de eerste of tweede keer?" in told
    form = desk.get(f"/verzoeken/{case.reference}/aanvullen/").content.decode()
    assert form.count('<option value="" selected>dat weet ik niet') == 2
    typed = {"received_by_channel": "form", "requester_name": "J. de Vries", "requester_phone": "1",
    "moment_from": "2026-10-25T02:30",
             "moment_from_twice": "2", "moment_until": "2026-10-25T02:45", "moment_until_twice": "2"}  # fmt: skip
    assert desk.post(f"/verzoeken/{case.reference}/aanvullen/", typed).status_code == 302
    case.refresh_from_db()
    assert (case.moment_from, case.moment_until, case.in_doubt) == (FIRST + timedelta(hours=1), SECOND, [])
    assert "eerste of tweede keer" not in desk.get(f"/verzoeken/{case.reference}/").content.decode()


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("2026-10-25T02:30", "", (FIRST, FIRST + timedelta(hours=1))),
        ("", "2026-10-25T02:45", (SECOND - timedelta(hours=1), SECOND)),
        (
            "2026-03-29T02:30",
            "2026-03-29T03:10",
            (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, 10, tzinfo=UTC)),
        ),
        ("2026-10-25T02:45", "2026-10-25T02:15", (FIRST + timedelta(minutes=15), SECOND - timedelta(minutes=30))),
    ],
)
def test_one_moment_alone_and_an_hour_that_never_was(
    db: None, dpo: Person, start: str, end: str, wanted: tuple[datetime, datetime]
) -> None:
    case, _page = asks(moment_from=start, moment_until=end)
    assert (case.moment_from, case.moment_until) == wanted


def test_the_desk_registers_it_too_also_when_that_is_when_it_came_in(desk: Client) -> None:
    assert "nacht van 24 oktober op 25 oktober 2026" in desk.get("/verzoeken/nieuw/?kind=access").content.decode()
    typed = {"kind": "access", "received_by_channel": "letter", "requester_name": "J. de Vries",
    "received_at": "2026-10-25T02:30",
             "moment_from": "2026-10-25T02:30", "moment_until": "2026-10-25T02:45", "moment_until_twice": "1"}  # fmt: skip
    assert desk.post("/verzoeken/nieuw/", typed).status_code == 302
    case = Case.objects.get()
    assert (case.received_at, case.moment_from, case.in_doubt) == (FIRST, FIRST, ["moment_from"])
    assert case.moment_until == SECOND - timedelta(hours=1)


def test_what_no_screen_shows_is_in_no_letter(desk: Client) -> None:
    typed = {"kind": "access", "received_by_channel": "letter", "requester_name": "\u202aJan\u202c de\u00a0Boer\u200e",
             "requester_address": "Hoofdstraat\u202f12 \u2116\u00a03", "requester_place": "9351\u2009AB Leek\ufeff",
             "requester_organisation": "\ufb01ets\U0001d4d9", "place": "Markt\u2028bij nr. 5"}  # fmt: skip
    assert desk.post("/verzoeken/nieuw/", typed).status_code == 302
    told = acknowledged(Case.objects.get())
    for line in ("Jan de Boer", "Hoofdstraat 12 No 3", "9351 AB Leek", "fietsJ"):
        assert line in told
    assert "□" not in told


def test_who_sends_a_letter_is_told_what_it_cannot_print(desk: Client) -> None:
    typed = {
        "kind": "access",
        "received_by_channel": "letter",
        "requester_name": "محمد علی 😀",
        "requester_address": "Straat 1",
    }
    desk.post("/verzoeken/nieuw/", typed)
    case = Case.objects.get()
    assert case.requester_name == "محمد علی 😀"
    assert "[Arabisch schrift]" in acknowledged(case)
    page = desk.get(f"/verzoeken/{case.reference}/brief/{case.letters.get().pk}/").content.decode()
    assert "Niet alles kan worden afgedrukt" in page
    assert "محمد علی" in page


def test_looking_or_a_copy_is_asked_and_shown_to_who_decides(
    db: None, dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    recording = add_recording()
    case, page = asks()
    assert "Wilt u de beelden bekijken, of wilt u een kopie?" in page
    assert "Wilt u de beelden bekijken, of wilt u een kopie?" in acknowledged(case)
    actions.complete_fields(case, fields={"wish": "copy"}, actor=dpo.as_actor, now=NOW)
    actions.forward(case, actor=dpo.as_actor, now=NOW)
    actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    client = Client()
    client.force_login(team_manager)
    told = client.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "Een kopie waarop anderen onherkenbaar zijn" in told
    assert (
        'value="copy" id="id_form_1" checked' in " ".join(told.split())
        or 'value="copy" class' in told
        or "checked" in told
    )
    assert "Volgens artikel 15 AVG mag dat niet" in told
    typed = {"outcome": "granted", "form": "viewing", "grounds": "", "choice_I-26": "law", "choice_I-27": "law"}
    told = client.post(f"/verzoeken/{case.reference}/besluit/", typed).content.decode()
    assert "De verzoeker vraagt een kopie, en heeft daar recht op" in told
    case.refresh_from_db()
    assert case.state == "forwarded"
    typed |= {"grounds": "Op elke beeld staan anderen die niet te bedekken zijn."}
    assert client.post(f"/verzoeken/{case.reference}/besluit/", typed).status_code == 302


def test_the_form_of_the_decision_begins_with_what_was_asked() -> None:
    for wish, first in (("copy", "copy"), ("", "viewing"), ("viewing", "viewing")):
        form = DecisionForm(CaseKind.ACCESS, Facts(confirmed=1, unsorted=0, wish=wish))
        assert form["form"].value() == first


def test_a_filmed_person_who_names_a_time_and_no_place_is_granted_from_form_to_letter(
    db: None, dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    recording = add_recording()
    case, _page = asks(wish="viewing", requester_email="j@example.nl", by_email="on")
    assert case.place == ""
    assert Hold.objects.filter(case=case.reference, released_at=None).count() == 1
    desk, manager = Client(), Client()
    desk.force_login(dpo)
    manager.force_login(team_manager)
    assert desk.post(f"/verzoeken/{case.reference}/doorzetten/").status_code == 302
    assert manager.post(f"/verzoeken/{case.reference}/opname/{recording.pk}/hoort-erbij/").status_code == 302
    typed = {"outcome": "granted", "form": "viewing", "choice_I-26": "law", "choice_I-27": "law"}
    assert manager.post(f"/verzoeken/{case.reference}/besluit/", typed).status_code == 302
    told = words(letter_actions.document(Letter.objects.get(kind="granted"), now=NOW))
    assert "U mag de beelden bekijken" in told
    assert "31 oktober 2026, rond 22.40 uur" in told


@pytest.mark.rule("request.for-another")
def test_who_may_ask_for_somebody_else() -> None:
    told = lambda authority, age=None, proof="": may_ask(authority=authority, age=age, proof=proof)  # noqa: E731 - short
    assert told("").allowed
    assert told("", 34).allowed
    assert "ouder of voogd" in told("", 15).reason
    assert told("", 16).allowed
    assert told(Authority.PARENT, 15, "family_record").allowed
    assert "nog geen bewijs" in told(Authority.PARENT, 15).reason
    assert "leeftijd" in told(Authority.PARENT, None, "family_record").reason
    assert "vraagt het zelf" in told(Authority.GUARDIAN, 16, "family_record").reason
    assert told(Authority.AUTHORISED, None, "mandate").allowed
    assert not told(Authority.AUTHORISED, None, "").allowed
    assert "overleden" in told(Authority.KIN, None, "court").reason
    for authority in Authority:
        assert to_ask(authority=authority, age=None, proof="")
    assert to_ask(authority="", age=None, proof="") == ()
    assert to_ask(authority=Authority.PARENT, age=9, proof="") == (
        to_ask(authority=Authority.PARENT, age=None, proof="")[1],
    )


@pytest.mark.rule("request.for-another")
def test_a_grant_to_who_did_not_show_that_they_may_ask_says_why() -> None:
    yes = Words(outcome=Outcome.GRANTED, choices=CHOSEN)
    doubt = Facts(confirmed=1, unsorted=0, doubt="Er is nog geen bewijs gezien.")
    assert may_decide(CaseKind.ACCESS, yes, doubt).rule == "request.for-another"
    said = Words(outcome=Outcome.GRANTED, choices=CHOSEN, grounds="Gezien bij de balie.")
    assert may_decide(CaseKind.ACCESS, said, doubt).allowed
    assert may_decide(CaseKind.ACCESS, yes, Facts(confirmed=1, unsorted=0)).allowed
    assert "vraagt het zelf" in doubt_of("parent", 16, "family_record")
    assert "ouder of voogd" in doubt_of("", 15, "")
    assert "overleden" in doubt_of("kin", None, "")
    for unknown in (("parent", None, ""), ("parent", 9, ""), ("authorised", None, ""), ("", None, ""), ("", 34, "")):
        assert doubt_of(*unknown) == "", "shown on the case, and no ground to hold back a yes"


def test_a_childs_name_age_and_the_proof_are_asked_kept_and_shown(
    desk: Client, dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    add_recording()
    case, page = asks(authority="parent", on_behalf_of="Kim de Vries", on_behalf_of_age="9")
    assert Hold.objects.filter(case=case.reference, released_at=None).exists(), "held whoever asks"
    assert "uittreksel uit het gezagsregister" in page
    assert "uittreksel uit het gezagsregister" in acknowledged(case)
    told = " ".join(desk.get(f"/verzoeken/{case.reference}/").content.decode().split())
    assert "Kim de Vries, 9 jaar, als ouder" in told
    assert "nog geen bewijs gezien" in told
    typed = {"document": "passport", "proof": "family_record"}
    assert desk.post(f"/verzoeken/{case.reference}/stap/identiteit/", typed).status_code == 302
    manager = Client()
    manager.force_login(team_manager)
    told = " ".join(manager.get(f"/verzoeken/{case.reference}/").content.decode().split())
    assert "geboorteakte of uittreksel uit het gezagsregister, gezien op 03-11-2026" in told
    assert "nog geen bewijs gezien" not in told
    case.refresh_from_db()
    assert (case.authority_proof, case.authority_seen_by) == ("family_record", dpo)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"authority": "parent", "on_behalf_of": "Kim", "on_behalf_of_age": "16"}, "Uw kind is 16 jaar of ouder."),
        ({"authority": "parent", "on_behalf_of": "Kim"}, "Hoe oud is het kind?"),
        ({"authority": "authorised", "on_behalf_of": "Kim"}, "Stuur een machtiging met de handtekening"),
        ({"authority": "representative", "on_behalf_of": "Kim"}, "curator of mentor"),
        ({"on_behalf_of_age": "14"}, "vraagt dit met een ouder of voogd"),
    ],
)
def test_what_must_be_shown_is_asked_and_the_request_is_received(
    db: None, dpo: Person, typed: dict[str, str], told: str
) -> None:
    assert told in asks(**typed)[1]


def test_whoever_remains_of_somebody_who_died_asks_as_somebody_with_an_interest(desk: Client) -> None:
    typed = public(authority="kin", on_behalf_of="Opa de Vries")
    page = Client().post("/over-bodycams/verzoek/", typed).content.decode()
    assert "De AVG geeft geen recht op inzage in beelden van iemand die is overleden." in page
    assert "Opa de Vries" in page
    told = {"kind": "access", "received_by_channel": "letter", "requester_name": "J.", "authority": "kin"}
    assert "iemand die is overleden" in desk.post("/verzoeken/nieuw/", told).content.decode()
    assert not Case.objects.exists()
    case, _page = asks(kind="interest", authority="kin", on_behalf_of="Opa de Vries", demonstrable_interest="Afscheid.")
    assert case.kind == "interest"
    told_to = " ".join(desk.get(f"/verzoeken/{case.reference}/").content.decode().split())
    assert "Opa de Vries, als nabestaande van iemand die is overleden" in told_to


@pytest.mark.rule("request.by-email")
def test_only_who_agreed_gets_letters_by_email() -> None:
    assert not may_email(kind="granted", agreed=False).allowed
    assert may_email(kind="granted", agreed=True).allowed
    assert may_email(kind="officer_notice", agreed=False).allowed


def test_without_agreement_letters_go_by_post_and_it_can_be_given_and_taken_back(
    desk: Client, dpo: Person, settings: Settings
) -> None:
    settings.MAIL_FROM = "bodycams@example.nl"
    case = actions.receive(**LETTER | {"by_email": False}, actor=dpo.as_actor, now=NOW)
    letter = case.letters.get()
    at = f"/verzoeken/{case.reference}/brief/{letter.pk}/"
    page = desk.get(at).content.decode()
    assert "Versturen per e-mail" not in page
    assert "Verstuur de brief per post." in page
    assert "Brieven gaan" in desk.get(f"/verzoeken/{case.reference}/").content.decode()
    with pytest.raises(Refused, match="niet gezegd"):
        letter_actions.send(letter, actor=dpo.as_actor, now=NOW)
    assert "U krijgt onze brieven per post." in acknowledged(case)
    step = f"/verzoeken/{case.reference}/stap/e-mail/"
    assert "Vul het e-mailadres in." in desk.post(step, {"agreed": "ja", "email": ""}).content.decode()
    assert desk.post(step, {"agreed": "ja", "email": "nieuw@example.nl"}).status_code == 302
    assert "Versturen per e-mail" in desk.get(at).content.decode()
    assert "nieuw@example.nl" in desk.get(at).content.decode()
    email_actions.set_by_email(case, agreed=False, email="", actor=dpo.as_actor, now=NOW)
    assert "Versturen per e-mail" not in desk.get(at).content.decode()
    assert desk.post(f"{at}versturen/", {"how": "post"}).status_code == 302
    log = desk.get("/logboek/").content.decode()
    for line in (
        "de verzoeker wil de brieven per e-mail",
        "de brieven gaan per post",
        "brief verstuurd (acknowledgement, post)",
    ):
        assert line in log, line
    assert "per post" in desk.get(at).content.decode()


@pytest.mark.rule("request.by-email")
def test_agreement_that_is_taken_back_between_page_and_post_counts(dpo: Person, settings: Settings) -> None:
    settings.MAIL_FROM = "bodycams@example.nl"
    case = actions.receive(**LETTER, actor=dpo.as_actor, now=NOW)
    shown = Letter.objects.select_related("case").get(case=case)
    assert shown.case.by_email
    email_actions.set_by_email(case, agreed=False, email="", actor=dpo.as_actor, now=NOW)
    with pytest.raises(Refused, match="niet gezegd"):
        letter_actions.send(shown, actor=dpo.as_actor, now=NOW)
    assert not Letter.objects.get(case=case).how
    assert not Outgoing.objects.filter(channel=Outgoing.Channel.MAIL).exists()
    email_actions.set_by_email(case, agreed=True, email="nieuw@example.nl", actor=dpo.as_actor, now=NOW)
    letter_actions.send(shown, actor=dpo.as_actor, now=NOW)
    assert Outgoing.objects.get(channel=Outgoing.Channel.MAIL).body["to"] == "nieuw@example.nl"


def test_both_forms_ask_for_it_and_the_journal_says_what_was_said(desk: Client, dpo: Person) -> None:
    case, page = asks(requester_email="j@example.nl", requester_phone="")
    assert case.email_agreed_at is None
    assert "Wij hebben geen postadres van u." in page
    assert any(b'"by_email":false' in bytes(one.data) for one in Entry.objects.filter(act="cases.case_received"))
    agreed = actions.receive(**LETTER, actor=dpo.as_actor, now=NOW)
    assert agreed.email_agreed_at == NOW
    assert "U krijgt onze brieven per e-mail op j.devries@example.nl, omdat u dat wilt." in acknowledged(agreed)
    typed: dict[str, Any] = {
        "kind": "access",
        "received_by_channel": "letter",
        "requester_name": "J.",
        "by_email": "on",
    }
    assert (
        "Vul het e-mailadres in waar de brieven heen mogen." in desk.post("/verzoeken/nieuw/", typed).content.decode()
    )
    page = Client().post("/over-bodycams/verzoek/", public(by_email="on")).content.decode()
    assert "Vul het e-mailadres in waar de brieven heen mogen." in page


def test_a_remedy_with_a_day_that_cannot_be_comes_back_and_nothing_is_refused(
    desk: Client, dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    case = actions.receive(**LETTER, actor=dpo.as_actor, now=NOW)
    before, step = Entry.objects.count(), f"/verzoeken/{case.reference}/stap/klacht/"
    page = desk.post(step, {"received_at": "2026-12-01T10:00", "where": "AP, nummer 7"}).content.decode()
    assert "De datum van ontvangst ligt in de toekomst." in page
    assert "AP, nummer 7" in page
    assert desk.post(step, {"received_at": "2026-10-25T02:30"}).status_code == 200, "asked: the first or the second"
    assert Entry.objects.count() == before
    assert desk.post(step, {"received_at": "2026-11-03T09:30", "where": "AP, nummer 7"}).status_code == 302
    at = f"/verzoeken/{case.reference}/rechtsmiddel/{case.remedies.get().pk}/"
    before = Entry.objects.count()
    for day, words_ in (
        ("2026-12-01T10:00", "Deze dag moet nog komen."),
        ("2026-11-01T10:00", "ligt voor de ontvangst"),
    ):
        page = desk.post(at, {"outcome": "dismissed", "at": day, "note": "getypt"}).content.decode()
        assert words_ in page
        assert "getypt" in page
    assert Entry.objects.count() == before
    assert desk.post(at, {"outcome": "dismissed", "at": "2026-11-03T09:45"}).status_code == 302
