"""Write proofs of the journal in the form of C2SP (c2sp.org/tlog-proof): one file proves one entry, offline."""

import base64
from collections.abc import Sequence

HEAD = "c2sp.org/tlog-proof@v1"


def tlog_proof(entry: int, extra: bytes, path: Sequence[bytes], checkpoint: str) -> bytes:
    """The proof that entry number `entry` stands in the journal of this checkpoint (a signed note).

    `extra` is the entry itself, or its leaf hash where the receiver should not read it; `path` the inclusion proof, lowest first
    (sealed.merkle.inclusion).
    """
    lines = [HEAD, f"extra {_text(extra)}", f"index {entry}", *map(_text, path), ""]
    return ("\n".join(lines) + "\n" + checkpoint).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
