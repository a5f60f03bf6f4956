"""Recordings, as the tests of footage make them."""

import pytest

from tests.conftest import SETUP
from tests.footage.conftest import RECEIVED, Register, a_recording, register


@pytest.fixture
def add(db: None) -> Register:
    """Register a recording with these facts."""
    return lambda *words, now=RECEIVED, **named: register(a_recording(*words, **named), actor=SETUP, now=now)
