"""The table's typeface, loaded from the product's own resources: never a font of the system."""

from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FONT_DIRECTORY = Path(__file__).parents[2] / "resources" / "fonts"
FAMILY = "Inter"


class FontError(RuntimeError):
    """The bundled font files are missing or unreadable."""


@cache
def _load() -> None:
    files = sorted(FONT_DIRECTORY.glob("Inter-*.otf"))
    if not files or any(QFontDatabase.addApplicationFont(str(file)) < 0 for file in files):
        raise FontError(f"the table's fonts cannot be loaded from {FONT_DIRECTORY}: reinstall the program")


@cache
def font(size: int, weight: QFont.Weight = QFont.Weight.Bold) -> QFont:
    """The bundled face at ``size`` design units, with figures of one width; FontError when it is missing.

    Unhinted and with grey edges only, so that a glyph looks the same on every screen and at every place.
    """
    _load()
    face = QFont(FAMILY)
    face.setPixelSize(size)
    face.setWeight(weight)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    face.setStyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias)
    face.setFeature(QFont.Tag("tnum"), 1)
    return face
