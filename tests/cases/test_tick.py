from collections.abc import Callable
from datetime import timedelta

import pytest

from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.web.ticking import JOBS, tick
from tests.cases.conftest import NOW


@pytest.mark.rule("retention.late-docking", "request.search-window")
def test_time_alone_holds_what_was_docked_after_its_request_before_anything_is_destroyed(
    received: Callable[..., Case], add_recording: Callable[..., Recording]
) -> None:
    received()
    docked = NOW + timedelta(days=40)
    late = add_recording(received=docked)
    assert list(JOBS).index("verzoeken") < list(JOBS).index("bewaartermijn")
    tick(docked + timedelta(hours=1), {name: JOBS[name] for name in ("verzoeken", "bewaartermijn")})
    assert [hold.rule for hold in live_holds(late.pk)] == ["retention.hold-on-request"]
    late.refresh_from_db()
    assert late.destroyed_at is None
