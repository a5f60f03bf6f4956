"""Films in the order in which they were made, whatever they are called; and what stands in the way, in plain words."""

import errno
import os
from datetime import UTC, datetime

import pytest
from tests.camera.test_folder import camera, names, put

from beeldkluis.camera.faults import in_words
from beeldkluis.camera.folder import FolderCamera, _moment, may_stand_in

__all__ = ["camera"]  # a fixture, for this file


def test_the_oldest_comes_first_by_its_words_or_by_its_file(camera: FolderCamera) -> None:
    put(camera, "z.mp4", started="2026-11-01T10:00:00Z")
    put(camera, "a.mp4", started="2026-11-01T12:00:00Z")
    silent = put(camera, "m.mp4")
    moment = datetime(2026, 11, 1, 11, tzinfo=UTC).timestamp()
    os.utime(silent, (moment, moment))
    assert names(camera) == ["z.mp4", "m.mp4", "a.mp4"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-01T10:00:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),  # without a zone: as if UTC
        ("2026-11-01T10:00:00+01:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("1980-01-01T00:00:00Z", datetime(1980, 1, 1, tzinfo=UTC)),
        ("1979-12-31T23:59:59Z", None),
        ("2200-01-01T00:00:01Z", None),
    ],
)
def test_a_moment_is_taken_as_it_was_said(said: str, meant: datetime | None) -> None:
    assert _moment(said) == meant


@pytest.mark.parametrize(("told", "position"), [(9_999, 9_999), (10_000, 0), (-1, 0), (True, 0), ("3", 0)])
def test_a_position_is_a_number_that_can_be(camera: FolderCamera, told: object, position: int) -> None:
    put(camera, "a.mp4", group="EVT-1", position=told)
    assert [one.position for one in camera.files()] == [position]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "alleen lezen"), (errno.ENOSPC, "de kaart is vol"), (errno.EIO, "leesfout"),
        (errno.EACCES, "geen toegang"), (errno.ELOOP, "het is een koppeling"), (errno.EBUSY, f"fout {errno.EBUSY}"),
    ],
)  # fmt: skip
def test_what_the_system_says_is_said_in_plain_words(number: int, words: str) -> None:
    assert in_words(OSError(number, "")) == words


def test_a_slot_that_nobody_can_look_into_may_hold_a_camera(
    camera: FolderCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    (camera.folder / "camera.json").unlink()
    assert not may_stand_in(camera.folder)
    too_long = camera.folder / ("x" * 300)  # what the system itself refuses to look at
    assert may_stand_in(too_long)


def test_a_folder_that_cannot_be_opened_is_named_with_its_reason(camera: FolderCamera) -> None:
    put(camera, "a.mp4")
    (camera.folder / "DCIM").mkdir()
    opened, real = [], FolderCamera.folder_at

    class Broken(FolderCamera):
        def folder_at(self, place: str) -> object:  # type: ignore[override] # as the system would
            opened.append(place)
            if place == "DCIM":
                raise OSError(errno.EIO, "")
            return real(self, place)

    (told,) = Broken(camera.folder).listing().unread
    assert (told.label, told.why, told.folder) == ("DCIM", "leesfout", True)
    assert "DCIM" in opened
