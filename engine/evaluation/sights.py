"""Every observation against what the table showed at its moment, and which stable pictures were fully read."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from engine.clock import MILLISECOND
from engine.evaluation.elements import (
    Elements,
    needed,
    read_elements,
    shown_elements,
    state_differences,
    unknown,
    wrong,
)
from engine.evaluation.truth_log import Shown
from engine.records.rows import IntentRow
from engine.words import Observation

SLACK = 80 * MILLISECOND
"""Between a picture's line in the log and its light on the screen, either way."""
LAG = 250 * MILLISECOND
"""How old a picture may be when it is read: a busy screen shows late, and a permit allows for as much."""
STABLE = 250 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Sight:
    """The best match of an observation: the picture, and what in it was read wrong or not at all."""

    shown: Shown | None
    wrong: list[str]
    unknown: list[str]


class Pictures:
    """The pictures that the table showed, in order, for finding those around a moment."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self.shown = shown
        self.elements = [shown_elements(picture.line) for picture in shown]
        self._since = [picture.since for picture in shown]

    def around(self, at: int) -> range:
        """The numbers of the pictures that may have been on the screen at a moment."""
        last = bisect_right(self._since, at + SLACK)
        first = last
        while first > 0 and self.shown[first - 1].until >= at - LAG:
            first -= 1
        return range(first, last)

    def match(self, seen: Observation) -> Sight:
        """The picture around the observation's capture that it agrees with best."""
        read = read_elements(seen)
        sights = [self._sight(number, read) for number in self.around(seen.captured_at)]
        nothing = Sight(None, ["the table showed nothing then"], [])
        return min(sights, key=lambda sight: (len(sight.wrong), len(sight.unknown)), default=nothing)

    def _sight(self, number: int, read: Elements) -> Sight:
        shown = self._fading_in(number, read)
        return Sight(self.shown[number], wrong(shown, read), unknown(shown, read))

    def _fading_in(self, number: int, read: Elements) -> Elements:
        """What is shown; a card that is just fading in may still be read as the empty place that it fades in over."""
        shown = self.elements[number]
        if not self.shown[number].line["animating"] or number == 0:
            return shown
        before = self.elements[number - 1]
        cards = [name for name in shown if name.startswith(("hole.", "board."))]
        return shown | {name: "" for name in cards if read.get(name) == "" and before.get(name) != shown[name]}


def compare_observation(pictures: Pictures, seen: Observation) -> str:
    """What was read wrong, in words; "" when all that was read was shown."""
    return "; ".join(pictures.match(seen).wrong)


def compare_acted(pictures: Pictures, row: IntentRow) -> str:
    """What the bot acted on and was not so, in words: wrong or missing elements and a wrong TableState."""
    sight = pictures.match(row.observation)
    if sight.shown is None:
        return "; ".join(sight.wrong)
    rests_on = needed(shown_elements(sight.shown.line))
    missing = unknown(rests_on, read_elements(row.observation))
    return "; ".join(sight.wrong + missing + state_differences(sight.shown.line, row.state))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pictures in a row with the same content: from ``since`` to ``until``, ``clean`` the longest clean time in it."""

    since: int
    until: int
    clean: int
    elements: Elements
    line: str


def unread(pictures: Pictures, observations: Sequence[Observation], until: int) -> tuple[int, list[str]]:
    """How many stable, undisturbed pictures were shown while the eyes were open, and which were not fully read.

    The eyes are open from the first observation to ``until``. A picture is fully read when an observation made
    while it was shown, or the last one before (the eyes record only what differs), has every element right.
    """
    if not observations:
        return 0, []
    begin = observations[0].captured_at - SLACK
    stable = [stretch for stretch in _stretches(pictures, begin, until) if stretch.clean >= STABLE]
    read = [(seen.captured_at, read_elements(seen)) for seen in observations]
    return len(stable), [stretch.line for stretch in stable if not _is_read(stretch, read)]


def _is_read(stretch: _Stretch, read: list[tuple[int, Elements]]) -> bool:
    before = [elements for at, elements in read if at < stretch.since - SLACK]
    during = [elements for at, elements in read if stretch.since - SLACK <= at <= stretch.until + SLACK]
    candidates = before[-1:] + during
    return any(not wrong(stretch.elements, one) and not unknown(stretch.elements, one) for one in candidates)


def _stretches(pictures: Pictures, begin: int, end: int) -> list[_Stretch]:
    stretches: list[_Stretch] = []
    run = 0
    for picture, elements in zip(pictures.shown, pictures.elements, strict=True):
        since, until = max(picture.since, begin), min(picture.until, end)
        if since >= until:
            continue
        last = stretches[-1] if stretches else None
        same = last is not None and last.elements == elements
        run = (run if same else 0) + until - since if picture.clean else 0
        if last is not None and same:
            stretches[-1] = _Stretch(last.since, until, max(last.clean, run), elements, last.line)
        else:
            stretches.append(_Stretch(since, until, run, elements, _described(picture)))
    return stretches


def _described(picture: Shown) -> str:
    return f"picture {picture.line.get('seq', '?')} of hand {picture.line['hand_number']}, t {picture.since}"
