"""Who decides over messages, and what the journal says of each: by number, never to whom for ever."""

from datetime import timedelta

import pytest

from beeldkluis.journal.models import Entry
from beeldkluis.outbox import actions, queries
from beeldkluis.outbox.tasks import send_due
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START
from tests.lines import lines
from tests.outbox.test_outbox import a_letter

pytestmark = pytest.mark.django_db


def test_only_who_sees_messages_hurries_or_withdraws_one(dpo: Person, administrator: Person) -> None:
    message = a_letter()
    with pytest.raises(Refused, match="Dit kan alleen de teammanager of beheerder"):
        actions.hurry(message, actor=dpo.as_actor, now=START)
    with pytest.raises(Refused, match="Dit kan alleen de teammanager of beheerder"):
        actions.withdraw(message, because="dubbel", actor=dpo.as_actor, now=START)
    assert queries.waiting() == [message]
    actions.hurry(message, actor=administrator.as_actor, now=START)
    actions.withdraw(message, because="dubbel", actor=administrator.as_actor, now=START)
    assert queries.waiting() == []
    assert lines("outbox.message_hurried") == [f"Gevraagd om bericht {message.pk} nu te versturen"]
    assert lines("outbox.message_withdrawn") == [f"Bericht {message.pk} ingetrokken"]


def test_the_journal_counts_tries_and_names_the_message(db: None) -> None:
    a_letter("een eerdere")
    message = a_letter("Teken voor versie 1")
    assert lines("outbox.message_queued")[1] == f"Bericht {message.pk} klaargezet (mail): Teken voor versie 1"
    for number in range(3):
        actions.note_failed(message, why="geen verbinding", actor=SETUP, now=START + timedelta(hours=number))
    actions.note_sent(message, actor=SETUP, now=START + timedelta(hours=4))
    failed = [f"Bericht {message.pk} niet verstuurd, poging {number}" for number in (1, 2, 3)]
    assert lines("outbox.message_failed") == failed
    assert lines("outbox.message_sent") == [f"Bericht {message.pk} verstuurd na 4 keer proberen"]
    assert b"example.nl" not in b"".join(bytes(one.data) for one in Entry.objects.all())


def test_what_does_not_leave_is_told_after_five_tries_with_why(db: None) -> None:
    message = a_letter("Uw verzoek")
    for tries in range(1, 6):
        actions.note_failed(message, why="de mailserver weigert", actor=SETUP, now=START)
        assert bool(queries.stuck()) == (tries == 5)
    assert send_due(START, {}) == ["Bericht over Uw verzoek komt niet weg: de mailserver weigert"]


def test_of_a_case_every_message_is_emptied_and_counted(db: None) -> None:
    sent, waits = (
        actions.queue_mail(to="j@example.nl", subject=word, text="Hallo.", actor=SETUP, now=START, case="2026-0001")
        for word in ("een", "twee")
    )
    actions.queue_mail(to="x@example.nl", subject="ander", text="Hallo.", actor=SETUP, now=START, case="2026-0002")
    actions.note_sent(sent, actor=SETUP, now=START)
    assert actions.empty("2026-0001", actor=SETUP, now=START) == 2
    assert lines("outbox.messages_emptied") == ["Van 2 bericht(en) over zaak 2026-0001 is de inhoud gewist"]
    waits.refresh_from_db()
    assert (waits.body, waits.withdrawn_at) == ({}, START)
    assert [one.about for one in queries.waiting()] == ["ander"]
