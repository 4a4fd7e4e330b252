"""Where console and table stand: side by side, so that neither ever covers the other."""

from dataclasses import dataclass

Place = tuple[int, int, int, int]
TABLE_SHAPE = 1280 / 800
TITLE_BAR = 40
CONSOLE_MINIMUM = 640
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Tiles:
    """Left, top, width and height: of the table's client area, and of the console's window with its frame."""

    table: Place
    console: Place


def tiles(width: int, height: int) -> Tiles:
    """Half the screen for each, less for the table where the console would be left with too little."""
    table_width = min(width // 2, width - CONSOLE_MINIMUM) - 2 * MARGIN
    table_height = min(round(table_width / TABLE_SHAPE), height - TITLE_BAR - MARGIN)
    left = table_width + 2 * MARGIN
    return Tiles((MARGIN, TITLE_BAR, table_width, table_height), (left, 0, width - left, height))


def screen_size() -> tuple[int, int]:
    """Pixels of the screen that DISPLAY names. Raises engine.x11.ScreenError."""
    from engine import x11

    display = x11.connect()
    screen = display.screen()
    size = screen.width_in_pixels, screen.height_in_pixels
    x11.disconnect(display)
    return size
