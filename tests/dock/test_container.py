"""The look at a film from outside: what a player would open is let through, all else comes back with its reason."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import av
import pytest

from beeldkluis.camera.simulator import cut
from beeldkluis.dock.look import NO_FILM, UNKNOWN, Film, look

pytestmark = pytest.mark.slow


def seen(path: Path) -> Film:
    with path.open("rb") as source:
        return look(source.fileno())


def remux(source: Path, to: Path, container: str, options: dict[str, str], only: str = "") -> Path:
    with av.open(str(source)) as old, av.open(str(to), "w", format=container, options=options) as new:
        streams = [one for one in old.streams if not only or one.type == only]
        pairs = {one.index: new.add_stream_from_template(one) for one in streams}
        for packet in old.demux(*streams):
            if packet.dts is not None:
                packet.stream = pairs[packet.stream.index]
                new.mux(packet)
    return to


def test_a_good_film_passes_with_its_length_and_sound(film: Path) -> None:
    found = seen(film)
    assert (found.content_type, found.has_sound, found.reason) == ("video/mp4", True, "")
    assert found.duration_ms is not None
    assert 1900 < found.duration_ms < 2200


@pytest.mark.parametrize(
    ("container", "options", "content_type"),
    [
        ("mp4", {"movflags": "frag_keyframe+empty_moov"}, "video/mp4"),
        ("matroska", {}, "video/x-matroska"),
        ("matroska", {"live": "1"}, "video/x-matroska"),
    ],
)
def test_a_film_without_its_length_at_the_front_is_walked_through(
    film: Path, tmp_path: Path, container: str, options: dict[str, str], content_type: str
) -> None:
    found = seen(remux(film, tmp_path / "other", container, options))
    assert (found.content_type, found.reason) == (content_type, "")
    assert found.duration_ms is not None
    assert 1900 < found.duration_ms < 2200


@pytest.mark.parametrize("part", [0.1, 0.5, 0.7])
def test_a_film_that_was_cut_off_is_told_apart(film: Path, tmp_path: Path, part: float) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(film.read_bytes())
    cut(path, part)
    assert seen(path).reason in ("Het bestand is afgebroken: het einde ontbreekt.", NO_FILM)


def test_sound_alone_is_no_film(film: Path, tmp_path: Path) -> None:
    found = seen(remux(film, tmp_path / "sound.mp4", "mp4", {}, only="audio"))
    assert found.has_sound
    assert found.reason == "Er zit geen beeld in het bestand."


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, b"\x89PNG\r\n\x1a\n" + b"\0" * 500, b"ffconcat version 1.0\nfile a\n"]
)
def test_what_is_no_film_comes_back_with_its_reason(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.mp4").write_bytes(content)
    assert seen(tmp_path / "x.mp4") == Film(None, None, UNKNOWN, NO_FILM)


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what is asked of it."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_a_playlist_that_calls_itself_a_film_makes_nobody_look_elsewhere(tmp_path: Path) -> None:
    playlist = tmp_path / "x.mp4"
    with listening() as (address, asked):
        playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}/a.ts\n#EXT-X-ENDLIST\n")
        assert seen(playlist).reason == NO_FILM
        assert asked == []


def test_the_camera_is_not_written_on_by_looking(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(film.read_bytes())
    before = (path.stat().st_mtime_ns, path.read_bytes())
    seen(path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
