"""`make attack`: every kind of attack against a demonstration of its own on this machine; tried and held per kind.

Ends with 1 when something did not hold or was not finished. Takes names of kinds to run only those.
"""

import argparse
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import attacks.kinds
from attacks.judging import KINDS, Kind, Tally, TooLongError, at_most
from attacks.place import Place, copied, seed, stay_inside

WHOLE_SECONDS = 45 * 60
CHROMIUM = "/usr/bin/chromium"
Outcome = tuple[Kind, Tally, bool]  # the count, and whether it came to its end


def main() -> int:
    """Run the kinds; 0 when all of them held."""
    for module in iter_modules(attacks.kinds.__path__):
        import_module(f"attacks.kinds.{module.name}")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only kinds with these words in their name")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    parser.add_argument("--seconds", type=int, default=WHOLE_SECONDS, help="for everything together")
    chosen = parser.parse_args()
    kinds = [one for one in KINDS if not chosen.names or any(name in one.name for name in chosen.names)]
    if chosen.list:
        for one in kinds:
            print(f"{one.name:<28} {one.role}: {one.tries}")
        return 0
    stay_inside()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="beeldkluis-attack-"))
    try:
        return _tell(_run(kinds, folder, time.monotonic() + chosen.seconds))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(kinds: list[Kind], folder: Path, until: float) -> list[Outcome]:
    print("A demonstration is made to attack: its people and its film do not exist.", flush=True)
    seeded = Path(os.environ["ATTACK_SEEDED"]) if "ATTACK_SEEDED" in os.environ else seed(folder)
    results: list[Outcome] = []
    together = [one for one in kinds if one.shares]
    if together:
        results += _with_one(together, seeded, _folder(folder, 0), until)
    for number, one in enumerate((one for one in kinds if not one.shares), 1):
        results += _with_one([one], seeded, _folder(folder, number), until)
    return results


def _with_one(kinds: list[Kind], seeded: Path, folder: Path, until: float) -> list[Outcome]:
    """These kinds on one copy; not finished when it does not come up."""
    try:
        with copied(seeded, folder) as place:
            return [_run_one(one, place, until) for one in kinds]
    except (RuntimeError, OSError) as fault:
        gone = Tally(lost=[f"the demonstration did not come up: {str(fault)[-300:]}"])
        for one in kinds:
            _say(one, gone, finished=False, seconds=0)
        return [(one, gone, False) for one in kinds]


def _folder(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir()
    return made


def _run_one(one: Kind, place: Place, until: float) -> Outcome:
    """Its count, and whether it came to its end."""
    tally, begun, finished = Tally(), time.monotonic(), False
    if one.browser and not Path(CHROMIUM).exists():
        tally.lost.append(f"{CHROMIUM} is not there, so this was not tried")
    else:
        try:
            with at_most(min(one.seconds, until - begun)):
                one.run(place, tally)
                finished = tally.tried > 0
        except TooLongError:
            tally.lost.append(f"not finished within {time.monotonic() - begun:.0f} seconds")
        except Exception as fault:  # whatever it is: this kind did not come to its end, and the next one is tried
            where = traceback.extract_tb(fault.__traceback__)
            at = next((one for one in reversed(where) if "attacks" in one.filename), where[-1])
            place_of = f"{Path(at.filename).name}:{at.lineno}"
            tally.lost.append(f"the attack broke off: {type(fault).__name__}: {fault} ({place_of})")
    _say(one, tally, finished=finished, seconds=time.monotonic() - begun)
    return one, tally, finished


def _say(one: Kind, tally: Tally, *, finished: bool, seconds: float) -> None:
    standing = "held" if finished and tally.held == tally.tried else "NOT HELD" if finished else "NOT FINISHED"
    print(f"\n{one.name}: {standing}, {tally.held} of {tally.tried} in {seconds:.0f} s", flush=True)
    print(f"  {one.role}: {one.tries}", flush=True)
    for what in tally.lost:
        print(f"  - {_short(what)}", flush=True)


def _short(what: str) -> str:
    return re.sub(r"\s+", " ", what)[:400]


def _tell(results: list[Outcome]) -> int:
    wide = max((len(one.name) for one, _, _ in results), default=4)
    print(f"\n{'kind':<{wide}}  {'tried':>6}  {'held':>6}")
    goals, all_met = [], bool(results)
    for one, tally, finished in results:
        met = finished and tally.held == tally.tried
        all_met &= met
        print(f"{one.name:<{wide}}  {tally.tried:>6}  {tally.held:>6}  {'' if met else '<-- look above'}")
        goals.append({"name": f"attack {one.name}", "value": tally.held, "goal": tally.tried, "met": met})
    tried, held = sum(one.tried for _, one, _ in results), sum(one.held for _, one, _ in results)
    print(f"{'together':<{wide}}  {tried:>6}  {held:>6}\n")
    print(json.dumps({"goals": goals}), flush=True)
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main())
