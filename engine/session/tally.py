"""Running totals of a session, written by the engine and vision threads each for its own fields."""

from dataclasses import asdict, dataclass

from engine.words import Counters


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
