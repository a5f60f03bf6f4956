"""What can go wrong with what the vault keeps. None of these is a refusal by the protocol."""


class StoreError(Exception):
    """The store could not do what was asked."""


class ChecksumError(StoreError):
    """What was read back is not what was meant to be written. Nothing was kept."""


class ConflictError(StoreError):
    """Something else already stands under this key. Nothing was changed."""


class MissingError(StoreError):
    """Nothing stands under this key."""


class KeyStoreError(Exception):
    """A shred key cannot be written, read or destroyed for sure, in every place where it must be."""


class KeyGoneError(KeyStoreError):
    """There is no readable shred key for this recording."""


class HashMismatchError(Exception):
    """A staged file is not the file that the sender sealed."""


class GoneError(Exception):
    """The recording has been destroyed, or can no longer be opened by anybody."""


class NotInStepError(Exception):
    """A header may only leave the vault inside the journaled step that says why."""
