"""Findings are raised, found again by their key, and settled with words or closed when their ground goes."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from beeldkluis.devices.models import Bodycam
from beeldkluis.findings.actions import EACH_TIME, close_findings, raise_finding, settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.findings.queries import newest, open_findings, told_of
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.intake import FOLDER, Left, Why, left_behind
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START


def test_a_finding_is_settled_with_words_and_may_then_come_back(dpo: Person, bodycam: Bodycam) -> None:
    facts = {
        "rule": "camera.blocked",
        "key": "a-camera",
        "text": "Kijk.",
        "recording": None,
        "bodycam": bodycam.pk,
        "now": START,
    }
    first = raise_finding(**facts, actor=dpo.as_actor)
    assert raise_finding(**facts, actor=dpo.as_actor) == first
    with pytest.raises(Refused, match="Schrijf op"):
        settle_finding(first, because="  ", actor=dpo.as_actor, now=START)
    for words in ("Gebeld.", "Nog eens."):
        settle_finding(first, because=words, actor=dpo.as_actor, now=START)
    assert Finding.objects.get().settled_because == "Gebeld."
    assert open_findings() == []
    assert raise_finding(**facts, actor=dpo.as_actor) != first


def raised(**facts: object) -> Finding:
    usual = {"rule": "recording.long", "key": "lasts-long", "text": "Kijk.", "recording": None, "bodycam": None}
    return raise_finding(**usual | facts, actor=SETUP, now=START)  # type: ignore[arg-type] - each in its own type


def test_a_finding_is_known_by_its_key_and_not_by_its_text(db: None) -> None:
    first, recording = raised(), uuid4()
    assert raised(text="Kijk nog eens.") == first
    assert Entry.objects.filter(act="devices.finding_raised").count() == 1
    others = [raised(key="stayed-on"), raised(rule="recording.warning"), raised(recording=recording)]
    assert len({first.pk, *(one.pk for one in others)}) == 4
    assert raised(recording=recording) == others[2]
    assert newest(rule="recording.long", key="lasts-long") == first


def test_a_key_as_long_as_an_error_is_kept_and_found_again(db: None) -> None:
    long = "opslag:" + "het antwoord van de opslag was heel lang " * 2_000
    first = raised(key=long)
    assert raised(key=long) == first
    assert newest(rule="recording.long", key=long) == first
    other = raised(key=long[:-1])
    assert (other == first, len(first.key) <= 400, first.key[:300] == long[:300]) == (False, True, True)
    close_findings(rule="recording.long", recording=None, keys=[long], because="Voorbij.", actor=SETUP, now=START)
    assert [one.pk for one in open_findings()] == [other.pk]


def test_what_is_a_finding_each_time_is_one_each_time(db: None) -> None:
    assert raised(key=EACH_TIME) != raised(key=EACH_TIME)


@pytest.mark.parametrize("recording", [None, uuid4()])
def test_the_database_keeps_no_two_open_findings_of_one_key(db: None, recording: object) -> None:
    first = raised(recording=recording)
    twice = {"rule": first.rule, "key": first.key, "recording": recording, "text": "Weer.", "found_at": START}
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(**twice)
    Finding.objects.filter(pk=first.pk).update(settled_at=START)
    assert Finding.objects.create(**twice).pk


def test_findings_of_which_the_ground_went_are_closed_with_the_reason_and_may_come_back(
    db: None, team_manager: Person
) -> None:
    recording = uuid4()
    gone, kept, other = raised(recording=recording), raised(recording=recording, key="stayed-on"), raised()
    close_findings(
        rule="recording.long",
        recording=recording,
        keys=["lasts-long"],
        because="Zij is korter.",
        actor=SETUP,
        now=START,
    )
    assert set(open_findings()) == {kept, other}
    assert told_of(recording) == {("recording.long", "stayed-on")}
    assert Finding.objects.get(pk=gone.pk).settled_because == "Zij is korter."
    (entry,) = Entry.objects.filter(act="devices.finding_closed")
    assert b"Zij is korter." in bytes(entry.data)
    settle_finding(kept, because="Gezien.", actor=team_manager.as_actor, now=START)
    assert told_of(recording) == {("recording.long", "stayed-on")}, "what a person settled does not come back by itself"
    close_findings(rule="recording.long", recording=None, because="Weg.", actor=SETUP, now=START)
    assert open_findings() == []
    entries = Entry.objects.count()
    close_findings(rule="recording.long", recording=None, because="Weg.", actor=SETUP, now=START)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("rule", "text", "key"),
    [
        (
            "camera.blocked",
            "Een onbekende camera met serienummer SIM-7 staat in dockingstation Leek.",
            "unknown:SIM-7:Leek",
        ),
        ("camera.blocked", "Het geheugen in bodycam BC-2 zat eerder in bodycam BC-1.", "memory-moved:BC-2:BC-1"),
        (
            "camera.blocked",
            "Opname R-000001 is apart gezet. De camera is niet bekend in het register.",
            "apart:unknown",
        ),
        ("recording.officer-known", "Opname R-000001: De camera was toen aan niemand uitgegeven.", "wearer:nobody"),
        (
            "recording.officer-known",
            "Opnames R-000002 en R-000001 van camera S overlappen in tijd: een camera op twee plaatsen.",
            "overlap:R-000001",
        ),
        ("request.no-footage", "Bij zaak Z-2026-000001 was besloten dat er geen beelden zijn.", "Z-2026-000001"),
        (
            "access.own-code",
            "Bij een inzage onder zaak Z-1 (nummer 123456) is een code van handhaver 1207 getypt die niet telt.",
            "fresh-code:Z-1:123456:1207",
        ),
        ("access.second-factor", "Een passkey van de beheerder telt terug en is geweigerd.", "went-back:administrator"),
        ("installation.tick", "Achtergrondtaak afmaken: de schijf is vol", "afmaken:de schijf is vol"),
        ("access.emergency", "Opname R-000001 is met de herstelsleutel geopend onder zaak Z-1.", ""),
    ],
)
def test_what_was_there_before_gets_the_key_that_its_words_say(rule: str, text: str, key: str) -> None:
    assert import_module("beeldkluis.findings.migrations.0002_keys").key_of(rule, text) == key


def test_what_stays_on_a_camera_gets_the_key_under_which_it_is_said_again() -> None:
    key_of = import_module("beeldkluis.findings.migrations.0002_keys").key_of
    left = [Left(why, kind, count) for why in Why for kind, count in ((".mp4", 1), (FOLDER, 2), (FOLDER, 1), ("", 3))]
    for doubt in left_behind(camera="bodycam BC-7", left=left).values():
        assert key_of(doubt.rule, doubt.text) == doubt.key
