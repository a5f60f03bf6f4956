"""What a film carries of its maker's own seals is found, and words that only look like it are not."""

import struct
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.bag.signed import AXIS, AXIS_UUID, C2PA, C2PA_UUID, NOT_CHECKED, own_seals
from beeldkluis.camera.simulator import draw_film

MESSAGE = b"\0\0\0\1\x06\x05\xff\x81" + AXIS_UUID  # an SEI message of 384 bytes
BRAND = struct.pack(">L4s4sL", 16, b"ftyp", b"isom", 0)


def box(kind: bytes, data: bytes, *, large: bool = False) -> bytes:
    head = struct.pack(">L4sQ", 1, kind, len(data) + 16) if large else struct.pack(">L4s", len(data) + 8, kind)
    return head + data


def found(film: bytes) -> dict[str, bool]:
    return {one.name: one.is_present for one in own_seals(lambda start, stop: film[start:stop], len(film))}


@pytest.mark.parametrize("before", [0, 1, 1_048_570, 1_048_576 - 20, 2_500_000])
def test_a_message_of_signed_video_is_found_wherever_it_lies(before: int) -> None:
    assert found(b"\0" * before + MESSAGE + b"\0" * 400) == {AXIS: True, C2PA: False}


def test_words_that_somebody_typed_are_no_seal() -> None:
    assert found(b"title: Signed Video...0 by me") == {AXIS: False, C2PA: False}
    assert found(AXIS_UUID) == {AXIS: False, C2PA: False}
    assert found(b"Signed Video...0 " + MESSAGE)[AXIS], "the second counts"


@pytest.mark.parametrize("large", [True, False])
def test_a_box_of_c2pa_among_the_outer_boxes_is_found(large: bool) -> None:
    film = BRAND + box(b"mdat", b"x" * 3_000_000) + box(b"uuid", C2PA_UUID + b"\0" * 60, large=large)
    assert found(film) == {AXIS: False, C2PA: True}
    inside = BRAND + box(b"mdat", box(b"uuid", C2PA_UUID)) + box(b"uuid", bytes(16))
    assert found(inside) == {AXIS: False, C2PA: False}, "within another box it is content"


def test_what_is_found_is_not_called_valid() -> None:
    film = BRAND + box(b"uuid", C2PA_UUID) + MESSAGE
    assert {one.remark for one in own_seals(lambda start, stop: film[start:stop], len(film))} == {NOT_CHECKED}


@given(st.binary(max_size=200))
def test_no_bytes_break_it(noise: bytes) -> None:
    assert set(found(noise)) == {AXIS, C2PA}
    assert set(found(BRAND + noise)) == {AXIS, C2PA}


@pytest.mark.slow
def test_film_without_and_film_with(tmp_path: Path) -> None:
    plain, signed = tmp_path / "plain.mp4", tmp_path / "signed.mp4"
    draw_film(plain, 2, width=64, height=36)
    assert found(plain.read_bytes()) == {AXIS: False, C2PA: False}
    sei = b"\x06\x05" + bytes([16 + 24]) + AXIS_UUID + bytes(range(1, 25)) + b"\x80"
    with av.open(str(plain)) as source, av.open(str(signed), "w") as out:
        track = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is None:
                continue
            marked = av.Packet(struct.pack(">L", len(sei)) + sei + bytes(packet))
            marked.pts, marked.dts, marked.time_base, marked.is_keyframe = (
                packet.pts,
                packet.dts,
                packet.time_base,
                packet.is_keyframe,
            )
            marked.stream = track
            out.mux(marked)
    assert found(signed.read_bytes()) == {AXIS: True, C2PA: False}
