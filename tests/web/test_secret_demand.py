"""A secret demand shows on no page of anybody but who handles it and the data protection officer (I-68)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.everything import CALLERS, World, addresses, everything, undone

from beeldkluis.cases import actions, letting_go_actions
from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Recording
from beeldkluis.journal.models import Entry
from beeldkluis.protocol.roles import Role
from beeldkluis.web.ticking import tick

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SAID = ("PL0100-2026-9", "K. Geheim", "recherche.invalid")
MAY_KNOW = (Role.DPO, Role.TEAM_MANAGER)


def demanded(world: World) -> Case:
    """A secret demand that holds footage and was withdrawn again, with its letter: whatever a demand leaves behind."""
    dpo, recording = world.as_actor(Role.DPO), Recording.objects.filter(state=Recording.State.KEPT)[0]
    case = actions.receive(
        kind="demand", received_by_channel="letter", requester_name="K. Geheim", requester_organisation="Politie",
        requester_email="k@recherche.invalid", formal_data={"reference": "PL0100-2026-9", "article": "126nd Sv"}, place="De Gast",
        moment_from=recording.started_at, moment_until=recording.ended_at, actor=dpo, now=world.now,
    )  # fmt: skip
    actions.forward(case, actor=dpo, now=world.now)
    actions.link_recording(case, recording.pk, actor=world.as_actor(Role.TEAM_MANAGER), now=world.now)
    tick(world.now + timedelta(minutes=1))
    letting_go_actions.withdraw(case, because="Niet meer nodig.", actor=dpo, now=world.now + timedelta(minutes=2))
    tick(world.now + timedelta(minutes=3))
    return case


def test_nobody_else_reads_of_a_secret_demand_on_any_page(tmp_path: Path, settings: Any) -> None:
    world = everything(tmp_path, settings)
    case = demanded(world)
    lines = list(Entry.objects.filter(case=case.reference).values_list("number", flat=True))
    assert len(lines) > 5
    words = (case.reference, *SAID)
    journal = [f"/logboek/?zaak={case.reference}", *(f"/logboek/?pagina={page}" for page in range(1, 5))]
    paths = {one.path for one in addresses(world)} | {"/", *journal, *(f"/logboek/{number}/" for number in lines)}
    shows: dict[Any, set[tuple[str, str]]] = {}
    for caller in CALLERS:
        browser = world.browser(caller)
        for path in sorted(paths):
            with undone(browser):
                answer = browser.get(path)
                told = b"".join(answer) if answer.streaming else answer.content
                own = (path.encode(), f'value="{case.reference}"'.encode())  # what the reader typed says nothing
                for typed in own:
                    told = told.replace(typed, b"")
                found = {word for word in words if word.encode() in told}
                shows.setdefault(caller, set()).update((path, word) for word in found)
    others = {str(caller): sorted(found) for caller, found in shows.items() if caller not in MAY_KNOW and found}
    assert others == {}
    assert all(shows[role] for role in MAY_KNOW)
