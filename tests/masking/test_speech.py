import numpy as np
import pytest
from tests.masking.voices import RATE, noise, silence, voice

from beeldkluis.masking.analysis import Speech
from beeldkluis.masking.speech import Hearing, Samples, level_of, stretches


def heard(sound: Samples, piece: int = 100_000) -> tuple[tuple[Speech, ...], bytes]:
    hearing = Hearing()
    for at in range(0, len(sound), piece):
        hearing.feed(sound[at : at + piece])
    return hearing.heard()


def test_a_voice_is_found_where_it_speaks_and_in_noise() -> None:
    sound = np.concatenate([silence(2), voice(3), silence(4), voice(3, seed=9), silence(2)])
    sound[9 * RATE : 12 * RATE] += noise(3, 0.05)
    first, *more = heard(sound)[0]
    assert 1700 <= first.begin_ms <= 3000
    assert 4500 <= first.end_ms <= 5600
    assert more
    assert all(8700 <= one.begin_ms < one.end_ms <= 12_600 for one in more)


@pytest.mark.parametrize(
    "sound", [silence(3), noise(3), noise(3, 0.5), np.sin(np.arange(48_000) / 6).astype(np.float32) * 0.1]
)
def test_nothing_is_found_where_nobody_speaks(sound: Samples) -> None:
    assert heard(sound)[0] == ()


def test_it_does_not_matter_in_what_pieces_it_hears() -> None:
    sound = np.concatenate([voice(1.03), silence(1)])
    assert heard(sound) == heard(sound, 311) == heard(sound, 4096)


def test_each_window_is_heard_with_the_end_of_the_one_before() -> None:
    hearing, given = Hearing(), []
    request = hearing._request

    class Listening:
        get_output_tensor = request.get_output_tensor

        def infer(self, inputs: list[Samples]) -> None:
            given.append(inputs[0].copy())
            request.infer(inputs)

    hearing._request = Listening()  # type: ignore[assignment]
    sound = voice(0.1)
    hearing.feed(sound)
    assert len(given) == 3
    assert given[0][0].tolist() == [0.0] * 64 + sound[:512].tolist()
    assert given[2][0].tolist() == sound[1024 - 64 : 1536].tolist()


def test_levels_are_decibels_a_tenth_of_a_second() -> None:
    loud: Samples = np.ones(RATE // 10, np.float32)
    assert [level_of(loud * scale) for scale in (1, 0.1, 0.01, 0.001, 0.0001, 0)] == [255, 170, 85, 0, 0, 0]
    levels = heard(np.concatenate([loud, silence(0.1), loud * np.float32(0.1), loud[:400]]))[1]
    assert list(levels) == [255, 0, 170, 255]
    assert Hearing().heard() == ((), b"")


def test_short_gaps_are_closed_and_nothing_lies_outside_the_film() -> None:
    def at(*windows: int) -> list[float]:
        return [1.0 if one in windows else 0.0 for one in range(100)]

    assert stretches(at(0), 3200) == (Speech(0, 232),)
    assert stretches(at(99), 3190) == (Speech(2968, 3190),)
    assert stretches(at(20, 35), 3200) == (Speech(440, 1352),)  # 480 ms of silence between
    assert stretches(at(20, 40), 3200) == (Speech(440, 872), Speech(1080, 1512))
    assert stretches([0.39, 0.4], 64) == (Speech(0, 64),)
    assert stretches([0.39], 64) == ()
