"""Ten docks with one code, and ten officers for one bodycam, all at once on PostgreSQL; prints who got in and who got it.

Run by tests/processes.py, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, connections

from beeldkluis.devices import actions
from beeldkluis.devices.models import Dock, IssuePeriod
from beeldkluis.people.actions import add_officer
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.note import Signer
from tests.conftest import SETUP, START
from tests.template import make_tables

AT_ONCE = 10


def together(act: Callable[[int], object]) -> int:
    """How many succeed when all begin at the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> bool:
        start.wait()
        try:
            act(number)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(AT_ONCE)))


def main() -> None:
    make_tables()
    code = actions.make_enrolment_code(name="Leek", actor=SETUP, now=START)
    key = Signer.generate("dock.example").vkey
    bodycam = actions.add_bodycam(
        serial="S", label="B", make="P", model="P", pre_event_seconds=120, actor=SETUP, now=START
    )
    officers = [
        add_officer(number=str(one), name="X", employment="own", since=START, actor=SETUP, now=START)
        for one in range(AT_ONCE)
    ]
    outcome = {
        "let_in": together(lambda one: actions.enrol_dock(code=code, name=f"Dock {one}", public_key=key, now=START)),
        "issued": together(lambda one: actions.issue(bodycam, officers[one], at=START, actor=SETUP, now=START)),
        "docks": Dock.objects.count(),
        "periods": IssuePeriod.objects.count(),
    }
    sys.stdout.write(json.dumps(outcome) + "\n")
    connections.close_all()


main()
