"""A mail that an outsider made to keep its reader busy, or to bring the page down; the desk uploads it in good faith."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.cases import mail

FROM = b"From: Jan <jan@example.nl>\r\n"
SECONDS = 20  # of processor; without its limits one of these took minutes, and the parser holds every other page up


def nested(depth: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(depth))
    return FROM + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nhallo\r\n"


HOSTILE = {
    "parts in parts": nested(3000),
    "more parts in parts": nested(100_000),
    "endless parameters": FROM + b"Content-Type: text/plain" + b"; a=b" * 500_000 + b"\r\n\r\nhallo",
    "endless senders": b"From: a:" + b"b@c," * 500_000 + b";\r\n\r\nhallo",
    "comments in comments": b"From: " + b"(" * 100_000 + b" a@b.nl\r\n\r\nhallo",
    "endless name": b"From: =?utf-8?q?" + b"=20" * 500_000 + b"?= <a@b.nl>\r\n\r\nhallo",
    "endless date": FROM + b"Date: " + b"9" * 1_000_000 + b"\r\n\r\nhallo",
    "only headers": FROM + b"X: y\r\n" * 1_500_000,
    "no such letters": FROM + b"Content-Type: text/plain; charset=\x00\xff\r\n\r\nhallo",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_mail_is_read_in_bounded_time_or_is_none(what: str) -> None:
    begun = time.process_time()
    try:
        read = mail.read(HOSTILE[what])
    except ValueError:
        read = mail.Mail("", "", None, "")
    assert len(read.name) <= 200
    assert len(read.text) <= mail.LONGEST
    assert time.process_time() - begun < SECONDS


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_nothing_that_a_mail_holds_brings_the_page_down(head: bytes, body: bytes) -> None:
    try:
        mail.read(FROM + head + b"\r\n\r\n" + body)
    except ValueError:
        return


def test_an_ordinary_mail_is_read_as_before() -> None:
    parts = (
        b"Subject: Verzoek\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Graag de beelden.\r\n--x--\r\n"
    )
    read = mail.read(FROM + parts)
    assert (read.name, read.email) == ("Jan", "jan@example.nl")
    assert read.text == "Verzoek\n\nGraag de beelden."
    assert read.sent_at is not None
