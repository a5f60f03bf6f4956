"""What the municipality calls the roles, on pages, in mail, in the journal and in letters; what somebody typed stays."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import signals
from django.template import engines
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from beeldkluis.documents import render
from beeldkluis.documents.facts import Letter
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.web.role_names import PACKAGE, marked

NAMES = """
[names]
team_manager = "chef toezicht"
dpo = "privacytoezichthouder"
dpos = "privacytoezichthouders"
administrator = "technisch beheerder"
administrators = "technisch beheerders"
officer = "boa"
officers = "boa's"
"""
STANDARD = ("eammanager", "andhaver", "unctionaris gegevensbescherming")
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Iterator[None]:
    own = tmp_path / "elders.toml"
    own.write_text('[protocol]\nmunicipality = "Elders"\nversion = "1"\n' + NAMES, encoding="utf-8")
    settings.PROTOCOL_FILE = own
    yield
    signals.setting_changed.send(sender=None, setting="PROTOCOL_FILE", value="", enter=False)


@pytest.mark.parametrize(
    "address", ["/", "/verzoeken/", "/handhavers/", "/rechten/", "/vervanging/", "/sleutels/", "/opnames/"]
)
def test_pages_use_the_municipality_s_words(
    address: str, elsewhere: None, client: Client, team_manager: Person
) -> None:
    client.force_login(team_manager)
    page = client.get(address).content.decode().replace(team_manager.name, "")
    assert not [word for word in STANDARD if word in page.replace("/handhavers/", "")]


def test_the_page_of_officers_is_headed_by_their_name(elsewhere: None, client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    page = client.get("/handhavers/").content.decode()
    assert "<h1>Boa's</h1>" in page.replace("&#x27;", "'")
    assert "Boa toevoegen" in page


def test_the_public_page_uses_them(elsewhere: None, client: Client, db: None) -> None:
    page = client.get("/over-bodycams/").content.decode()
    assert "Boa's van de gemeente Elders" in page or "Boa&#x27;s van de gemeente Elders" in page
    assert "Alleen de chef toezicht kan beelden openen" in page
    assert "aan de privacytoezichthouder van de gemeente" in page
    assert not [word for word in STANDARD if word in page]


def test_a_refusal_and_a_mail_use_them_and_a_letter_keeps_what_was_typed(elsewhere: None, db: None) -> None:
    assert may(Role.ADMINISTRATOR, Act.DECIDE_CASE).reason == "Dit kan alleen de chef toezicht."
    assert Role.DPO.dutch == "privacytoezichthouder"
    system = Actor.system("tests")
    mail = queue_mail(
        to="x@example.nl", subject="Aan de teammanager", text="Vraag de beheerder.", actor=system, now=NOW
    )
    assert (mail.about, mail.body["text"]) == ("Aan de chef toezicht", "Vraag de technisch beheerder.")
    words = {
        "about": "wat ik zag", "kind": "access", "objection_address": ["X"], "form": "viewing", "because": "De handhaver riep.",
    }  # fmt: skip
    told = Letter(
        kind="granted", municipality="Elders", sender=(), recipient=("J.",), date="x", reference="2026-0001", protocol="1",
        words=words,
    )  # fmt: skip
    made = render.letter(told, made_at=NOW)
    text = " ".join(" ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(made)).pages)
    assert "De chef toezicht en de boa die de camera droeg, zijn erbij" in text
    assert "De handhaver riep." in text
    assert "teammanager" not in text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>De teammanager en handhavers</p>", "<p>De chef toezicht en boa's</p>"),
        ('<a href="/handhavers/">Handhaver</a>', '<a href="/handhavers/">Boa</a>'),
        ("{{ typed }}", "de handhaver"),
        ('{% load beeldkluis %}{% badge "ok" "Handhaver" %}', '<span class="utrecht-status-badge badge-ok">Boa</span>'),
        ('{% if typed == "de handhaver" %}ja{% endif %}', "ja"),
        ("{# handhaver #}het handhavingssysteem", "het handhavingssysteem"),
    ],
)
def test_a_template_is_marked_where_it_says_a_role_itself(source: str, shown: str, elsewhere: None) -> None:
    made = engines["django"].from_string(marked(source)).render({"typed": "de handhaver"})
    assert made.replace("&#x27;", "'") == shown


def test_every_template_can_be_marked() -> None:
    found = sorted(Path(PACKAGE).rglob("templates/**/*.html"))
    assert len(found) > 50
    for path in found:
        engines["django"].from_string(marked(path.read_text(encoding="utf-8")))
