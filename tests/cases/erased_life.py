"""A request from receipt to the end of its term, on a database of its own; prints where what the requester told still stands.

Run by tests/processes.py: `tests.cases.erased_life FOLDER`, with BEELDKLUIS_DATABASE in the environment. Everything that
somebody wrote holds the word MARK, in every room; the name alone is looked for in files, as those are not read by columns.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection

from beeldkluis.cases import actions, decision_actions, letter_actions, remedy_actions
from beeldkluis.cases.models import Case, Giving, Letter, Remedy, Suspension
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.journal import guard
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox import actions as outbox
from beeldkluis.outbox.models import Outgoing
from beeldkluis.outbox.tasks import ACTOR
from beeldkluis.people.models import Officer, Person
from beeldkluis.people.municipality_actions import set_contact
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.letters import SENDERS
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing import presence_actions
from beeldkluis.viewing.erasing_tasks import erase_what_is_over
from beeldkluis.viewing.models import Attendance, Viewing
from tests.template import make_tables

MARK = "kwikzwaluw"
NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
CLOSING = datetime(2027, 2, 2, 9, 0, tzinfo=UTC)
OVER = datetime(2032, 2, 4, 9, 0, tzinfo=UTC)
CHOSEN = {"I-26": "law", "I-27": "law"}
PDF = b"%PDF-1.4 " + bytes(range(256)) * 40 + MARK.encode()


def people() -> dict[Role, Person]:
    made = {}
    with guard.opened():
        for role in (Role.DPO, Role.TEAM_MANAGER):
            made[role] = Person.objects.create(email=f"{role}@example.nl", name=role.dutch, role=role, added_at=NOW)
        Officer.objects.create(number="1207", name="S. Wiersma", employment="own", since=NOW)
    return made


def film() -> UUID:
    """A recording of the moment; its film is not what is looked for here."""
    begun = NOW - timedelta(minutes=30)
    new = NewRecording(
        id=uuid4(), source="dock", serial="S-1", started_at=begun, activated_at=begun, ended_at=NOW, clock_offset_ms=0,
        has_sound=True, said_apart="", clips=(),
    )  # fmt: skip
    return register(new, actor=Actor.system("tests"), now=NOW).pk


def live(staff: dict[Role, Person]) -> Case:
    recording = film()
    dpo, manager = staff[Role.DPO].as_actor, staff[Role.TEAM_MANAGER].as_actor
    set_contact({"objection": ["Postbus 1"]}, actor=dpo, now=NOW)
    case = actions.receive(
        kind="access", received_by_channel="email", requester_name=f"J. {MARK}", requester_address=f"{MARK} 1",
        requester_place=f"9801 AA {MARK}", requester_phone="0594 000 000", requester_email=f"{MARK}@example.nl",
        demonstrable_interest=f"Ik ben {MARK}.", description=f"{MARK} met een pet", told=f"Groet, {MARK}",
        moment_from=NOW, moment_until=NOW, place=f"Bij {MARK}", on_behalf_of=f"Kind {MARK}", on_behalf_of_age=9,
        authority="parent", wish="copy", by_email=True, in_doubt=[MARK], paper=actions.Paper(f"{MARK}.pdf", PDF), actor=dpo,
        now=NOW,
    )  # fmt: skip
    actions.forward(case, actor=dpo, now=NOW)
    decision_actions.extend(case, because=f"{MARK} is ziek", actor=manager, now=NOW)
    actions.link_recording(case, recording, actor=manager, now=NOW)
    look(case, staff[Role.TEAM_MANAGER])
    of_other_laws(case)
    words = Words(
        outcome=Outcome.REFUSED, grounds=f"Nee {MARK}", exception="15-4", not_by_covering=MARK, choices=CHOSEN
    )
    decision_actions.decide(case, words, actor=manager, now=NOW)
    made = remedy_actions.register(case, kind="complaint", received_at=NOW, where=f"AP {MARK}", actor=dpo, now=NOW)
    remedy_actions.settle(made, outcome="dismissed", at=NOW, note=f"{MARK} klaar", actor=dpo, now=NOW)
    leave(case, staff, NOW)
    case.refresh_from_db()
    decision_actions.close(case, because=f"Klaar met {MARK}", actor=manager, now=CLOSING)
    leave(case, staff, CLOSING)
    case.refresh_from_db()
    return case


def look(case: Case, manager: Person) -> None:
    """The table asks for recordings; the viewing itself, and what is noted in it, is as in life."""
    with guard.opened():
        viewing = Viewing.objects.create(
            case=case, purpose=Purpose.ASSESS_REQUEST.value, place=f"Kamer {MARK}", person=manager, proved_at=NOW,
            begun_at=NOW, expires_at=NOW + timedelta(hours=2), number="000001", protocol="1", remarks=f"{MARK} huilde",
        )  # fmt: skip
        Attendance.objects.create(viewing=viewing, present="team_manager", how="second_factor", person=manager, at=NOW)
    actor = manager.as_actor
    presence_actions.note_requester(viewing, name=f"J. {MARK}", document="passport", actor=actor, now=NOW)
    with guard.opened():
        Viewing.objects.filter(pk=viewing.pk).update(ended_at=NOW)


def of_other_laws(case: Case) -> None:
    """What requests of other kinds hold beside this: a third party's views, why another law holds, how access was given."""
    with guard.opened():
        Suspension.objects.create(case=case, asked_at=NOW, until=NOW, ended_at=NOW, third_party=MARK, views=MARK)
        Giving.objects.create(case=case, since=NOW, until=NOW, ended_at=NOW, how="seen", note=f"{MARK} kwam niet")
        Case.objects.filter(pk=case.pk).update(regime_because=f"Boa zag {MARK}", authority_proof="passport")


def leave(case: Case, staff: dict[Role, Person], at: datetime) -> None:
    """Letters go by mail, and the first try is answered with the address."""
    for letter in Letter.objects.filter(case=case, how=""):
        role = Role.TEAM_MANAGER if Role.TEAM_MANAGER in SENDERS[letter.kind] else Role.DPO
        letter_actions.send(letter, actor=staff[role].as_actor, now=at)
    for message in Outgoing.objects.filter(sent_at__isnull=True):
        if message.body["to"] == f"{MARK}@example.nl":
            outbox.note_failed(message, why=f"550 {MARK}@example.nl bestaat niet", actor=ACTOR, now=at)
        outbox.note_sent(message, actor=ACTOR, now=at)


def rows() -> dict[str, int]:
    """In which columns of which tables the word stands, however the column is written."""
    found: dict[str, int] = {}
    for model in apps.get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                text = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                if MARK in text.lower():
                    place = f"{model._meta.db_table}.{name}"
                    found[place] = found.get(place, 0) + 1
    return found


def files(folder: Path, words: list[bytes]) -> list[str]:
    connection.ensure_connection()
    found = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    return [one.name for one in found if any(word in one.read_bytes() for word in words)]


def main() -> None:
    folder = Path(sys.argv[1])
    make_tables()
    case = live(people())
    sent = bytes(Letter.objects.filter(case=case, kind="refused")[0].pdf or b"")
    words = [MARK.encode(), bytes(range(256)) * 2, sent[len(sent) // 2 : len(sent) // 2 + 64]]
    before = {"rows": rows(), "files": files(folder, words)}
    early = erase_what_is_over(OVER - timedelta(days=40))
    done = erase_what_is_over(OVER)
    after = {"rows": rows(), "files": files(folder, words)}
    again = erase_what_is_over(OVER + timedelta(minutes=1))
    case.refresh_from_db()
    told = {
        "before": before,
        "early": early.cases,
        "papers": early.papers,
        "done": done.cases,
        "after": after,
        "again": again.cases,
        "stays": [case.reference, case.kind, case.state, case.erased_at == OVER],
        "hashes": [len(one.sha256) for one in Letter.objects.filter(case=case)],
        "remedy": list(Remedy.objects.values_list("kind", "outcome", "note")),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
