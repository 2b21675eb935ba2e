"""The number in a tensor of one element (tensorflow/core/framework/tensor.proto)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from advise.runlog.readers.messages import Fields

MESSAGES: dict[str, Fields] = {
    "Tensor": {
        "dtype": (1, "int32"),
        "shape": (2, "Shape"),
        "tensor_content": (4, "bytes"),
        "float_val": (5, "*float"),
        "double_val": (6, "*double"),
        "int_val": (7, "*int32"),
        "int64_val": (10, "*int64"),
        "bool_val": (11, "*bool"),
        "half_val": (13, "*int32"),
        "uint32_val": (16, "*uint32"),
        "uint64_val": (17, "*uint64"),
    },
    "Shape": {"dim": (2, "*Dimension")},
    "Dimension": {"size": (1, "int64")},
}


@dataclass(frozen=True, slots=True)
class _Type:
    """How a type of number is written: as bytes (a format of `struct`), or in a field; `half` types are bit patterns there."""

    packed: str
    field: str


_BFLOAT16, _HALF = 14, 19
# By the numbers of tensorflow/core/framework/types.proto.
_TYPES = {
    1: _Type("<f", "float_val"),
    2: _Type("<d", "double_val"),
    3: _Type("<i", "int_val"),
    4: _Type("<B", "int_val"),
    5: _Type("<h", "int_val"),
    6: _Type("<b", "int_val"),
    9: _Type("<q", "int64_val"),
    10: _Type("<?", "bool_val"),
    _BFLOAT16: _Type("<H", "half_val"),
    17: _Type("<H", "int_val"),
    _HALF: _Type("<e", "half_val"),
    22: _Type("<I", "uint32_val"),
    23: _Type("<Q", "uint64_val"),
}


def number_in(tensor: Any) -> float | None:
    """The number in a tensor, or None if it holds anything but one number.

    Args:
        tensor: A message `Tensor`.
    """
    kind = _TYPES.get(tensor.dtype)
    if kind is None or any(dimension.size != 1 for dimension in tensor.shape.dim):
        return None
    if tensor.tensor_content:
        return _unpacked(tensor.dtype, tensor.tensor_content)
    values = getattr(tensor, kind.field)
    if len(values) > 1:
        return None
    if not values:
        # A tensor without values is filled with zeros.
        return 0.0
    if kind.field == "half_val":
        return _unpacked(tensor.dtype, (values[0] & 0xFFFF).to_bytes(2, "little"))
    return float(values[0])


def _unpacked(dtype: int, content: bytes) -> float | None:
    packed = _TYPES[dtype].packed
    if len(content) != struct.calcsize(packed):
        return None
    if dtype == _BFLOAT16:
        # The upper half of a float.
        packed, content = "<f", b"\0\0" + content
    return float(struct.unpack(packed, content)[0])
