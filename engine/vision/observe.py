"""Makes an observation of what the regions showed: typed readings, the frame's confidence and its content's name."""

from typing import Any

from xxhash import xxh3_64_intdigest

from engine.vision.pack import LayoutPack
from engine.vision.recognise import SEATS, Seen, card, controls, hand_number, marked_seat, seat, written_amount
from engine.vision.registration import Placement
from engine.words import Frame, Observation, Reading

HERO = 0


def observe(frame: Frame, placement: Placement, pack: LayoutPack, regions: dict[str, Seen]) -> Observation:
    """The observation of a registered frame."""
    boxes = {name: placement.box(area) for name, area in pack.boxes.items() if name.startswith("control.")}
    readings: dict[str, Any] = {
        "hand_number": hand_number(regions["hand_number"]),
        "hole": tuple(card(regions[f"hole.{index}"]) for index in range(2)),
        "board": tuple(card(regions[f"board.{index}"]) for index in range(5)),
        "pot": written_amount(regions["pot"]),
        "seats": tuple(seat(regions, index) for index in range(SEATS)),
        "button": marked_seat(regions, "button", "D"),
        "turn": marked_seat(regions, "turn", "turn"),
        "controls": controls(regions, boxes),
    }
    needed = _needed(readings)
    weakest = min(needed, key=lambda name: needed[name].confidence)
    return Observation(
        sequence=frame.sequence,
        captured_at=frame.captured_at,
        window=frame.window,
        scale=placement.scale,
        confidence=needed[weakest].confidence,
        weakest=weakest,
        view_id=_view_id(readings),
        **readings,
    )


def _needed(readings: dict[str, Any]) -> dict[str, Reading[Any]]:
    """The elements that this moment of the hand needs, by name: buttons and amounts only on our turn."""
    needed: dict[str, Reading[Any]] = {name: readings[name] for name in ("hand_number", "pot", "button", "turn")}
    for kind in ("hole", "board"):
        needed |= {f"{kind}.{index}": shown for index, shown in enumerate(readings[kind])}
    for place in readings["seats"]:
        name = f"seat.{place.seat}"
        needed |= {f"{name}.status": place.status, f"{name}.stack": place.stack, f"{name}.bet": place.bet}
    if readings["turn"].value in (HERO, None):
        for control in readings["controls"]:
            name = f"control.{control.kind}"
            needed |= {f"{name}.enabled": control.enabled, f"{name}.amount": control.amount}
    return needed


def _view_id(readings: dict[str, Any]) -> int:
    """A name for the content, never 0: the values alone, so hover, focus, caret and timer do not change it."""
    values = (
        readings["hand_number"].value,
        tuple(shown.value for shown in readings["hole"] + readings["board"]),
        readings["pot"].value,
        tuple((place.status.value, place.stack.value, place.bet.value) for place in readings["seats"]),
        readings["button"].value,
        readings["turn"].value,
        tuple((control.kind, control.enabled.value, control.amount.value) for control in readings["controls"]),
    )
    return int(xxh3_64_intdigest(repr(values).encode())) or 1
