"""Ten times the same Axis object, all at once on PostgreSQL, and "Complete" as often; prints what came of it.

Run by tests/processes.py: `tests.intake.axis_at_once FOLDER`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from django.conf import settings
from django.db import connections
from django.test import Client
from tests.conftest import SETUP
from tests.template import make_tables

from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake import axis_actions
from beeldkluis.intake.models import AxisSystem
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.people.actions import add_person, record_key_ceremony
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age, axis
from beeldkluis.vault.actions import take_up_places
from beeldkluis.vault.models import SealedObject

AT_ONCE = 10
CONTENT = b"film" * 50_000
PLACE = "b7c1_AXIS-1_20261031T213800Z"


def system() -> AxisSystem:
    now, team = clock.now(), age.Identity.generate()
    take_up_places(actor=SETUP, now=now)  # as set-up does: an intake while another takes them into use is sent again
    public, private = axis.generate_rsa()
    manager, administrator = (
        add_person(email=f"{role.value}@example.nl", name="P", role=role, password=None, actor=SETUP, now=now).as_actor
        for role in (Role.TEAM_MANAGER, Role.ADMINISTRATOR)
    )
    record_key_ceremony(
        team_recipient=str(team.recipient),
        recovery_recipient=str(age.Identity.generate().recipient),
        axis_public=public,
        axis_sealed_private=age.seal_bytes(private, [team.recipient]),
        sealed_identity=age.seal_identity(team, "een twee drie", 10),
        actor=manager,
        now=now,
    )
    axis_actions.add_system(name="Kantoor", certificate="", actor=administrator, now=now)
    return AxisSystem.objects.get()


def together(ask: Callable[[], int]) -> list[int]:
    """What each was answered when all ask at the same moment."""
    start = Barrier(AT_ONCE)

    def one(_number: int) -> int:
        start.wait()
        try:
            return ask()
        finally:
            connections.close_all()  # those of the limits too

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


def main() -> None:
    folder = Path(sys.argv[1])
    settings.STORE_FOLDER, settings.KEY_FOLDER, settings.STAGING_FOLDER = (
        folder / "store", folder / "keys", folder / "staging",
    )  # fmt: skip
    settings.ALLOWED_HOSTS = ["testserver"]
    make_tables()
    made = system()
    headers = {"X-Auth-Token": axis_actions.give_token(made, now=clock.now())}
    url = f"/axis/v1/{made.user}/{PLACE}"

    def ask(method: str, path: str, content: bytes = b"", **more: str) -> int:
        client = Client(raise_request_exception=False)
        told = headers | {name.replace("_", "-"): value for name, value in more.items()}
        return client.generic(method, path, content, content_type="video/mp4", headers=told).status_code

    outcome = {
        "containers": together(lambda: ask("PUT", url)),
        "objects": together(lambda: ask("PUT", f"{url}/1_2.mp4", CONTENT)),
        "complete": together(lambda: ask("POST", url, X_Container_Meta_Status="Complete")),
        "clips": Clip.objects.count(),
        "recordings": Recording.objects.count(),
        "kept": SealedObject.objects.count(),
        "accepted": Entry.objects.filter(act="intake.clip_accepted").count(),
        "closed": Entry.objects.filter(act="intake.axis_container_closed").count(),
        "staged": len(list(settings.STAGING_FOLDER.iterdir())),
    }
    sys.stdout.write(json.dumps(outcome) + "\n")
    connections.close_all()


main()
