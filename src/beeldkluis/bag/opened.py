"""A package that lies here, as a ZIP or unpacked: its files, and what is not as it was made. Nothing is unpacked or written.

This module goes along in every package, as part of the verifier: Python 3.8 and its standard library alone.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from beeldkluis.bag.frame import FULL, WrongError, central, descriptor, ending, local_header, shown

BLOCK = 1 << 20  # bytes read at once
AGE = b"age-encryption.org/"  # how a sealed package begins
MARKS = ("bagit.txt", "tagmanifest-sha256.txt", "zegel.txt")  # a folder with none of these is no package
MOST_FILES, LONGEST_NAME = 100_000, 400  # a name in bytes, with its folder; a plain one has 301 at most


class Zipped:
    """The package as a ZIP. `wrong` gathers what is not as it was made."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, path.stat().st_size
        self.wrong: list[str] = []
        self.entries: dict[str, tuple[int, int, int]] = {}  # by name: where its bytes begin, how many, their CRC
        self.base, self._free = "", self.size  # bytes that no file has claimed yet
        with path.open("rb", buffering=0) as self._file:
            self._read_table(*self._find_table())

    def _at(self, place: int, length: int) -> bytes:
        if place >= self.size:
            return b""
        self._file.seek(place)
        return self._file.read(length) or b""

    def _find_table(self) -> tuple[int, int]:
        """Where the table of files begins, and how long it is."""
        if self._at(0, len(AGE)) == AGE:
            raise WrongError("dit bestand is nog verzegeld: open het eerst met age, met uw sleutel of de wachtzin")
        tail = self._at(max(0, self.size - 98), 98)
        if tail[-22:-18] != b"PK\5\6":
            raise WrongError("dit is geen hele ZIP: het einde ontbreekt, of er staat iets achter")
        count, size, offset = struct.unpack("<HLL", tail[-12:-2])
        if FULL in (size, offset) or count == 0xFFFF:
            size, offset = struct.unpack("<QQ", tail[40:56]) if len(tail) == 98 else (0, 0)
        if size > (LONGEST_NAME + 74) * MOST_FILES:
            raise WrongError("de tabel aan het einde van de ZIP is te lang")
        return offset, size

    def _read_table(self, offset: int, size: int) -> None:
        table, made, at, lines, begin = self._at(offset, size), bytearray(), 0, 0, 0
        while table[at : at + 4] == b"PK\1\2" and at + 46 <= len(table):
            crc, _, length, named, more, note = struct.unpack("<3L3H", table[at + 16 : at + 34])
            mode, place = struct.unpack("<LL", table[at + 38 : at + 46])
            name, extra = table[at + 46 : at + 46 + named], table[at + 50 + named : at + 46 + named + more]
            if length == FULL and len(extra) >= 16:
                length, extra = struct.unpack("<Q", extra[:8])[0], extra[16:]
            if place == FULL and len(extra) >= 8:
                place = struct.unpack("<Q", extra[:8])[0]
            at += 46 + named + more + note
            path = name.decode("ascii", "backslashreplace")[:LONGEST_NAME]
            lines += 1
            if lines > MOST_FILES:
                raise WrongError(f"er staan meer dan {MOST_FILES} bestanden in de ZIP")
            if stat.S_ISLNK(mode >> 16):
                self.wrong.append(f"{shown(path)} is een verwijzing en geen bestand")
            made += central(path, length, crc, begin)
            begin = self._take(path, place, length, crc, begin)
        end = self._at(offset + size, 200)
        if made != table or begin != offset or end != ending(len(self.entries), size, offset):
            self.wrong.append("de tabel aan het einde van de ZIP is niet zoals die is gemaakt")

    def _take(self, path: str, place: int, size: int, crc: int, begin: int) -> int:
        """Take a file in, and hold what stands around it against what was made. Where the next one should begin."""
        head, before, behind = self._at(place, 30), local_header(path, size), descriptor(size, crc)
        data = place + 30 + (sum(struct.unpack("<HH", head[26:])) if len(head) == 30 else 0)
        if place != begin or self._at(place, len(before)) != before or self._at(data + size, len(behind)) != behind:
            self.wrong.append(f"wat in de ZIP om {shown(path)} staat, is niet zoals het is gemaakt")
        base, _, inner = path.partition("/")
        self.base = self.base or base
        if base != self.base or not inner or inner in self.entries:
            self.wrong.append(f"{shown(path)} hoort niet in deze ZIP, of staat er twee keer in")
        self._free -= size
        if self._free < 0:
            raise WrongError("bestanden in de ZIP liggen over elkaar")
        self.entries.setdefault(inner or path, (data, size, crc))
        return begin + len(before) + size + len(behind)

    def names(self) -> list[str]:
        """Every file, by its path within the package."""
        return list(self.entries)

    def pieces(self, name: str) -> Iterator[memoryview]:
        """The bytes of a file."""
        at, left, crc = self.entries[name]
        buffer, found = memoryview(bytearray(BLOCK)), 0
        with self.path.open("rb", buffering=0) as file:
            file.seek(min(at, self.size))
            while left:
                count = file.readinto(buffer[: min(BLOCK, left)])
                if not count:
                    break
                found, left = zlib.crc32(buffer[:count], found), left - count
                yield buffer[:count]
        if left or found != crc:
            self.wrong.append(f"{shown(name)} is in de ZIP afgekapt, of het controlegetal van de ZIP klopt niet")


class Folder:
    """The package unpacked. `wrong` gathers what is no plain file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wrong: list[str] = []
        self._names: list[str] = []
        if not any((path / one).exists() for one in MARKS):
            raise WrongError(f"in de map {shown(path.resolve().name)} ligt geen pakket. Pak eerst de hele ZIP uit")
        waiting = [path]  # a list, because os.walk of Python 3.8 ends a thousand folders deep
        while waiting:
            for one in sorted(waiting.pop().iterdir()):
                name, mode = one.relative_to(path).as_posix(), one.lstat().st_mode
                if stat.S_ISDIR(mode):
                    waiting.append(one)
                elif stat.S_ISREG(mode):
                    self._names.append(name)
                else:
                    self.wrong.append(f"{shown(name)} is een verwijzing of iets anders, en geen bestand")

    def names(self) -> list[str]:
        """Every file, by its path within the package."""
        return self._names

    def pieces(self, name: str) -> Iterator[memoryview]:
        """The bytes of a file."""
        buffer = memoryview(bytearray(BLOCK))
        with (self.path / name).open("rb", buffering=0) as file:
            while count := file.readinto(buffer):
                yield buffer[:count]
