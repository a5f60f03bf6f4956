"""Which files can come in with a case. They are kept as they are, given back as a file, and never shown within a page of ours."""

import codecs
import re

MAX_DOCUMENT = 10_000_000  # bytes
MESSAGE = "message/rfc822"
ACCEPT = ".pdf,.png,.jpg,.jpeg,.heic,.heif,.webp,.tif,.tiff,.eml,.msg,.txt,.docx,.odt,.doc,.rtf"
_START = {
    b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff", b"{\\rtf": "application/rtf",
}  # fmt: skip
_WITHIN = {  # files that are a container: the end of the name says of what
    b"PK\x03\x04": {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "odt": "application/vnd.oasis.opendocument.text",
    },
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": {"msg": "application/vnd.ms-outlook", "doc": "application/msword"},
}
_PICTURES = re.compile(rb"(?s)^.{4}ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def ending(name: str) -> str:
    """The end of a file's name, without its dot."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def kind_of(name: str, data: bytes) -> str:
    """The media type of a file that may be kept, by its first bytes and the end of its name; empty for any other."""
    if not data or len(data) > MAX_DOCUMENT:
        return ""
    plain = data.removeprefix(codecs.BOM_UTF8)
    known = next((kind for start, kind in _START.items() if plain.startswith(start)), "")
    if known:
        return known
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if _PICTURES.match(data[:16]):
        return "image/heic"
    for start, kinds in _WITHIN.items():
        if data.startswith(start):
            return kinds.get(ending(name), "")
    if ending(name) == "eml":
        return MESSAGE
    return "text/plain" if ending(name) in {"txt", "text"} and text_of(data) is not None else ""


def text_of(data: bytes) -> str | None:
    """What a file of text says; None when it is no text."""
    for mark, letters in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(letters, errors="replace")
    plain = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        text = plain.decode("cp1252", errors="replace")
    return None if _CONTROL.search(text) else text
