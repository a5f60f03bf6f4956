"""The files in which registers stand: the municipality's base file, and one file for each register that was ever drafted.

A drafted register is named by the SHA-256 of its bytes and never changed; which one is in force stands in the database, and
its bytes beside that, so that a second machine on the database has them too.
"""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from beeldkluis.governance.models import Register
from beeldkluis.protocol.register import Protocol, RegisterError, load, parse


def base() -> Protocol:
    """The register of the file that the settings name. Read again only when the file changed. RegisterError when it is
    incomplete, OSError when it is not there.
    """
    path = Path(settings.PROTOCOL_FILE)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Protocol:
    return load(path)


def keep(content: bytes) -> str:
    """Keep a register under its SHA-256 (hexadecimal), which is returned. Durable before it returns; again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        arriving = path.with_suffix(f".{os.getpid()}.part")
        with arriving.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        arriving.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return digest


def stored(digest: str) -> Protocol:
    """A register that was kept, here or on another machine. RegisterError when the file is not what it was, OSError when it is
    gone and the database does not have it either.
    """
    path = _path(digest)
    if not path.exists() and (content := in_database(digest)):
        keep(content)
    return _stored(path, digest)


def in_database(digest: str) -> bytes:
    """The bytes that the database keeps under this SHA-256; empty when there are none, or when they are not those."""
    found = Register.objects.filter(pk=digest).values_list("content", flat=True).first()
    content = bytes(found) if found is not None else b""
    return content if hashlib.sha256(content).hexdigest() == digest else b""


def kept_here(digest: str) -> bytes:
    """The bytes that this machine keeps under this SHA-256; empty when there are none, or when they are not those."""
    try:
        content = _path(digest).read_bytes()
    except OSError:
        return b""
    return content if hashlib.sha256(content).hexdigest() == digest else b""


@lru_cache(maxsize=16)
def _stored(path: Path, digest: str) -> Protocol:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise RegisterError(f"{path.name} is not the register that was kept under this name")
    return parse(content.decode("utf-8"), path.name)


def _path(digest: str) -> Path:
    return Path(settings.PROTOCOLS_FOLDER) / f"{digest}.toml"
