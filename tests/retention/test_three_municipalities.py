"""Each municipality that is shipped as an example, through the whole chain: set up, docked, asked, decided, destroyed, told."""

import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings
from tests.retention.world import ENDED, World

from beeldkluis.cases import actions as cases
from beeldkluis.cases import decision_actions, letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.governance import actions as governing
from beeldkluis.governance import queries as governance
from beeldkluis.governance import registers
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Notice, Person
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.requests import may_forward
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention import tasks
from beeldkluis.vault.queries import certificate
from beeldkluis.web import actions, ticking
from beeldkluis.web.models import OneTimeLink

pytestmark = pytest.mark.django_db
STRANGE = ("Westerkwartier", "Juridische zaken", "westerkwartier.nl", "Zuidhorn")


@dataclass(frozen=True)
class Town:
    """What somebody who knows the municipality expects to read."""

    file: str
    name: str
    officer: str
    days: int
    public: tuple[str, ...]
    hidden: tuple[str, ...] = ()


TOWNS = (
    Town(
        "winterswijk-1.toml", "Winterswijk", "boa", 10,
        ("Precies 10 dagen", "laatste 120 seconden", "artikel 6, eerste lid, onder f", "t.a.v. Beheerder bodycam", "DigiD"),
        ("Doe een verzoek", "andhaver", "28 dagen na het einde"),
    ),
    Town(
        "heerde-1.toml", "Heerde", "handhaver", 28,
        ("Precies 28 dagen", "binnen 21 dagen", "Ook dan behandelen wij uw verzoek", "formulier op www.heerde.nl"),
        ("Doe een verzoek", "seconden door"),
    ),
    Town(
        "hilversum-1.toml", "Hilversum", "BOA", 28,
        ("Precies 28 dagen", "laatste 60 seconden", "nog 60 seconden door", "Doe een verzoek"),
        ("andhaver", "120 seconden", "U wordt gevraagd"),
    ),
)  # fmt: skip


@pytest.fixture
def first_run(world: World, settings: Settings, tmp_path: Path) -> World:
    """A server on which nothing was chosen yet."""
    settings.CHOSEN_PROTOCOL_FILE = tmp_path / "protocol.toml"
    settings.PROTOCOL_FILE = settings.FIRST_PROTOCOL_FILE
    settings.PROTOCOLS_FOLDER = tmp_path / "protocols"
    return world


def typed(client: Client, **changed: object) -> dict[str, object]:
    code = actions.make_link(OneTimeLink.Kind.SETUP, person=None, actor=Actor.system("set-up"), now=clock.now())
    people = {
        f"{name}_{part}": f"{name}@example.nl" if part == "email" else f"Wie {name}"
        for name in ("administrator", "dpo", "team_manager")
        for part in ("name", "email")
    }
    objection = "Commissie bezwaarschriften\nPostbus 1"
    return people | {"code": code, "objection": objection} | changed


def somebody(role: Role) -> Person:
    return Person.objects.get(role=role.value)


def ask(recording: Recording, at: datetime, **changed: object) -> Case:
    """A filmed person who gives no reason and no address, as the law lets anybody."""
    case = cases.receive(
        kind="access", received_by_channel="letter", requester_name="J. Jansen", requester_phone="06 1234",
        moment_from=recording.activated_at, moment_until=recording.ended_at, place="Markt",
        actor=somebody(Role.DPO).as_actor, now=at, **changed,  # type: ignore[arg-type] # a table of keywords
    )  # fmt: skip
    assert may_forward(CaseKind.ACCESS, cases.queries.facts(case), governance.in_force()).allowed
    return cases.forward(case, actor=somebody(Role.DPO).as_actor, now=at)


def grant(case: Case, recording: Recording, at: datetime) -> None:
    team_manager = somebody(Role.TEAM_MANAGER).as_actor
    cases.link_recording(case, recording.pk, actor=team_manager, now=at)
    words = Words(
        outcome=Outcome.GRANTED, grounds="De handhaver riep.", considerations={one: f"antwoord {one}" for one in "abcde"},
        choices={"I-26": "law", "I-27": "law"},
    )  # fmt: skip
    decision_actions.decide(case, words, actor=team_manager, now=at)


def on_paper(kind: str, at: datetime) -> str:
    made = letter_actions.document(Letter.objects.get(kind=kind), now=at)
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(made)).pages).split())


def everything_said() -> str:
    """What was written to anybody, and what the journal tells."""
    mails = [f"{one.about} {one.body}" for one in Outgoing.objects.all()]
    notices = [f"{one.subject} {one.text}" for one in Notice.objects.all()]
    return " ".join([*mails, *notices, *(str(one.words) for one in Letter.objects.all())])


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.name)
def test_the_whole_chain_in_its_own_names_and_numbers(town: Town, first_run: World, client: Client) -> None:
    done = client.post("/instellen/", typed(client, protocol=town.file))
    assert len(set(re.findall(r"/uitnodiging/([\w-]+)/", done.content.decode()))) == 3
    ticking.protocol(ENDED)
    register = governance.in_force()
    assert (register.municipality, register.version) == (town.name, "1")
    assert Entry.objects.filter(act="governance.base_chosen").count() == 1

    asked, kept = first_run.receive(), first_run.receive(ENDED + timedelta(hours=5))
    due = ENDED + timedelta(days=town.days)
    assert asked.due_at == due
    late = due - timedelta(hours=1)  # also after a last day to ask: it keeps nobody out
    case = ask(asked, late)
    assert Hold.objects.filter(recording=asked.pk, released_at=None).count() == 1
    grant(case, asked, late)

    letters = {kind: on_paper(kind, late) for kind in ("acknowledgement", "granted")}
    assert "De teammanager besluit over uw verzoek" in letters["acknowledgement"]
    assert f"Gemeente {town.name}" in letters["granted"]
    assert f"van {town.name}, Wie team_manager teammanager" in letters["granted"]
    assert f"{town.days} dagen na de opname" in letters["granted"]
    assert f"de {town.officer} die de camera droeg" in letters["granted"]
    assert "De handhaver riep." in letters["granted"]  # what was typed

    first_run_round = tasks.round_(due)
    assert first_run_round.destroyed == []
    assert first_run_round.problems == []
    assert tasks.round_(due + timedelta(hours=5) - timedelta(seconds=1)).destroyed == []
    assert tasks.round_(due + timedelta(hours=5)).destroyed == [kept.pk]
    assert first_run.still_opens(asked)
    assert not first_run.still_opens(kept)
    paper = certificate(kept.pk)
    assert paper is not None
    assert paper.due_at == due + timedelta(hours=5)

    client.force_login(somebody(Role.TEAM_MANAGER))
    told = [
        client.get(f"/opnames/{kept.pk}/vernietiging/").content.decode(),
        client.get("/protocol/1/").content.decode(),
    ]
    public = client.get("/over-bodycams/").content.decode()
    said = " ".join([*told, public, *letters.values(), everything_said()])
    for words in town.public:
        assert words in public, words
    for words in town.hidden:
        assert words not in public, words
    assert not [words for words in STRANGE if words in said]


def test_where_the_municipality_has_its_own_way_the_form_leads_there(first_run: World, client: Client) -> None:
    client.post("/instellen/", typed(client, protocol="winterswijk-1.toml"))
    assert client.get("/over-bodycams/verzoek/")["Location"] == "/over-bodycams/#vragen"
    assert client.post("/over-bodycams/verzoek/", {"requester_name": "J."}).status_code == 302
    assert not Case.objects.exists()


OWN = '[protocol]\nmunicipality = "Ons Dorp"\nversion = "3"\n[retention.period]\nplace = "art. 4"\ndays = 7\n'


def test_an_own_file_is_taken_and_a_wrong_one_says_where(first_run: World, client: Client) -> None:
    wrong = io.BytesIO(OWN.replace("days = 7", 'days = "kort"').encode())
    wrong.name = "dorp.toml"
    page = client.post("/instellen/", typed(client, protocol="own", protocol_file=wrong)).content.decode()
    assert "dorp.toml, regel 6: [retention.period] days" in page
    assert not Person.objects.exists()
    assert "Kies het bestand." in client.post("/instellen/", typed(client, protocol="own")).content.decode()
    right = io.BytesIO(OWN.encode())
    right.name = "dorp.toml"
    client.post("/instellen/", typed(client, protocol="own", protocol_file=right))
    assert registers.base().municipality == "Ons Dorp"
    assert governance.in_force().number("retention.period", "days") == 7
    ticking.protocol(clock.now())
    current = governance.current()
    assert current is not None
    assert current.number == "3"


def test_until_there_are_people_no_version_is_taken_over(first_run: World) -> None:
    ticking.protocol(ENDED)
    assert governance.current() is None


def test_the_command_sets_up_with_a_file_and_not_once_there_are_people(first_run: World, client: Client) -> None:
    out = io.StringIO()
    call_command("setup", protocol="hilversum-1.toml", stdout=out)
    assert "Hier geldt nu het protocol van Hilversum, versie 1." in out.getvalue()
    assert governance.in_force().municipality == "Hilversum"
    with pytest.raises(CommandError, match="is niet te lezen"):
        call_command("setup", protocol="nergens.toml", stdout=out)
    page = client.get("/instellen/").content.decode()
    assert re.search(r'<option value="" selected>Hilversum \(op de server gekozen\)', page)
    client.post("/instellen/", typed(client, protocol=""))
    assert governance.in_force().municipality == "Hilversum"
    with pytest.raises(CommandError, match="Er zijn hier al mensen"):
        call_command("setup", protocol="heerde-1.toml", stdout=out)


def test_once_a_version_holds_or_the_server_names_a_file_nothing_is_chosen(
    first_run: World, settings: Settings
) -> None:
    hilversum, setup = registers.by_name("hilversum-1.toml"), Actor.system("set-up")
    governing.adopt(registers.by_name("heerde-1.toml"), takes_effect_at=ENDED, actor=setup, now=ENDED)
    with pytest.raises(Refused, match="Hier geldt al een protocol"):
        governing.choose_base(hilversum, actor=setup)
    settings.PROTOCOL_NAMED = True
    with pytest.raises(Refused, match="BEELDKLUIS_PROTOCOL"):
        governing.choose_base(hilversum, actor=setup)
    assert not Path(settings.CHOSEN_PROTOCOL_FILE).exists()


def test_a_file_is_looked_over_before_it_counts(first_run: World, tmp_path: Path) -> None:
    out, own = io.StringIO(), tmp_path / "dorp.toml"
    own.write_text(OWN)
    call_command("protocol", "check", str(own), against="heerde-1.toml", stdout=out)
    for words in (
        "gemeente Ons Dorp, versie 3",
        "retention.period: 7 dagen, daar 28 dagen. (art. 4)",
        "request.cut-off: 0 dagen, daar 21 dagen.",
        "Regel retention.notice is niet korter dan regel retention.period",
        "zegt dit bestand niets",
    ):
        assert words in out.getvalue(), words
    own.write_text(OWN + "dagen = 3\n")
    with pytest.raises(CommandError, match=r"dorp\.toml, regel 7: \[retention\.period\] dagen: .* Mogelijk: days"):
        call_command("protocol", "check", str(own), stdout=out)
    out = io.StringIO()
    call_command("protocol", "list", stdout=out)
    assert out.getvalue().split()[0] == "westerkwartier-1.toml"
