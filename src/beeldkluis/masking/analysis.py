"""What was found in a film: tracks, and where somebody speaks. It is sealed like footage and dies with it."""

from dataclasses import dataclass

from beeldkluis.masking.boxes import Box, Found, Kind


@dataclass(frozen=True, slots=True)
class Hit:
    """A track at one picture of the film, as a detector found it. Pictures count from 0 in the order of showing."""

    frame: int
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Track:
    """One person or thing, as far as motion and overlap could follow it; a person who comes back is a new track.

    `covers` are the boxes as they are to be covered, one for each picture from the first to the last and on both sides as long
    as doubt lasts, grown already. `hits` is what they come from. `unsure` are the pictures in which it overlaps another or was
    not found: whoever is freed is not freed there.
    """

    number: int
    kind: Kind
    hits: tuple[Hit, ...]
    first: int
    covers: tuple[Box, ...]
    unsure: tuple[tuple[int, int], ...]  # from picture, up to and with picture

    @property
    def last(self) -> int:
        """The last picture that is covered for it."""
        return self.first + len(self.covers) - 1


@dataclass(frozen=True, slots=True)
class Speech:
    """A stretch in which somebody speaks: milliseconds from the film's beginning. Whose voice it is nobody can tell."""

    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of one film. `times_us`: when each picture is shown, microseconds from the first; `borders`: pictures with which something
    new begins (a cut, a jerk, a covered lens): nothing is followed across. `levels`: how loud each `level_ms` of sound is, 0 to
    255, empty without sound. `models`: name and SHA-256 of each detector. `faint`: what was found with too low a score to be
    followed, with its picture. `dark`: from picture, up to and with picture, where too little light is for a detector.
    """

    width: int
    height: int
    times_us: tuple[int, ...]
    duration_ms: int
    borders: tuple[int, ...]
    tracks: tuple[Track, ...]
    speech: tuple[Speech, ...]
    levels: bytes
    level_ms: int
    models: tuple[tuple[str, str], ...]
    faint: tuple[tuple[int, Found], ...] = ()
    dark: tuple[tuple[int, int], ...] = ()
