"""Findings are raised, and settled with words."""

import pytest

from beeldkluis.devices.models import Bodycam
from beeldkluis.findings.actions import raise_finding, raise_finding_once, settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.findings.queries import open_findings
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import START


def test_a_finding_is_settled_with_words_and_may_then_come_back(dpo: Person, bodycam: Bodycam) -> None:
    facts = {"rule": "camera.blocked", "text": "Kijk.", "recording": None, "bodycam": bodycam.pk, "now": START}
    first = raise_finding(**facts, actor=dpo.as_actor)
    assert raise_finding_once(**facts, actor=dpo.as_actor) == first
    with pytest.raises(Refused, match="Schrijf op"):
        settle_finding(first, because="  ", actor=dpo.as_actor, now=START)
    for words in ("Gebeld.", "Nog eens."):
        settle_finding(first, because=words, actor=dpo.as_actor, now=START)
    assert Finding.objects.get().settled_because == "Gebeld."
    assert open_findings() == []
    assert raise_finding_once(**facts, actor=dpo.as_actor) != first
