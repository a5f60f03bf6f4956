"""A header for a new team key that takes nothing from the recovery key (docs/spec/sealed-object.md, section 8).

A header of ours has two stanzas: the team's, then the recovery key's. Sealed anew, only the first changes; the second stays byte
for byte as it was when the film was sealed. Whoever has no key can hold anybody to that. The MAC is keyed by the file key and
proves nothing to such a reader, so what the recovery key opens does not hang on it: see `recovered_key`.
"""

from beeldkluis.sealed import header
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.keys import Identity, Recipient, build_header

STANZAS = 2  # the team's and the recovery key's


def _of_recovery(data: bytes) -> header.Stanza:
    parsed = header.parse(data)
    if len(parsed.stanzas) != STANZAS:
        raise SealError("a header of ours has two recipients")
    return parsed.stanzas[-1]


def check_anew(old: bytes, new: bytes) -> None:
    """SealError unless the new header keeps the recovery key's stanza of the old one, and has one other of the same kind before
    it. Whether the other one opens, only its key can tell.
    """
    kept = _of_recovery(old)
    if _of_recovery(new) != kept:
        raise SealError("the recovery key's part of the header was not kept")
    if header.parse(new).stanzas[0].words[0] != kept.words[0]:
        raise SealError("the new recipient is of another kind than the recovery key")


def seal_anew(data: bytes, identity: Identity, recipient: Recipient) -> bytes:
    """The header for another team key. `identity`: the team's, or the recovery key's, which opens it also when the rest of the
    header is rubbish. SealError when it opens with neither, or is none of ours.
    """
    kept = _of_recovery(data)
    file_key = identity.unwrap(kept)
    if file_key is None:
        parsed = header.parse(data)
        file_key = identity.unwrap(parsed.stanzas[0])
        if file_key is None:
            raise SealError("this key does not open the header")
        header.check_mac(parsed, file_key)
    return header.write(file_key, [recipient.wrap(file_key), kept])


def recovered_key(data: bytes, recovery: Identity) -> bytes:
    """The 16-byte file key out of the recovery key's stanza alone, whatever became of the rest of the header. The stanza
    authenticates what is in it; that it is the film's, the film's own tags tell. SealError when it is another's.
    """
    file_key = recovery.unwrap(_of_recovery(data))
    if file_key is None:
        raise SealError("this is not the recovery key of this header")
    return file_key


def mend(data: bytes, recovery: Identity) -> bytes:
    """A header for the recovery key alone, which the `age` program takes, from one of which it refuses the rest."""
    return build_header(recovered_key(data, recovery), [recovery.recipient])
