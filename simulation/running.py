"""One run from its first day to its last."""

import gc
import random
from datetime import datetime, timedelta

from simulation.judge import KINDS, Judge
from simulation.machine import Machine
from simulation.mishaps import Mishaps
from simulation.oracle import Oracle
from simulation.town import Town
from simulation.world import World


def play(begins: datetime, until: datetime, seed: int) -> Judge:
    """Play, look at everything once more at the end, and print the table."""
    judge = Judge(seed)
    world = World(Machine(begins), Oracle(begins), judge, random.Random(seed), until)
    Town(world)
    Mishaps(world)
    gc.freeze()  # what was loaded stays; looking through it again and again is a tenth of the time
    gc.set_threshold(50_000, 20, 20)
    try:
        world.run()
    except BaseException:
        print(f"It broke off: seed {seed}, {world.now.isoformat()}", flush=True)
        raise
    world.tick(all_of_them=True, seldom=True)
    world.audit()
    world.audit_gone(begins - timedelta(days=1))
    _table(judge)
    return judge


def _table(judge: Judge) -> None:
    for name, number in sorted(judge.counts.items()):
        print(f"{name:<28} {number:>8}")
    for name in KINDS:
        print(f"{name:<28} {judge.wrong[name]:>8}  goal 0  {'met' if not judge.wrong[name] else 'NOT MET'}")
