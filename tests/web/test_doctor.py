from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Person
from beeldkluis.web import actions, doctor
from beeldkluis.web.due import for_person
from beeldkluis.web.events import SignedOut


def said(part: Any) -> str:
    return " ".join(part())


def test_without_a_secret_and_a_signing_key_it_says_what_to_do(settings: Any) -> None:
    settings.SECRET_KEY = settings.NO_SECRET
    assert "geen geheim" in said(doctor.secrets)
    assert "ondertekensleutel van de kluis ontbreekt" in said(doctor.secrets)


def test_secrets_that_others_can_read_are_named(settings: Any) -> None:
    make_signing_key()
    assert said(doctor.secrets) == ""
    Path(settings.SIGNING_KEY_FILE).chmod(0o644)
    assert f"{settings.SIGNING_KEY_FILE} is ook voor anderen leesbaar" in said(doctor.secrets)


@pytest.mark.parametrize(
    ("address", "proxies", "word"),
    [
        ("http://localhost:8000", 0, ""),
        ("http://beeld.example.nl", 0, "zonder https"),
        ("https://beeld.example.nl", 0, "BEELDKLUIS_PROXIES is 0"),
        ("https://beeld.example.nl", 1, ""),
        ("https://anders.example.nl", 1, "BEELDKLUIS_HOSTS noemt anders.example.nl niet"),
    ],
)
def test_an_address_that_browsers_will_not_trust_is_named(settings: Any, address: str, proxies: int, word: str) -> None:
    settings.ADDRESS, settings.HTTPS = address, address.startswith("https")
    settings.ALLOWED_HOSTS = ["localhost", "beeld.example.nl"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert (word in said(doctor.address)) if word else (said(doctor.address) == "")


def test_a_protocol_file_that_is_gone_or_wrong_is_named(settings: Any, tmp_path: Path, db: None) -> None:
    assert said(doctor.protocol) == ""
    settings.PROTOCOL_FILE = tmp_path / "weg.toml"
    assert "niet te lezen" in said(doctor.protocol)
    settings.PROTOCOL_FILE.write_text("geen toml [")
    assert "klopt niet" in said(doctor.protocol)
    head = '[protocol]\nmunicipality = "Elders"\nversion = "1"\n[retention.period]\nplace = "1"\n'
    settings.PROTOCOL_FILE.write_text(f"{head}dagen = 10\n")
    assert "weg.toml, regel 6: [retention.period] dagen: dit getal kent het programma niet" in said(doctor.protocol)
    settings.PROTOCOL_FILE.write_text(f"{head}days = 10\n")
    assert said(doctor.protocol) == ""


def test_the_days_of_a_decree_that_end_within_a_year_are_named_and_told_to_who_counts_terms(
    team_manager: Person, dpo: Person, administrator: Person
) -> None:
    known = datetime(2027, 12, 30, 9, tzinfo=UTC)
    assert not list(doctor.decree(known))
    late = known + timedelta(days=5)
    assert "Na 31 december 2028 zijn de gelijkgestelde feestdagen niet bekend" in " ".join(doctor.decree(late))
    for person in (team_manager, dpo):
        told = [one for one in for_person(person, late) if "gelijkgestelde feestdagen" in one.title]
        assert [one.urgent for one in told] == [True]
        assert not [one for one in for_person(person, known) if "gelijkgestelde" in one.title]
    assert not [one for one in for_person(administrator, late) if "gelijkgestelde" in one.title]


def test_missing_people_and_keys_are_named(administrator: Person) -> None:
    words = said(doctor.people_and_keys)
    assert "niemand met de rol teammanager" in words
    assert "rol beheerder" not in words
    assert "geen teamsleutel" in words
    assert "geen herstelsleutel" in words


def test_a_full_disk_is_named(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_FOLDER = settings.STORE_FOLDER = settings.STAGING_FOLDER = tmp_path
    monkeypatch.setattr(doctor, "LEAST_FREE", 1)
    assert said(doctor.disks) == ""
    monkeypatch.setattr(doctor, "LEAST_FREE", 2**62)
    assert said(doctor.disks).count("GiB vrij") == 1, "one disk is named once"


def test_what_should_have_been_destroyed_an_hour_ago_is_named(db: None) -> None:
    ended = clock.now() - timedelta(days=28, minutes=30)
    recording = Recording.objects.create(
        id=uuid4(),
        number=1,
        source="dock",
        serial="S",
        started_at=ended,
        activated_at=ended,
        ended_at=ended,
        received_at=ended,
        due_at=ended + timedelta(days=28),
        clock_offset_ms=0,
    )
    assert said(doctor.erasure) == ""
    earlier = ended - timedelta(hours=1)
    Recording.objects.filter(pk=recording.pk).update(
        started_at=earlier, activated_at=earlier, ended_at=earlier, due_at=earlier + timedelta(days=28)
    )
    assert "1 opnames hadden al vernietigd moeten zijn" in said(doctor.erasure)


def test_a_clock_that_runs_behind_the_journal_is_named(administrator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(doctor.clock_at_hand) == ""
    actions.note("web.sign_out", SignedOut(), actor=administrator.as_actor)
    monkeypatch.setattr(clock, "now", lambda: administrator.added_at.replace(year=2020))
    assert "loopt achter" in said(doctor.clock_at_hand)


def test_an_up_to_date_database_is_not_complained_about(db: None) -> None:
    assert said(doctor.migrations) == ""
    assert said(doctor.database) == ""
