"""What a check of a handover finds wrong stays a finding until somebody wrote down how it came."""

from datetime import timedelta

import pytest

from beeldkluis.findings.actions import settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.people import handover_check_actions as checks
from beeldkluis.people.models import Handover, Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.ticking import JOBS, tick
from tests.people.handing import NOW, Keys, begun, seal_all
from tests.people.test_handover import keys, successor, world
from tests.retention.world import World

__all__ = ["keys", "successor", "world"]  # fixtures, for this file
LATER = NOW + timedelta(minutes=1)


def minute() -> list[Finding]:
    tick(LATER, {"overdracht": JOBS["overdracht"]})
    return list(Finding.objects.filter(rule="access.handover").order_by("pk"))


def try_with_nothing(handover: Handover, receiver: Person) -> None:
    for item, given in checks.give_new_headers(handover, actor=receiver.as_actor, now=NOW).items():
        checks.report_tried(item, given.seal, dict.fromkeys(given.objects, b""), actor=receiver.as_actor, now=NOW)


@pytest.mark.rule("access.findings")
def test_a_seal_that_does_not_open_is_one_finding_that_the_data_protection_officer_settles(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    for _ in range(3):
        world.receive()
    handover = begun(team_manager, successor, dpo, keys)
    seal_all(handover, keys, keys.old)
    assert minute() == []
    try_with_nothing(handover, successor)
    (found,) = minute()
    assert minute() == [found], "told once"
    assert f"Bij overdracht {handover.pk} van de teamsleutel klopte een nieuw zegel niet." in found.text
    assert "er is niets verloren" in found.text
    for own in (team_manager, successor):
        with pytest.raises(Refused, match="functionaris gegevensbescherming"):
            settle_finding(found, because="Niets aan de hand.", actor=own.as_actor, now=clock.now())
    settle_finding(found, because="De browser was oud.", actor=dpo.as_actor, now=clock.now())
    assert minute() == [found], "what was settled does not come back by itself"


def test_what_goes_wrong_again_after_it_was_settled_is_another_finding(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    handover = begun(team_manager, successor, dpo, keys)
    seal_all(handover, keys, keys.old)
    try_with_nothing(handover, successor)
    (found,) = minute()
    settle_finding(found, because="De browser was oud.", actor=dpo.as_actor, now=clock.now())
    seal_all(handover, keys, keys.old)
    try_with_nothing(handover, successor)
    assert len(minute()) == 2


def test_an_axis_key_that_did_not_come_along_is_a_finding(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    assert world
    handover = begun(team_manager, successor, dpo, keys)
    checks.ask_for_axis(handover, actor=successor.as_actor)
    assert not checks.answer_for_axis(handover, "iets anders", actor=successor.as_actor, now=NOW)
    (found,) = minute()
    assert "klopte de sleutel voor Axis-camera's niet" in found.text
