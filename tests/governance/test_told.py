"""What the journal says of a version's life, and who may end it."""

from datetime import timedelta

import pytest

from beeldkluis.governance import actions
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal import leaves
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP
from tests.governance.test_versions import LATER, TEXT, TODAY, drafted, first, folder, proposed, published, shorter
from tests.lines import lines

__all__ = ["first", "folder"]  # fixtures, for this file


def facts(act: str) -> dict[str, object]:
    return dict(leaves.read(bytes(Entry.objects.get(act=act).data)).facts)


def test_the_journal_tells_a_version_from_draft_to_force(
    first: ProtocolVersion, team_manager: Person, dpo: Person
) -> None:
    made = drafted(team_manager)
    actions.propose(made, takes_effect_at=LATER, touched=7, today=TODAY, actor=team_manager.as_actor, now=TODAY)
    actions.publish(made, touched=8, today=TODAY, actor=dpo.as_actor, now=TODAY)
    actions.take_effect(actor=SETUP, now=LATER + timedelta(minutes=7))
    day = "2026-10-14T22:00:00.000Z"  # the first moment of the 15th where the municipality is
    assert lines("governance.version_drafted") == ["Concept van protocolversie 2 opgeslagen"]
    assert lines("governance.version_proposed") == [f"Protocolversie 2 voorgesteld, ingang {day}"]
    assert lines("governance.version_published") == [f"Protocolversie 2 vastgesteld, ingang {day}"]
    assert lines("governance.version_took_effect") == ["Protocolversie 2 geldt; versie 1 is vervallen"]
    assert facts("governance.version_proposed")["recordings_touched"] == 7
    assert facts("governance.version_published")["recordings_touched"] == 8
    first.refresh_from_db()
    assert first.lapsed_at == LATER, "its day, not the minute in which somebody looked"


@pytest.mark.parametrize("make", [drafted, proposed])
def test_who_may_not_publish_may_not_withdraw_either(
    first: ProtocolVersion, team_manager: Person, administrator: Person, make: object
) -> None:
    made = make(team_manager)  # type: ignore[operator] # one of the two above
    with pytest.raises(Refused, match="Dit kan alleen"):
        actions.withdraw(made, actor=administrator.as_actor)
    actions.withdraw(made, actor=team_manager.as_actor)
    assert lines("governance.version_withdrawn") == ["Protocolversie 2 ingetrokken"]


def test_what_was_published_can_be_withdrawn_until_its_day(
    first: ProtocolVersion, team_manager: Person, dpo: Person
) -> None:
    actions.withdraw(published(team_manager, dpo), actor=dpo.as_actor)
    assert actions.take_effect(actor=SETUP, now=LATER) is None


def test_a_register_of_another_municipality_is_named_and_refused(first: ProtocolVersion, team_manager: Person) -> None:
    strange = shorter().replace(b"Westerkwartier", b"Elders")
    with pytest.raises(Refused, match="Dit register is van Elders, niet van Westerkwartier"):
        actions.draft(strange, TEXT, actor=team_manager.as_actor, now=TODAY)
