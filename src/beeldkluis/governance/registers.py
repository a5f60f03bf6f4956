"""The files in which registers stand: the municipality's base file, and one file for each register that was ever drafted.

A drafted register is named by the SHA-256 of its bytes and never changed; which one is in force stands in the database, and
its bytes beside that, so that a second machine on the database has them too.
"""

import codecs
import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from beeldkluis.governance.models import Register
from beeldkluis.protocol.comparing import strange
from beeldkluis.protocol.completing import completed
from beeldkluis.protocol.naming import take_names_from
from beeldkluis.protocol.reading import with_line
from beeldkluis.protocol.register import Protocol, RegisterError, load, parse


def base_path() -> Path:
    """The municipality's base file: the one that the settings name, else what was chosen at set-up, else the first one that
    comes with the program.
    """
    if not can_be_chosen():
        return Path(settings.PROTOCOL_FILE)
    chosen = Path(settings.CHOSEN_PROTOCOL_FILE)
    return chosen if chosen.exists() else Path(settings.PROTOCOL_FILE)


def base() -> Protocol:
    """The register of the municipality's base file; what it does not say is what the program does by itself. Read again only when
    the file changed. RegisterError when it is not understood, OSError when it is not there.
    """
    path = base_path()
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Protocol:
    return complete(load(path, shipped()))


def shipped() -> Protocol:
    """Every rule and number that the program knows: what holds where a municipality's file is silent."""
    return _shipped(Path(settings.DEFAULTS_FILE))


@lru_cache(maxsize=2)
def _shipped(path: Path) -> Protocol:
    return load(path)


def complete(own: Protocol) -> Protocol:
    """A file with every rule and number that it does not name. RegisterError when what it says is not understood."""
    return completed(own, shipped())


def read(text: str, name: str) -> Protocol:
    """A register from a text, which need not say again what the program ships; not yet complete."""
    return parse(text, name, shipped())


def check(content: bytes, name: str) -> Protocol:
    """A file that somebody wants to use, read as strictly as can be. RegisterError also for each number and rule that is not
    known.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegisterError(f"{name}: dit is geen tekstbestand (UTF-8).") from error
    found = read(text, name)
    if wrong := strange(found, shipped()):
        raise RegisterError("\n".join(str(with_line(one, text, name)) for one in wrong))
    return found


def by_name(name: str) -> bytes:
    """The bytes of a file that comes with the program. OSError when there is none of this name."""
    if name not in settings.SHIPPED["files"]:
        raise FileNotFoundError(name)
    return (Path(settings.DEFAULTS_FILE).parent / name).read_bytes()


def municipality_of(name: str) -> str:
    """Whose file this is, of those that come with the program."""
    return read(by_name(name).decode("utf-8"), name).municipality


def can_be_chosen() -> bool:
    """May set-up choose the base file, or do the settings of the server name it?"""
    return not settings.PROTOCOL_NAMED and settings.PROTOCOL_FILE == settings.FIRST_PROTOCOL_FILE


def keep_base(content: bytes) -> None:
    """Make this the municipality's base file, durably. RegisterError when it is not understood; then nothing changes."""
    check(content, "het protocolbestand")
    _write(Path(settings.CHOSEN_PROTOCOL_FILE), content.removeprefix(codecs.BOM_UTF8))


def _names() -> Mapping[str, str]:
    """What the roles are called; standard words when the file cannot be read, which others tell about."""
    try:
        return base().names
    except (RegisterError, OSError):
        return {}


take_names_from(_names)


def keep(content: bytes) -> str:
    """Keep a register under its SHA-256 (hexadecimal), which is returned. Durable before it returns; again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        _write(path, content)
    return digest


def _write(path: Path, content: bytes) -> None:
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
    return read(content.decode("utf-8"), path.name)


def _path(digest: str) -> Path:
    return Path(settings.PROTOCOLS_FOLDER) / f"{digest}.toml"
