"""Ranges as text: what was packed comes back, what was not is refused."""

import numpy as np
import pytest

from engine.game.packed import PackedError, pack, unpack


def test_rows_come_back_to_three_digits() -> None:
    rows = np.random.default_rng(1).random((3, 1326))
    assert np.abs(unpack(pack(rows)) - rows).max() < 5e-4
    assert unpack(pack(rows[0])).shape == (1, 1326)
    assert unpack("").shape == (0, 1326)


@pytest.mark.parametrize("text", ["%", "AAAA", "A" * 4 * 1325])
def test_what_is_no_whole_row_is_refused(text: str) -> None:
    with pytest.raises(PackedError):
        unpack(text)
