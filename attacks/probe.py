"""What the owner of the machine can see of a demonstration with disk and database, as one JSON value on standard output."""

import base64
import json
import os
import sys
from pathlib import Path
from uuid import UUID

import django

django.setup()

from django.db import transaction  # noqa: E402 - after Django is set up
from django.urls import get_resolver  # noqa: E402

from attacks.rights import addresses  # noqa: E402
from beeldkluis.footage.models import Clip  # noqa: E402
from beeldkluis.people.models import SealedIdentity  # noqa: E402
from beeldkluis.people.queries import current_recipients  # noqa: E402
from beeldkluis.sealed import age  # noqa: E402
from beeldkluis.sealed.errors import SealError  # noqa: E402
from beeldkluis.vault import actions as vault  # noqa: E402
from beeldkluis.vault import queries  # noqa: E402
from beeldkluis.vault.errors import GoneError  # noqa: E402


def _team_key() -> age.Identity | None:
    """The team's key, with the passphrase that the demonstration tells everybody."""
    told = json.loads((Path(os.environ["BEELDKLUIS_DATA"]) / "demonstration.json").read_text())
    for sealed in SealedIdentity.objects.order_by("pk"):
        try:
            return age.open_identity(bytes(sealed.sealed), told["passphrase"])
        except SealError:
            continue
    return None


def _stored_keys(folder: Path) -> list[age.Identity]:
    return [age.Identity.parse(one) for one in (folder.read_text().split() if folder.exists() else [])]


def opens(keys: str) -> dict[str, int]:
    """Of all clips: how many the team's key of the demonstration opens, and how many one of the keys in the file `keys`."""
    kept, own = Path(keys), _stored_keys(Path(keys))
    team = Path(f"{kept}.team")
    mine = _stored_keys(team)
    found = {"clips": 0, "by_team": 0, "by_attacker": 0}
    for clip in Clip.objects.order_by("pk"):
        found["clips"] += 1
        with transaction.atomic():
            try:
                header = vault.release_header(clip.object)
            except GoneError:
                continue
        found["by_team"] += _shows(clip.object, header, mine)
        found["by_attacker"] += _shows(clip.object, header, own)
    return found


def keep_team_key(keys: str) -> bool:
    """Put the team's key, as its honest owner has it, in the file `keys`.team before an attack begins."""
    found = _team_key()
    Path(f"{keys}.team").write_text(str(found) if found else "")
    return found is not None


def _shows(clip: UUID, header: bytes, keys: list[age.Identity]) -> bool:
    """Does one of these keys open the header, and what it holds the film?"""
    try:
        size = queries.payload_size(clip)
        film = age.PayloadReader(
            lambda first, last: b"".join(queries.payload(clip, first, first + last)),
            size,
            age.open_header(header, keys),
        )
        return bool(b"".join(film.read(0, min(64, film.size))))
    except SealError:
        return False


def recipients() -> list[str]:
    """For which keys new film is sealed."""
    return list(current_recipients())


def all_addresses() -> list[tuple[str, str]]:
    """Every address of the program."""
    return list(addresses(get_resolver().url_patterns))


def sealed_start(clip: str) -> str:
    """The first sealed bytes of a clip, base64: what no answer may hold without an opening."""
    return base64.b64encode(b"".join(queries.payload(UUID(clip), 0, 48))).decode()


if __name__ == "__main__":
    asked = {one.__name__: one for one in (opens, keep_team_key, recipients, all_addresses, sealed_start)}
    print(json.dumps(asked[sys.argv[1]](*sys.argv[2:])))
