"""The console's colours, light and dark: grey for all that is normal, saturated only for the abnormal."""

from dataclasses import dataclass

from PySide6.QtGui import QPalette

_MIDDLE_LIGHTNESS = 128


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours as ``#rrggbb``. Text reaches 4.5:1 on its ground, graphics 3:1 (WCAG 1.4.3, 1.4.11)."""

    window: str
    panel: str
    raised: str
    line: str
    control_line: str
    ink: str
    ink_soft: str
    faint: str
    focus: str
    bar: str
    bar_chosen: str
    amber: str
    amber_ground: str
    unknown: str
    card: str
    card_black: str
    card_red: str
    series: tuple[str, str, str, str]


LIGHT = Colours(
    window="#e4e6e8",
    panel="#f3f4f5",
    raised="#fdfdfd",
    line="#d2d6da",
    control_line="#868f98",
    ink="#1b2025",
    ink_soft="#535d66",
    faint="#868f98",
    focus="#2f5d8c",
    bar="#b4bcc4",
    bar_chosen="#55626f",
    amber="#8f5600",
    amber_ground="#f3cf6b",
    unknown="#b0107a",
    card="#ffffff",
    card_black="#1b2025",
    card_red="#a23a3a",
    series=("#34587f", "#4f7a70", "#8a6426", "#755b90"),
)
DARK = Colours(
    window="#181b1e",
    panel="#202428",
    raised="#2a2f34",
    line="#343a40",
    control_line="#78828b",
    ink="#e4e7ea",
    ink_soft="#a7b0b8",
    faint="#78828b",
    focus="#86b3e0",
    bar="#4a535c",
    bar_chosen="#a9b4bf",
    amber="#eab54a",
    amber_ground="#dcb252",
    unknown="#ff6ac8",
    card="#dfe2e5",
    card_black="#1b2025",
    card_red="#983434",
    series=("#8fb3da", "#86bdb0", "#d1ae6f", "#b9a3d6"),
)
THEMES = {"light": LIGHT, "dark": DARK}

# The same in both themes: what must be recognised at a glance keeps its look (white on red 7.2:1).
STOP_RED = "#b3001b"
STOP_YELLOW = "#ffd400"
ON_RED = "#ffffff"
ON_YELLOW = "#1b2025"


def colours_of(palette: QPalette) -> Colours:
    """The theme that a widget's palette belongs to, so that painting needs no global state."""
    return DARK if palette.window().color().lightness() < _MIDDLE_LIGHTNESS else LIGHT
