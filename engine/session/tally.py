"""Running totals of a session, written by the engine and vision threads each for its own fields."""

from dataclasses import asdict, dataclass

from engine.safety.timings import Timings
from engine.words import Counters, Look


@dataclass(slots=True)
class Tally:
    """The fields of ``Counters``, counting."""

    hands: int = 0
    frames: int = 0
    frames_read: int = 0
    frames_refused: int = 0
    decisions: int = 0
    intents: int = 0
    presses: int = 0
    retries: int = 0
    fallbacks: int = 0
    inconsistent: int = 0

    def frozen(self) -> Counters:
        return Counters(**asdict(self))


def count_look(tally: Tally, timings: Timings, look: Look) -> None:
    """One more look of the eyes; for their thread."""
    tally.frames += 1
    if look.blindness is None:
        timings.add("capture", look.capture_ns)
        if look.recognise_ns:
            timings.add("recognise", look.recognise_ns)
    if look.evaluate:
        good = look.observation is not None and not look.detail
        tally.frames_read += good
        tally.frames_refused += not good
