"""`make bench-sealed`: sealing and opening 1 GiB against the `age` program, same file, same run. Ends with one JSON object."""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from beeldkluis.sealed import age

SIZE = 1024**3
ROUNDS = 5
SEEKS = 300
NOWHERE = Path(os.devnull)
MEMORY = Path("/dev/shm")  # noqa: S108 - memory, so that no disk is measured


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def seal(film: Path, identity: age.Identity) -> None:
    """As the dock does it: header, then chunks from one buffer, written away."""
    file_key = age.new_file_key()
    with film.open("rb", buffering=0) as source, NOWHERE.open("wb", buffering=0) as out:
        out.write(age.build_header(file_key, [identity.recipient]))
        out.writelines(age.Sealer(file_key).chunks(source))


def unseal(sealed: Path, identity: age.Identity) -> None:
    with sealed.open("rb", buffering=0) as source, NOWHERE.open("wb", buffering=0) as out:
        reader(source.fileno(), sealed, identity).copy_to(out)


def reader(descriptor: int, sealed: Path, identity: age.Identity) -> age.PayloadReader:
    with sealed.open("rb") as source:
        head = age.read_header(source)
    start = len(head)
    size = sealed.stat().st_size - start
    return age.PayloadReader(
        lambda at, length: os.pread(descriptor, length, start + at), size, age.open_header(head, [identity])
    )


def seeks(sealed: Path, identity: age.Identity) -> float:
    """Median milliseconds to the first byte at a random place, file in memory, header opened before."""
    places = random.Random(1)  # noqa: S311 - places for a measurement
    with sealed.open("rb", buffering=0) as source:
        found = reader(source.fileno(), sealed, identity)
        times = []
        for _ in range(SEEKS):
            at = places.randrange(found.size)
            times.append(timed(lambda at=at: next(found.read(at, at + 1))))
    return statistics.median(times) * 1000


def limit() -> float:
    """What one core can do at best: openssl's ChaCha20-Poly1305 on 64 KiB, bytes a second."""
    command = ["openssl", "speed", "-evp", "chacha20-poly1305", "-bytes", "65536", "-seconds", "2"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"ChaCha20-Poly1305\s+([\d.]+)k", told)
    return float(found[-1]) * 1000


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    place = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * SIZE else None
    with tempfile.TemporaryDirectory(prefix="bench-sealed-", dir=place) as name:
        folder = Path(name)
        film, sealed, key = folder / "film", folder / "film.age", folder / "key"
        with film.open("wb") as out:
            for _ in range(SIZE // 2**24):
                out.write(os.urandom(2**24))
        identity = age.Identity.generate()
        key.write_text(str(identity))
        recipient = str(identity.recipient)
        subprocess.run(["age", "-r", recipient, "-o", sealed, film], check=True)
        ours: dict[str, list[float]] = {"seal": [], "open": []}
        theirs: dict[str, list[float]] = {"seal": [], "open": []}
        for _ in range(ROUNDS):  # in turn, so that whatever else the machine does hits both
            theirs["seal"].append(
                timed(lambda: subprocess.run(["age", "-r", recipient, "-o", os.devnull, film], check=True))
            )
            ours["seal"].append(timed(lambda: seal(film, identity)))
            theirs["open"].append(
                timed(lambda: subprocess.run(["age", "-d", "-i", key, "-o", os.devnull, sealed], check=True))
            )
            ours["open"].append(timed(lambda: unseal(sealed, identity)))
        jump = seeks(sealed, identity)
    best = limit()
    goals = []
    for what, least in (
        ("seal", 1.2),
        ("open", 1.6),
    ):  # age itself differs by machine: the second goal is the cipher's own limit
        mine, other = statistics.median(ours[what]), statistics.median(theirs[what])
        print(f"{what}: ours {SIZE / mine / 1e6:.0f} MB/s, age {SIZE / other / 1e6:.0f} MB/s, "
              f"{SIZE / mine / best:.2f} of openssl speed ({best / 1e6:.0f} MB/s)")  # fmt: skip
        value = other / mine
        goals.append(
            {
                "name": f"{what}, throughput as a ratio to age",
                "value": round(value, 3),
                "goal": f">= {least}",
                "met": value >= least,
            }
        )
        share = SIZE / mine / best
        goals.append(
            {
                "name": f"{what}, throughput as a ratio to openssl speed on one core",
                "value": round(share, 3),
                "goal": ">= 0.85",
                "met": share >= 0.85,
            }
        )
    goals.append(
        {"name": "first byte after a random seek, ms", "value": round(jump, 4), "goal": "< 1", "met": jump < 1}
    )
    print(json.dumps({"goals": goals}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
