"""Letting docks in, and what they see; in actions."""

from datetime import timedelta

import pytest

from beeldkluis.devices import queries
from beeldkluis.devices.actions import (
    CameraSeen,
    add_bodycam,
    block_bodycam,
    dock_actor,
    enrol_dock,
    make_enrolment_code,
    note_docked,
    retire_dock,
)
from beeldkluis.devices.models import Bodycam, Dock, EnrolmentCode
from beeldkluis.findings.actions import settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.findings.queries import open_findings
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.note import Signer
from tests.conftest import START

SEEN = CameraSeen(serial="SIM-0007", slot="usb-1", volume_id="4a1c", clock_offset_ms=-3_600_000, files=3, free_bytes=10)


def test_a_code_lets_one_dock_in_once(code: str, let_in: tuple[Dock, str], dock_key: Signer) -> None:
    dock, token = let_in
    assert queries.dock_by_token(token) == dock
    with pytest.raises(Refused, match="onbekend, gebruikt of verlopen"):
        enrol_dock(code=code, name="Leek", public_key=dock_key.vkey, now=START)
    assert Dock.objects.count() == 1


def test_code_and_token_are_kept_nowhere_as_they_are(code: str, let_in: tuple[Dock, str]) -> None:
    dock, token = let_in
    kept = [
        EnrolmentCode.objects.get().code_hash,
        dock.token_hash,
        *(bytes(one.data).decode() for one in Entry.objects.all()),
    ]
    assert all(code not in one and token not in one for one in kept)


def test_a_code_is_over_after_a_day(code: str, dock_key: Signer) -> None:
    late = START + timedelta(hours=24)
    with pytest.raises(Refused):
        enrol_dock(code=code, name="Leek", public_key=dock_key.vkey, now=late)
    just = late - timedelta(seconds=1)
    assert enrol_dock(code=code, name="Leek", public_key=dock_key.vkey, now=just)[0].name == "Leek"


def test_guessed_codes_do_not_fill_the_journal(code: str, dock_key: Signer) -> None:
    before = Entry.objects.count()
    for guess in ("a" * 16, code[:-1], ""):
        with pytest.raises(Refused):
            enrol_dock(code=guess, name="Leek", public_key=dock_key.vkey, now=START)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(("name", "key"), [("Zuidhorn", ""), ("Leek", "age1x"), ("Leek", "dock.example+00000000+AAAA")])
def test_a_name_in_use_or_a_key_that_is_none_is_refused_and_the_code_stays(
    administrator: Person, let_in: tuple[Dock, str], dock_key: Signer, name: str, key: str
) -> None:
    code = make_enrolment_code(name="Leek", actor=administrator.as_actor, now=START)
    with pytest.raises(Refused):
        enrol_dock(code=code, name=name, public_key=key or dock_key.vkey, now=START)
    assert queries.usable_code(code, START) is not None
    assert Entry.objects.filter(act="journal.step_refused").count() == 1


def test_a_dock_out_of_use_has_no_token_any_more(administrator: Person, let_in: tuple[Dock, str]) -> None:
    dock, token = let_in
    for days in (1, 2):
        retire_dock(dock, actor=administrator.as_actor, now=START + timedelta(days=days))
    assert queries.dock_by_token(token) is None
    assert Dock.objects.get().retired_at == START + timedelta(days=1)


@pytest.mark.parametrize("token", ["", "x", "é", "\x00"])
def test_an_unknown_token_is_nobody(let_in: tuple[Dock, str], token: str) -> None:
    assert queries.dock_by_token(token) is None


def test_only_the_administrator_lets_docks_in(team_manager: Person, dpo: Person) -> None:
    for person in (team_manager, dpo):
        with pytest.raises(Refused):
            make_enrolment_code(name="Leek", actor=person.as_actor, now=START)
    assert not EnrolmentCode.objects.exists()


def test_a_role_that_may_not_is_refused_whatever_the_page_said(
    team_manager: Person, dpo: Person, bodycam: Bodycam, let_in: tuple[Dock, str]
) -> None:
    facts = {"serial": "S", "label": "L", "make": "P", "model": "P", "pre_event_seconds": 90, "now": START}
    for attempt in (
        lambda: add_bodycam(**facts, actor=dpo.as_actor),
        lambda: block_bodycam(bodycam, actor=dpo.as_actor, now=START),
        lambda: retire_dock(let_in[0], actor=team_manager.as_actor, now=START),
    ):
        with pytest.raises(Refused):
            attempt()
    assert Bodycam.objects.get().blocked_at is None
    assert Dock.objects.get().retired_at is None


def test_a_bodycam_is_blocked_from_the_first_time_on(bodycam: Bodycam, administrator: Person) -> None:
    for days in (1, 2):
        block_bodycam(bodycam, actor=administrator.as_actor, now=START + timedelta(days=days))
    assert Bodycam.objects.get().blocked_at == START + timedelta(days=1)


def test_a_known_camera_is_noted_where_it_stands(bodycam: Bodycam, let_in: tuple[Dock, str]) -> None:
    assert note_docked(let_in[0], SEEN, now=START) == bodycam
    found = Bodycam.objects.get()
    assert (found.slot, found.volume_id, found.last_docked_at) == ("usb-1", "4a1c", START)
    dock = Dock.objects.get()
    assert (dock.last_seen_at, dock.last_clock_offset_ms) == (START, -3_600_000)
    assert b'"clock_offset_ms":-3600000' in bytes(Entry.objects.get(act="devices.camera_docked").data)
    assert not Finding.objects.exists()


def test_an_unknown_camera_is_a_finding_once(let_in: tuple[Dock, str]) -> None:
    for minutes in (0, 1):
        assert note_docked(let_in[0], SEEN, now=START + timedelta(minutes=minutes)) is None
    assert "SIM-0007" in Finding.objects.get().text


def test_a_serial_on_another_memory_is_a_finding(bodycam: Bodycam, let_in: tuple[Dock, str]) -> None:
    note_docked(let_in[0], SEEN, now=START)
    other = CameraSeen(serial="SIM-0007", slot="usb-2", volume_id="ffff", clock_offset_ms=None, files=0, free_bytes=0)
    note_docked(let_in[0], other, now=START)
    assert "ander geheugen" in Finding.objects.get().text


@pytest.mark.parametrize(("serial", "label"), [("SIM-0007", "BC-9"), ("SIM-9", "BC-0007")])
def test_serial_and_label_belong_to_one_bodycam(
    bodycam: Bodycam, team_manager: Person, serial: str, label: str
) -> None:
    with pytest.raises(Refused, match="al een bodycam"):
        add_bodycam(
            serial=serial,
            label=label,
            make="P",
            model="P",
            pre_event_seconds=90,
            actor=team_manager.as_actor,
            now=START,
        )


def test_no_dock_settles_what_it_caused(let_in: tuple[Dock, str]) -> None:
    dock = let_in[0]
    note_docked(dock, SEEN, now=START)
    with pytest.raises(Refused):
        settle_finding(Finding.objects.get(), because="Het klopt.", actor=dock_actor(dock), now=START)
    assert len(open_findings()) == 1
