"""A staged upload and its header. No unwrapped header stays on any disk.

A staged file arrives as a whole age file, header and all. Once the header is wrapped with the shred key it is written
beside the file, durably, and the header in the file is overwritten in place. Otherwise the old blocks of the staging
disk would give back what the destruction of the shred key has to take away.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from beeldkluis.sealed.age import SealError, read_header
from beeldkluis.sealed.wrap import unwrap_header, wrap_header
from beeldkluis.vault.files import overwrite_start, write_whole
from beeldkluis.vault.key_store import KeyStore

_SUFFIX = ".header"
_MOST = 64 * 1024  # bytes: no header is longer, so this much is overwritten when it cannot be told how long it is


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged file. `wrapped` is the content of the file beside it: recording, object (16 bytes each), wrapped header."""

    path: Path

    @property
    def beside(self) -> Path:
        """The file that holds the wrapped header once the file itself does not hold it any more."""
        return self.path.with_name(self.path.name + _SUFFIX)

    def header(self, keys: KeyStore, generation: int = 1) -> bytes:
        """The age header, from wherever it is now. SealError when there is none; KeyGoneError when its key is gone."""
        if not self.beside.exists():
            with self.path.open("rb") as source:
                return read_header(source)
        content = self.beside.read_bytes()
        recording, object_id = UUID(bytes=content[:16]), UUID(bytes=content[16:32])
        return unwrap_header(keys.get(recording, generation), content[32:], recording, object_id)

    def put_header_away(self, header: bytes, key: bytes, recording: UUID, object_id: UUID, instead: bytes) -> bytes:
        """Wrap the header, keep it beside the file, and put `instead` in its place in the file. Answers it wrapped.

        `instead` is as long as the header. Repeatable: the file beside always comes first and always whole.
        """
        if len(instead) != len(header):
            raise ValueError(f"{len(instead)} bytes instead of {len(header)}")
        ours = recording.bytes + object_id.bytes
        if not (self.beside.exists() and self.beside.read_bytes().startswith(ours)):
            write_whole(self.beside, ours + wrap_header(key, header, recording, object_id))
        overwrite_start(self.path, instead)
        return self.beside.read_bytes()[32:]

    def discard(self) -> None:
        """Remove the file and what stands beside it; a header that is still in it is overwritten first. Repeatable."""
        if self.path.exists():
            if self.path.stat().st_nlink == 1:  # with a second name it is a payload of the store by now
                overwrite_start(self.path, bytes(self._length()))
            self.path.unlink(missing_ok=True)
        for beside in self.path.parent.glob(f"{self.beside.name}*"):
            beside.unlink(missing_ok=True)

    def _length(self) -> int:
        try:
            with self.path.open("rb") as source:
                return len(read_header(source))
        except SealError:
            return min(_MOST, self.path.stat().st_size)
