"""Messages leave once, come up again when they do not, and never stop each other."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox import actions, mail, queries
from beeldkluis.outbox.models import Outgoing
from beeldkluis.outbox.tasks import send_due
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START


class Smtp(socketserver.StreamRequestHandler):
    """Just enough of a mail server: takes a letter and says so."""

    letters: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 proef\r\n")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 ga door\r\n")
                self.letters.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
            self.wfile.write(b"221 dag\r\n" if word == b"QUIT" else b"250 goed\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def letters(settings: Settings) -> Iterator[list[str]]:
    kept: list[str] = []
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (Smtp,), {"letters": kept}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    settings.MAIL_FROM = "beeldkluis@example.nl"
    yield kept
    server.shutdown()
    server.server_close()


def a_letter(subject: str = "Teken voor versie 1") -> Outgoing:
    return actions.queue_mail(to="iemand@example.nl", subject=subject, text="Hallo.", actor=SETUP, now=START)


def test_a_letter_goes_once_through_a_real_mail_server_and_its_text_is_not_kept(db: None, letters: list[str]) -> None:
    message = a_letter()
    assert mail.is_configured()
    for _ in range(2):
        assert send_due(START, {"mail": mail.send}) == []
    (letter,) = letters
    assert "Subject: Teken voor versie 1" in letter
    assert "Hallo." in letter
    message.refresh_from_db()
    assert (message.sent_at, message.body) == (START, {})


def test_without_a_mail_server_letters_wait_and_nothing_counts_as_tried(db: None) -> None:
    message = a_letter()
    assert send_due(START + timedelta(days=9), {}) == []
    message.refresh_from_db()
    assert message.tries == 0


def test_one_that_fails_stops_no_other_and_waits_longer_each_time(db: None) -> None:
    bad, good = a_letter("kapot"), a_letter("goed")

    def send(message: Outgoing, _now: object) -> None:
        if message.about == "kapot":
            raise OSError("weg")

    moment, waits = START, []
    for _ in range(14):
        send_due(moment, {"mail": send})
        bad.refresh_from_db()
        waits.append(bad.next_try_at - moment)
        moment = bad.next_try_at
    good.refresh_from_db()
    assert good.sent_at == START
    assert waits[:4] == [timedelta(minutes=one) for one in (1, 2, 4, 8)]
    assert max(waits) == waits[-1] == timedelta(hours=6)
    assert "kapot" in send_due(moment, {})[0]


def test_what_one_process_took_another_leaves_until_it_was_silent_for_long(db: None) -> None:
    message = a_letter()
    assert actions.claim(message, actor=SETUP, now=START)
    assert not actions.claim(message, actor=SETUP, now=START)
    assert queries.due(START) == []
    assert queries.due(START + actions.CLAIM) == [message], "the process died: it is sent again"


def test_withdrawn_is_never_sent(db: None, team_manager: Person, dpo: Person) -> None:
    message = a_letter()
    with pytest.raises(Refused):
        actions.withdraw(message, because="x", actor=dpo.as_actor, now=START)
    actions.withdraw(message, because="dubbel", actor=team_manager.as_actor, now=START)
    assert queries.due(START) == []
    assert not actions.claim(message, actor=SETUP, now=START)


def test_whom_a_letter_goes_to_stands_in_no_leaf(db: None) -> None:
    a_letter()
    assert b"iemand@" not in b"".join(bytes(one.data) for one in Entry.objects.all())


def test_on_screen(client: Client, administrator: Person, dpo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    message = a_letter()
    Outgoing.objects.update(tries=5, last_error="geen verbinding", next_try_at=START + timedelta(hours=6))
    client.force_login(administrator)
    assert "Eén bericht komt niet weg" in client.get("/").content.decode()
    page = client.get("/berichten/").content.decode()
    assert "Komt niet weg" in page
    assert "Er is geen mailserver ingesteld" in page
    assert client.post(f"/berichten/{message.pk}/nu/").status_code == 302
    assert queries.due(START) == [message]
    assert client.get(f"/berichten/{message.pk}/intrekken/").status_code == 200
    assert client.post(f"/berichten/{message.pk}/intrekken/", {"because": ""}).status_code == 200
    assert client.post(f"/berichten/{message.pk}/intrekken/", {"because": "dubbel"}).status_code == 302
    assert "Alles is verstuurd" in client.get("/berichten/").content.decode()
    assert client.post("/berichten/999/nu/").status_code == 404
    client.force_login(dpo)
    assert client.get("/berichten/").status_code == 403
