"""What a file on a camera is, by its name and by what it begins with (docs/spec/dock-agent.md, section 2).

In doubt it is footage: a list of all that cameras write can never be whole, and what stays on a camera outlives its term.
So nothing is left behind for its name alone. What calls itself text must be text, and what calls itself the trace of a
computer must not begin like film.
"""

from collections.abc import Callable
from enum import StrEnum

PEEK = (
    4096  # bytes that are read of a file of which the name does not tell what it is, from its start and from its middle
)
FILMS = (".mp4", ".mkv", ".mov", ".avi")  # what cameras to practise with hold


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


FOOTAGE = _names(
    """
    .3g2 .3gp .3gpp .360 .264 .265 .asf .av1 .avc .avi .braw .crm .dav .divx .dv .f4v .flv .h264 .h265 .hevc .insv .ivf .lrf
    .lrv .m1v .m2t .m2ts .m2v .m4v .mj2 .mjpeg .mjpg .mkv .mod .mov .mp4 .mpe .mpeg .mpg .mpv .mts .mxf .nut .ogm .ogv .qt
    .r3d .rm .rmvb .sec .tod .tp .trp .ts .vob .vro .webm .wmv .wtv
    .aac .ac3 .aif .aiff .amr .ape .au .awb .caf .flac .m4a .mka .mp2 .mp3 .oga .ogg .opus .wav .wma
    .arw .avif .bmp .cr2 .cr3 .dng .gif .gpr .heic .heif .hif .insp .jpe .jpeg .jpg .jxl .nef .orf .pef .png .raf .raw .rw2
    .srw .thm .tif .tiff .webp
    .chk
    """
)
# Programs, firmware and a camera's own bookkeeping, which a camera may not do without: left where it is, and named.
SYSTEM = _names(
    """
    .apk .bdm .bdmv .bim .bin .bnp .chm .cpi .ctg .db .dfu .dll .exe .fw .hex .ico .idx .img .inp .int .lib .lnk .mpl .msi
    .pdf .pkg .rom .sav .so .sqlite .sys .tdt .tid .ttf .upd .upg
    """
)
APPLE = b"\x00\x05\x16\x07"  # AppleDouble, RFC 1740: attributes that a Mac keeps beside a file on a strange disk
APPLE_MOST = 1024 * 1024  # bytes; an icon and attributes are far less, film is more
TRACE_MOST = 64 * 1024 * 1024  # bytes; the index of a memory card is less
TRACES = _names(
    """
    .apdisk .com.apple.timemachine.donotpresent .directory .ds_store .localized .metadata_never_index .volumeicon.icns
    autorun.inf desktop.ini ehthumbs.db ehthumbs_vista.db indexervolumeguid info2 thumbs.db wpsettings.dat
    """
) | {"icon\r"}
COMPANIONS = ".appledouble"  # where a server for Macs keeps what a Mac itself calls ._NAME
TRACE_FOLDERS = frozenset(
    (".documentrevisions-v100", ".fseventsd", ".spotlight-v100", ".temporaryitems", "system volume information")
)
BINS = ("$recycle.bin", "recycled", "recycler", ".trash")  # how the folder of a waste bin begins
SEALED = (b"age-encryption.org/", b"-----BEGIN PGP", b"-----BEGIN AGE", b"Salted__")
_AT_START = (
    *SEALED,
    b"\x1aE\xdf\xa3",  # Matroska
    b"OggS",
    b"fLaC",
    b"ID3",
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"\x00\x00\x00\x01\x67",  # H.264 as it is
    b"\x00\x00\x01\x67",
    b"\x00\x00\x00\x01\x40\x01",  # H.265 as it is
    b"\x00\x00\x01\x40\x01",
    b"#!AMR",
    b"caff",
    b".snd",
    b".RMF",
    b"DHAV",
    b"IMKH",
    b"\x06\x0e\x2b\x34",  # MXF
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG",
    b"GIF8",
    b"II*\x00",  # TIFF and most raw photographs
    b"MM\x00*",
    b"FUJIFILM",
    *(b"\xff" + bytes([second]) for second in (0xF1, 0xF9, 0xF2, 0xF3, 0xFA, 0xFB)),  # AAC, MP3
)
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip", b"pnot", b"styp", b"moof")
_FORMS = (b"RIFF", b"RIFX", b"RF64", b"FORM")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_IN_TEXT = frozenset(b"\t\n\v\f\r\x1b")

Peek = Callable[[], bytes]


class Kind(StrEnum):
    """What becomes of a file on a camera."""

    FOOTAGE = "footage"  # pictures, sound, or what nobody can tell: taken in
    TEXT = "text"  # settings and logs: left, and said
    SYSTEM = "system"  # firmware and bookkeeping: left, said, and told to the vault
    TRACE = "trace"  # what a computer leaves behind: left


def ending(name: str) -> str:
    """What stands behind the last dot of a file's name, in small letters with its dot; empty without one."""
    stem, dot, last = name.rpartition("/")[2].rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def kind_of(name: str, size: int, peek: Peek) -> Kind:
    """What the file `name` (folders and all) of `size` bytes is. `peek` gives the first PEEK bytes, and as many from the
    middle when it is longer; it is asked only where the name leaves room for doubt, and what it raises comes out.
    """
    *folders, last = name.lower().split("/")
    companion = last.startswith("._") or COMPANIONS in folders
    if companion and size <= APPLE_MOST and (not size or peek().startswith(APPLE)):
        return Kind.TRACE
    if _thrown_away(folders, last, size, peek):
        return Kind.TRACE
    if ending(last) in FOOTAGE:
        return Kind.FOOTAGE
    seen = peek() if size else b""
    if begins_like_footage(seen):
        return Kind.FOOTAGE
    if (last in TRACES or TRACE_FOLDERS.intersection(folders)) and size <= TRACE_MOST:
        return Kind.TRACE
    if is_text(seen):
        return Kind.TEXT
    return Kind.SYSTEM if ending(last) in SYSTEM else Kind.FOOTAGE


def _thrown_away(folders: list[str], last: str, size: int, peek: Peek) -> bool:
    """Is it the note that Windows or Linux keeps of a file in its waste bin? The file itself is not."""
    if not any(folder.startswith(BINS) for folder in folders) or not 0 < size <= PEEK:
        return False
    if last.startswith("$i"):
        return peek()[:8] in (b"\x01" + bytes(7), b"\x02" + bytes(7))
    return last.endswith(".trashinfo") and is_text(peek())


def begins_like_footage(seen: bytes) -> bool:
    """Does this begin as film, sound, a photograph or something that was encrypted begins?"""
    stream = seen[:1] == b"G" == seen[188:189] or seen[4:5] == b"G" == seen[196:197]  # MPEG transport stream
    return (
        seen.startswith(_AT_START)
        or seen[4:8] in _BOXES
        or seen[257:262] == b"ustar"  # an archive, which may hold anything
        or (seen.startswith(_FORMS) and not is_text(seen))
        or (stream and not is_text(seen))
    )


def is_text(seen: bytes) -> bool:
    """Is this what people or programs wrote as text?"""
    if seen.startswith(_BOMS):
        return True
    return not any(one < 32 and one not in _IN_TEXT for one in seen)
