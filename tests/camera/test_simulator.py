"""The simulator makes real film, and its misbehaviour is what it says."""

from array import array
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.port import CameraGoneError
from beeldkluis.camera.simulator import (
    Fault,
    FaultyCamera,
    Scene,
    add_clips,
    draw_film,
    film_seconds,
    lose_clock,
    make_camera,
)

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    draw_film(path, 2, width=160, height=90)
    return path


def test_a_drawn_film_moves_sounds_and_plays_before_it_is_whole(film: Path) -> None:
    with av.open(str(film)) as source:
        pictures = [bytes(frame.planes[0]) for frame in source.decode(video=0)]
    with av.open(str(film)) as source:
        loudest = max(max(array("f", bytes(frame.planes[0]))) for frame in source.decode(audio=0))
    assert len(pictures) == 50
    assert all(one != other for one, other in pairwise(pictures))
    assert loudest > 0.01
    content = film.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_made_camera_tells_of_each_film_by_its_own_clock(tmp_path: Path) -> None:
    error = timedelta(hours=-2)
    camera = FolderCamera(make_camera(tmp_path / "plaats-1", serial="S", scenes=[Scene(AT, 1)], clock_error=error))
    file, clock = camera.files()[0], camera.clock()
    assert file.started_at == AT + error
    assert file.activated_at == file.ended_at == AT + error + timedelta(seconds=1)  # the film is shorter than 120 s
    assert clock is not None
    assert abs(clock - (datetime.now(UTC) + error)) < timedelta(seconds=5)


def test_own_clips_are_put_on_the_camera_with_their_real_length(tmp_path: Path, film: Path) -> None:
    (tmp_path / "clips").mkdir()
    film.rename(tmp_path / "clips" / "own.mp4")
    (tmp_path / "clips" / "README.md").write_text("no film")
    folder = make_camera(tmp_path / "plaats-1", serial="S")
    added = add_clips(folder, tmp_path / "clips", until=AT)
    file = FolderCamera(folder).files()[0]
    assert [one.name for one in added] == ["own.mp4"]
    assert file.ended_at == AT
    assert round(film_seconds(added[0])) == 2


def test_a_lost_clock_says_nothing_and_dates_films_in_1980(tmp_path: Path) -> None:
    folder = make_camera(tmp_path / "plaats-1", serial="S", scenes=[Scene(AT, 1)])
    lose_clock(folder)
    camera = FolderCamera(folder)
    assert camera.clock() is None
    assert camera.files()[0].started_at == datetime(1980, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("fault", [Fault(2, 5), Fault(2, 5, bad=True), Fault(2, 5, gone=True)])
def test_a_faulty_camera_reads_well_until_its_fault(tmp_path: Path, fault: Fault) -> None:
    folder = make_camera(tmp_path / "slots" / "plaats-1", serial="S")
    (folder / "a.mp4").write_bytes(b"0123456789")
    camera = FaultyCamera(folder, fault)
    file = camera.files()[0]
    piece = memoryview(bytearray(10))
    with camera.open(file) as source:
        assert source.readinto(piece) == 10
        assert piece.tobytes() == b"0123456789"
    with camera.open(file) as source:
        if fault.bad or fault.gone:
            with pytest.raises(OSError, match="simulated"):
                source.readinto(piece)
        else:
            source.readinto(piece)
            assert piece.tobytes() == b"012344" + b"6789"
    if fault.gone:
        with pytest.raises(CameraGoneError):
            camera.files()
