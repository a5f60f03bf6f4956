"""Whose film it is stands on the page where it plays, under a licence that asks for it."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags
from tests.viewing.conftest import NOW, Scene

from beeldkluis.camera.example import EXAMPLE
from beeldkluis.footage.models import Clip
from beeldkluis.journal import clock
from beeldkluis.protocol.purposes import Purpose


@pytest.mark.parametrize("theirs", [True, False])
def test_whose_film_it_is_stands_where_it_plays_and_nowhere_else(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch, *, theirs: bool
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    scene.confirm()
    if theirs:
        Clip.objects.filter(recording=scene.recording).update(source_sha256=EXAMPLE.sha256)
    looking = scene.look(Purpose.ASSESS_REQUEST, "officer")
    client.force_login(scene.manager)
    page = client.get(f"/inzien/{looking.pk}/kijken/?opname={scene.recording.pk}").content.decode()
    assert 'id="watch"' in page
    read = re.sub(r"\s+", " ", strip_tags(page))
    assert (EXAMPLE.credit in read) is theirs
    for address in (EXAMPLE.source, EXAMPLE.terms):
        assert (f'href="{address}"' in page) is theirs
