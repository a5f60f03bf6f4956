"""A network that OpenVINO compiled: 8-bit planes in, arrays out.

Nothing is fetched or written. Files are opened while it is made only (OpenVINO reads TFLite from a path and not from memory),
so a process makes its networks first and locks itself up afterwards.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor

from beeldkluis.masking.decoding import Floats
from beeldkluis.masking.views import Picture


@dataclass(frozen=True, slots=True)
class Effort:
    """How networks run. f32 gives the same figures on every processor; bf16 is quicker where the processor knows it."""

    threads: int = 1
    precision: str = "f32"


@dataclass(frozen=True, slots=True)
class Wants:
    """What a network takes: `width` x `height` pixels, red first or blue first, (value - mean) / deviation for each plane in
    that order, whether planes lie apart ("NCHW") or between each other ("NHWC"), and whether the picture is stretched to fit.
    """

    width: int
    height: int
    red_first: bool
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    order: str
    stretched: bool


class Network:
    """Compiled and tried at once, so that a fault of the file shows before there is any film. RuntimeError when it cannot be."""

    def __init__(self, file: Path, wants: Wants, effort: Effort) -> None:
        core = ov.Core()
        model = core.read_model(str(file))
        steps = PrePostProcessor(model)
        tensor = steps.input().tensor()
        tensor.set_element_type(ov.Type.u8).set_layout(ov.Layout("NCHW")).set_shape([1, 3, wants.height, wants.width])
        turned = steps.input().preprocess().convert_element_type(ov.Type.f32)
        turned.mean(list(wants.mean)).scale(list(wants.deviation))
        steps.input().model().set_layout(ov.Layout(wants.order))
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": str(effort.threads),
            "INFERENCE_PRECISION_HINT": effort.precision,
        }
        self.wants = wants
        self._names = [one.get_any_name() for one in model.outputs]
        self._request = core.compile_model(steps.build(), "CPU", options).create_infer_request()
        self(np.zeros((1, 3, wants.height, wants.width), np.uint8))  # whatever is made at the first call is made now

    def __call__(self, made: Picture) -> dict[str, Floats]:
        """The outputs by name, each its own copy. `made` has blue first."""
        given: NDArray[np.uint8] = np.ascontiguousarray(made[:, ::-1]) if self.wants.red_first else made
        self._request.infer([given])
        return {name: np.array(self._request.get_output_tensor(at).data) for at, name in enumerate(self._names)}
