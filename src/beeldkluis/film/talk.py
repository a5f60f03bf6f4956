"""How a confined process and its parent talk: pieces with a kind, an output, a place and a length, over two pipes.

A piece is one byte (what), one byte (the number of the output, 0 where it is about none), two unsigned 64-bit numbers
(big-endian: place and length), and as many bytes as the length says, except that a READ carries none: there the length is how
many bytes are wanted.
"""

import struct
from typing import IO, NamedTuple

HEAD = struct.Struct(">cBQQ")
READ, GIVE, WRITE, FAR, DONE, FAILED = b"r", b"g", b"w", b"h", b"d", b"f"
LARGEST = 4 * 1024 * 1024  # bytes in a piece: nothing larger is believed
LONGEST = 24 * 3600  # seconds of film: what says to last longer has no times to go by
NOT_SAFE = "Deze server kan film van buiten niet veilig lezen. Zij heeft een ander besturingssysteem nodig."
NO_PICTURE = "Er is geen beeld uit het bestand te lezen."
NO_FILM = "Het bestand is geen leesbare film."
TOO_LONG = "Het bestand zegt dat het langer dan 24 uur duurt. Daarvan wordt geen kijkkopie gemaakt."
REASONS = (NO_PICTURE, NO_FILM, TOO_LONG, NOT_SAFE)  # all that the process may say of a film that gets no copy


class Piece(NamedTuple):
    """One piece, as it was heard."""

    what: bytes
    output: int
    place: int
    length: int
    data: bytes


class TalkError(Exception):
    """The other side said something that is no piece, or went away."""


def send(
    pipe: IO[bytes], what: bytes, place: int, data: bytes = b"", *, wanted: int | None = None, output: int = 0
) -> None:
    """One piece. OSError when nobody listens any more."""
    pipe.write(HEAD.pack(what, output, place, len(data) if wanted is None else wanted))
    pipe.write(data)
    pipe.flush()


def hear(pipe: IO[bytes]) -> Piece:
    """The next piece. TalkError at the end, and for what is no piece."""
    what, output, place, length = HEAD.unpack(exactly(pipe, HEAD.size))
    if length > LARGEST:
        raise TalkError(f"a piece of {length} bytes")
    return Piece(what, output, place, length, b"" if what == READ else exactly(pipe, length))


def exactly(pipe: IO[bytes], length: int) -> bytes:
    """So many bytes. TalkError when there are fewer."""
    data = pipe.read(length)
    if len(data) != length:
        raise TalkError("the other side went away")
    return data
