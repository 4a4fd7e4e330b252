"""The eyes on a real screen: window, capture, change gate, registration, recognition and the stable-frame rule."""

from dataclasses import dataclass, replace

from engine.clock import MILLISECOND, SECOND, Clock
from engine.ports import Windows
from engine.vision.capture import CaptureError, Grabber
from engine.vision.observe import observe
from engine.vision.pack import LayoutPack
from engine.vision.recognise import Recogniser, Seen
from engine.vision.registration import Placement, Registrar, RegistrationError
from engine.words import Blindness, Frame, Look, Observation, WindowInfo


@dataclass(frozen=True, slots=True)
class Rules:
    """Times of the stable-frame rule and the evaluation cadence, in nanoseconds; ``confidence`` is the limit.

    ``rest``: what is unclear and has changed within this time is taken for an animation that a busy desk draws late.
    """

    confidence: float = 0.99
    calm_every: int = 100 * MILLISECOND
    turn_every: int = 33 * MILLISECOND
    rest: int = 100 * MILLISECOND
    unsettled_limit: int = 1500 * MILLISECOND
    stale_after: int = 2 * SECOND


class ScreenEyes:
    """ports.Eyes on the screen. Belongs to one thread from ``look`` to ``close``."""

    def __init__(self, pack: LayoutPack, windows: Windows, clock: Clock, rules: Rules) -> None:
        self._pack = pack
        self._windows = windows
        self._clock = clock
        self._rules = rules
        self._grabber = Grabber()
        self._registrar = Registrar(pack.dictionary, pack.markers, pack.design)
        self._recogniser = Recogniser(pack)
        self._window: WindowInfo | None = None
        self._placement: Placement | None = None
        self._marker_digest = b""
        self._frame: Frame | None = None
        self._digest = 0
        self._sequence = 0
        self._last: Observation | None = None
        self._problem = ""
        self._changed_at = 0
        self._unsettled_since: int | None = None
        self._moved_at = 0
        self._still = 0
        self._evaluated_at = 0

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def close(self) -> None:
        """Give the screen back."""
        self._grabber.close()

    def look(self) -> Look:
        at = self._clock.now()
        window, blind = self._find()
        if window is None or blind is not None:
            return self._blind(at, *(blind or (Blindness.NO_WINDOW, "")))
        captured_at = self._clock.now()
        try:
            pixels, digest = self._grabber.grab(window.box)
        except CaptureError as error:
            return self._blind(at, Blindness.CAPTURE_FAILED, str(error))
        capture_ns = self._clock.now() - captured_at
        self._sequence += 1
        frame = Frame(self._sequence, captured_at, window, pixels)
        if digest == self._digest and self._frame is not None:
            return self._unchanged(frame, capture_ns)
        self._digest, self._frame, self._changed_at = digest, frame, captured_at
        return self._changed(frame, capture_ns)

    # the window

    def _find(self) -> tuple[WindowInfo | None, tuple[Blindness, str] | None]:
        known = self._window
        window = self._windows.locate(known.handle) if known is not None else None
        if window is None:
            window = self._windows.find(self._pack.window_title, self._pack.window_class)
        self._window = window
        if window is None:
            return None, None
        hidden = self._windows.blindness(window)
        if hidden is not None:
            return window, (Blindness[hidden[0]], hidden[1])
        if known is not None and window.box != known.box:
            self._forget()
            return window, (Blindness.MOVED, "")
        return window, None

    def _blind(self, at: int, why: Blindness, detail: str) -> Look:
        self._forget()
        return Look(at, None, why, detail, True, False, False, 0, 0)

    def _forget(self) -> None:
        """After blindness nothing of before counts: the next picture is a new one."""
        self._digest, self._last, self._placement, self._frame = 0, None, None, None
        self._unsettled_since, self._still = None, 0

    # frames

    def _unchanged(self, frame: Frame, capture_ns: int) -> Look:
        """The very same pixels: the same content, seen again later, unless it should long have changed."""
        if frame.captured_at - self._changed_at > self._rules.stale_after:
            since = (frame.captured_at - self._changed_at) / SECOND
            detail = f"for {since:.1f} s"
            return Look(frame.captured_at, None, Blindness.STALE, detail, False, False, False, capture_ns, 0)
        self._frame = frame
        if self._last is not None:
            self._last = replace(self._last, sequence=frame.sequence, captured_at=frame.captured_at)
        self._still += 1
        return self._judged(frame, self._last, False, frozenset(), capture_ns, 0)

    def _changed(self, frame: Frame, capture_ns: int) -> Look:
        began = self._clock.now()
        try:
            placement = self._register(frame)
        except RegistrationError as error:
            self._problem, self._last, self._still = str(error), None, 0
            return self._judged(frame, None, True, frozenset({"markers"}), capture_ns, self._clock.now() - began)
        regions = self._recogniser.read(frame.pixels, placement)
        before = self._last.view_id if self._last is not None else 0
        self._last = observe(frame, placement, self._pack, regions)
        self._problem = f"{self._last.weakest} is not certain"
        repeated = self._last.view_id == before
        self._still = self._still + 1 if repeated and not self._fading(regions) else 0
        return self._judged(frame, self._last, not repeated, _restless(regions), capture_ns, self._clock.now() - began)

    def _fading(self, regions: dict[str, Seen]) -> bool:
        """Whether a card, badge or mark has just changed: a faint card still reads as an empty place."""
        return any(regions[name].changed for name in self._pack.images)

    def _register(self, frame: Frame) -> Placement:
        """The placement, searched again only when the pixels around the markers changed."""
        if self._placement is not None:
            corners = self._corner_bytes(frame, self._placement)
            if corners == self._marker_digest:
                return self._placement
        placement = self._registrar.register(frame.pixels, self._placement)
        smallest, largest = self._pack.scales
        if not smallest * 0.98 <= placement.scale <= largest * 1.02:
            proven = f"{smallest} to {largest}"
            raise RegistrationError(f"scale {placement.scale:.2f} is outside {proven}, where reading is proven")
        self._placement = placement
        self._marker_digest = self._corner_bytes(frame, placement)
        return placement

    def _corner_bytes(self, frame: Frame, placement: Placement) -> bytes:
        boxes = [placement.box(area.grown(area.width / 7)) for area in self._pack.markers.values()]
        cuts = [frame.pixels[max(0, b.y) : b.y + b.height, max(0, b.x) : b.x + b.width] for b in boxes]
        return b"".join(cut.tobytes() for cut in cuts)

    def _judged(
        self,
        frame: Frame,
        seen: Observation | None,
        changed: bool,
        restless: frozenset[str],
        capture_ns: int,
        recognise_ns: int,
    ) -> Look:
        good = seen is not None and seen.confidence >= self._rules.confidence
        settled = self._still >= 1
        evaluate = self._evaluate(frame.captured_at, seen, good, restless)
        detail = "" if good else self._problem
        return Look(frame.captured_at, seen, None, detail, changed, settled, evaluate, capture_ns, recognise_ns)

    def _evaluate(self, at: int, seen: Observation | None, good: bool, restless: frozenset[str]) -> bool:
        """Whether the frame counts: at the cadence, and not while what is unclear is still moving."""
        # A bad picture has voided the permit already, so it is judged at the calm pace: a busy desk that draws late
        # is not three bad frames.
        every = self._rules.turn_every if good and seen is not None and seen.turn.value == 0 else self._rules.calm_every
        if restless or self._still < 1:
            self._moved_at = at
        if good:
            self._unsettled_since = None
        elif at - self._moved_at < self._rules.rest:
            since = self._unsettled_since = at if self._unsettled_since is None else self._unsettled_since
            if at - since <= self._rules.unsettled_limit:
                return False
        if at - self._evaluated_at < every - 5 * MILLISECOND:
            return False
        self._evaluated_at = at
        return True


def _restless(regions: dict[str, Seen]) -> frozenset[str]:
    """The regions that are not certain and whose pixels have just changed: what an animation frame looks like."""
    return frozenset(name for name, seen in regions.items() if seen.strain > 1.0 and seen.changed)
