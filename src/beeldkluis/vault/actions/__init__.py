"""The vault's steps. Files first and durably, rows after: a step that was stopped half-way can be taken again."""

from beeldkluis.vault.actions.admission import Prepared, admit, discard_staged, prepare
from beeldkluis.vault.actions.destruction import (
    begin_destruction,
    destroy,
    finish_destruction,
    shred,
    withdraw_destruction,
)
from beeldkluis.vault.actions.headers import (
    destroy_old_keys,
    drop_beside,
    put_in_force,
    release_header,
    release_next_header,
    set_beside,
)
from beeldkluis.vault.actions.leases import end_lease, grant_lease, take_lease
from beeldkluis.vault.actions.places import give_up_place, note_places, replace_place, take_up_places
from beeldkluis.vault.actions.returning import look_at_old_certificates
from beeldkluis.vault.actions.sweeping import Swept, sweep
from beeldkluis.vault.errors import GoneError, HashMismatchError, NotInStepError

__all__ = [
    "GoneError",
    "HashMismatchError",
    "NotInStepError",
    "Prepared",
    "Swept",
    "admit",
    "begin_destruction",
    "destroy",
    "destroy_old_keys",
    "discard_staged",
    "drop_beside",
    "end_lease",
    "finish_destruction",
    "give_up_place",
    "grant_lease",
    "look_at_old_certificates",
    "note_places",
    "prepare",
    "put_in_force",
    "release_header",
    "release_next_header",
    "replace_place",
    "set_beside",
    "shred",
    "sweep",
    "take_lease",
    "take_up_places",
    "withdraw_destruction",
]
