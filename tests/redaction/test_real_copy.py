"""A copy made by the real renderer of a real film: what a requester's browser opens is whole, covered and marked."""

import io
from pathlib import Path
from typing import Any

import av
import pytest
from tests.masking.films import analysed, film
from tests.redaction import programs
from tests.redaction.conftest import FREED, Copying
from tests.redaction.test_life import plain

from beeldkluis.masking.boxes import Box
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import RedactionState as S
from beeldkluis.redaction.models import Rendering
from beeldkluis.sealed.age import open_header

pytestmark = pytest.mark.slow


def standing(_number: int) -> Box:
    return Box(0.6, 0.1, 0.9, 0.8)


def test_a_requester_opens_what_the_renderer_made(copying: Copying, tmp_path: Path, settings: Any) -> None:
    data = film(tmp_path / "film", 40, (192, 128))
    recording = copying.scene.world.receive(plain=data)
    type(recording).objects.filter(pk=recording.pk).update(officer=copying.scene.officer)
    copying.scene.recording = type(recording).objects.get(pk=recording.pk)
    type(copying.case).objects.update(state="forwarded")
    copying.scene.confirm()
    type(copying.case).objects.update(state="granted")
    settings.MASKING_PROGRAMS = programs.PLACES | {"render": "beeldkluis.masking.confining.render_film"}
    programs.real.append(analysed(data, standing))
    copying.analysed()
    copying.save(FREED)
    copying.ask_copy()
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.RENDERED, "")
    made = Rendering.objects.get()
    copying.play((0, made.duration_ms, False))
    copying.approve()
    opened = copying.opened(Purpose.VIEW_WITH_DATA_SUBJECT, "officer", "requester")
    key = open_header(opened.headers[made.object], [copying.scene.world.identity])
    copy = plain(made.object, key)
    assert len(copy) == made.size
    with av.open(io.BytesIO(copy), "r") as container:
        assert sum(1 for _picture in container.decode(video=0)) == 40
    assert not list((copying.scene.world.folder / "staging").glob(f"{made.object}*"))
