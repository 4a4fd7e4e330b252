"""The console's typeface: Inter from the resources, with figures of equal width; the system's when it is missing."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FONT_DIRECTORY = Path(__file__).resolve().parents[2] / "resources" / "fonts"
FAMILY = "Inter"
BASE_PIXELS = 13
_SUFFIXES = {".ttf", ".otf"}


def load_fonts(directory: Path = FONT_DIRECTORY) -> int:
    """Register every font file under ``directory`` and return how many Qt accepted (0 when there are none)."""
    files = sorted(path for path in directory.rglob("*") if path.suffix.lower() in _SUFFIXES)
    return sum(QFontDatabase.addApplicationFont(str(path)) >= 0 for path in files)


def console_font(pixels: int = BASE_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The console's font at a height in pixels; tabular figures, so that numbers do not dance as they change."""
    font = QFont()
    if FAMILY in QFontDatabase.families():
        font.setFamily(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
