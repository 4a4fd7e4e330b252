"""Where check and fold may be pressed, as the eyes read it: the only places that SAFE lets the actuator press."""

from engine.permit.words import Rectangle
from engine.words import Observation

PURPOSES = ("check", "fold")


def passive_places(seen: Observation) -> dict[str, Rectangle]:
    """The enabled check and fold buttons of a confident frame, in screen pixels."""
    places: dict[str, Rectangle] = {}
    for purpose in PURPOSES:
        control = seen.control(purpose)
        if control is not None and control.enabled.value:
            box, window = control.box, seen.window.box
            places[purpose] = (window.x + box.x, window.y + box.y, box.width, box.height)
    return places
