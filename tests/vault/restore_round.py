"""Destroys a recording, puts back an old copy of the database and of the store, and tries to open it.

Run by tests/processes.py: `tests.vault.restore_round FOLDER take_in|destroy|look`, with BEELDKLUIS_DATABASE or BEELDKLUIS_DATA
in the environment. Prints one JSON object. The copying itself is done by whoever calls, with the database's own tools.
"""

import json
import sys
from pathlib import Path
from uuid import UUID

from django.conf import settings
from tests.template import make_tables
from tests.vault.installation import Installation

from beeldkluis.sealed.age import Identity
from beeldkluis.vault import queries
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.key_store import key_store_in_use

GONE, KEPT = UUID(int=1), UUID(int=2)


def opens(vault: Installation, object_id: UUID) -> bool:
    try:
        return vault.open(object_id) == b"pictures"
    except GoneError:
        return False


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    settings.STORE_FOLDER, settings.KEY_FOLDER, settings.STAGING_FOLDER = (
        folder / "store",
        folder / "keys",
        folder / "staging",
    )
    facts = folder / "facts.json"
    if what == "take_in":
        make_tables()
        (folder / "staging").mkdir()
        vault = Installation(folder, Identity.generate())
        gone, kept = vault.take_in(GONE), vault.take_in(KEPT)
        secret = key_store_in_use().get(GONE).hex()
        facts.write_text(json.dumps([str(vault.identity), str(gone), str(kept)]))
        sys.stdout.write(json.dumps({"gone": opens(vault, gone), "kept": opens(vault, kept), "secret": secret}) + "\n")
        return
    identity, *objects = json.loads(facts.read_text())
    vault = Installation(folder, Identity.parse(identity))
    if what == "destroy":
        vault.destroy(GONE)
    gone, kept = (opens(vault, UUID(one)) for one in objects)
    sys.stdout.write(json.dumps({"gone": gone, "kept": kept, "lost": [str(one) for one in queries.lost_keys()]}) + "\n")


main()
