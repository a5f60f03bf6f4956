"""Where somebody speaks, and how loud the sound is. It tells no voice from another, does not hear how many speak, writes nothing
down of what is said, and takes singing, a television or a crying child for speech as often as not; whispering it may miss.
"""

import math
from collections.abc import Iterable

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from beeldkluis.masking.analysis import Speech
from beeldkluis.masking.networks import Effort
from beeldkluis.masking.weights import SPEECH, checked

Samples = NDArray[np.float32]  # one channel, -1 to 1
RATE = 16_000  # samples in a second
WINDOW, CONTEXT = 512, 64  # samples: the network hears so many, with so many of before
LEVEL_MS = 100
QUIETEST_DB = -60.0  # and below: level 0; 0 dB (full scale) is level 255
LIKELY = 0.4  # from here on it is speech: rather once too often, as a person listens to what was found
GAP_MS = 500  # so short a silence does not end a stretch
MARGIN_MS = 200  # added on both sides
UNUSED = Effort()


def level_of(samples: Samples) -> int:
    """How loud, 0 to 255, in equal steps of decibels."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    decibels = 10 * math.log10(power) if power > 0 else QUIETEST_DB
    return round(255 * min(1.0, max(0.0, 1 - decibels / QUIETEST_DB)))


def stretches(likely: Iterable[float], duration_ms: int) -> tuple[Speech, ...]:
    """Stretches of speech of how likely each window of 32 ms has it: short gaps closed, with a margin, inside the film."""
    found: list[Speech] = []
    for at, value in enumerate(likely):
        if value < LIKELY:
            continue
        begin = max(0, at * WINDOW * 1000 // RATE - MARGIN_MS)
        end = min(duration_ms, (at + 1) * WINDOW * 1000 // RATE + MARGIN_MS)
        if found and begin - found[-1].end_ms <= GAP_MS - 2 * MARGIN_MS:
            found[-1] = Speech(found[-1].begin_ms, end)
        elif begin < end:
            found.append(Speech(begin, end))
    return tuple(found)


class Hearing:
    """Hears sound piece by piece: `feed` it all in order, then `heard`. WeightsError without its weights.

    It keeps one number for each 32 ms and each 100 ms, so an hour takes a megabyte.
    """

    def __init__(self, effort: Effort = UNUSED) -> None:
        core = ov.Core()
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": str(effort.threads),
            "INFERENCE_PRECISION_HINT": effort.precision,
        }
        compiled = core.compile_model(core.read_model(str(checked(SPEECH))), "CPU", options)
        self._request = compiled.create_infer_request()
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest: Samples = np.zeros(0, np.float32)
        self._quiet: Samples = np.zeros(0, np.float32)
        self._likely: list[float] = []
        self._levels = bytearray()
        self._count = 0

    def feed(self, samples: Samples) -> None:
        """The next piece of sound, of any length, at 16 kHz."""
        self._count += len(samples)
        self._rest = np.concatenate([self._rest, samples])
        whole = len(self._rest) // WINDOW * WINDOW
        for window in self._rest[:whole].reshape(-1, WINDOW):
            self._likely.append(self._hear(window))
        self._rest = self._rest[whole:].copy()
        self._measure(samples)

    def _measure(self, samples: Samples) -> None:
        step = RATE * LEVEL_MS // 1000
        quiet = np.concatenate([self._quiet, samples])
        whole = len(quiet) // step * step
        self._levels += bytes(level_of(part) for part in quiet[:whole].reshape(-1, step))
        self._quiet = quiet[whole:].copy()

    def _hear(self, window: Samples) -> float:
        """How likely a window has speech."""
        given = np.concatenate([self._context, window])[None]
        self._request.infer([given, self._state])
        self._state = np.array(self._request.get_output_tensor(1).data)
        self._context = window[-CONTEXT:].copy()
        return float(self._request.get_output_tensor(0).data[0, 0])

    def heard(self) -> tuple[tuple[Speech, ...], bytes]:
        """All stretches of speech and the levels, the last unfinished window and level included."""
        likely, levels = list(self._likely), bytes(self._levels)
        if len(self._rest):
            likely.append(self._hear(np.pad(self._rest, (0, WINDOW - len(self._rest)))))
        if len(self._quiet):
            levels += bytes([level_of(self._quiet)])
        return stretches(likely, self._count * 1000 // RATE), levels
