"""Applying a theme to the application: Fusion, one palette, one stylesheet, one font."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.theme.colours import THEMES, Colours
from app.theme.fonts import console_font, load_fonts
from app.theme.stylesheet import stylesheet

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "raised",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "ink_soft",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.Highlight: "bar",
    QPalette.ColorRole.HighlightedText: "ink",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Link: "focus",
    QPalette.ColorRole.LinkVisited: "focus",
}


def prepare(application: QApplication) -> None:
    """Once per application: the fonts and the widget style on which every theme stands."""
    load_fonts()
    application.setStyle("Fusion")
    application.setFont(console_font())


def apply_theme(application: QApplication, name: str) -> None:
    """Dress the application in ``light`` or ``dark``; an unknown name gives light."""
    colours = THEMES.get(name, THEMES["light"])
    application.setPalette(_palette(colours))
    application.setStyleSheet(stylesheet(colours))


def system_theme(application: QApplication) -> str:
    """What the desktop asks for, where it says so; light otherwise."""
    return "dark" if application.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(colours, name)))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette
