"""Confirms, stops, carries out and uses one change of an account at the same moment, one after another, on PostgreSQL, and prints
what became of each.

Run by tests/processes.py: `tests.people.race_accounts`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError, Thread

from django.db import connection

from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry, Head
from beeldkluis.people import account_queries
from beeldkluis.people.account_actions import carry_out_due, confirm_change, object_to_change
from beeldkluis.people.actions import add_person
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.actions import NewPerson, accept_invitation, invite
from tests.template import make_tables

SETUP, NOW = Actor.system("tests"), datetime(2026, 10, 1, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
CHANGES = 12
ACTS = ("people.account_change_confirmed", "people.account_change_done", "people.account_change_stopped")


class Scene:
    """The administrator asked for many deputies; everybody else comes at once."""

    def __init__(self) -> None:
        make_tables()
        roles = {"admin": Role.ADMINISTRATOR, "dpo": Role.DPO, "other": Role.DPO, "manager": Role.TEAM_MANAGER}
        self.people = {
            name: add_person(email=f"{name}@example.nl", name=name, role=role, password=None, actor=SETUP, now=NOW)
            for name, role in roles.items()
        }
        admin = self.people["admin"].as_actor
        self.changes: list[tuple[AccountChange, str]] = []
        for number in range(CHANGES):
            newcomer = NewPerson(f"N{number}", f"n{number}@example.nl", Role.DEPUTY)
            person, token = invite(newcomer, actor=admin, now=NOW)
            self.changes.append((AccountChange.objects.get(person=person), token))

    def confirm(self, change: AccountChange, _token: str) -> None:
        time.sleep(random.uniform(0, 0.3 * (change.pk % 2)))  # now the one is first and now the other
        confirm_change(change, actor=self.people["dpo"].as_actor, now=SOON)

    def confirm_too(self, change: AccountChange, _token: str) -> None:
        confirm_change(change, actor=self.people["manager"].as_actor, now=SOON)

    def stop(self, change: AccountChange, _token: str) -> None:
        time.sleep(random.uniform(0, 0.6 * (1 - change.pk % 2)))
        object_to_change(change, because="nee", actor=self.people["other"].as_actor, now=SOON)

    def tick(self, _change: AccountChange, _token: str) -> None:
        carry_out_due(actor=SETUP, now=SOON)

    def use(self, change: AccountChange, token: str) -> None:
        for _ in range(10):
            try:
                accept_invitation(token, password="paarden lopen langs", actor=change.person.as_actor, now=SOON)
            except Refused:
                time.sleep(0.02)
            else:
                return


def main() -> None:
    scene = Scene()
    works = [scene.confirm, scene.confirm_too, scene.stop, scene.tick, scene.use]
    start, problems = Barrier(len(works)), list[str]()

    def run(work: Callable[[AccountChange, str], None]) -> None:
        for change, token in scene.changes:
            try:
                start.wait(timeout=60)
                work(change, token)
            except Refused:
                pass  # the other was first
            except BrokenBarrierError:
                break
            except Exception as error:  # noqa: BLE001 - the test names whatever ends a thread
                problems.append(f"{work.__name__}: {error!r}")
        connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = []
    for one, _token in scene.changes:
        now = account_queries.change(one.pk)
        assert now is not None
        person = Person.objects.get(pk=one.person.pk)
        wanted = f'"change":{one.pk},'.encode()
        entries = [sum(wanted in bytes(e.data) for e in Entry.objects.filter(act=act)) for act in ACTS]
        outcome.append(
            {
                "done": now.done_at is not None,
                "stopped": now.stopped_at is not None,
                "used": now.used_at is not None,
                "active": person.is_active,
                "password": person.has_usable_password(),
                "entries": entries,
            }
        )
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    whole = numbers == list(range(Head.objects.get(pk=1).size))
    sys.stdout.write(json.dumps({"problems": problems, "whole": whole, "outcome": outcome}) + "\n")
    connection.close()


main()
