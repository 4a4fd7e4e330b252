"""The looks of the practice table: colours alone; every place that is read lies on one flat colour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as "#rrggbb". ``suits`` gives the colour of c, d, h, s; ``action`` the fills of the four buttons."""

    name: str
    room: str
    felt: str
    rail: str
    line: str
    plate: str
    plate_edge: str
    outline: str
    name_text: str
    text: str
    felt_text: str
    quiet_text: str
    turn: str
    track: str
    badge: str
    badge_text: str
    all_in_badge: str
    all_in_text: str
    chip: str
    chip_edge: str
    disc: str
    disc_text: str
    card: str
    card_edge: str
    suits: dict[str, str]
    back: str
    back_pattern: str
    action: dict[str, str]
    action_text: str
    disabled: str
    disabled_text: str
    field: str
    field_selected: str
    field_text: str
    focus: str


FELT = Theme(
    name="felt",
    room="#14201b",
    felt="#1f5a41",
    rail="#3a2a20",
    line="#2b6b50",
    plate="#1b2a24",
    plate_edge="#33483f",
    outline="#25362e",
    name_text="#a9bdb2",
    text="#f4f1e6",
    felt_text="#f7f3e3",
    quiet_text="#b9d3c5",
    turn="#f2c14e",
    track="#2c3d35",
    badge="#3a4a43",
    badge_text="#d5dfd9",
    all_in_badge="#b5472f",
    all_in_text="#fff4ec",
    chip="#e0b04a",
    chip_edge="#fbf3dc",
    disc="#f4f1e6",
    disc_text="#1b2a24",
    card="#fbfaf5",
    card_edge="#c9c6ba",
    suits={"c": "#16191c", "s": "#16191c", "d": "#b3202c", "h": "#b3202c"},
    back="#7d2a33",
    back_pattern="#c98c8f",
    action={"fold": "#4c5a54", "call": "#2f6f93", "raise": "#8a5a1f", "all-in": "#8d3a2b"},
    action_text="#ffffff",
    disabled="#1c2823",
    disabled_text="#51625a",
    field="#f4f1e6",
    field_selected="#bcd6ea",
    field_text="#16191c",
    focus="#f2c14e",
)

SLATE = Theme(
    name="slate",
    room="#d3d9e0",
    felt="#b9c5d2",
    rail="#8493a3",
    line="#a7b5c4",
    plate="#f3f5f8",
    plate_edge="#aab5c1",
    outline="#c3cbd4",
    name_text="#51606f",
    text="#141b24",
    felt_text="#141b24",
    quiet_text="#3c4a58",
    turn="#0b62c4",
    track="#b8c3cf",
    badge="#dbe1e8",
    badge_text="#3c4a58",
    all_in_badge="#a3341f",
    all_in_text="#ffffff",
    chip="#3d6ea5",
    chip_edge="#f3f5f8",
    disc="#1f2a36",
    disc_text="#ffffff",
    card="#ffffff",
    card_edge="#98a3af",
    suits={"c": "#1c7a3d", "s": "#15181d", "d": "#1f56c0", "h": "#c01f2e"},
    back="#35557c",
    back_pattern="#88a3c4",
    action={"fold": "#5a6775", "call": "#1f6bb0", "raise": "#2d7355", "all-in": "#a3341f"},
    action_text="#ffffff",
    disabled="#c9d0d8",
    disabled_text="#95a0ac",
    field="#ffffff",
    field_selected="#b5d3f5",
    field_text="#141b24",
    focus="#0b62c4",
)

THEMES = {theme.name: theme for theme in (FELT, SLATE)}
