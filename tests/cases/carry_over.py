"""Rows of the first version, migrated to this one; prints what became of them.

Run by tests/processes.py, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beeldkluis.journal import guard

MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
BEFORE = [("cases", "0001_initial"), ("footage", "0003_observation_reminders")]


def to(targets: list[tuple[str, str]]) -> Any:
    """Migrate, and give the models as they are then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(old: Any) -> None:
    """Three cases with a decision, a hold that nobody would look at again, and preservations of which nobody wrote down when
    they were registered.
    """
    person = old.get_model("people", "Person").objects.create(
        email="x@example.nl", name="x", role="dpo", pseudonym=uuid4(), added_at=MOMENT
    )
    for number, (state, granted) in enumerate((("granted", True), ("refused", False), ("objection", False))):
        case = old.get_model("cases", "Case").objects.create(
            reference=f"2026-000{number}", kind="access", state=state, received_at=MOMENT, received_by_channel="letter",
            decide_by=MOMENT, requester_name="x", received_from=person,
        )  # fmt: skip
        old.get_model("cases", "Decision").objects.create(
            case=case, granted=granted, grounds="x", decided_at=MOMENT, decided_by=person
        )
    now = datetime.now(UTC)
    for number, (days, state) in enumerate(((2000, "forwarded"), (9, "forwarded"), (2000, "closed"))):
        old.get_model("cases", "Case").objects.create(
            reference=f"2026-001{number}", kind="preservation", state=state, received_at=now - timedelta(days=days),
            received_by_channel="letter", decide_by=now, requester_name="x", received_from=person,
        )  # fmt: skip
    recording = old.get_model("footage", "Recording").objects.create(
        id=uuid4(), number=1, serial="S", started_at=MOMENT, activated_at=MOMENT, ended_at=MOMENT, due_at=MOMENT,
        received_at=MOMENT, source="dock",
    )  # fmt: skip
    old.get_model("footage", "Hold").objects.create(
        recording=recording, rule="retention.hold-on-request", case="2026-0000", placed_at=MOMENT, review_at=None
    )


def _days_ago(moment: datetime | None) -> int | None:
    return (datetime.now(UTC) - moment).days if moment else None


def main() -> None:
    with guard.opened():
        fill(to(BEFORE))
        new = to(MigrationExecutor(connection).loader.graph.leaf_nodes())
    decisions = new.get_model("cases", "Decision").objects.order_by("case__reference")
    remedy = new.get_model("cases", "Remedy").objects.get()
    hold = new.get_model("footage", "Hold").objects.get()
    preserved = new.get_model("cases", "Case").objects.filter(kind="preservation")
    found = {
        "outcomes": list(decisions.values_list("outcome", flat=True)),
        "remedy": [remedy.case.state, remedy.kind],
        "preserved": [_days_ago(one.forwarded_at) for one in preserved.order_by("reference")],
        "days": (hold.review_at - hold.placed_at).days,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
