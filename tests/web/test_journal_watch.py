"""What was changed in the journal becomes an incident, once, told to whoever must know; checkpoints leave the house."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests.journal import attacks
from tests.journal.attacks import build, without_triggers
from tests.web.conftest import sign_in

from beeldkluis.devices.incident_actions import close_incident
from beeldkluis.devices.models import SecurityIncident
from beeldkluis.findings.models import Finding
from beeldkluis.journal import anchor, clock, examination, nightly, remembered
from beeldkluis.journal.actions import make_checkpoint
from beeldkluis.journal.models import Checkpoint, Detail, Entry, Head
from beeldkluis.journal.signer import make_signing_key, signer
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.web import doctor, journal_watch, ticking

DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)  # half past three in the Netherlands


@pytest.fixture
def house(dpo: Person, administrator: Person, team_manager: Person) -> dict[str, Person]:
    """A journal that was looked through, and whoever must know."""
    make_signing_key()
    build(50)
    journal_watch.look(DAY)
    return {one.email: one for one in (dpo, administrator, team_manager)}


def mails(about: str) -> list[Outgoing]:
    return list(Outgoing.objects.filter(channel="mail", about__startswith=about).order_by("pk"))


def change_an_act(number: int = 12) -> str:
    with without_triggers():
        Entry.objects.filter(pk=number).update(act="web.signed_out")
    return f"Regel {number}: de handeling naast de tekst is veranderd nadat hij is geschreven."


@pytest.mark.rule("journal.holds")
def test_what_the_night_finds_is_an_incident_once_and_everybody_is_told(
    house: dict[str, Person], client: Client
) -> None:
    assert not SecurityIncident.objects.exists()
    said = change_an_act()
    journal_watch.look(DAY + timedelta(hours=5))
    assert not SecurityIncident.objects.exists(), "it was looked through today"
    for nights in range(3):
        journal_watch.look(NIGHT + timedelta(days=nights))
    incident = SecurityIncident.objects.get()
    assert incident.told == said
    assert incident.known["faults"] == [said]
    assert [one.body["to"] for one in mails("Het logboek klopt niet: incident I-000001")] == sorted(house)
    assert all(said in one.body["text"] for one in mails("Het logboek klopt niet"))
    assert Finding.objects.get().text == f"Incident I-000001: het logboek klopt niet. {said}"
    assert Entry.objects.filter(act="devices.journal_doubted").count() == 1
    for person in house.values():
        start = sign_in(client, person).get("/").content.decode()
        assert "Het logboek klopt niet" in start
        assert said in start


def test_the_incident_can_be_read_closed_and_comes_again_only_for_something_new(
    house: dict[str, Person], client: Client, dpo: Person
) -> None:
    said = change_an_act()
    journal_watch.look(NIGHT)
    sign_in(client, dpo)
    page = client.get("/incidenten/1/").content.decode()
    assert "het logboek klopt niet" in page
    assert said in page
    assert "De camera is terug" not in page
    assert client.get("/incidenten/1/terug/").status_code == 404
    assert "Het logboek" in client.get("/incidenten/").content.decode()
    assert client.get("/incidenten/1/pdf/").status_code == 200
    wanted = ("notify_because", "inform_because", "lessons")
    SecurityIncident.objects.update(notify_authority=False, inform_persons=False, **dict.fromkeys(wanted, "x"))
    close_incident(SecurityIncident.objects.get(), actor=dpo.as_actor, now=NIGHT)
    journal_watch.look(NIGHT + timedelta(days=1))
    assert SecurityIncident.objects.count() == 1
    other = change_an_act(15)
    journal_watch.look(NIGHT + timedelta(days=2))
    assert SecurityIncident.objects.get(number=2).known["faults"] == [other]


def test_what_a_page_saw_is_told_within_the_minute(house: dict[str, Person], client: Client, dpo: Person) -> None:
    said = change_an_act()
    sign_in(client, dpo).get("/logboek/12/")
    journal_watch.look(DAY + timedelta(minutes=1))
    assert SecurityIncident.objects.get().told == said
    journal_watch.look(DAY + timedelta(minutes=2))
    assert len(mails("Het logboek klopt niet")) == len(house)


def test_a_rewritten_past_is_told_within_the_minute_and_not_signed(house: dict[str, Person]) -> None:
    with without_triggers():
        number = 30
        data = bytes(Entry.objects.get(pk=number).data)
        Entry.objects.filter(pk=number).update(data=data.replace(b"dpo", b"dpp"))
        attacks._grow_anew(number)
        attacks._remove(Checkpoint)
    ticking.look(DAY + timedelta(minutes=1))
    ticking.checkpoint(DAY + timedelta(hours=2))
    assert not Checkpoint.objects.exists()
    assert "Het verleden is herschreven" in SecurityIncident.objects.get().told
    assert len(mails("Het logboek klopt niet")) == len(house)


def test_the_night_goes_in_parts_and_looks_once(house: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "PART", 16)
    monkeypatch.setattr(nightly, "PARTS", 1)
    said = change_an_act(number=40)
    looks = 0
    while not SecurityIncident.objects.exists():
        journal_watch.look(NIGHT + timedelta(minutes=looks))
        looks += 1
        assert looks < 20
    assert looks == -(-examination.end() // 16) or looks > 2
    assert SecurityIncident.objects.get().told == said
    with remembered.remembered() as memory:
        done = memory.fact(nightly.DONE)
        journal_watch.look(NIGHT + timedelta(minutes=50))
        assert memory.fact(nightly.DONE) == done, "once a night"
        assert memory.fact(nightly.RUNNING) is None


def test_a_clock_that_was_set_back_does_not_stop_the_nights(house: dict[str, Person]) -> None:
    with remembered.remembered() as memory:
        memory.keep_fact(nightly.DONE, {"at": (DAY + timedelta(days=900)).isoformat(), "size": 1, "faults": 0})
    said = change_an_act()
    journal_watch.look(DAY)
    assert SecurityIncident.objects.get().told == said


def test_a_file_that_went_is_made_anew_and_everybody_hears(house: dict[str, Person]) -> None:
    anchor.path().unlink()
    journal_watch.look(DAY + timedelta(minutes=1))
    assert anchor.path().exists()
    assert len(mails("Het geheugen naast de ondertekensleutel was weg")) == len(house)
    assert not SecurityIncident.objects.exists()


class TestOut:
    def test_a_checkpoint_leaves_once_a_day_to_every_data_protection_officer(
        self, house: dict[str, Person], dpo: Person
    ) -> None:
        now = clock.now().replace(hour=9)
        for _minute in range(3):
            ticking.checkpoint(now)
        (mail,) = mails("Controlepunt van het logboek")
        assert mail.body["to"] == dpo.email
        assert "/over-bodycams/logboek/" in mail.body["text"]
        assert signer().vkey in mail.body["text"]
        assert any(mail.body["text"].endswith(one.note) for one in Checkpoint.objects.all())
        ticking.checkpoint(now + timedelta(days=1))
        assert len(mails("Controlepunt van het logboek")) == 1, "nothing came but the mail itself"
        build(10)
        ticking.checkpoint((now + timedelta(days=2)).replace(hour=3))
        assert len(mails("Controlepunt van het logboek")) == 1, "not in the middle of the night"
        ticking.checkpoint(now + timedelta(days=2))
        assert len(mails("Controlepunt van het logboek")) == 2

    def test_the_mail_shows_a_rewritten_past_when_everything_else_was_changed_too(
        self, house: dict[str, Person], tmp_path: Path
    ) -> None:
        """Database and key folder in one hand: only what left the house still shows it, on a machine with Python alone."""
        journal_watch.send_out(clock.now().replace(hour=9))
        (mail,) = mails("Controlepunt van het logboek")
        kept = tmp_path / "mail.txt"
        kept.write_text("\r\n".join(f"> {line}" for line in mail.body["text"].split("\n")), encoding="utf-8")
        out = StringIO()
        call_command("journal", "export", str(tmp_path / "honest"), stdout=out)
        call_command("journal", "verify", kept=[kept], stdout=out)
        assert "is waar" in out.getvalue()
        assert self.outsider(tmp_path / "honest", kept) == (0, "")
        with without_triggers():
            data = bytes(Entry.objects.get(pk=9).data)
            Entry.objects.filter(pk=9).update(data=data.replace(b"dpo", b"dpp"))
            attacks._grow_anew(9)
            attacks._remove(Checkpoint)
        anchor.path().unlink()
        remembered.path().unlink()
        call_command("journal", "export", str(tmp_path / "rewritten"), stdout=out)
        call_command("journal", "verify", stdout=out)  # the server itself knows no better any more
        with pytest.raises(CommandError, match="Het verleden is herschreven"):
            call_command("journal", "verify", kept=[kept])
        assert self.outsider(tmp_path / "rewritten", None) == (0, "")
        code, said = self.outsider(tmp_path / "rewritten", kept)
        assert code == 1
        assert "NIET WAAR: het verleden is herschreven: de eerste" in said

    @staticmethod
    def outsider(folder: Path, kept: Path | None) -> tuple[int, str]:
        command = [sys.executable, "-m", "beeldkluis.journal.verify", str(folder), signer().vkey]
        command += ["--kept", str(kept)] if kept else []
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "BEELDKLUIS"))
        }
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
        return done.returncode, done.stderr

    def test_the_public_page_has_the_checkpoints_that_were_really_signed(
        self, house: dict[str, Person], client: Client
    ) -> None:
        newest = Checkpoint.objects.order_by("-size")[0]
        Checkpoint.objects.create(size=newest.size + 5, root=bytes(32), note="vals\n\n— x y\n", made=DAY)
        assert "/over-bodycams/logboek/" in client.get("/over-bodycams/").content.decode()
        page = client.get("/over-bodycams/logboek/").content.decode()
        assert f"/logboek/controlepunt/{newest.size}/" in page
        assert f"/logboek/controlepunt/{newest.size + 5}/" not in page
        assert signer().vkey in page.replace("&#x27;", "'")
        assert "--kept BESTAND" in page


class TestRestored:
    def restore(self) -> None:
        """Put an older copy of the database back: the last entries are gone."""
        with without_triggers():
            attacks.ATTACKS["cut at the end"](attacks.Random(5))

    def test_an_older_database_is_said_and_goes_on_by_a_step_that_everybody_hears_of(
        self, house: dict[str, Person]
    ) -> None:
        signed = anchor.last()
        assert signed is not None
        self.restore()
        left = Head.objects.get().size
        for minute in range(3):
            ticking.look(DAY + timedelta(minutes=minute))
        said = f"De kluis ondertekende {signed.size} regels, en die zijn er niet meer allemaal."
        assert said in SecurityIncident.objects.get().told
        assert len(mails("Het logboek klopt niet")) <= 2 * len(house), "once for each thing, not every minute"
        with pytest.raises(CommandError, match="Niet ondertekend"):
            call_command("journal", "checkpoint")
        out = StringIO()
        call_command(
            "journal", "accept-restored", reason="Schijf kapot, back-up van gisteren", by="B. Heer", stdout=out
        )
        assert "krijgen bericht" in out.getvalue()
        entry = Entry.objects.get(act="journal.restored_accepted")
        assert f'"same":{left},"signed":{signed.size}'.encode() in bytes(entry.data)
        assert signed.root.hex().encode() in bytes(entry.data)
        assert b"B. Heer" not in bytes(entry.data)
        assert "B. Heer" in bytes(Detail.objects.get(pk=entry.pk).payload).decode()
        told = mails("Een andere kopie van het logboek is aanvaard")
        assert [one.body["to"] for one in told] == sorted(house)
        assert make_checkpoint(now=DAY + timedelta(hours=2)) is not None
        assert len(list(anchor.path().parent.glob("*-before-*"))) == 2, "kept for whoever looks into it"
        with remembered.remembered() as memory:
            assert examination.whole(memory, last=anchor.last()).faults == []

    def test_it_is_no_way_around_an_honest_journal(self, house: dict[str, Person]) -> None:
        before = Head.objects.get().size
        with pytest.raises(CommandError, match="niets om te aanvaarden"):
            call_command("journal", "accept-restored", reason="zomaar", by="B. Heer")
        assert Entry.objects.filter(number__gte=before).get().act == "journal.step_refused"
        self.restore()
        with pytest.raises(CommandError, match="Schrijf op waarom"):
            call_command("journal", "accept-restored", reason=" ", by="B. Heer")


def test_the_command_and_the_doctor_say_it_in_words(house: dict[str, Person]) -> None:
    out = StringIO()
    call_command("journal", "verify", stdout=out)
    assert "Het logboek is waar: " in out.getvalue()
    assert any("al dagen niet nagekeken" in one for one in journal_watch.findings(DAY + timedelta(days=4)))
    journal_watch.look(clock.now())
    assert list(doctor.journal()) == []
    with without_triggers():
        detail = Detail.objects.filter(entry__gte=9).order_by("entry")[0]
        attacks._remove(Detail, entry=detail.pk)
    said = f"De bijzonderheden van regel {detail.pk} zijn weg, en geen regel zegt dat ze zijn gewist."
    with pytest.raises(CommandError, match=said):
        call_command("journal", "verify")
    with pytest.raises(CommandError, match=said):
        call_command("journal", "verify", anew=True)
    assert SecurityIncident.objects.get().told == said
    attacks.trigger_dropped(attacks.Random(1))
    assert any("De grendel" in one for one in doctor.journal())
    journal_watch.look(NIGHT)
    assert any("nakijken vond" in one for one in doctor.journal())


def test_an_export_of_what_was_changed_is_refused(house: dict[str, Person], tmp_path: Path) -> None:
    detail = Detail.objects.filter(entry__gte=9).order_by("entry")[0]
    with without_triggers():
        Detail.objects.filter(pk=detail.pk).update(payload=b"{}")
    with pytest.raises(CommandError, match=f"De bijzonderheden van regel {detail.pk} zijn veranderd"):
        call_command("journal", "export", str(tmp_path / "details"), details=True)
    assert not (tmp_path / "details" / "checkpoint").exists()
    call_command("journal", "export", str(tmp_path / "without"), stdout=StringIO())
    with without_triggers():
        Entry.objects.filter(pk=17).update(data=bytes(Entry.objects.get(pk=17).data).replace(b"dpo", b"dpp"))
    with pytest.raises(CommandError, match="Regel 17: de tekst is veranderd"):
        call_command("journal", "export", str(tmp_path / "leaf"))
    assert not (tmp_path / "leaf" / "checkpoint").exists()
