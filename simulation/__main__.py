"""`make simulate YEARS=10 SEED=1`: plays so many years and holds them against the oracle (docs/simulation.md).

Prints a line for each year, what is wrong with its seed and moment, a table, and one JSON object last. The exit code says
nothing of the goals.
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulation import place

BEGIN = datetime(2026, 1, 1, 6, 0, tzinfo=UTC)
YEAR = timedelta(days=365.25)


def main() -> int:
    """Play it in a folder of its own."""
    years, seed = float(os.environ.get("YEARS") or "10"), int(os.environ.get("SEED") or "1")
    folder = Path(tempfile.mkdtemp(prefix="simulation-", dir=place.base_of_folders()))
    try:
        place.begin(folder)
        from simulation.running import play  # noqa: PLC0415 - needs Django set up

        began = time.perf_counter()
        judge = play(BEGIN, BEGIN + YEAR * years, seed)
        print(f"{years:g} years in {time.perf_counter() - began:.0f} s, seed {seed}")
        print(judge.goals())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
