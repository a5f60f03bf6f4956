from pathlib import Path

import pytest

from beeldkluis.protocol.register import Protocol, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return load(ROOT / "protocols" / "westerkwartier-1.toml")


@pytest.fixture(scope="session")
def elsewhere() -> Protocol:
    return load(Path(__file__).parent / "elders-2.toml")
