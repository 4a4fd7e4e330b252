"""Console and table stand side by side on every usual screen, whole, each at a size at which it can be used."""

import pytest

from app.desk.tiles import CONSOLE_SMALLEST, MARGIN, TABLE_SMALLEST, TITLE_BAR, ScreenTooSmallError, tiles

USUAL = [(1366, 768), (1440, 900), (1600, 900), (1920, 1080), (2560, 1440), (3840, 2160)]
ODD = [(1356, 600), (1360, 620), (1920, 600), (1357, 2000), (1680, 1050), (3440, 1440), (1537, 864), (5120, 2880)]


@pytest.mark.parametrize("screen", USUAL + ODD)
def test_both_are_whole_on_the_screen_and_never_overlap(screen: tuple[int, int]) -> None:
    width, height = screen
    place = tiles(width, height)
    left, top, across, down = place.table
    assert left >= MARGIN
    assert top >= TITLE_BAR
    assert top + down <= height
    # The table's frame reaches no further than the margin round its client area.
    assert left + across + MARGIN <= place.console[0]
    assert place.console[1] >= 0
    assert place.console[0] + place.console[2] == width
    assert place.console[1] + place.console[3] == height


@pytest.mark.parametrize("screen", USUAL + ODD)
def test_neither_is_too_small_and_the_table_takes_no_more_than_half(screen: tuple[int, int]) -> None:
    place = tiles(*screen)
    assert place.table[2] >= TABLE_SMALLEST[0]
    assert place.table[3] >= TABLE_SMALLEST[1]
    assert place.table[2] <= max(TABLE_SMALLEST[0], screen[0] // 2)
    assert place.console[2] >= CONSOLE_SMALLEST[0]
    assert place.console[3] >= CONSOLE_SMALLEST[1]


@pytest.mark.parametrize("screen", [(1355, 768), (1366, 599), (1024, 768), (800, 600), (0, 0)])
def test_a_screen_too_small_for_both_is_refused_in_words(screen: tuple[int, int]) -> None:
    with pytest.raises(ScreenTooSmallError, match=rf"{screen[0]} x {screen[1]} pixels.*need 1356 x 600"):
        tiles(*screen)
