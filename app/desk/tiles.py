"""Where console and table stand: side by side, so that neither ever covers the other."""

from dataclasses import dataclass

Place = tuple[int, int, int, int]
TABLE_SHAPE = 1280 / 800
# Room above the table's client area for its title bar, whatever window manager draws it.
TITLE_BAR = 40
MARGIN = 8
TABLE_SMALLEST = 760, 475
"""Width and height of the client area below which the table cannot be read."""
CONSOLE_SMALLEST = 580, 600
"""Width and height of the console's window, its frame included, below which it cannot be used."""


class ScreenTooSmallError(ValueError):
    """Console and table do not fit side by side on the screen; says what does."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Left, top, width and height: of the table's client area, and of the console's window with its frame."""

    table: Place
    console: Place


def tiles(width: int, height: int) -> Tiles:
    """Tiles for a screen of ``width`` by ``height`` pixels. Raises ScreenTooSmallError.

    Half the screen for each; on a narrow one the table keeps its smallest size and the console gets what is left.
    """
    _require(width, height)
    least_width, least_height = TABLE_SMALLEST
    table_width = max(least_width, width // 2 - 2 * MARGIN)
    table_height = max(least_height, min(round(table_width / TABLE_SHAPE), height - TITLE_BAR - MARGIN))
    left = table_width + 2 * MARGIN
    return Tiles((MARGIN, TITLE_BAR, table_width, table_height), (left, 0, width - left, height))


def _require(width: int, height: int) -> None:
    least_width = TABLE_SMALLEST[0] + 2 * MARGIN + CONSOLE_SMALLEST[0]
    least_height = max(TITLE_BAR + TABLE_SMALLEST[1] + MARGIN, CONSOLE_SMALLEST[1])
    if width < least_width or height < least_height:
        raise ScreenTooSmallError(
            f"the screen has {width} x {height} pixels, and console and table side by side need {least_width} x "
            f"{least_height}: choose a higher resolution, or unset DISPLAY to play on a virtual screen"
        )


def screen_size() -> tuple[int, int]:
    """Pixels of the screen that DISPLAY names. Raises engine.x11.ScreenError."""
    from engine import x11

    display = x11.connect()
    screen = display.screen()
    size = screen.width_in_pixels, screen.height_in_pixels
    x11.disconnect(display)
    return size
