"""A made voice: pulses of a throat through the resonances of a mouth that goes from vowel to vowel. Nobody's."""

import math

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))  # hertz


def _resonance(sound: NDArray[np.float64], hertz: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """A mouth's resonance, whose pitch moves."""
    made, before, earlier = np.zeros_like(sound), 0.0, 0.0
    radius = math.exp(-math.pi * width / RATE)
    for at, value in enumerate(sound):
        turn = 2 * radius * math.cos(2 * math.pi * hertz[at] / RATE)
        earlier, before = before, value + turn * before - radius * radius * earlier
        made[at] = before
    return made / max(1e-9, np.abs(made).max())


def voice(seconds: float, pitch: float = 120.0, seed: int = 7) -> NDArray[np.float32]:
    """Somebody who says nothing: four syllables a second, a falling and rising pitch, -20 dB."""
    dice, count = np.random.default_rng(seed), int(seconds * RATE)
    time = np.arange(count) / RATE
    pitches = pitch * (1 + 0.15 * np.sin(2 * math.pi * 0.7 * time))
    turns = np.cumsum(pitches / RATE)
    source = np.diff(np.floor(turns), prepend=0.0) + 0.02 * dice.standard_normal(count)
    spoken = dice.integers(0, len(VOWELS), math.ceil(seconds * 4) + 2)
    moments = np.arange(len(spoken)) / 4
    made = np.zeros(count)
    for formant, width, share in ((0, 80, 1.0), (1, 100, 0.6), (2, 140, 0.3)):
        hertz = np.interp(time, moments, [VOWELS[one][formant] for one in spoken])
        made += share * _resonance(source, hertz, width)
    syllables = 0.15 + 0.85 * np.abs(np.sin(2 * math.pi * 2 * time)) ** 0.7
    made *= syllables
    return (made / np.sqrt(np.mean(made**2)) * 0.1).astype(np.float32)


def noise(seconds: float, loud: float = 0.1, seed: int = 3) -> NDArray[np.float32]:
    """Hiss."""
    return (np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * loud).astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(int(seconds * RATE), np.float32)
