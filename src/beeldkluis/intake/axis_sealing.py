"""Sealing what an Axis system sends while it arrives."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from beeldkluis.people.queries import current_recipients
from beeldkluis.sealed import age


class CutOffError(Exception):
    """The body ended before it was whole. Nothing was kept; the system still has it and sends it again."""


@dataclass
class Sealing:
    """Seals a body while it arrives: read as a file of known length, hashed on both sides."""

    read_body: Callable[[int], bytes]
    length: int
    file_key: bytes = field(default_factory=age.new_file_key, repr=False)
    source: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    md5: "hashlib._Hash" = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))
    sealed: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    arrived: int = 0

    def __post_init__(self) -> None:
        self.sealed_for = current_recipients()
        self.header = age.build_header(self.file_key, [age.Recipient.parse(one) for one in self.sealed_for])
        self.sealed_length = len(self.header) + age.payload_length(self.length)
        self._pieces = self._seal()
        self._rest = memoryview(b"")

    def _body(self) -> Iterator[bytes]:
        while self.arrived < self.length:
            piece = self.read_body(min(1024 * 1024, self.length - self.arrived))
            if not piece:
                raise CutOffError(f"{self.arrived} of {self.length} bytes")
            self.arrived += len(piece)
            self.source.update(piece)
            self.md5.update(piece)
            yield piece

    def _seal(self) -> Iterator[bytes]:
        yield self.header
        for piece in age.Sealer(self.file_key).chunks(self._body()):
            yield bytes(piece)

    def read(self, size: int) -> bytes:
        """Up to `size` sealed bytes; empty at the end. CutOffError when the body ends early."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        part, self._rest = bytes(self._rest[:size]), self._rest[size:]
        self.sealed.update(part)
        return part
