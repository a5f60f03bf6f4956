"""Recordings as a dock delivers them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from beeldkluis.footage.actions import NewClip, NewRecording, register
from beeldkluis.footage.models import Recording
from tests.conftest import SETUP, START

BEGIN = START + timedelta(hours=2)  # an hour after the issue
RECEIVED = START + timedelta(hours=9)
Register = Callable[..., Recording]


def a_clip(position: int = 0, **changed: Any) -> NewClip:
    facts: dict[str, Any] = {
        "object": uuid4(),
        "position": position,
        "name": f"DSC_{position}.mp4",
        "content_type": "video/mp4",
        "source_sha256": f"{position:064x}",
        "source_size": 1000,
        "sealed_sha256": "f" * 64,
        "duration_ms": None,
    }
    return NewClip(**(facts | changed))


def a_recording(begin: datetime = BEGIN, *, pre_event: int = 120, lasts: int = 300, **changed: Any) -> NewRecording:
    """A recording of `lasts` seconds, the first `pre_event` of them before activation."""
    facts: dict[str, Any] = {
        "id": uuid4(),
        "source": "dock",
        "serial": "SIM-0007",
        "started_at": begin,
        "activated_at": begin + timedelta(seconds=pre_event),
        "ended_at": begin + timedelta(seconds=lasts),
        "clock_offset_ms": 400,
        "has_sound": True,
        "said_apart": "",
        "clips": (a_clip(),),
    }
    return NewRecording(**(facts | changed))


@pytest.fixture
def add(db: None) -> Register:
    """Register a recording with these facts."""
    return lambda *words, now=RECEIVED, **named: register(a_recording(*words, **named), actor=SETUP, now=now)
