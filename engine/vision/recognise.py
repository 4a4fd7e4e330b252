"""Recognition: reads every region of a registered frame; a region whose pixels did not change is not read again."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from engine.vision.confidence import confidence, reading, strain
from engine.vision.pack import ImageRegion, LayoutPack, TextRegion
from engine.vision.registration import Placement
from engine.vision.sampling import QUIET, best_two, distances, line_patch, picture
from engine.vision.text import FLAT, Coverage, GlyphReader, background, coverage, nearest_look
from engine.words import Box, ControlReading, Reading, SeatReading

T = TypeVar("T")
LOOK_TOLERANCE = 8.0
"""Greatest difference from a known background colour, in any channel of 255."""
ENABLED_LOOKS = ("plain", "hover", "pressed", "selected")
REMEMBERED = 32
"""Looks of one region that are kept; an animation does not drive out what stands still."""
SEATS = 6
STATUS = {"": "in", "FOLDED": "folded", "ALL-IN": "all-in", "OUT": "out", "empty": "empty"}
KINDS = {"Fold": "fold", "Check": "check", "Call": "call", "Bet": "bet", "Raise to": "raise", "All-in": "all-in"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one region showed: its text or picture's name, the look it was in, and how hard the match was pressed."""

    value: str
    look: str
    strain: float
    box: Box
    changed: bool


class Recogniser:
    """Reads frames of one pack. Remembers how every region looked lately, so it belongs to one thread."""

    def __init__(self, pack: LayoutPack) -> None:
        self._pack = pack
        self._reader = GlyphReader(pack.glyphs)
        self._names = (*pack.texts, *pack.images)
        self._places: dict[str, tuple[slice, slice]] = {}
        self._digests: dict[str, int] = {}
        self._known: dict[str, dict[int, Seen]] = {}
        self._placement: Placement | None = None

    def read(self, pixels: NDArray[np.uint8], placement: Placement) -> dict[str, Seen]:
        """Every region by name. ``pixels``: (height, width, 3 or 4) uint8."""
        if placement != self._placement:
            self._forget(placement)
        return {name: self._region(name, pixels, placement) for name in self._names}

    def _forget(self, placement: Placement) -> None:
        self._placement = placement
        self._digests = {}
        self._known = {name: {} for name in self._names}
        boxes = {name: placement.box(self._pack.boxes[name].grown(QUIET)) for name in self._names}
        self._places = {
            name: (slice(max(0, box.y), box.y + box.height), slice(max(0, box.x), box.x + box.width))
            for name, box in boxes.items()
        }

    def _region(self, name: str, pixels: NDArray[np.uint8], placement: Placement) -> Seen:
        """The very same pixels read as they did before: most changes bring back what a region showed lately."""
        digest = xxh3_64_intdigest(pixels[self._places[name]].tobytes())
        known = self._known[name]
        seen = known.pop(digest, None) or self._looked_at(name, pixels[:, :, :3], placement)
        known[digest] = seen
        if len(known) > REMEMBERED:
            del known[next(iter(known))]
        changed = self._digests.get(name) != digest
        self._digests[name] = digest
        return replace(seen, changed=True) if changed else seen

    def _looked_at(self, name: str, pixels: NDArray[np.uint8], placement: Placement) -> Seen:
        text = self._pack.texts.get(name)
        if text is not None:
            return self._text(text, pixels, placement)
        return self._picture(self._pack.images[name], pixels, placement)

    def _picture(self, region: ImageRegion, pixels: NDArray[np.uint8], placement: Placement) -> Seen:
        known, accepted = self._pack.templates[region.kind], self._pack.accepted[region.kind]
        cut = picture(pixels, placement, region.area, known.width, known.height)
        name, distance, runner_up = best_two(distances(cut.reshape(-1).astype(np.float32) / 255.0, known))
        pressed = strain(distance, accepted.limit, runner_up, accepted.margin)
        return Seen(name, "", pressed, placement.box(region.area), False)

    def _text(self, region: TextRegion, pixels: NDArray[np.uint8], placement: Placement) -> Seen:
        patch = line_patch(pixels, placement, region.area, region.font_size)
        base, roughness = background(patch)
        if roughness > FLAT and not region.words:  # not worth a reading, which is slowest on what is no text
            return Seen("", "", roughness / FLAT, placement.box(region.area), True)
        look, gap = nearest_look(base, region.looks)
        cover = coverage(patch, look)
        value, pressed = self._word(region.words, cover) if region.words else self._figures(cover)
        worst = max(pressed, gap / LOOK_TOLERANCE, roughness / FLAT)
        return Seen(value, look.name, worst, placement.box(region.area), False)

    def _word(self, kind: str, cover: Coverage) -> tuple[str, float]:
        accepted = self._pack.accepted[kind]
        name, distance, runner_up = best_two(distances(cover.ravel(), self._pack.templates[kind]))
        return name, strain(distance, accepted.limit, runner_up, accepted.margin)

    def _figures(self, cover: Coverage) -> tuple[str, float]:
        accepted = self._pack.accepted["figures"]
        text, distance, runner_up = self._reader.read(cover)
        return text, strain(distance, accepted.limit, runner_up, accepted.margin)


def number(text: str) -> int | None:
    """The integer of figures with or without thousands separators; None when they are not set as they should be."""
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdecimal()) or (len(digits) > 1 and digits[0] == "0"):
        return None
    value = int(digits)
    return value if text in (digits, f"{value:,}") else None


def amount(seen: Seen) -> Reading[int]:
    """An amount of chips; an empty box is 0."""
    value = 0 if not seen.value else number(seen.value)
    return reading(value, seen.strain if value is not None else 9.0, seen.box)


def written_amount(seen: Seen) -> Reading[int]:
    """An amount that is always written, 0 as well: an empty box is unknown."""
    return amount(seen) if seen.value else reading(None, 9.0, seen.box)


def hand_number(seen: Seen) -> Reading[int]:
    """The number behind the sign; an empty box is hand 0."""
    sign, digits = seen.value[:1], seen.value[1:]
    value = 0 if not seen.value else number(digits) if sign == "#" else None
    return reading(value, seen.strain if value is not None else 9.0, seen.box)


def card(seen: Seen) -> Reading[str]:
    return reading(seen.value, seen.strain, seen.box)


def seat(regions: dict[str, Seen], index: int) -> SeatReading:
    """One seat; an empty one has neither stack nor bet."""
    badge = regions[f"seat.{index}.status"]
    return SeatReading(
        index,
        reading(STATUS[badge.value], badge.strain, badge.box),
        amount(regions[f"seat.{index}.stack"]),
        amount(regions[f"seat.{index}.bet"]),
    )


def marked_seat(regions: dict[str, Seen], end: str, mark: str) -> Reading[int]:
    """The one seat whose ``end`` region shows ``mark``, -1 for none; unknown when two do."""
    marks = [regions[f"seat.{index}.{end}"] for index in range(SEATS)]
    found = [index for index, seen in enumerate(marks) if seen.value == mark]
    worst = max(marks, key=lambda seen: seen.strain)
    where = marks[found[0]].box if found else worst.box
    return reading(found[0] if found else -1, worst.strain if len(found) < 2 else 9.0, where)


def controls(regions: dict[str, Seen], boxes: dict[str, Box]) -> tuple[ControlReading, ...]:
    """The four buttons and the amount field."""
    buttons = [_button(regions, name, boxes[f"control.{name}"]) for name in ("fold", "call", "raise", "all-in")]
    field = regions["control.amount.text"]
    enabled = reading(field.look in ENABLED_LOOKS, field.strain, field.box)
    return (*buttons, ControlReading("amount", enabled, amount(field), boxes["control.amount"]))


def _button(regions: dict[str, Seen], name: str, box: Box) -> ControlReading:
    word = regions[f"control.{name}.word"]
    enabled = reading(word.look in ENABLED_LOOKS, word.strain, word.box)
    beside = regions.get(f"control.{name}.amount")
    shown = Reading(0, 1.0, box) if beside is None else amount(beside)
    if beside is not None and (beside.look in ENABLED_LOOKS) != (word.look in ENABLED_LOOKS):
        enabled = Reading(None, confidence(9.0), word.box)
    return ControlReading(KINDS[word.value], enabled, shown, box)
