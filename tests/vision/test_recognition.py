"""Recognition of painted tables: what is accepted is right, at any size, however the picture is disturbed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from app.practice.themes import THEMES
from app.teach.practice_table import SIZES, labelled
from engine.game.cards import DECK
from engine.vision.confidence import LIMIT, confidence, reading, strain
from engine.vision.learn import LabelledFrame
from engine.vision.observe import observe
from engine.vision.recognise import Recogniser, Seen, amount, hand_number, number, written_amount
from engine.vision.registration import RegistrationError
from engine.words import Box, Frame, WindowInfo
from tests.vision.painted import Score, pack_of, read, registered, score
from tests.vision.random_views import random_view

pytestmark = pytest.mark.usefixtures("qapp")
Pixels = NDArray[np.uint8]
NOWHERE = Box(0, 0, 1, 1)


@dataclass(slots=True)
class Total:
    """Scores added up."""

    pictures: int = 0
    elements: int = 0
    unknown: int = 0

    def add(self, found: Score) -> None:
        assert found.wrong == ()
        self.pictures += 1
        self.elements += found.elements
        self.unknown += len(found.unknown)

    @property
    def share_read(self) -> float:
        return 1 - self.unknown / self.elements


def random_frames(theme: str, count: int, seed: int, widest: int = 1000) -> Iterator[LabelledFrame]:
    """Painted tables of any content at sizes that were not taught."""
    chance = random.Random(seed)
    while count:
        view, look = random_view(chance)
        width, height = chance.randint(760, widest), chance.randint(475, widest * 11 // 19)
        if (width, height) not in SIZES:
            count -= 1
            yield labelled(view, THEMES[theme], width, height, look)


def undisturbed(theme: str, count: int, seed: int) -> Total:
    total = Total()
    for frame in random_frames(theme, count, seed, widest=1900):
        placement = registered(theme, frame.pixels)
        assert placement.scale == pytest.approx(frame.placement.scale, rel=0.003)
        total.add(score(read(theme, frame.pixels, placement), frame))
    return total


@pytest.mark.parametrize("theme", THEMES)
def test_20_random_tables_are_read_and_nothing_wrong_is_accepted(theme: str) -> None:
    total = undisturbed(theme, 20, seed=41)
    assert total.pictures == 20
    assert total.share_read >= 0.995


@pytest.mark.e2e
@pytest.mark.timeout(900)
@pytest.mark.parametrize("theme", THEMES)
def test_250_random_tables_are_read_and_nothing_wrong_is_accepted(theme: str) -> None:
    assert undisturbed(theme, 250, seed=43).share_read >= 0.995


# disturbances


def noise_patch(pixels: Pixels, chance: random.Random) -> Pixels:
    """A rectangle of noise somewhere, as a torn buffer leaves it."""
    height, width = pixels.shape[:2]
    tall, wide = chance.randint(10, height // 2), chance.randint(10, width // 2)
    top, left = chance.randint(0, height - tall), chance.randint(0, width - wide)
    dirty = pixels.copy()
    noise = np.random.default_rng(chance.randrange(2**32)).integers(0, 256, (tall, wide, pixels.shape[2]), np.uint8)
    dirty[top : top + tall, left : left + wide] = noise
    return dirty


def speckled(pixels: Pixels, chance: random.Random) -> Pixels:
    """Noise of up to 60 of 255 on every pixel."""
    noise = np.random.default_rng(chance.randrange(2**32)).integers(-60, 61, pixels.shape)
    dirty: Pixels = np.clip(pixels.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return dirty


def blurred(pixels: Pixels, chance: random.Random) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), chance.uniform(0.5, 4.0)).astype(np.uint8, copy=False)


def darkened(pixels: Pixels, chance: random.Random) -> Pixels:
    return cv2.convertScaleAbs(pixels, alpha=chance.uniform(0.3, 0.95)).astype(np.uint8, copy=False)


def covered(pixels: Pixels, chance: random.Random) -> Pixels:
    """A pop-up anywhere, in a colour of its own: one in the table's colour is the window check's business."""
    height, width = pixels.shape[:2]
    top, left = chance.randint(0, height - 60), chance.randint(0, width - 120)
    dirty = pixels.copy()
    dirty[top : top + 60, left : left + 120, :3] = (40, 160, 255)
    dirty[top + 25 : top + 30, left + 10 : left + 110, :3] = 30
    return dirty


def torn(pixels: Pixels, chance: random.Random) -> Pixels:
    """The lower part a few pixels aside, as between two screen refreshes."""
    dirty = pixels.copy()
    row = chance.randint(pixels.shape[0] // 4, 3 * pixels.shape[0] // 4)
    dirty[row:] = np.roll(dirty[row:], chance.choice((-9, -5, 5, 9)), axis=1)
    return dirty


Disturbance = Callable[[Pixels, random.Random], Pixels]
LOCAL: tuple[Disturbance, ...] = (noise_patch, speckled, blurred, covered)
WHOLE: tuple[Disturbance, ...] = (darkened, torn)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("disturbed", LOCAL, ids=lambda disturbed: str(disturbed.__name__))
def test_a_disturbed_table_may_be_unknown_and_is_never_misread(disturbed: Disturbance, theme: str) -> None:
    chance, unknown = random.Random(7), 0
    for frame in random_frames(theme, 3, seed=19):
        found = score(read(theme, disturbed(frame.pixels, chance), frame.placement), frame)
        assert found.wrong == ()
        unknown += len(found.unknown)
    assert unknown, "the disturbance left no trace: it proves nothing"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("disturbed", WHOLE, ids=lambda disturbed: str(disturbed.__name__))
def test_a_table_drawn_wrongly_as_a_whole_is_not_registered_or_not_confident(
    disturbed: Disturbance, theme: str
) -> None:
    chance = random.Random(7)
    for frame in random_frames(theme, 4, seed=19):
        pixels = disturbed(frame.pixels, chance)
        try:
            placement = registered(theme, pixels)
        except RegistrationError:
            continue
        regions = read(theme, pixels, placement)
        window = WindowInfo(1, "Pitboss Practice Table", "pitboss-table", NOWHERE)
        found = observe(Frame(1, 1, window, pixels), placement, pack_of(theme), regions)
        assert found.confidence < LIMIT


@pytest.mark.parametrize("theme", THEMES)
def test_a_half_drawn_card_is_the_card_or_the_empty_place_and_nothing_else(theme: str) -> None:
    chance = random.Random(3)
    for card in chance.sample(DECK, 3):
        view, look = random_view(chance)
        board = tuple(other for other in DECK if other != card and other not in view.hole)[:4]
        width, height = chance.randint(760, 1000), chance.randint(475, 700)
        before = labelled(replace(view, board=(*board, "")), THEMES[theme], width, height, look)
        after = labelled(replace(view, board=(*board, card)), THEMES[theme], width, height, look)
        for share in (0.2, 0.5, 0.8):
            mixed = cv2.addWeighted(after.pixels, share, before.pixels, 1 - share, 0).astype(np.uint8, copy=False)
            found = score(read(theme, mixed, after.placement), before, after)
            assert found.wrong == ()
            assert share != 0.5 or "board.4" in found.unknown


@pytest.mark.parametrize(("shown_in", "read_with"), [("felt", "slate"), ("slate", "felt")])
def test_the_pack_of_another_theme_misreads_nothing(shown_in: str, read_with: str) -> None:
    for frame in random_frames(shown_in, 2, seed=29):
        found = score(read(read_with, frame.pixels, frame.placement), frame)
        assert found.wrong == ()
        assert len(found.unknown) > found.elements / 4


def test_pure_noise_is_no_table() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 960, 3), np.uint8)
    with pytest.raises(RegistrationError, match="corner markers"):
        registered("felt", noise)


# a recogniser over time


def test_a_recogniser_that_remembers_reads_as_a_new_one(qtbot: QtBot) -> None:
    chance = random.Random(11)
    recogniser = Recogniser(pack_of("felt"))
    frames = []
    for _ in range(3):
        view, look = random_view(chance)
        frames.append(labelled(view, THEMES["felt"], 800, 500, look))
    for frame in [*frames, *reversed(frames)]:
        remembered = recogniser.read(frame.pixels, frame.placement)
        fresh = read("felt", frame.pixels, frame.placement)
        assert {name: replace(seen, changed=False) for name, seen in remembered.items()} == {
            name: replace(seen, changed=False) for name, seen in fresh.items()
        }


def test_what_changed_is_said_once() -> None:
    chance = random.Random(12)
    recogniser = Recogniser(pack_of("felt"))
    frames = [labelled(random_view(chance)[0], THEMES["felt"], 960, 600) for _ in range(2)]
    for before, after in pairwise([frames[0], frames[0], frames[1], frames[1]]):
        recogniser.read(before.pixels, before.placement)
        changed = {name for name, seen in recogniser.read(after.pixels, after.placement).items() if seen.changed}
        assert bool(changed) is (before is not after)


# observations


def observed(frame: LabelledFrame) -> tuple[float, int]:
    regions = read("felt", frame.pixels, frame.placement)
    window = WindowInfo(1, "Pitboss Practice Table", "pitboss-table", NOWHERE)
    seen = observe(Frame(1, 1, window, frame.pixels), frame.placement, pack_of("felt"), regions)
    return seen.confidence, seen.view_id


def test_hover_focus_and_caret_do_not_change_what_the_view_is_called() -> None:
    chance = random.Random(5)
    view, look = random_view(chance)
    while not view.field.enabled or not view.field.text:
        view, look = random_view(chance)
    looks = [replace(look, hover=hover) for hover in ("", "fold", "call", "raise", "all-in", "amount")]
    names = {observed(labelled(view, THEMES["felt"], 1000, 640, shown))[1] for shown in looks}
    fields = [replace(view.field, focused=focused, selected=focused) for focused in (False, True)]
    names |= {observed(labelled(replace(view, field=field), THEMES["felt"], 1000, 640, look))[1] for field in fields}
    assert len(names) == 1
    other = replace(view, pot=view.pot + 1)
    assert observed(labelled(other, THEMES["felt"], 1000, 640, look))[1] not in names


def test_an_undisturbed_view_is_confident_and_a_covered_pot_is_not() -> None:
    view, look = random_view(random.Random(6))
    frame = labelled(view, THEMES["felt"], 1000, 640, look)
    assert observed(frame)[0] >= LIMIT
    box = frame.placement.box(pack_of("felt").boxes["pot"])
    dirty = frame.pixels.copy()
    dirty[box.y : box.y + box.height, box.x : box.x + box.width] = 127
    assert observed(replace(frame, pixels=dirty))[0] < LIMIT


# figures and confidence


def seen(text: str, pressed: float = 0.1) -> Seen:
    return Seen(text, "plain", pressed, NOWHERE, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("7", 7), ("1,234", 1234), ("1234", 1234), ("1,234,567", 1234567)]
    + [(text, None) for text in ("", ",", "007", "12,34", "1,23", ",123", "123,", "1,,234", "#12", "\uff11\uff12")],
)
def test_figures_are_a_number_only_as_they_are_written(text: str, value: int | None) -> None:
    assert number(text) == value


def test_an_empty_bet_is_0_and_an_empty_pot_unknown() -> None:
    assert amount(seen("")).value == 0
    assert written_amount(seen("")).value is None
    assert written_amount(seen("")).confidence < LIMIT
    assert written_amount(seen("120")).value == 120


@pytest.mark.parametrize(("text", "value"), [("#12", 12), ("#1,204", 1204), ("12", None), ("#", None), ("1#2", None)])
def test_a_hand_number_has_its_sign(text: str, value: int | None) -> None:
    found = hand_number(seen(text))
    assert (found.value, found.confidence >= LIMIT) == (value, value is not None)


def test_accepted_and_confident_are_one_thing() -> None:
    assert confidence(0) == 1
    assert confidence(1) == pytest.approx(LIMIT)
    ranked = [confidence(pressed / 10) for pressed in range(100)]
    assert ranked == sorted(ranked, reverse=True)
    assert 0 < confidence(float("inf")) < 1e-9
    assert reading("As", 1.0, NOWHERE).value == "As"
    assert reading("As", 1.001, NOWHERE).value is None


def test_strain_is_1_at_the_distance_limit_and_at_the_margin() -> None:
    assert strain(0.02, 0.02, 0.5, 0.1) == 1
    assert strain(0.0, 0.02, 0.1, 0.1) == pytest.approx(1)
    assert strain(0.01, 0.02, 0.01, 0.1) > 1e4, "two that are as near as each other"
