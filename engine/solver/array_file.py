"""A file of named arrays behind a JSON header: checked when it is opened, memory-mapped, and free of code.

Layout, little-endian (docs/solution_format.md): magic of 8 bytes, version u32, length of the header u32, checksum of
version, length and header u128 (xxh3), the header in UTF-8, then every array C-contiguous at a multiple of 64 bytes.
The header holds ``about`` (what the arrays mean, the caller's own), ``size`` of the whole file and for each array its
dtype, shape, offset and checksum.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError
from xxhash import xxh3_128_digest, xxh3_128_hexdigest

from engine.durable import replace_file

Array = NDArray[Any]

MAGIC: Final = b"PITBOSS\n"
_FIXED: Final = struct.Struct("<8sII16s")
_CHECKED: Final = slice(8, 16)
_ALIGNED: Final = 64
_DTYPES: Final = ("<f4", "<f8", "|i1", "<i2", "<i4", "<i8")


class ArrayFileError(ValueError):
    """A file that is no sound file of arrays; the message says what was found."""


class _Place(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    dtype: str
    shape: tuple[NonNegativeInt, ...]
    offset: NonNegativeInt
    xxh3: str


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    about: dict[str, Any]
    size: NonNegativeInt
    arrays: dict[str, _Place]


@dataclass(frozen=True, slots=True, eq=False)
class ArrayFile:
    """What a file holds: ``arrays`` are read-only views of the mapped file."""

    about: dict[str, Any]
    arrays: dict[str, Array]


def write(path: Path, version: int, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a file, the whole of it or nothing. Raises OSError; TypeError for an array of another dtype."""
    places: dict[str, dict[str, Any]] = {}
    contents: list[bytes] = []
    offset = 0  # from the end of the header, whose length is not known yet
    for name, array in arrays.items():
        if array.dtype.str not in _DTYPES:
            raise TypeError(f"{name} is of dtype {array.dtype}: a file of arrays holds {', '.join(_DTYPES)}")
        content = array.tobytes()
        checksum = xxh3_128_hexdigest(content)
        places[name] = {"dtype": array.dtype.str, "shape": array.shape, "offset": offset, "xxh3": checksum}
        contents += [content, bytes(_aligned(len(content)) - len(content))]
        offset += _aligned(len(content))
    header = json.dumps({"about": dict(about), "size": offset, "arrays": places}, allow_nan=False).encode()
    numbers = struct.pack("<II", version, len(header))
    padding = bytes(_aligned(_FIXED.size + len(header)) - _FIXED.size - len(header))
    replace_file(path, b"".join([MAGIC, numbers, _checksum(numbers, header), header, padding, *contents]))


def read(path: Path, version: int) -> ArrayFile:
    """Open a file and check all of it. Raises ArrayFileError or OSError."""
    with path.open("rb") as file:
        fixed = file.read(_FIXED.size)
        length, checksum = _begun(fixed, version, path)
        text = file.read(length)
    if len(text) < length or _checksum(fixed[_CHECKED], text) != checksum:
        raise ArrayFileError(f"{path} is damaged: its header is not what was written")
    header = _parsed(text, path)
    begin = _aligned(_FIXED.size + length)
    found = path.stat().st_size
    if found != begin + header.size:
        raise ArrayFileError(f"{path} is damaged: it has {found:,} bytes, and {begin + header.size:,} were written")
    content = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
    return ArrayFile(header.about, {name: _array(content, begin, name, at, path) for name, at in header.arrays.items()})


def _begun(fixed: bytes, version: int, path: Path) -> tuple[int, bytes]:
    """Length and checksum of the header, as the file's first bytes give them."""
    if len(fixed) < _FIXED.size or not fixed.startswith(MAGIC):
        raise ArrayFileError(f"{path} is not a file of this program")
    _, found, length, checksum = _FIXED.unpack(fixed)
    if found > version:
        raise ArrayFileError(
            f"{path} is of version {found} and this program reads up to {version}: open it with the newer program"
        )
    return length, checksum


def _parsed(text: bytes, path: Path) -> _Header:
    try:
        return _Header.model_validate_json(text)
    except ValidationError as problem:
        raise ArrayFileError(f"{path} has a header that means nothing ({problem.error_count()} errors)") from None


def _array(content: NDArray[np.uint8], begin: int, name: str, at: _Place, path: Path) -> Array:
    if at.dtype not in _DTYPES:
        raise ArrayFileError(f"{path}: the array {name} has the dtype {at.dtype!r}, which is not allowed")
    size = prod(at.shape) * np.dtype(at.dtype).itemsize
    first = begin + at.offset
    if at.offset % _ALIGNED or first + size > content.size:
        raise ArrayFileError(f"{path}: the array {name} does not lie in the file")
    part = content[first : first + size]
    if xxh3_128_hexdigest(part.data) != at.xxh3:
        raise ArrayFileError(f"{path} is damaged: the array {name} does not match its checksum")
    return part.view(at.dtype).reshape(at.shape)


def _checksum(fixed: bytes, header: bytes) -> bytes:
    """Of version, length and header."""
    return xxh3_128_digest(fixed + header)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
