"""The file of arrays: read as written, mapped, and refused when it is damaged, cut, newer or something else."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xxhash import xxh3_128_digest

from engine.solver.array_file import ArrayFileError, read, write

ARRAYS: dict[str, NDArray[Any]] = {
    "strategy": np.linspace(0, 1, 33, dtype=np.float32).reshape(3, 11),
    "nodes": np.arange(-3, 7, dtype=np.int64),
    "nothing": np.zeros((0, 5), dtype=np.int8),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "river.solution"
    write(found, 1, {"what": "a test", "pot": 200}, ARRAYS)
    return found


def test_it_is_read_as_it_was_written(path: Path) -> None:
    found = read(path, 1)

    assert found.about == {"what": "a test", "pot": 200}
    assert list(found.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found.arrays[name], array, strict=True)


def test_arrays_are_views_of_the_file_that_nobody_can_write(path: Path) -> None:
    array = read(path, 1).arrays["strategy"]

    assert not array.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1


def test_arrays_begin_at_multiples_of_64_bytes(path: Path) -> None:
    content = path.read_bytes()
    length = struct.unpack_from("<I", content, 12)[0]
    header = json.loads(content[32 : 32 + length])
    begin = -(-(32 + length) // 64) * 64

    place = header["arrays"]["nodes"]
    first = begin + place["offset"]
    assert first % 64 == 0
    np.testing.assert_array_equal(np.frombuffer(content[first : first + 80], place["dtype"]), ARRAYS["nodes"])


def test_every_byte_is_guarded(path: Path) -> None:
    """One flipped bit anywhere, but for the padding, is found."""
    content = path.read_bytes()
    length = struct.unpack_from("<I", content, 12)[0]
    begin = -(-(32 + length) // 64) * 64
    padding = (
        set(range(32 + length, begin)) | set(range(begin + 132, begin + 192)) | set(range(begin + 272, begin + 320))
    )
    unnoticed = []
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        try:
            read(path, 1)
            unnoticed.append(place)
        except ArrayFileError:
            pass

    assert set(unnoticed) == padding & set(range(len(content)))


def test_a_file_that_was_cut_anywhere_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with pytest.raises(ArrayFileError):
            read(path, 1)


def test_a_newer_version_is_named(path: Path) -> None:
    write(path, 3, {}, {})

    with pytest.raises(ArrayFileError, match=r"is of version 3 and this program reads up to 2: open it with the newer"):
        read(path, 2)


def test_another_file_is_no_file_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("a picture of a river, or a text of more than thirty bytes")

    with pytest.raises(ArrayFileError, match="is not a file of this program"):
        read(path, 1)


def test_an_array_that_does_not_lie_in_the_file_is_refused(tmp_path: Path) -> None:
    """Also where the checksum of the header is right: a file that was made to harm."""
    place = {"dtype": "<f8", "shape": [1 << 40], "offset": 0, "xxh3": ""}
    header = json.dumps({"about": {}, "size": 0, "arrays": {"huge": place}}).encode()
    numbers = struct.pack("<II", 1, len(header))
    content = b"PITBOSS\n" + numbers + xxh3_128_digest(numbers + header) + header
    path = tmp_path / "made.solution"
    path.write_bytes(content + bytes(-len(content) % 64))

    with pytest.raises(ArrayFileError, match="the array huge does not lie in the file"):
        read(path, 1)


def test_objects_are_not_stored(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="names is of dtype object"):
        write(tmp_path / "x", 1, {}, {"names": np.array([{}, None])})
    assert not list(tmp_path.iterdir())
