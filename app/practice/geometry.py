"""Where everything lies on the practice table, as boxes in design units (1280 x 800): data alone, no Qt.

Every readable element has a box of its own on one flat colour, with at least four units of that colour around it.
Layout packs are made from ``describe``.
"""

from dataclasses import dataclass
from functools import cache

DESIGN_WIDTH, DESIGN_HEIGHT = 1280, 800
MINIMUM_WIDTH, MINIMUM_HEIGHT = 760, 475
MARKER_DICTIONARY = "DICT_5X5_1000"
MARKER_IDS = (11, 12, 13, 14)
"""Top left, top right, bottom right, bottom left."""
MARKER_MODULE = 6
MARKER_SIZE = 7 * MARKER_MODULE
"""Five bits and two border modules a side; outside it lies a quiet zone of one white module."""
SEATS = 6
SLOTS = {2: (0, 3), 3: (0, 2, 4), 4: (0, 2, 3, 4), 5: (0, 1, 2, 4, 5), 6: (0, 1, 2, 3, 4, 5)}
"""Which seat slots a number of players uses; the hero is always at 0, bottom centre, the others clockwise."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle: left, top, width, height, in design units."""

    x: float
    y: float
    width: float
    height: float

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def grown(self, margin: float) -> "Area":
        """This area with ``margin`` units more on each side (fewer when negative)."""
        return Area(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True, slots=True)
class Placement:
    """How the design lies in a client area: pixel = left or top + unit * scale."""

    scale: float
    left: int
    top: int

    def to_design(self, x: float, y: float) -> tuple[float, float]:
        """The design point of a client pixel."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_pixels(self, area: Area) -> Area:
        """The client pixels (fractional) of a design area."""
        return Area(
            self.left + area.x * self.scale,
            self.top + area.y * self.scale,
            area.width * self.scale,
            area.height * self.scale,
        )


def placement(width: int, height: int) -> Placement:
    """The uniform scale and whole-pixel offset that centre the design in a client area of ``width`` x ``height``."""
    scale = min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT)
    return Placement(scale, int((width - DESIGN_WIDTH * scale) / 2), int((height - DESIGN_HEIGHT * scale) / 2))


_POD_PLACES = {1: (10, 396), 2: (10, 100), 3: (522, 14), 4: (1034, 100), 5: (1034, 396)}
_POD_SIZE = (236, 176)
_BET_PLACES = {0: (592, 494), 1: (300, 452), 2: (300, 196), 3: (592, 206), 4: (868, 196), 5: (868, 452)}
_BET_SIZE = (112, 36)


def _pod(seat: int) -> dict[str, Area]:
    """The boxes inside an opponent's plate."""
    left, top = _POD_PLACES[seat]
    inside = {
        "card.0": Area(24, 10, 54, 76),
        "card.1": Area(84, 10, 54, 76),
        "button": Area(190, 12, 34, 34),
        "status": Area(146, 54, 82, 30),
        "name": Area(28, 94, 198, 28),
        "stack": Area(28, 124, 198, 34),
        "turn": Area(8, 96, 12, 68),
        "timer": Area(28, 163, 198, 7),
    }
    boxes = {name: Area(left + box.x, top + box.y, box.width, box.height) for name, box in inside.items()}
    return {"pod": Area(left, top, *_POD_SIZE)} | boxes


def _hero_pod() -> dict[str, Area]:
    """The boxes inside the hero's plate; his cards are the large ones, ``hole.0`` and ``hole.1``."""
    return {
        "pod": Area(400, 542, 480, 162),
        "button": Area(830, 552, 34, 34),
        "status": Area(652, 646, 100, 32),
        "name": Area(652, 556, 166, 30),
        "stack": Area(652, 594, 212, 42),
        "turn": Area(408, 556, 12, 134),
        "timer": Area(652, 687, 212, 9),
    }


def _seat(seat: int) -> dict[str, Area]:
    left, top = _BET_PLACES[seat]
    boxes = _pod(seat) if seat else _hero_pod()
    boxes |= {"bet": Area(left, top, *_BET_SIZE), "chip": Area(left - 34, top + 5, 26, 26)}
    return {f"seat.{seat}.{name}": box for name, box in boxes.items()}


_CONTROL_TOP, _CONTROL_HEIGHT = 716, 76
_CONTROLS = {
    # left, width, width of the word's box, left of the amount's box inside the button, and its width
    "fold": (71, 150, 118, 0, 0),
    "call": (233, 230, 88, 110, 104),
    "raise": (657, 290, 116, 138, 136),
    "all-in": (959, 250, 84, 106, 128),
}


def _controls() -> dict[str, Area]:
    boxes: dict[str, Area] = {}
    for name, (left, width, word_width, amount_left, amount_width) in _CONTROLS.items():
        boxes[f"control.{name}"] = Area(left, _CONTROL_TOP, width, _CONTROL_HEIGHT)
        boxes[f"control.{name}.word"] = Area(left + 16, _CONTROL_TOP + 18, word_width, 40)
        if amount_width:
            boxes[f"control.{name}.amount"] = Area(left + amount_left, _CONTROL_TOP + 18, amount_width, 40)
    boxes["control.amount"] = Area(475, _CONTROL_TOP, 170, _CONTROL_HEIGHT)
    # The caret blinks in a lane of its own to the right of the digits, never inside their box.
    boxes["control.amount.text"] = Area(487, _CONTROL_TOP + 18, 132, 40)
    boxes["control.amount.caret"] = Area(626, _CONTROL_TOP + 20, 3, 36)
    return boxes


def _markers() -> dict[str, Area]:
    near, far_x, far_y = MARKER_MODULE, DESIGN_WIDTH - MARKER_MODULE, DESIGN_HEIGHT - MARKER_MODULE
    size = MARKER_SIZE
    corners = ((near, near), (far_x - size, near), (far_x - size, far_y - size), (near, far_y - size))
    return {f"marker.{index}": Area(x, y, size, size) for index, (x, y) in enumerate(corners)}


@cache
def boxes() -> dict[str, Area]:
    """Every element's box by name: ``seat.3.stack``, ``board.0``, ``hole.1``, ``control.call.amount``, ..."""
    centre = {
        "hand_number": Area(72, 12, 150, 36),
        "next_hand": Area(74, 54, 150, 6),
        "pot.label": Area(528, 406, 62, 36),
        "pot": Area(596, 406, 156, 36),
    }
    board = {f"board.{index}": Area(396 + 100 * index, 264, 88, 122) for index in range(5)}
    hole = {"hole.0": Area(430, 556, 96, 134), "hole.1": Area(536, 556, 96, 134)}
    seats = {name: box for seat in range(SEATS) for name, box in _seat(seat).items()}
    return _markers() | centre | board | hole | seats | _controls()


CLICKABLE = ("fold", "call", "raise", "all-in", "amount")
"""The controls that take presses: ``control.<name>`` is the box of each."""


def control_at(x: float, y: float) -> str:
    """The clickable control under a design point, or ""."""
    return next((name for name in CLICKABLE if boxes()[f"control.{name}"].contains(x, y)), "")


def describe() -> dict[str, object]:
    """The whole layout as plain JSON-able data, boxes as [left, top, width, height] in design units."""
    return {
        "design": [DESIGN_WIDTH, DESIGN_HEIGHT],
        "minimum": [MINIMUM_WIDTH, MINIMUM_HEIGHT],
        "markers": {"dictionary": MARKER_DICTIONARY, "ids": list(MARKER_IDS), "module": MARKER_MODULE},
        "slots": {str(players): list(slots) for players, slots in SLOTS.items()},
        "boxes": {name: [box.x, box.y, box.width, box.height] for name, box in boxes().items()},
    }
