"""Mails as people save them: in HTML, forwarded, with a wrong clock; what is in doubt is asked, and nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beeldkluis.cases import mail
from beeldkluis.cases.models import Case, CaseDocument
from beeldkluis.cases.new_request_forms import when_received
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from tests.cases.conftest import NOW

PERIOD = timedelta(days=28)
KIND = {"kind": "access", "received_by_channel": "email"}


@pytest.fixture(autouse=True)
def at_the_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def desk(client: Client, dpo: Person) -> Client:
    client.force_login(dpo)
    return client


def saved(
    sender: str = "J. Proef <j.proef@example.nl>", text: str = "Ik wil de beelden zien.", date: str = "", **more: str
) -> bytes:
    told = "".join(f"{name}: {value}\r\n" for name, value in {"Subject": "Inzage", **more}.items())
    when = f"Date: {date or format_datetime(NOW - timedelta(hours=2))}\r\n"
    return f"From: {sender}\r\n{when}{told}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


def send(desk: Client, name: str, data: bytes, **typed: str) -> Any:
    return desk.post("/verzoeken/nieuw/?kind=access", KIND | typed | {"paper": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("date", "received"),
    [
        (format_datetime(NOW + timedelta(minutes=10)), NOW),
        (f"{NOW + timedelta(minutes=50):%a, %d %b %Y %H:%M:%S} -0000", NOW),
        (f"{NOW - timedelta(days=3):%a, %d %b %Y %H:%M:%S} +0000", NOW - timedelta(days=3)),
    ],
)
def test_a_mail_dated_a_little_ahead_came_in_now(desk: Client, date: str, received: datetime) -> None:
    assert send(desk, "a.eml", saved(date=date)).status_code == 302
    assert Case.objects.get().received_at == received


@pytest.mark.parametrize(
    "date", ["Thu, 1 Jan 1970 00:00:00 +0000", "Mon, 4 Nov 2024 09:00:00 +0100", "Mon, 4 Nov 2030 09:00:00 +0100"]
)
def test_a_date_years_away_is_asked_about_and_what_was_typed_and_chosen_stays(desk: Client, date: str) -> None:
    before = Entry.objects.count()
    answer = send(desk, "oud.eml", saved(date=date), description="dit is getypt")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Vul in wanneer het verzoek is ontvangen." in page
    assert date.split()[3] in page
    assert "dit is getypt" in page
    assert "j.proef@example.nl" in page
    assert "Al gekozen: oud.eml" in page
    assert not Case.objects.exists()
    assert Entry.objects.count() == before, "nothing was refused: it was asked"
    token = page.partition('name="paper_kept" value="')[2].partition('"')[0]
    again = KIND | {"description": "dit is getypt", "paper_kept": token, "requester_name": "J. Proef"}
    assert desk.post("/verzoeken/nieuw/", again | {"received_at": "2026-11-02T10:00"}).status_code == 302
    case = Case.objects.get()
    assert case.received_at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert case.decide_by.year == 2026
    assert CaseDocument.objects.get().name == "oud.eml"
    assert cache.get(f"case-paper/{Person.objects.get().pseudonym}/{token}") is None


def test_a_file_that_was_chosen_is_kept_for_nobody_else(desk: Client, administrator: Person) -> None:
    page = send(desk, "oud.eml", saved(date="Thu, 1 Jan 1970 00:00:00 +0000")).content.decode()
    token = page.partition('name="paper_kept" value="')[2].partition('"')[0]
    assert token
    other = Person.objects.create(email="fg2@example.nl", name="FG 2", role="dpo", added_at=NOW)
    client = Client()
    client.force_login(other)
    assert client.post("/verzoeken/nieuw/", KIND | {"paper_kept": token, "requester_name": "X"}).status_code == 302
    assert not CaseDocument.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-11-03T12:00", "ligt in de toekomst"),
        ("1970-01-01T00:00", "meer dan een jaar geleden"),
        ("2026-09-01T00:00", "Klopt de datum?"),
    ],
)
def test_a_receipt_that_is_typed_wrong_is_an_error_at_its_field(desk: Client, typed: str, words: str) -> None:
    before = Entry.objects.count()
    told = KIND | {"requester_name": "J. Proef", "received_at": typed, "description": "dit is getypt"}
    answer = desk.post("/verzoeken/nieuw/", told)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "dit is getypt" in answer.content.decode()
    assert Entry.objects.count() == before
    if words == "Klopt de datum?":
        assert '<input type="checkbox" name="received_is_right"' in answer.content.decode()
        assert desk.post("/verzoeken/nieuw/", told | {"received_is_right": "on"}).status_code == 302


def test_which_of_the_dates_counts() -> None:
    ago, ahead, years = NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW - timedelta(days=900)
    assert when_received((), NOW, PERIOD) == (None, False)
    assert when_received((ahead, ago), NOW, PERIOD) == (ago, False), "what our own mail server says"
    assert when_received((years, ago), NOW, PERIOD) == (ago, False)
    assert when_received((ahead,), NOW, PERIOD) == (NOW, False)
    assert when_received((years,), NOW, PERIOD) == (None, True)
    assert when_received((NOW + timedelta(days=400),), NOW, PERIOD) == (None, True)


KEPT = {
    "d.heic": (b"\0\0\0\x18ftypheic" + bytes(400), "image/heic"),
    "e.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    "f.docx": (b"PK\x03\x04" + bytes(40), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "g.odt": (b"PK\x03\x04" + bytes(40), "application/vnd.oasis.opendocument.text"),
    "h.TIFF": (b"II*\0" + bytes(40), "image/tiff"),
    "i.pdf": (b"%PDF-1.7", "application/pdf"),
    "j.txt": ("Ik wil café De Gast zien.".encode("cp1252"), "text/plain"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_people_send_is_kept_and_given_back_as_a_file(desk: Client, name: str) -> None:
    data, kind = KEPT[name]
    assert send(desk, name, data, requester_name="J. Proef").status_code == 302
    kept = CaseDocument.objects.get()
    assert (kept.content_type, bytes(kept.data)) == (kind, data)
    assert (Case.objects.get().told == "Ik wil café De Gast zien.") is (name == "j.txt")
    given = desk.get(f"/verzoeken/{Case.objects.get().reference}/stuk/{kept.pk}/")
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.exe", b"MZ"), ("x.html", b"<html>"), ("x.zip", b"PK\x03\x04"), ("x.svg", b"<svg/>"), ("x.docm", b"PK\x03\x04"),
     ("x.txt", b"a\0b"), ("x.pdf", b"geen pdf"), ("x.jpg", bytes(10_000_001))],
)  # fmt: skip
def test_a_wrong_kind_of_file_is_an_error_at_its_field(desk: Client, name: str, data: bytes) -> None:
    before = Entry.objects.count()
    answer = send(desk, name, data, requester_name="J. Proef", description="dit is getypt")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Een stuk is een PDF" in page
    assert "dit is getypt" in page
    assert (Case.objects.count(), Entry.objects.count()) == (0, before)


def test_a_mail_of_outlook_is_kept_and_the_desk_types_what_it_says(desk: Client) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    page = send(desk, "d.msg", data).content.decode()
    assert "sla de mail op als .eml" in page
    token = page.partition('name="paper_kept" value="')[2].partition('"')[0]
    typed = KIND | {"requester_name": "J. Proef", "told": "Inzage graag.", "paper_kept": token}
    assert desk.post("/verzoeken/nieuw/", typed).status_code == 302
    assert CaseDocument.objects.get().content_type == "application/vnd.ms-outlook"


INLINE = """Zie onder, voor jullie.

Van: Piet Vrager <piet@voorbeeld.nl>
Verzonden: maandag 2 november 2026 09:00
Aan: Balie
Onderwerp: beelden

Ik wil de beelden zien.
"""


@pytest.mark.parametrize(
    "text",
    [INLINE, INLINE.replace("Van:", "From:").replace("Verzonden:", "Sent:"), INLINE.replace("Van:", "> *Van:*"),
     "---------- Forwarded message ---------\n" + INLINE],
)  # fmt: skip
def test_of_a_forwarded_mail_the_first_sender_is_offered_and_asked(desk: Client, text: str) -> None:
    page = send(
        desk, "fw.eml", saved("Kees Collega <kees@gemeente.example>", text, Subject="FW: beelden")
    ).content.decode()
    assert "Deze mail is doorgestuurd door Kees Collega (kees@gemeente.example)." in page
    assert 'value="Piet Vrager"' in page
    assert 'value="piet@voorbeeld.nl"' in page
    assert not Case.objects.exists()
    token = page.partition('name="paper_kept" value="')[2].partition('"')[0]
    told = KIND | {"requester_name": "Piet Vrager", "requester_email": "piet@voorbeeld.nl", "paper_kept": token}
    assert desk.post("/verzoeken/nieuw/", told).status_code == 302
    assert Case.objects.get().requester_name == "Piet Vrager"
    assert "Ik wil de beelden zien." in Case.objects.get().told


def test_a_mail_within_a_mail_and_one_of_a_colleague_are_asked_about(desk: Client, dpo: Person) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Date"], inner["Subject"] = "Piet Vrager <piet@voorbeeld.nl>", format_datetime(NOW), "Beelden"
    inner.set_content("Ik wil de beelden zien.")
    outer["From"], outer["Subject"] = "Kees <kees@gemeente.example>", "ter info"
    outer.set_content("zie bijlage")
    outer.add_attachment(inner)
    page = send(desk, "fw.eml", bytes(outer)).content.decode()
    assert 'value="Piet Vrager"' in page
    assert "Ik wil de beelden zien." in page
    page = send(desk, "eigen.eml", saved(f"De FG <{dpo.email}>")).content.decode()
    assert "Vul in wie het verzoek deed." in page
    assert f'value="{dpo.email}"' not in page


def test_an_answer_that_quotes_is_not_forwarded() -> None:
    read = mail.read(saved("Piet <piet@voorbeeld.nl>", INLINE, Subject="RE: uw brief"))
    assert (read.name, read.was_forwarded) == ("Piet", False)


HTML = (
    "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Ik ben&nbsp;gefilmd op <b>de Markt</b>.</p>"
    "<div>Graag de beelden.<br>Piet</div><script>x()</script></body></html>"
)


def _bytes(head: str, body: bytes) -> bytes:
    return f"From: Piet <piet@voorbeeld.nl>\r\n{head}\r\n\r\n".encode("latin-1") + body


TWO = b"--x\r\nContent-Type: text/plain\r\n\r\n \r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Graag.</p>\r\n--x--\r\n"
TNEF = "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64"
MANY = b"Content-Type: x; boundary=a\r\n" * 100
PLAIN = _bytes("Content-Type: text/plain", b"Graag.")
UTF8, NONE = "Content-Type: text/plain; charset=utf-8", "(De tekst van deze mail kan niet worden gelezen."
READ = {
    "HTML alone": (
        _bytes("Content-Type: text/html; charset=utf-8", HTML.encode()),
        "Ik ben gefilmd op de Markt.\n\nGraag de beelden.\nPiet",
    ),
    "empty text beside HTML": (_bytes("Content-Type: multipart/alternative; boundary=x", TWO), "Graag."),
    "windows-1252 that says utf-8": (_bytes(UTF8, "Café € 5".encode("cp1252")), "Café € 5"),
    "utf-8 that says iso-8859-1": (_bytes(UTF8.replace("utf-8", "iso-8859-1"), "Café".encode()), "Café"),
    "letters that do not exist": (_bytes(UTF8.replace("utf-8", "x-nee"), "Café".encode()), "Café"),
    "a byte order mark": (b"\xef\xbb\xbf" + PLAIN, "Graag."),
    "saved as UTF-16": (b"\xff\xfe" + PLAIN.decode().encode("utf-16-le"), "Graag."),
    "no reader for it": (_bytes(TNEF, b"eJ8+"), NONE),
    "a hundred parts": (_bytes("Date: Mon, 2 Nov 2026 09:00:00 +0100", MANY), NONE),
}


def test_all_dates_of_a_mail_are_read_and_broken_ones_left_out() -> None:
    head = "Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0100\r\nDate: gisteren\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100"
    assert mail.read(_bytes(head, b"x")).dates == (
        datetime(2026, 11, 2, 8, tzinfo=UTC),
        datetime(2026, 11, 2, 9, tzinfo=UTC),
    )
    assert mail.read(_bytes("Subject: x", b"x")).dates == ()


@pytest.mark.parametrize("what", READ)
def test_what_a_mail_says_is_read(what: str) -> None:
    data, text = READ[what]
    read = mail.read(data)
    assert read.email == "piet@voorbeeld.nl"
    assert read.text.startswith(text)


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        (b"=?utf-8?Q?J=C3=B8rgen_de_Vries?= <a@b.nl>", "Jørgen de Vries"),
        (b'"=?utf-8?B?SsO4cmdlbg==?=" <a@b.nl>', "Jørgen"),
        (b"=?windows-1252?Q?J=F8rgen?= <a@b.nl>", "Jørgen"),
        (b"=?x-nee?Q?J=F8rgen?= <a@b.nl>", "Jørgen"),
        ("Jørgen <a@b.nl>".encode(), "Jørgen"),
        ("Jørgen <a@b.nl>".encode("cp1252"), "Jørgen"),
        (b"=?utf-8?Q?Vries=2C_Jan_de?= <a@b.nl>", "Vries, Jan de"),
        (b'"Vries, Jan" <a@b.nl>', "Vries, Jan"),
        (b"=?utf-8?Q?J=C3=B8?= =?utf-8?Q?rgen?= <a@b.nl>", "Jørgen"),
        (b"a@b.nl", ""),
    ],
)
def test_a_name_is_read_in_whichever_letters_it_was_sent(sender: bytes, name: str) -> None:
    read = mail.read(b"From: " + sender + b"\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100\r\n\r\nhallo")
    assert (read.name, read.email) == (name, "a@b.nl")


def test_a_mail_saved_without_its_ending_is_a_mail(desk: Client) -> None:
    assert send(desk, "bericht", saved()).status_code == 302
    assert (Case.objects.get().requester_name, CaseDocument.objects.get().content_type) == (
        "J. Proef",
        "message/rfc822",
    )
