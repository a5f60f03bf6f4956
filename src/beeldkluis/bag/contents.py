"""What goes into one package: recordings with their clips, where they came from, and what the journal proves of them.

Plain facts; whoever reads a package may be a suspect, so people appear by function and desk, never by name or number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

Pieces = Callable[[], Iterable[bytes | memoryview]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A moment that somebody marked: milliseconds from the clip's beginning, and what it is about."""

    at_ms: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Between two moments of a recording there is no film, and why, in Dutch."""

    starts_at: datetime
    ends_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyLine:
    """One thing that happened to a recording between camera and hand-over. `by`: a function, a desk or a part of the system;
    `entry`: its number in the journal, where it has one.
    """

    at: datetime
    what: str
    by: str
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    """The clip is cut from a longer one, on key frames and without encoding it anew: the whole original, and from where to where
    in milliseconds.
    """

    sha256: str
    size: int
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSeal:
    """A seal that the camera itself puts in its film: its name, whether it is in this clip, and what we could tell of it."""

    name: str
    is_present: bool
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One file of the camera, bit by bit as it was taken in.

    `name` as the camera called it; `pieces` opens it and gives its bytes in order, asked once, when its turn comes; `size` in
    bytes and `sha256` in small hexadecimal digits as they were recorded at intake; `frames` as counted when it was decoded.
    `starts_at` is true time as far as known, give or take `clock_error_ms`; None when the clock was never compared. The first
    `pre_event_ms` are from before the officer pressed, without sound unless `pre_event_has_sound`.
    """

    name: str
    pieces: Pieces
    size: int
    sha256: str
    starts_at: datetime
    clock_error_ms: int | None
    duration_ms: int | None = None
    frames: int | None = None
    pre_event_ms: int = 0
    pre_event_has_sound: bool = False
    markers: tuple[Marker, ...] = ()
    own_seals: tuple[OwnSeal, ...] = ()
    part_of: PartOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording: its number, the camera's own number, its clips in order, the gaps between them, and its custody extract."""

    number: str
    bodycam: str
    clips: tuple[Clip, ...]
    custody: tuple[CustodyLine, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalProof:
    """That the journal has entry number `entry`: a tlog-proof (c2sp.org/tlog-proof) whose extra data is the entry itself, or the
    32 bytes of its leaf hash where the entry names a person's pseudonym.
    """

    entry: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What the journal says: proofs, the checkpoint that all of them are of, as a signed note, and the verifier key of both."""

    key: str
    checkpoint: bytes
    proofs: tuple[JournalProof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One hand-over. `name` is its number and the folder's name; `desk` who hands over, by function and desk; `receiver` the
    organisation; `ground` why, in a sentence with the receiver's reference. One of `count` packages, number `position` from 1,
    when the receiver takes no large files; `all_clips` then has those of all of them.
    """

    name: str
    municipality: str
    desk: str
    receiver: str
    ground: str
    made_at: datetime
    recordings: tuple[Recording, ...]
    journal: Journal
    position: int = 1
    count: int = 1
    all_clips: tuple["Elsewhere", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A clip as the other packages of one hand-over name it: recording, name, hash, and in which of the packages it is."""

    recording: str
    name: str
    sha256: str
    position: int
