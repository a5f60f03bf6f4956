"""A network of a few bytes, in ONNX: it answers with the same three boxes whatever it sees, and one score that follows the light.

Written by hand, field by field of the format (onnx.proto), so that no package is needed that only this test would use.
"""

import hashlib
import struct
from pathlib import Path


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    made = b""
    while value > 127:
        made, value = made + bytes([value & 127 | 128]), value >> 7
    return made + bytes([value])


def _int(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _number(field << 3 | 2) + _number(len(data)) + data


def _floats(name: str, shape: tuple[int, ...], values: list[float]) -> bytes:
    """A constant: TensorProto."""
    dims = b"".join(_int(1, one) for one in shape)
    return dims + _int(2, 1) + _bytes(8, name) + _bytes(9, struct.pack(f"<{len(values)}f", *values))


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    """ValueInfoProto of floats."""
    dims = b"".join(_bytes(1, _int(1, one)) for one in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, 1) + _bytes(2, dims)))


def _node(op: str, inputs: list[str], output: str) -> bytes:
    return b"".join(_bytes(1, one) for one in inputs) + _bytes(2, output) + _bytes(4, op)


def written(path: Path, side: int, shape: tuple[int, ...], rows: list[float], by_light: list[float]) -> str:
    """Writes the network; its SHA-256. The answer is `rows` + the mean of the picture x `by_light`, both of this shape."""
    nodes = [
        _node("GlobalAveragePool", ["picture"], "planes"),
        _node("Mul", ["planes", "one_plane"], "first"),  # the planes after the first do not count
        _node("ReduceSum", ["first"], "light"),
        _node("Mul", ["light", "by_light"], "more"),
        _node("Reshape", ["more", "shape"], "shaped"),
        _node("Add", ["shaped", "rows"], "boxes"),
    ]
    shape_of = b"".join(_int(1, one) for one in (len(shape),)) + _int(2, 7) + _bytes(8, "shape")
    shape_of += _bytes(9, struct.pack(f"<{len(shape)}q", *shape))
    stored = [
        _floats("one_plane", (1, 3, 1, 1), [1, 0, 0]),
        _floats("by_light", (1, 1, 1, len(by_light)), by_light),
        _floats("rows", shape, rows),
        shape_of,
    ]
    graph = b"".join(_bytes(1, one) for one in nodes) + _bytes(2, "own") + b"".join(_bytes(5, one) for one in stored)
    graph += _bytes(11, _value("picture", (1, 3, side, side))) + _bytes(12, _value("boxes", shape))
    model = _int(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _int(2, 13))
    path.write_bytes(model)
    return hashlib.sha256(model).hexdigest()
