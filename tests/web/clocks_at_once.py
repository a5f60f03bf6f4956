"""Three clocks do the jobs of the minute at the same moment, on PostgreSQL; prints how often each act stands in the journal.

Run by tests/processes.py: `tests.web.clocks_at_once FOLDER CLOCKS`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

from django.conf import settings
from django.db import connection
from tests.conftest import SETUP, START
from tests.footage.conftest import a_recording
from tests.template import make_tables

from beeldkluis.devices.actions import add_bodycam, issue
from beeldkluis.footage.actions import register
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.actions import add_officer, add_person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import ticking

RECORDINGS = 60
LATER = START + timedelta(days=9)


def main() -> None:
    folder, clocks = Path(sys.argv[1]), int(sys.argv[2])
    for name in ("store", "keys", "staging"):
        (folder / name).mkdir(exist_ok=True)
    settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
    settings.STAGING_FOLDER = folder / "staging"
    make_signing_key()
    make_tables()
    _world()
    before, start, problems = Entry.objects.count(), Barrier(clocks), []

    def minute() -> None:
        connection.ensure_connection()
        start.wait()
        for number in range(2):  # the second finds nothing to do
            problems.extend(ticking.tick(LATER + timedelta(minutes=number)))
        connection.close()

    threads = [Thread(target=minute) for _ in range(clocks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    acts = Counter(Entry.objects.filter(number__gte=before).values_list("act", flat=True))
    print(json.dumps({"acts": acts, "problems": problems}))  # noqa: T201 - the answer of this program


def _world() -> None:
    for role in (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR):
        add_person(
            email=f"{role.value}@example.nl", name=role.dutch, role=role, password="paarden lopen langs het kanaal",
            actor=SETUP, now=START,
        )  # fmt: skip
    officer = add_officer(number="1207", name="X", employment="own", since=START, actor=SETUP, now=START)
    bodycam = add_bodycam(
        serial="SIM-0007", label="7", make="SIM", model="1", pre_event_seconds=120, actor=SETUP, now=START
    )
    issue(bodycam, officer, at=START, actor=SETUP, now=START)
    for number in range(RECORDINGS):
        begin = START + timedelta(hours=1, minutes=10 * number)
        register(a_recording(begin), actor=SETUP, now=begin + timedelta(hours=1))


if __name__ == "__main__":
    main()
