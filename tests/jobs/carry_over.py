"""Viewing copies and workers as they stood before there were jobs, migrated to this version; prints what became of them."""

import json
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beeldkluis.journal import guard

MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
BEFORE = [("viewing", "0007_workers_sign_and_checks_once")]


def to(targets: list[tuple[str, str]]) -> Any:
    """Migrate, and give the models as they are then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(old: Any) -> None:
    """A copy in each state, and a worker that runs."""
    copies = old.get_model("viewing", "ViewingCopy").objects
    for number, (state, lease, reason) in enumerate(
        (("asked", UUID(int=99), ""), ("made", None, ""), ("failed", None, "Stuk."))
    ):
        copies.create(
            recording=UUID(int=10 + number), clip=UUID(int=20 + number), object=UUID(int=30 + number), state=state, lease=lease,
            case="2026-0001", asked_at=MOMENT, made_at=MOMENT if state == "made" else None, reason=reason,
        )  # fmt: skip
    old.get_model("viewing", "CopyWorker").objects.create(
        recipient="age1x", begun_at=MOMENT, seen_at=MOMENT, said="signed", copy=None, done_ms=5
    )


def found(new: Any) -> dict[str, Any]:
    copies = new.get_model("viewing", "ViewingCopy").objects.order_by("clip")
    jobs = new.get_model("jobs", "Job").objects
    return {
        "copies": [[one.state, one.reason, one.object.int, one.case] for one in copies],
        "jobs": [[one.kind, one.object.int, one.recording.int, one.state, one.lease.int] for one in jobs.all()],
        "of": copies.get(job=jobs.get().pk).clip.int,
        "workers": list(new.get_model("jobs", "Worker").objects.values_list("recipient", "said")),
    }


def main() -> None:
    with guard.opened():
        fill(to(BEFORE))
        forward = found(to(MigrationExecutor(connection).loader.graph.leaf_nodes()))
        old = to(BEFORE)
        leases = old.get_model("viewing", "ViewingCopy").objects.order_by("clip").values_list("lease", flat=True)
        workers = old.get_model("viewing", "CopyWorker").objects.values_list("recipient", "said")
        back = {"leases": [one.int if one else None for one in leases], "workers": list(workers)}
        again = found(to(MigrationExecutor(connection).loader.graph.leaf_nodes()))
    sys.stdout.write(json.dumps([forward, back, again]) + "\n")


if __name__ == "__main__":
    main()
