"""Places holds on recordings while a round destroys them, on PostgreSQL, and prints what became of each.

Run as a program: `race_round.py FOLDER`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from pathlib import Path
from threading import Barrier, Thread

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from tests.retention.world import DUE, World  # noqa: E402

from beeldkluis.footage.models import Recording  # noqa: E402
from beeldkluis.journal.models import Entry  # noqa: E402
from beeldkluis.protocol.verdict import Refused  # noqa: E402
from beeldkluis.retention.tasks import round_  # noqa: E402
from beeldkluis.sealed.age import Identity  # noqa: E402

RECORDINGS = 40


def main() -> None:
    folder = Path(sys.argv[1])
    settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
    settings.STAGING_FOLDER = folder / "staging"
    settings.STAGING_FOLDER.mkdir()
    call_command("migrate", verbosity=0, skip_checks=True)
    world = World(folder, Identity.generate())
    recordings = [world.receive() for _ in range(RECORDINGS)]
    start, held, problems = Barrier(3), set(), []

    def destroy() -> None:
        start.wait()
        try:
            problems.extend(round_(DUE).problems)
        except DatabaseError as error:
            problems.append(repr(error))
        connection.close()

    def hold() -> None:
        start.wait()
        for one in reversed(recordings):
            try:
                world.hold(one, DUE)
                held.add(one.pk)
            except Refused:
                pass
        connection.close()

    threads = [Thread(target=destroy), Thread(target=destroy), Thread(target=hold)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = [(one.pk in held, world.still_opens(one), Recording.objects.get(pk=one.pk).state) for one in recordings]
    acts = ("vault.destruction_begun", "vault.shredded", "retention.recording_destroyed", "vault.destruction_certified")
    found = Entry.objects.filter(act__in=acts, recording__in=[one.pk for one in recordings if one.pk not in held])
    times = sorted({row["n"] for row in found.values("recording", "act").annotate(n=Count("number"))})
    sys.stdout.write(json.dumps({"outcome": outcome, "problems": problems, "entries": times}) + "\n")
    connections.close_all()


main()
