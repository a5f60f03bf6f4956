"""What is counted: seven kinds of wrong, each with its moment, what the oracle says and what the program did."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

KINDS = ("early", "late", "lost", "revived", "held without ground", "wrong letters")
SHOWN = 40  # of each kind; more are only counted


@dataclass(slots=True)
class Judge:
    """Counts, and prints what is wrong once."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    told: set[tuple[str, str]] = field(default_factory=set)

    def say(self, kind: str, at: datetime, *, about: str, oracle: str, program: str) -> None:
        """Something is wrong. `about` names it; the same thing is told once."""
        if (kind, about) in self.told:
            return
        self.told.add((kind, about))
        self.wrong[kind] += 1
        if self.wrong[kind] <= SHOWN:
            print(f"WRONG {kind}: {about}", flush=True)
            print(f"    seed {self.seed}, {at.isoformat(timespec='minutes')}", flush=True)
            print(f"    the oracle: {oracle}", flush=True)
            print(f"    the program: {program}", flush=True)

    def note(self, problem: str, at: datetime) -> None:
        """What a job of the program says went wrong; told once. It is no fault by itself."""
        self.counts["problems of jobs"] += 1
        if ("note", problem) not in self.told and len(self.told) < 10 * SHOWN:
            self.told.add(("note", problem))
            print(f"note, {at.isoformat(timespec='minutes')}: {problem}", flush=True)

    def progress(self, now: datetime) -> None:
        """A line each month."""
        print(self.line(now), flush=True)

    def line(self, until: datetime) -> str:
        """One line of the table: how much was played, and how much was wrong."""
        played = ", ".join(f"{self.counts[name]} {name}" for name in ("recordings", "cases", "destroyed", "letters"))
        wrong = ", ".join(f"{name} {self.wrong[name]}" for name in KINDS)
        return f"{until:%Y-%m-%d}  {played} | {wrong}"

    def goals(self) -> str:
        """The last line: one JSON object, as the benches end."""
        goals = [{"name": name, "value": self.wrong[name], "goal": 0, "met": self.wrong[name] == 0} for name in KINDS]
        return json.dumps({"goals": goals, "seed": self.seed, **dict(sorted(self.counts.items()))})
