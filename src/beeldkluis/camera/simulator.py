"""Cameras for demonstrations and tests: real moving pictures with sound, and misbehaviour on purpose."""

import argparse
import errno
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import FileIO
from pathlib import Path

import av
from av.container import InputContainer

from beeldkluis.camera.example import EXAMPLE
from beeldkluis.camera.folder import ABOUT, CLOCK, FolderCamera
from beeldkluis.camera.kinds import FILMS
from beeldkluis.camera.port import CameraFile

PRE_EVENT = timedelta(seconds=120)
SHORT = timedelta(seconds=10)  # before activation, in a film that is shorter than that
RATE = 25  # pictures a second


@dataclass(frozen=True, slots=True)
class Scene:
    """One recording to make: when it began by true time, how long it lasts, how much of it is before activation."""

    started_at: datetime
    seconds: int
    pre_event: timedelta = PRE_EVENT


def draw_film(
    path: Path, seconds: int, *, width: int = 640, height: int = 360, tone: int = 440, made_at: datetime | None = None
) -> None:
    """A film that moves and sounds: a test picture with a running clock, H.264 and AAC in MP4, ready to play from anywhere.

    `made_at` stands in it as its moment of making, as cameras do it: two scenes are never the same file.
    """
    picture = av.open(f"testsrc2=size={width}x{height}:rate={RATE}:duration={seconds}", format="lavfi")
    sound = av.open(f"sine=frequency={tone}:beep_factor=4:sample_rate=48000:duration={seconds}", format="lavfi")
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as film:
        film.metadata.update({"creation_time": made_at.isoformat()} if made_at else {})
        video = film.add_stream("libx264", rate=Fraction(RATE), options={"preset": "ultrafast", "crf": "28", "g": "25"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = film.add_stream("aac", rate=48000)
        assert isinstance(picture, InputContainer)  # noqa: S101 - opened for reading, just above
        assert isinstance(sound, InputContainer)  # noqa: S101 - likewise
        for frame in picture.decode(video=0):
            ready = frame.reformat(format="yuv420p")
            ready.pts = None
            film.mux(video.encode(ready))
        film.mux(video.encode(None))
        for piece in sound.decode(audio=0):
            piece.pts = None
            film.mux(audio.encode(piece))
        film.mux(audio.encode(None))
    picture.close()
    sound.close()


def make_camera(
    folder: Path,
    *,
    serial: str,
    scenes: Sequence[Scene] = (),
    clock_error: timedelta = timedelta(0),
    volume_id: str = "",
) -> Path:
    """A camera in `folder` with a drawn film for each scene. Its clock is wrong by `clock_error` (camera minus true time)."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"serial": serial, "make": "Demonstratie", "model": "Map", "volume_id": volume_id or f"VOL-{serial}"}
    (folder / CLOCK).write_text((datetime.now(UTC) + clock_error).isoformat())
    for scene in scenes:
        film = folder / f"{scene.started_at:%Y%m%d_%H%M%S}.mp4"
        draw_film(film, scene.seconds, made_at=scene.started_at)
        tell(film, scene, clock_error)
    # last, because a camera counts as docked once it says who it is
    (folder / ABOUT).write_text(json.dumps(about))
    return folder


def tell(film: Path, scene: Scene, clock_error: timedelta = timedelta(0)) -> None:
    """Write the camera's own account of a film beside it."""
    started = scene.started_at + clock_error
    length = timedelta(seconds=scene.seconds)
    told = {"started": started, "activated": started + min(scene.pre_event, length), "ended": started + length}
    film.with_name(f"{film.name}.json").write_text(json.dumps({name: at.isoformat() for name, at in told.items()}))


def put_film(folder: Path, source: Path, scene: Scene, *, name: str) -> Path:
    """Put a film on a camera that is there, as this scene. Where it is now."""
    film = folder / name
    shutil.copyfile(source, film)
    tell(film, scene)
    return film


def add_clips(folder: Path, clips: Path, *, until: datetime) -> list[Path]:
    """Put your own films on a camera; the largest ends at `until`, the others hours before. Which ones."""
    added = []
    films = (one for one in clips.iterdir() if one.suffix.lower() in FILMS)
    for source in sorted(films, key=lambda one: (one.stat().st_size, one.name), reverse=True):
        seconds = max(1, round(film_seconds(source)))
        scene = Scene(until - timedelta(seconds=seconds), seconds, timedelta(seconds=min(seconds // 2, 120)))
        added.append(put_film(folder, source, scene, name=source.name))
        until = scene.started_at - timedelta(hours=2)
    return added


def film_seconds(path: Path) -> float:
    """How long a film is, in seconds; 0 when it does not say."""
    with av.open(str(path)) as film:
        return (film.duration or 0) / av.time_base


def cut(film: Path, part: float) -> None:
    """Break a film off after this part of it, as a camera does that falls or runs out of power while it writes."""
    os.truncate(film, int(film.stat().st_size * part))


def lose_clock(folder: Path) -> None:
    """A camera of which the battery was empty: it dates its films from 1980 on and does not tell its time."""
    (folder / CLOCK).unlink(missing_ok=True)
    for number, film in enumerate(sorted(one for one in folder.iterdir() if one.suffix in FILMS)):
        tell(film, Scene(datetime(1980, 1, 1, 0, number, tzinfo=UTC), 1))


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong while a film is read, from byte `at` on, at the reading with number `reading` (1: the first) and later
    ones. `gone`: the camera is taken out; `bad`: the card does not give these bytes; neither: one bit is another.
    """

    reading: int
    at: int
    gone: bool = False
    bad: bool = False


class FaultyCamera(FolderCamera):
    """A camera that reads well until its fault."""

    def __init__(self, folder: Path, fault: Fault) -> None:
        super().__init__(folder)
        self.fault = fault
        self._readings: dict[str, int] = {}

    def open(self, file: CameraFile) -> FileIO:
        """One film, with the fault. The look at the container counts as a reading too."""
        number = self._readings[file.name] = self._readings.get(file.name, 0) + 1
        source = super().open(file)
        if number < self.fault.reading:
            return source
        with source:
            return _FaultyFile(os.dup(source.fileno()), self)


class _FaultyFile(FileIO):
    def __init__(self, descriptor: int, camera: FaultyCamera) -> None:
        super().__init__(descriptor, "r")
        self._camera = camera

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # our readers always give a memoryview
        start, fault = self.tell(), self._camera.fault
        count = super().readinto(buffer) or 0
        if start + count > fault.at:
            if fault.gone and self._camera.folder.exists():
                take_out(self._camera.folder)
            if fault.gone or fault.bad:
                raise OSError(errno.EIO, "simulated")
            if fault.at >= start:
                buffer[fault.at - start] ^= 1
        return count


def take_out(folder: Path) -> Path:
    """Take a camera out of its slot, with everything on it; where it is now."""
    away = folder.parent.with_name(f"{folder.parent.name}-taken-out")
    away.mkdir(exist_ok=True)
    return folder.rename(away / folder.name)


def main() -> None:
    """A camera to practise with: your own films, or a drawn one and after it one of real people, or only drawn ones."""
    parser = argparse.ArgumentParser(prog="python -m beeldkluis.camera.simulator", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("serial")
    parser.add_argument("seconds", type=int, help="how long the newest drawn film lasts")
    parser.add_argument("--clips", type=Path)
    parser.add_argument("--drawn", action="store_true")
    chosen = parser.parse_args()
    folder, now = chosen.folder, datetime.now(UTC).replace(microsecond=0)
    folder.mkdir(parents=True, exist_ok=True)
    scenes: list[Scene] = []
    if chosen.clips:
        add_clips(folder, chosen.clips, until=now - timedelta(minutes=10))
    else:
        seconds = chosen.seconds if chosen.drawn else EXAMPLE.seconds
        newest = Scene(now - timedelta(seconds=seconds + 600), seconds, PRE_EVENT if chosen.drawn else SHORT)
        scenes = [Scene(newest.started_at - timedelta(hours=5), max(1, chosen.seconds // 5), timedelta(seconds=20))]
        if chosen.drawn:
            scenes.append(newest)
        else:
            put_film(folder, EXAMPLE.path, newest, name=f"{newest.started_at:%Y%m%d_%H%M%S}.mp4")
    make_camera(folder, serial=chosen.serial, scenes=scenes)


if __name__ == "__main__":
    main()
