"""`make bench-disclosure`: packing and checking SIZE mebibytes (1024) against `cp` and `sha256sum` of the same bytes, same run.
SIZE=20480 for 20 GB. Ends with one JSON object.
"""

import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bag import made

from beeldkluis.bag.contents import Clip
from beeldkluis.bag.packing import pack
from beeldkluis.bag.parts import BESIDE, in_parts
from beeldkluis.bag.signed import own_seals
from beeldkluis.bag.verifier import source
from beeldkluis.bag.writing import Writing
from beeldkluis.sealed import age

MEBIBYTES = int(os.environ.get("SIZE") or 1024)
CLIPS = 4
ROUNDS = 3
BLOCK = 1024**2
MOST_MEMORY = 200  # MB
GOALS = (("pack", "copy", 0.7), ("seal", "copy", 0.7), ("check", "sum", 0.8), ("check folder", "sum", 0.8))


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def pieces(path: Path) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            yield buffer[:count]


def clips(folder: Path) -> list[Clip]:
    made_clips = []
    for number in range(CLIPS):
        path = folder / f"000{number}.MP4"
        whole = hashlib.sha256()
        with path.open("wb") as out:
            for _ in range(MEBIBYTES // CLIPS):
                block = os.urandom(BLOCK)
                whole.update(block)
                out.write(block)
        size = path.stat().st_size
        made_clips.append(
            made.clip(path.name, pieces=lambda path=path: pieces(path), size=size, sha256=whole.hexdigest())
        )
    return made_clips


def write(found: list[Clip], out: Path) -> None:
    """The package as a ZIP."""
    of = made.package(*found)
    with out.open("wb", buffering=0) as file:
        file.writelines(Writing(of, made.around(of), made.SIGNER).pieces())


def seal(found: list[Clip], out: Path) -> None:
    """The package as it is handed over: with its papers, sealed for a receiver's key, within what the receiver takes."""
    receiver = age.Identity.generate().recipient
    (of,) = in_parts(made.package(*found), 2 * MEBIBYTES * BLOCK + 4 * BESIDE)
    with out.open("wb", buffering=0) as file:
        pack(
            of,
            file,
            receiver,
            signer=made.SIGNER,
            signed_by="teammanager",
            letter=lambda one: one.words.encode(),
            viewed_by=(),
        )


def look(found: list[Clip], folder: Path) -> None:
    """Look through all film for the makers' own seals."""
    for one in found:
        with (folder / one.name).open("rb", buffering=0) as file:
            own_seals(lambda start, stop, file=file: os.pread(file.fileno(), stop - start, start), one.size)


def copy_and_sum(folder: Path, found: list[Clip]) -> None:
    names = [one.name for one in found]
    (folder / "copy").mkdir(exist_ok=True)
    subprocess.run(["cp", *names, "copy/"], cwd=folder, check=True)
    subprocess.run(["sha256sum", *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def check(verifier: Path, package: Path) -> None:
    """The verifier as a receiver runs it: the file that goes along, in a Python of its own."""
    subprocess.run([sys.executable, "-I", verifier, package], check=True, stdout=subprocess.DEVNULL)


def peak() -> float:
    """Megabytes that this process took at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def one_round(folder: Path, found: list[Clip], verifier: Path) -> tuple[dict[str, float], float]:
    """Seconds of each kind of work, in turn, so that whatever else the machine does hits all; megabytes taken when packed."""
    package, sealed, unpacked = folder / "package.zip", folder / "package.zip.age", folder / "unpacked"
    took = {
        "copy": timed(lambda: copy_and_sum(folder, found)),
        "pack": timed(lambda: write(found, package)),
        "seal": timed(lambda: seal(found, sealed)),
    }
    memory = peak()
    sealed.unlink()
    shutil.rmtree(folder / "copy")
    took["sum"] = timed(lambda: subprocess.run(["sha256sum", package], check=True, stdout=subprocess.DEVNULL))
    took["check"] = timed(lambda: check(verifier, package))
    shutil.unpack_archive(package, unpacked)
    (base,) = unpacked.iterdir()
    took["check folder"] = timed(lambda: check(verifier, base))
    shutil.rmtree(unpacked)
    took["look for seals"] = timed(lambda: look(found, folder))
    return took, memory


def goals(times: dict[str, list[float]], memory: float) -> list[dict[str, object]]:
    """What was to be reached, and whether it was."""
    found: list[dict[str, object]] = []
    for what, against, least in GOALS:
        value = statistics.median(times[against]) / statistics.median(times[what])
        name = f"{what}, as a ratio to {against}"
        found.append({"name": name, "value": round(value, 2), "goal": f">= {least}", "met": value >= least})
    met = memory < MOST_MEMORY
    found.append({"name": "memory of packing, MB", "value": round(memory), "goal": f"< {MOST_MEMORY}", "met": met})
    return found


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    with tempfile.TemporaryDirectory(prefix="bench-disclosure-", dir=os.environ.get("PLACE")) as name:
        folder = Path(name)
        found, verifier = clips(folder), folder / "controleer.py"
        verifier.write_bytes(source())
        rounds = [one_round(folder, found, verifier) for _ in range(ROUNDS)]
    times = {what: [took[what] for took, _memory in rounds] for what in rounds[0][0]}
    for what, took in times.items():
        speed = MEBIBYTES * 1.048576 / statistics.median(took)
        print(f"{what}: {speed:.0f} MB/s ({', '.join(f'{one:.2f}' for one in took)} s)")
    print(json.dumps({"mebibytes": MEBIBYTES, "goals": goals(times, max(memory for _took, memory in rounds))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
