"""What can go wrong with what the vault keeps. None of these is a refusal by the protocol.

"Destroyed" and "not here" are two answers: GoneError and KeyGoneError say that something was destroyed and that it stands on
record; AwayError and MissingError say only that it cannot be found now. Nothing is concluded from the second.
"""


class StoreError(Exception):
    """The store could not do what was asked."""


class ChecksumError(StoreError):
    """What was read back is not what was meant to be written. Nothing was kept."""


class ConflictError(StoreError):
    """Something else already stands under this key. Nothing was changed."""


class MissingError(StoreError):
    """Nothing stands under this key."""


class StoreAwayError(StoreError):
    """What is in the store's place is not this installation's store: nothing may be written, removed or concluded there."""


class KeyStoreError(Exception):
    """A shred key cannot be written, read or destroyed for sure, in every place where it must be."""


class KeyGoneError(KeyStoreError):
    """The shred key for this recording was destroyed, or there never was one for what is asked."""


class KeyAwayError(KeyStoreError):
    """The key is not here, and nothing proves that it was destroyed: a place is away, or the key was lost."""


class HashMismatchError(Exception):
    """A staged file is not the file that the sender sealed."""


class GoneError(Exception):
    """The recording has been destroyed, or this is no part of it."""


class NotInStepError(Exception):
    """A header may only leave the vault inside the journaled step that says why."""
