"""`make durations`: keep how long each test file took in the last `make test`, for the order of the next (tests/order.py)."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "build" / "tests.xml"
KEPT = ROOT / "tests" / "durations.json"


def durations(report: ET.Element) -> dict[str, float]:
    """Seconds of each file in a report of pytest, set-up included, by its path below tests/."""
    found: dict[str, float] = defaultdict(float)
    for case in report.iter("testcase"):
        parts = case.attrib["classname"].split(".")[1:]  # tests, folders, file, classes
        while parts and not (ROOT / "tests" / "/".join(parts)).with_suffix(".py").is_file():
            parts.pop()
        if parts:
            found["/".join(parts) + ".py"] += float(case.attrib["time"])
    return {file: round(seconds, 1) for file, seconds in sorted(found.items())}


def main() -> int:
    """Write tests/durations.json; 2 without a report."""
    if not REPORT.is_file():
        print(f"{REPORT.relative_to(ROOT)} is not there: run make test first.", file=sys.stderr)
        return 2
    kept = durations(ET.parse(REPORT).getroot())  # noqa: S314 - our own report
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    slowest = sorted(kept, key=kept.__getitem__, reverse=True)[:15]
    print("\n".join(f"{kept[file]:8.1f} s  {file}" for file in slowest))
    return 0


if __name__ == "__main__":
    sys.exit(main())
