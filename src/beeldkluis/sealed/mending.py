"""`python -m beeldkluis.sealed.mending HEADER KEYS > MENDED`: a header that the `age` program takes with the recovery key, from
one that it refuses (docs/spec/sealed-object.md, section 8). Needs no installation, no database and no network.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from beeldkluis.sealed.anew import mend
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.keys import Identity


def read_identities(path: Path) -> list[Identity]:
    """The identities in a file as `age -i` takes it: one a line; empty lines and lines with # say nothing. SealError when
    there is none, or one was mistyped.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found = [Identity.parse(line) for line in lines if line and not line.startswith("#")]
    if not found:
        raise SealError("there is no identity in the file")
    return found


def mended(data: bytes, identities: Sequence[Identity]) -> bytes:
    """The header for the one of these that is the recovery key of `data`. SealError when none is, or it is no header of ours."""
    for identity in identities[:-1]:
        try:
            return mend(data, identity)
        except SealError:
            continue
    return mend(data, identities[-1])


def main() -> int:
    """Exit code 0 with the header on standard output, 1 with the reason when it cannot be mended, 2 when asked wrongly."""
    parser = argparse.ArgumentParser(prog="mending", description="Maak een kop die age opent met de herstelsleutel.")
    parser.add_argument("kop", type=Path, help="de kop van een verzegeld bestand, zonder de inhoud")
    parser.add_argument("sleutels", type=Path, help="bestand met de herstelsleutel, zoals age -i het leest")
    asked = parser.parse_args()
    try:
        made = mended(asked.kop.read_bytes(), read_identities(asked.sleutels))
    except (OSError, ValueError, SealError) as error:
        sys.stderr.write(f"Dit gaat niet: {error}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
